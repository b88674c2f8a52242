import { screen, waitFor, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Billing } from "@/api/types";
import { leave } from "@/lib/leave";
import { fakeApi, refusal, show } from "@/testing/fake-api";
import { BillingSection } from "./billing-section";

vi.mock("@/lib/leave");

const active = {
  status: "active",
  inForce: true,
  periodEnd: "2026-12-08T08:53:20.000Z",
  endsAt: null,
  paymentFailedAt: null,
};

const nothing: Billing = {
  configured: true,
  account: { tier: "free", subscription: null, manageable: false },
  teams: [],
};

const acme: Billing["teams"][number] = {
  id: "t1",
  name: "Acme",
  tier: "free",
  seats: 5,
  seatsUsed: 2,
  subscription: null,
  manageable: false,
};

function open(billing: Billing, answers: Record<string, () => Response> = {}) {
  const asked = fakeApi({ "GET /api/billing": () => Response.json(billing), ...answers });
  show(<BillingSection />);
  return asked;
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.mocked(leave).mockClear();
});

describe("billing", () => {
  it("leads from free to the page on which to buy pro", async () => {
    const page = () => Response.json({ url: "https://checkout.stripe.com/c/pay/cs_1" });
    const asked = open(nothing, { "POST /api/billing/checkout": page });
    await userEvent.click(await screen.findByRole("button", { name: "Upgrade to Pro" }));
    await waitFor(() =>
      expect(leave).toHaveBeenCalledWith("https://checkout.stripe.com/c/pay/cs_1"),
    );
    expect(asked).toContain('POST /api/billing/checkout {"plan":"pro"}');
    expect(screen.queryByRole("button", { name: "Manage" })).not.toBeInTheDocument();
  });

  it("shows what is bought, when it renews, and the portal", async () => {
    const account = { tier: "pro" as const, subscription: active, manageable: true };
    const page = () => Response.json({ url: "https://billing.stripe.com/p/session/1" });
    const asked = open({ ...nothing, account }, { "POST /api/billing/portal": page });
    expect(await screen.findByText("Active")).toBeInTheDocument();
    expect(screen.getByText("Renews on 8 Dec 2026")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: /Upgrade/ })).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Manage" }));
    await waitFor(() =>
      expect(leave).toHaveBeenCalledWith("https://billing.stripe.com/p/session/1"),
    );
    expect(asked).toContain('POST /api/billing/portal {"teamId":null}');
  });

  it("buys so many seats for a team", async () => {
    const page = () => Response.json({ url: "https://checkout.stripe.com/c/pay/cs_2" });
    const asked = open({ ...nothing, teams: [acme] }, { "POST /api/billing/checkout": page });
    const form = await screen.findByRole("form", { name: "Buy seats for Acme" });
    expect(screen.getByText("2 of 5 seats taken")).toBeInTheDocument();
    const seats = within(form).getByRole("spinbutton", { name: "Seats" });
    await userEvent.clear(seats);
    await userEvent.type(seats, "12");
    await userEvent.click(within(form).getByRole("button", { name: "Upgrade to Team" }));
    const body = '{"plan":"team","teamId":"t1","seats":12}';
    await waitFor(() => expect(asked).toContain(`POST /api/billing/checkout ${body}`));
  });

  it("says what is behind and what ends", async () => {
    const subscription = { ...active, status: "past_due", endsAt: "2026-12-01T00:00:00.000Z" };
    open({ ...nothing, teams: [{ ...acme, tier: "team", subscription, manageable: true }] });
    expect(await screen.findByText("Payment overdue")).toBeInTheDocument();
    expect(screen.getByText("2 of 5 seats taken · Ends on 1 Dec 2026")).toBeInTheDocument();
    expect(screen.getByText(/Change the card/)).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Manage Acme" })).toBeInTheDocument();
  });

  it("says where nothing is sold", async () => {
    open({ ...nothing, configured: false, teams: [acme] });
    expect(await screen.findByText("Nothing is sold here")).toBeInTheDocument();
    expect(screen.queryByRole("button")).not.toBeInTheDocument();
  });

  it("shows why Stripe refuses", async () => {
    open(nothing, {
      "POST /api/billing/checkout": () =>
        refusal(502, "stripe_refused", "Stripe: No such price (resource_missing)."),
    });
    await userEvent.click(await screen.findByRole("button", { name: "Upgrade to Pro" }));
    expect(await screen.findByText(/No such price/)).toBeInTheDocument();
    expect(leave).not.toHaveBeenCalled();
  });
});
