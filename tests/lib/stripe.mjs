// Starts the stand-in of Stripe (tests/fakes/stripe).
import { control, startFake } from "./fake.mjs";

/** Two secrets of the form that Stripe's have. */
export const STRIPE_SECRETS = [
  "whsec_FirstSecretOfThirtyTwoCharacters",
  "whsec_OtherSecretOfThirtyTwoCharacters",
];

export async function startStripe() {
  const { ready, close } = await startFake("stripe");
  const { api, key, prices } = ready;
  return {
    api,
    key,
    prices,
    /** The vars of a studio that sells through it. */
    vars: {
      STRIPE_API_URL: api,
      STRIPE_PRICE_PRO: prices.pro,
      STRIPE_PRICE_TEAM: prices.team,
      STRIPE_SECRET_KEY: key,
      STRIPE_WEBHOOK_SECRETS: STRIPE_SECRETS[0],
    },
    happen: (what, more = {}) => control(api, "POST", "/__do", { what, ...more }),
    events: () => control(api, "GET", "/__events"),
    requests: () => control(api, "GET", "/__requests"),
    fail: (...faults) => control(api, "PUT", "/__faults", faults),
    reset: () => control(api, "DELETE", "/__all"),
    /** Sends events by their ids, in this order; `[{status, body}]`. */
    send: (to, events, more = {}) =>
      control(api, "POST", "/__send", { to, events, secrets: [STRIPE_SECRETS[0]], ...more }),
    close,
  };
}
