import { Plus, Trash2 } from "lucide-react";
import { useEffect, useId, useState } from "react";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { isRecord } from "@/lib/problem";
import {
  type Control,
  type FormField,
  fits,
  type JsonObject,
  parseJsonText,
  parseNumber,
  sameJson,
  withProperty,
} from "../model/schema-form";

/** Tells the form which fields hold text that is no value (yet). */
export type ReportInvalid = (id: string, invalid: boolean) => void;

interface SchemaFieldsProps {
  fields: readonly FormField[];
  value: JsonObject;
  /** Places of required fields that are empty, once the user has tried to run. */
  missing: ReadonlySet<string>;
  path?: string;
  onChange: (value: JsonObject) => void;
  onInvalid: ReportInvalid;
}

export function SchemaFields({
  fields,
  value,
  missing,
  path = "",
  onChange,
  onInvalid,
}: SchemaFieldsProps) {
  return (
    <div className="space-y-4">
      {fields.map((field) => {
        const own = Object.hasOwn(value, field.name) ? value[field.name] : undefined;
        const set = (next: unknown) => onChange(withProperty(value, field.name, next));
        const place = `${path}${field.name}`;
        if (field.control.kind === "object" && (own === undefined || isRecord(own))) {
          return (
            <fieldset
              key={field.name}
              className="min-w-0 rounded-lg border border-line px-3 pt-1 pb-3 *:mt-2 *:first:mt-0"
            >
              <legend className="px-1 text-sm font-medium">{field.title}</legend>
              {field.description && (
                <p className="line-clamp-3 text-xs break-words text-ink-soft">
                  {field.description}
                </p>
              )}
              <SchemaFields
                fields={field.control.fields}
                value={isRecord(own) ? own : {}}
                missing={missing}
                path={`${place}.`}
                // An optional object that is empty again is not sent.
                onChange={(next) =>
                  set(Object.keys(next).length === 0 && !field.required ? undefined : next)
                }
                onInvalid={onInvalid}
              />
            </fieldset>
          );
        }
        return (
          <ValueField
            key={field.name}
            field={field}
            place={place}
            value={own}
            missing={missing.has(place)}
            onChange={set}
            onInvalid={onInvalid}
          />
        );
      })}
    </div>
  );
}

interface ValueFieldProps {
  field: FormField;
  place: string;
  value: unknown;
  missing: boolean;
  onChange: (value: unknown) => void;
  onInvalid: ReportInvalid;
}

/** One value. What its control could not show unchanged is edited as JSON. */
function ValueField({ field, place, value, missing, onChange, onInvalid }: ValueFieldProps) {
  const control = fits(field.control, value) ? field.control : ({ kind: "json" } as const);
  const [draftError, setDraftError] = useState<string | null>(null);
  const label =
    field.title === field.name ? (
      field.name
    ) : (
      <>
        {field.title} <span className="font-mono text-xs text-ink-soft">{field.name}</span>
      </>
    );
  function report(message: string | null) {
    setDraftError(message);
    onInvalid(place, message !== null);
  }
  return (
    <Field
      label={label}
      hint={field.description}
      required={field.required}
      error={draftError ?? (missing ? "A value is needed." : null)}
    >
      {(attributes) => (
        <ControlInput
          control={control}
          attributes={attributes}
          name={place}
          placeholder={field.placeholder}
          value={value}
          onChange={onChange}
          onError={report}
        />
      )}
    </Field>
  );
}

interface ControlInputProps {
  control: Control;
  attributes: {
    id: string;
    "aria-label"?: string;
    "aria-describedby"?: string | undefined;
    "aria-invalid"?: true | undefined;
  };
  name: string;
  placeholder: string;
  value: unknown;
  onChange: (value: unknown) => void;
  onError: (message: string | null) => void;
}

function ControlInput(props: ControlInputProps) {
  const { control, attributes, name, placeholder, value, onChange } = props;
  switch (control.kind) {
    case "string": {
      const shared = {
        ...attributes,
        name,
        placeholder,
        className: "field",
        value: typeof value === "string" ? value : "",
        onChange: (event: { target: { value: string } }) =>
          onChange(event.target.value === "" ? undefined : event.target.value),
      };
      const lines = control.multiline || shared.value.includes("\n");
      return lines ? (
        <textarea {...shared} rows={3} />
      ) : (
        <input
          {...shared}
          type={control.format === "password" ? "password" : "text"}
          autoComplete="off"
        />
      );
    }
    case "number":
      return (
        <DraftInput
          {...props}
          multiline={false}
          write={(number) => String(number)}
          read={(text) => parseNumber(text, control.integer)}
        />
      );
    case "boolean":
      return <ChoiceInput {...props} values={[true, false]} />;
    case "enum":
      return <ChoiceInput {...props} values={control.values} />;
    case "array":
      return <ArrayInput {...props} item={control.item} />;
    default:
      return (
        <DraftInput
          {...props}
          multiline
          write={(json) => JSON.stringify(json, null, 2)}
          read={parseJsonText}
        />
      );
  }
}

