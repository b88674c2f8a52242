import type { SubscriptionSummary } from "@/api/types";
import type { Tone } from "@/components/badge";

interface Standing {
  readonly label: string;
  readonly tone: Tone;
  /** What to do about it, where there is something. */
  readonly hint?: string;
}

const STANDINGS: Readonly<Record<string, Standing>> = {
  active: { label: "Active", tone: "good" },
  trialing: { label: "Trial", tone: "info" },
  past_due: {
    label: "Payment overdue",
    tone: "warn",
    hint: "The last payment did not go through. Change the card before it is tried for the last time.",
  },
  incomplete: {
    label: "Waiting for payment",
    tone: "warn",
    hint: "The first payment is not through yet.",
  },
  unpaid: {
    label: "Unpaid",
    tone: "bad",
    hint: "Payments did not go through. Pay the open invoice to have it again.",
  },
  paused: { label: "Paused", tone: "neutral" },
  canceled: { label: "Ended", tone: "neutral" },
  incomplete_expired: { label: "Not paid in time", tone: "neutral" },
};

/** How a subscription stands, in words. */
export function standingOf({ status }: SubscriptionSummary): Standing {
  return STANDINGS[status] ?? { label: status, tone: "neutral" };
}

/** `Renews on 8 Dec 2026`, or when it ends; null where there is nothing to say. */
export function whatComes({ inForce, endsAt, periodEnd }: SubscriptionSummary): string | null {
  if (!inForce) return null;
  if (endsAt) return `Ends on ${day(endsAt)}`;
  return periodEnd ? `Renews on ${day(periodEnd)}` : null;
}

function day(iso: string): string {
  const format = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });
  return format.format(new Date(iso));
}
