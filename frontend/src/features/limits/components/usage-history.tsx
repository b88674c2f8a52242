import type { UsageDay } from "@/api/types";
import { countOf } from "@/lib/format";
import { type DayTotal, durationText, totalsByDay } from "../model/limits";

const DAYS = 30;

interface UsageHistoryProps {
  history: readonly UsageDay[];
  label: string;
}

/** A column for each of the last 30 days, and their sum. */
export function UsageHistory({ history, label }: UsageHistoryProps) {
  const days = totalsByDay(history, new Date().toISOString().slice(0, 10), DAYS);
  const most = Math.max(1, ...days.map(({ count }) => count));
  const sum = (of: (day: DayTotal) => number) => days.reduce((all, day) => all + of(day), 0);
  const count = sum((day) => day.count);
  if (count === 0) {
    return <p className="text-sm text-ink-soft">Nothing in the last {DAYS} days.</p>;
  }
  const unsuccessful = sum((day) => day.unsuccessful);
  const tokens = sum((day) => day.tokens ?? 0);
  return (
    <figure aria-label={label} className="space-y-1.5">
      <ol className="flex h-14 items-end gap-px border-b border-line sm:gap-0.5">
        {days.map((day) => (
          <li key={day.day} title={dayText(day)} className="flex h-full min-w-0 flex-1 items-end">
            <span className="sr-only">{dayText(day)}</span>
            {day.count > 0 && (
              <span
                aria-hidden
                className="w-full rounded-t-sm bg-accent"
                style={{ height: `${Math.max(6, (day.count / most) * 100)}%` }}
              />
            )}
          </li>
        ))}
      </ol>
      <figcaption className="text-sm text-ink-soft">
        {countOf(count, "job")} in {DAYS} days
        {unsuccessful > 0 && `, ${unsuccessful.toLocaleString("en")} without success`} ·{" "}
        {durationText(sum((day) => day.durationMs))} of work
        {tokens > 0 && ` · ${countOf(tokens, "token")}`}
      </figcaption>
    </figure>
  );
}

/** `2026-11-24: 3 jobs, 12 s`. */
function dayText({ day, count, durationMs }: DayTotal): string {
  return count === 0
    ? `${day}: none`
    : `${day}: ${countOf(count, "job")}, ${durationText(durationMs)}`;
}