interface DraftInputProps extends ControlInputProps {
  multiline: boolean;
  write: (value: unknown) => string;
  read: (text: string) => { ok: true; value: unknown } | { ok: false; message: string };
}

/**
 * Text that is a value only when it can be read. What is typed stays as it is,
 * `1.` and `[1,` included; the value follows when it can.
 */
function DraftInput(props: DraftInputProps) {
  const { attributes, name, placeholder, value, multiline, write, read, onChange, onError } = props;
  const [draft, setDraft] = useState(value === undefined ? "" : write(value));
  const parsed = draft.trim() === "" ? { ok: true as const, value: undefined } : read(draft);
  // The value was changed from outside (JSON view, another example).
  if (parsed.ok && !sameJson(parsed.value, value)) {
    setDraft(value === undefined ? "" : write(value));
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: only on unmount: a field that is gone cannot be wrong.
  useEffect(() => () => onError(null), []);

  const shared = {
    ...attributes,
    name,
    placeholder: placeholder || (multiline ? "JSON" : ""),
    className: "field font-mono",
    spellCheck: false,
    autoComplete: "off",
    value: draft,
    onChange: (event: { target: { value: string } }) => {
      const text = event.target.value;
      setDraft(text);
      if (text.trim() === "") {
        onError(null);
        onChange(undefined);
        return;
      }
      const next = read(text);
      onError(next.ok ? null : next.message);
      if (next.ok) onChange(next.value);
    },
  };
  return multiline ? (
    <textarea {...shared} rows={Math.min(10, Math.max(3, draft.split("\n").length))} />
  ) : (
    <input {...shared} inputMode="decimal" />
  );
}

/** A choice among JSON values; the first option is "none of them". */
function ChoiceInput({
  attributes,
  name,
  value,
  values,
  onChange,
}: ControlInputProps & { values: readonly unknown[] }) {
  const chosen = value === undefined ? -1 : values.findIndex((one) => sameJson(one, value));
  return (
    <select
      {...attributes}
      name={name}
      className="field"
      value={chosen}
      onChange={(event) => {
        const index = Number(event.target.value);
        onChange(index < 0 ? undefined : values[index]);
      }}
    >
      <option value={-1}>not set</option>
      {values.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list of a schema does not change.
        <option key={index} value={index}>
          {typeof one === "string" ? one : JSON.stringify(one)}
        </option>
      ))}
    </select>
  );
}

function ArrayInput(props: ControlInputProps & { item: Control }) {
  const { attributes, name, value, item, onChange, onError } = props;
  const items = Array.isArray(value) ? value : [];
  const labelId = useId();
  const replace = (index: number, next: unknown) =>
    onChange(items.map((old, place) => (place === index ? (next ?? emptyOf(item)) : old)));
  return (
    <fieldset className="min-w-0 space-y-2" aria-label={name}>
      {items.map((entry, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: entries have no identity but their place.
        <div key={index} className="flex gap-2">
          <ControlInput
            {...props}
            control={item}
            attributes={{ id: `${labelId}-${index}`, "aria-label": `${name}, entry ${index + 1}` }}
            name={`${name}[${index}]`}
            value={entry}
            onChange={(next) => replace(index, next)}
            onError={onError}
          />
          <Button
            size="icon"
            variant="ghost"
            aria-label={`Remove entry ${index + 1} of ${name}`}
            onClick={() => {
              const rest = items.filter((_old, place) => place !== index);
              onError(null);
              onChange(rest.length > 0 ? rest : undefined);
            }}
            icon={<Trash2 className="size-4" aria-hidden />}
          />
        </div>
      ))}
      <Button
        id={attributes.id}
        size="small"
        aria-label={`Add an entry to ${name}`}
        onClick={() => onChange([...items, emptyOf(item)])}
        icon={<Plus className="size-4" aria-hidden />}
      >
        Add
      </Button>
    </fieldset>
  );
}

/** What a new entry of a list starts as. */
function emptyOf(control: Control): unknown {
  switch (control.kind) {
    case "number":
      return 0;
    case "boolean":
      return false;
    case "enum":
      return control.values[0];
    default:
      return "";
  }
}
