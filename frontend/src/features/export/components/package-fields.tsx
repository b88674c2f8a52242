import type { HTMLInputTypeAttribute } from "react";
import { Field } from "@/components/field";
import type { PackageForm, PackageId } from "../model/packages";

interface FieldOf {
  readonly key: keyof PackageForm;
  readonly label: string;
  readonly hint: string;
  readonly placeholder: string;
  readonly type?: HTMLInputTypeAttribute;
}

const FIELDS: Readonly<Record<PackageId, readonly FieldOf[]>> = {
  zip: [],
  mcpb: [],
  docker: [
    {
      key: "image",
      label: "Image",
      hint: "The name to build it under; the project's own where it is empty.",
      placeholder: "acme/pets-mcp:1.0",
    },
  ],
  cloudflare: [
    {
      key: "accountId",
      label: "Account ID",
      hint: "32 hexadecimal digits, on the overview of your account.",
      placeholder: "023e105f4ecef8ad9ca31a8372d0c353",
    },
    {
      key: "apiToken",
      label: "API token",
      hint: "With the permission Workers Scripts: Edit. It is stored encrypted; leave it empty to use the stored one.",
      placeholder: "",
      type: "password",
    },
    {
      key: "scriptName",
      label: "Name of the Worker",
      hint: "First part of its address; the project's own name where it is empty.",
      placeholder: "pets",
    },
  ],
  npm: [
    {
      key: "packageName",
      label: "Package",
      hint: "The project's own name where it is empty.",
      placeholder: "@acme/pets-mcp",
    },
    {
      key: "version",
      label: "Version",
      hint: "A registry takes each version once.",
      placeholder: "1.0.0",
    },
    { key: "license", label: "Licence", hint: "An SPDX expression.", placeholder: "MIT" },
    {
      key: "repository",
      label: "Repository",
      hint: "Where you keep the source.",
      placeholder: "https://github.com/acme/pets-mcp",
    },
    {
      key: "token",
      label: "Registry token",
      hint: "Used once and not stored. Without it you get the tarball.",
      placeholder: "",
      type: "password",
    },
    {
      key: "registry",
      label: "Registry",
      hint: "Where to publish: what npm config get registry prints.",
      placeholder: "https://npm.example.com/",
    },
  ],
};

interface PackageFieldsProps {
  chosen: PackageId;
  form: PackageForm;
  onChange: (form: PackageForm) => void;
}

/** What the chosen package wants to know; all of it can stay empty. */
export function PackageFields({ chosen, form, onChange }: PackageFieldsProps) {
  const fields = FIELDS[chosen];
  if (fields.length === 0) return null;
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {fields.map(({ key, label, hint, placeholder, type = "text" }) => (
        <Field key={key} label={label} hint={hint}>
          {(control) => (
            <input
              {...control}
              type={type}
              data-testid={`export-${key}`}
              className="field font-mono"
              // Not a login: password managers must neither fill nor store it.
              autoComplete="off"
              data-1p-ignore
              data-lpignore="true"
              spellCheck={false}
              placeholder={placeholder}
              value={form[key]}
              onChange={(event) => onChange({ ...form, [key]: event.target.value })}
            />
          )}
        </Field>
      ))}
    </div>
  );
}
