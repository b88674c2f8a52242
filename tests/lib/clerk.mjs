// Starts the stand-in of Clerk's webhooks (tests/fakes/clerk).
import { control, startFake } from "./fake.mjs";

export async function startClerk() {
  const { ready, close } = await startFake("clerk");
  const { origin, secret } = ready;
  return {
    secret,
    vars: { CLERK_WEBHOOK_SECRETS: secret },
    /** Makes a message; its id. */
    event: async (type, data, timestamp) =>
      (await control(origin, "POST", "/__event", { type, data, timestamp })).id,
    /** Sends messages by their ids, in this order; `[{status, body, attempts}]`. */
    send: (to, messages, more = {}) =>
      control(origin, "POST", "/__send", { to, messages, ...more }),
    close,
  };
}
