import { relativeTime } from "@/lib/format";

/** A time as people say it, the exact one behind it. */
export function Moment({ iso }: { iso: string }) {
  return (
    <time dateTime={iso} title={iso}>
      {relativeTime(iso)}
    </time>
  );
}
