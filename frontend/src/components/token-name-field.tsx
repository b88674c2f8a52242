import { Field } from "@/components/field";

/** As the server has it. */
const NAME_CHARS = 60;

interface TokenNameFieldProps {
  name: string;
  /** Whether it was tried to go on without one. */
  missing: boolean;
  onChange: (name: string) => void;
}

/** What a new token is called. */
export function TokenNameField({ name, missing, onChange }: TokenNameFieldProps) {
  return (
    <Field
      label="Name of the new token"
      hint="Who or what uses it, for example: laptop"
      error={missing && name.trim() === "" ? "Give the token a name." : null}
    >
      {(control) => (
        <input
          {...control}
          className="field"
          value={name}
          maxLength={NAME_CHARS}
          autoComplete="off"
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
