// What the stand-in takes and refuses, as Stripe documents it. The product has no
// part in this.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import { STRIPE_SECRETS, startStripe } from "../../lib/stripe.mjs";

let stripe;
before(async () => {
  stripe = await startStripe();
});
after(() => stripe?.close());
beforeEach(() => stripe.reset());

async function call(method, path, form, headers = {}) {
  const response = await fetch(stripe.api + path, {
    method,
    headers: {
      authorization: `Bearer ${stripe.key}`,
      ...(form && { "content-type": "application/x-www-form-urlencoded" }),
      ...headers,
    },
    body: form && new URLSearchParams(form).toString(),
  });
  const body = await response.json();
  return { status: response.status, headers: response.headers, body, error: body.error };
}

const GOOD = () => ({
  mode: "subscription",
  "line_items[0][price]": stripe.prices.team,
  "line_items[0][quantity]": "3",
  "metadata[owner]": "me",
  "subscription_data[metadata][owner]": "me",
  success_url: "https://example.com/done",
});

test("a subscription that is cancelled ends at once, and is not there for a second time", async () => {
  const { id } = await stripe.happen("subscribe", { customer: "cus_x" });
  const { status, body } = await call("DELETE", `/v1/subscriptions/${id}`);
  assert.deepEqual([status, body.status], [200, "canceled"]);
  const types = (await stripe.events()).map(({ type }) => type);
  assert.equal(types.at(-1), "customer.subscription.deleted");
  const again = await call("DELETE", `/v1/subscriptions/${id}`);
  assert.deepEqual([again.status, again.error.code], [404, "resource_missing"]);
  assert.equal((await call("GET", `/v1/subscriptions/${id}`)).body.status, "canceled");
});

test("a session that is paid makes a subscription and three events of one second", async () => {
  const { body: session } = await call("POST", "/v1/checkout/sessions", GOOD());
  assert.equal((await fetch(session.url)).status, 200);
  await stripe.happen("complete", { session: session.id });
  const events = await stripe.events();
  assert.deepEqual(
    events.map(({ type, created }) => [type, created]),
    [
      "customer.subscription.created",
      "customer.subscription.updated",
      "checkout.session.completed",
    ].map((type) => [type, session.created]),
  );
  assert.deepEqual(events[1].data.previous_attributes, { status: "incomplete" });
  const { id, status, items, metadata, customer } = events[1].data.object;
  assert.deepEqual(
    [status, items.data[0].quantity, metadata, events[2].data.object.subscription],
    ["active", 3, { owner: "me" }, id],
  );
  const { body: now } = await call("GET", `/v1/subscriptions/${id}`);
  assert.equal(now.status, "active");
  const portal = await call("POST", "/v1/billing_portal/sessions", { customer });
  assert.match(portal.body.url, /\/p\/session\/bps_/);
});

for (const [what, change, code] of [
  ["an unknown parameter", { plan: "pro" }, "parameter_unknown"],
  ["an unknown part of one", { "line_items[0][seats]": "3" }, "parameter_unknown"],
  ["no mode", { mode: undefined }, "parameter_missing"],
  ["no address to go to", { success_url: undefined }, "parameter_missing"],
  ["an address that is none", { success_url: "/done" }, "parameter_invalid"],
  ["a quantity that is none", { "line_items[0][quantity]": "three" }, "parameter_invalid"],
  ["a price of nobody", { "line_items[0][price]": "price_x" }, "resource_missing"],
  ["a customer of nobody", { customer: "cus_x" }, "resource_missing"],
  ["customer and address", { customer: "cus_x", customer_email: "a@b.c" }, undefined],
  ["a long value of metadata", { "metadata[owner]": "x".repeat(501) }, "parameter_invalid"],
]) {
  test(`a checkout is refused: ${what}`, async () => {
    const form = Object.entries({ ...GOOD(), ...change }).filter(([, value]) => value);
    const { status, error } = await call("POST", "/v1/checkout/sessions", form);
    assert.deepEqual([status, error.type, error.code], [400, "invalid_request_error", code]);
  });
}

test("a key is asked for, and paths that there are", async () => {
  for (const authorization of ["Bearer sk_test_other", ""]) {
    const { status, error } = await call("POST", "/v1/checkout/sessions", GOOD(), {
      authorization,
    });
    assert.deepEqual([status, error.type], [401, "invalid_request_error"]);
  }
  assert.equal((await call("POST", "/v1/nothing", {})).status, 404);
  assert.equal((await call("GET", "/v1/subscriptions/sub_x")).error.code, "resource_missing");
  const json = { "content-type": "application/json" };
  assert.equal((await call("POST", "/v1/checkout/sessions", GOOD(), json)).status, 400);
  const version = { "stripe-version": "tomorrow" };
  assert.equal((await call("POST", "/v1/checkout/sessions", GOOD(), version)).status, 400);
});

test("what is asked twice under one key is done once", async () => {
  const key = { "idempotency-key": "k1" };
  const first = await call("POST", "/v1/checkout/sessions", GOOD(), key);
  const again = await call("POST", "/v1/checkout/sessions", GOOD(), key);
  assert.deepEqual(
    [again.body.id, again.headers.get("idempotent-replayed")],
    [first.body.id, "true"],
  );
  const other = { ...GOOD(), "line_items[0][quantity]": "4" };
  const refused = await call("POST", "/v1/checkout/sessions", other, key);
  assert.deepEqual([refused.status, refused.error.type], [400, "idempotency_error"]);
});

test("an event is signed with each secret over the time and the body", async () => {
  const subscription = await stripe.happen("subscribe", { customer: "cus_1" });
  await stripe.happen("change", { subscription: subscription.id, later: 5, to: { quantity: 4 } });
  const received = [];
  const server = createServer(async (incoming, outgoing) => {
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    received.push([incoming.headers["stripe-signature"], Buffer.concat(chunks).toString()]);
    outgoing.end("{}");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const to = `http://127.0.0.1:${server.address().port}/`;
  const ids = (await stripe.events()).map(({ id }) => id).reverse();
  await stripe.send(to, ids, { secrets: STRIPE_SECRETS, skew: -400 });
  server.close();
  assert.deepEqual(
    received.map(([, body]) => JSON.parse(body).id),
    ids,
  );
  for (const [header, body] of received) {
    const [, time, first, second] = /^t=(\d+),v1=(\w{64}),v1=(\w{64}),v0=\w+$/.exec(header);
    const sign = (secret) => createHmac("sha256", secret).update(`${time}.${body}`).digest("hex");
    assert.deepEqual([first, second], STRIPE_SECRETS.map(sign));
    assert.ok(Math.abs(Date.now() / 1_000 - 400 - Number(time)) < 5);
  }
});

test("its faults are used up by the requests that meet them", async () => {
  await stripe.fail(
    { method: "POST", status: 500, shouldRetry: false },
    { method: "POST", cut: "after" },
  );
  const failed = await call("POST", "/v1/checkout/sessions", GOOD());
  assert.deepEqual([failed.status, failed.headers.get("stripe-should-retry")], [500, "false"]);
  await assert.rejects(call("POST", "/v1/checkout/sessions", GOOD()));
  assert.equal((await call("POST", "/v1/checkout/sessions", GOOD())).status, 200);
});
