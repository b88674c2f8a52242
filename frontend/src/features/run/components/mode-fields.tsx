import { useId } from "react";
import type { ServerMode } from "@/api/types";
import { countOf } from "@/lib/format";

const MODES = [
  {
    value: "direct",
    label: "Listed tools",
    about: (listed: number) =>
      `Clients list the ${countOf(listed, "tool")} that are on: best where a model can keep them all in view.`,
  },
  {
    value: "dynamic",
    label: "Search and call",
    about: () =>
      "Clients list four tools that search, describe and call all the others: best for large APIs.",
  },
] as const;

interface ModeFieldsProps {
  /** All that the API has, and those of them that are on. */
  tools: number;
  listed: number;
  value: ServerMode;
  onChange: (mode: ServerMode) => void;
}

/** How the server offers its tools; asked where there are many. */
export function ModeFields({ tools, listed, value, onChange }: ModeFieldsProps) {
  const id = useId();
  return (
    <fieldset
      data-testid="mode"
      className="min-w-0 space-y-3 rounded-lg border border-line px-4 pt-1 pb-4"
    >
      <legend className="px-1 text-sm font-semibold">
        How clients see the {countOf(tools, "tool")}
      </legend>
      {MODES.map((mode) => (
        <div key={mode.value} className="flex items-start gap-2">
          <input
            type="radio"
            id={`${id}-${mode.value}`}
            name={id}
            value={mode.value}
            checked={value === mode.value}
            onChange={() => onChange(mode.value)}
            aria-describedby={`${id}-${mode.value}-about`}
            className="mt-0.5 size-4 shrink-0 accent-accent"
          />
          <div className="min-w-0">
            <label htmlFor={`${id}-${mode.value}`} className="block text-sm font-medium">
              {mode.label}
            </label>
            <p id={`${id}-${mode.value}-about`} className="text-xs text-ink-soft">
              {mode.about(listed)}
            </p>
          </div>
        </div>
      ))}
    </fieldset>
  );
}
