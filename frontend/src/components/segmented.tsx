import { ToggleGroup } from "radix-ui";
import { cn } from "@/lib/format";

interface SegmentedProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly { readonly value: Value; readonly label: string }[];
  onChange: (value: Value) => void;
}

/** One of a few, all of them in view. */
export function Segmented<Value extends string>({
  label,
  value,
  options,
  onChange,
}: SegmentedProps<Value>) {
  return (
    <ToggleGroup.Root
      type="single"
      value={value}
      aria-label={label}
      // Radix gives "" when the pressed one is pressed again: keep the choice.
      onValueChange={(next) => next && onChange(next as Value)}
      className="inline-flex rounded-lg border border-control bg-surface p-0.5"
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          className={cn(
            "h-7 rounded-md px-2.5 text-[0.8125rem] font-medium text-ink-soft hover:text-ink",
            "data-[state=on]:bg-accent data-[state=on]:text-on-accent",
          )}
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
