import { Tabs as RadixTabs } from "radix-ui";
import { type ReactNode, useEffect, useRef } from "react";

interface TabsProps {
  label: string;
  value?: string | undefined;
  defaultValue?: string;
  onChange?: (value: string) => void;
  tabs: readonly {
    readonly value: string;
    readonly label: ReactNode;
    readonly content: ReactNode;
  }[];
}

/** Tabs; the bar scrolls sideways on narrow screens, the page does not. */
export function Tabs({ label, value, defaultValue, onChange, tabs }: TabsProps) {
  const bar = useRef<HTMLDivElement>(null);
  // An address may open a tab that is out of sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another tab is a reason.
  useEffect(() => showActive(bar.current), [value]);
  return (
    <RadixTabs.Root
      {...(value === undefined
        ? { defaultValue: defaultValue ?? tabs[0]?.value ?? "" }
        : { value })}
      {...(onChange && { onValueChange: onChange })}
      className="min-w-0"
    >
      <RadixTabs.List
        ref={bar}
        aria-label={label}
        className="flex gap-1 overflow-x-auto border-b border-line [scrollbar-width:none]"
      >
        {tabs.map((tab) => (
          <RadixTabs.Trigger
            key={tab.value}
            value={tab.value}
            className="-mb-px shrink-0 border-b-2 border-transparent px-3 py-2 text-sm font-medium text-ink-soft -outline-offset-2 hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink"
          >
            {tab.label}
          </RadixTabs.Trigger>
        ))}
      </RadixTabs.List>
      {tabs.map((tab) => (
        <RadixTabs.Content key={tab.value} value={tab.value} className="min-w-0 pt-4">
          {tab.content}
        </RadixTabs.Content>
      ))}
    </RadixTabs.Root>
  );
}

/** Scrolls the bar, and only the bar, to its active tab. */
function showActive(bar: HTMLElement | null): void {
  const tab = bar?.querySelector<HTMLElement>('[data-state="active"]');
  if (!bar || !tab) return;
  const most = tab.offsetLeft - bar.offsetLeft;
  const least = most + tab.offsetWidth - bar.clientWidth;
  bar.scrollLeft = Math.min(most, Math.max(bar.scrollLeft, least));
}
