import { useState } from "react";
import { Field } from "@/components/field";
import { Segmented } from "@/components/segmented";
import {
  extraProperties,
  type FormField,
  type JsonObject,
  missingFields,
  parseArguments,
} from "../model/schema-form";
import { SchemaFields } from "./schema-fields";

interface ArgumentsEditorProps {
  fields: readonly FormField[];
  value: JsonObject;
  onChange: (value: JsonObject) => void;
  /** Whether the text in the fields is a value, so that a call can be made. */
  onValid: (valid: boolean) => void;
  /** Marks required fields that are empty. */
  showMissing: boolean;
}

const MODES = [
  { value: "form", label: "Form" },
  { value: "json", label: "JSON" },
] as const;

/**
 * The arguments as a form or as JSON. Both edit the same value, so changing
 * sides loses nothing: what the form has no field for is kept and named, and
 * text that is no value yet has to be put right before the side is left.
 */
export function ArgumentsEditor({
  fields,
  value,
  onChange,
  onValid,
  showMissing,
}: ArgumentsEditorProps) {
  const [mode, setMode] = useState<"form" | "json">("form");
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [invalid, setInvalid] = useState<ReadonlySet<string>>(new Set());

  function changeMode(next: "form" | "json") {
    if (mode === next) return;
    if (next === "json") {
      if (invalid.size > 0) {
        setProblem("Put the marked fields right first: what they hold is not JSON.");
        return;
      }
      setText(JSON.stringify(value, null, 2));
    } else {
      const parsed = parseArguments(text);
      if (!parsed.ok) {
        setProblem(parsed.message);
        return;
      }
    }
    setProblem(null);
    setMode(next);
  }

  function changeText(next: string) {
    setText(next);
    const parsed = parseArguments(next);
    setProblem(parsed.ok ? null : parsed.message);
    onValid(parsed.ok);
    if (parsed.ok) onChange(parsed.value);
  }

  function reportInvalid(id: string, isInvalid: boolean) {
    setInvalid((before) => {
      if (before.has(id) === isInvalid) return before;
      const next = new Set(before);
      if (isInvalid) next.add(id);
      else next.delete(id);
      onValid(next.size === 0);
      return next;
    });
  }

  const extra = extraProperties(fields, value);
  const missing = new Set(showMissing ? missingFields(fields, value) : []);
  return (
    <div className="space-y-4">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="text-sm font-semibold">Arguments</p>
        <Segmented label="Edit arguments as" value={mode} options={MODES} onChange={changeMode} />
      </div>
      {mode === "form" ? (
        <>
          {fields.length === 0 && <p className="text-sm text-ink-soft">This tool takes none.</p>}
          <SchemaFields
            fields={fields}
            value={value}
            missing={missing}
            onChange={onChange}
            onInvalid={reportInvalid}
          />
          {extra.length > 0 && (
            <p className="text-xs break-words text-ink-soft">
              Also sent, editable as JSON: {extra.join(", ")}
            </p>
          )}
          {problem && (
            <p role="alert" className="text-sm text-bad">
              {problem}
            </p>
          )}
        </>
      ) : (
        <Field label="Arguments as JSON" error={problem}>
          {(control) => (
            <textarea
              {...control}
              data-testid="arguments-json"
              className="field font-mono"
              rows={Math.min(18, Math.max(6, text.split("\n").length))}
              spellCheck={false}
              value={text}
              onChange={(event) => changeText(event.target.value)}
            />
          )}
        </Field>
      )}
    </div>
  );
}
