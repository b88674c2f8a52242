// Buying through Stripe's stand-in: the pages, who may, what is refused and why.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, beforeEach, test } from "node:test";
import { developmentToken } from "../lib/identity.mjs";
import { startStripe } from "../lib/stripe.mjs";
import { startStudio } from "../lib/studio.mjs";

const TEAM = "00000000-0000-4000-8000-0000000000f1";
const NOW = "2026-11-24T00:00:00.000Z";

let studio;
let stripe;
const me = {
  authorization: `Bearer ${developmentToken({ sub: "ada", email: "ada@example.com" })}`,
};
const editor = { authorization: `Bearer ${developmentToken({ sub: "bea" })}` };
const stranger = { authorization: `Bearer ${developmentToken({ sub: "cal" })}` };

before(async () => {
  stripe = await startStripe();
  studio = await startStudio({ vars: { ...stripe.vars, MINIMUM_TIER: "free" } });
  const id = async (who) => (await studio.api("GET", "/api/me", undefined, who)).body.id;
  const [ada, bea] = [await id(me), await id(editor)];
  await studio.query(
    `INSERT INTO teams (id, name, slug, owner_id, created_at) VALUES ('${TEAM}', 'Acme', 'acme', ?, '${NOW}')`,
    ada,
  );
  for (const [user, role] of [
    [ada, "owner"],
    [bea, "admin"],
  ]) {
    await studio.query(
      `INSERT INTO team_members (team_id, user_id, role, created_at) VALUES ('${TEAM}', ?, ?, '${NOW}')`,
      user,
      role,
    );
  }
});
after(() => Promise.all([studio?.close(), stripe?.close()]));
beforeEach(async () => {
  await stripe.reset();
  await studio.query("DELETE FROM subscriptions");
  await studio.query("UPDATE users SET tier = 'free', stripe_customer_id = NULL");
  await studio.query(
    "UPDATE teams SET subscription_status = 'none', max_seats = 5, stripe_customer_id = NULL",
  );
});

const checkout = (body, who = me) => studio.api("POST", "/api/billing/checkout", body, who);
const portal = (body, who = me) => studio.api("POST", "/api/billing/portal", body, who);
const billing = async (who = me) => (await studio.api("GET", "/api/billing", undefined, who)).body;
const refusal = ({ status, body }) => [status, body.error?.code];

/** Somebody pays on the page, and Stripe tells of it. */
async function pay(url) {
  assert.equal((await fetch(url)).status, 200);
  await stripe.happen("complete", { session: url.split("/").at(-1) });
  const ids = (await stripe.events()).map(({ id }) => id);
  for (const { status } of await stripe.send(`${studio.origin}/api/webhooks/stripe`, ids)) {
    assert.equal(status, 200);
  }
}

test("pro: a page, a payment, the tier, and the portal", async () => {
  assert.deepEqual((await billing()).account, {
    tier: "free",
    subscription: null,
    manageable: false,
  });
  assert.deepEqual(refusal(await portal({})), [409, "nothing_bought"]);
  const { status, body } = await checkout({ plan: "pro" });
  assert.equal(status, 200, JSON.stringify(body));
  assert.ok(body.url.startsWith(`${stripe.api}/c/pay/cs_test_`));
  await pay(body.url);
  const { account } = await billing();
  assert.deepEqual([account.tier, account.manageable], ["pro", true]);
  const { periodEnd, ...rest } = account.subscription;
  assert.deepEqual(rest, { status: "active", inForce: true, endsAt: null, paymentFailedAt: null });
  assert.equal(periodEnd, "2025-11-08T08:53:20.000Z");
  assert.equal((await studio.api("GET", "/api/me", undefined, me)).body.tier, "pro");
  assert.deepEqual(refusal(await checkout({ plan: "pro" })), [409, "already_subscribed"]);
  const page = await portal({});
  assert.ok(page.body.url.startsWith(`${stripe.api}/p/session/bps_`), JSON.stringify(page.body));
  const [session] = (await stripe.events()).filter(
    ({ type }) => type === "checkout.session.completed",
  );
  const { customer_email, success_url, cancel_url } = session.data.object;
  assert.deepEqual(
    [customer_email, success_url, cancel_url],
    ["ada@example.com", `${studio.origin}/settings?billing=done`, `${studio.origin}/settings`],
  );
});

test("a team: seats, what is behind with a payment, and its end", async () => {
  const { body } = await checkout({ plan: "team", teamId: TEAM, seats: 7 });
  await pay(body.url);
  const [team] = (await billing()).teams;
  assert.deepEqual(
    [team.id, team.tier, team.seats, team.seatsUsed, team.subscription.status],
    [TEAM, "team", 7, 2, "active"],
  );
  const [{ data }] = (await stripe.events()).filter(
    ({ type }) => type === "customer.subscription.created",
  );
  await stripe.happen("fail", { subscription: data.object.id, later: 3_600 });
  await stripe.happen("end", { subscription: data.object.id, later: 3_600 });
  const ids = (await stripe.events()).map(({ id }) => id);
  await stripe.send(`${studio.origin}/api/webhooks/stripe`, ids.slice(0, -1));
  const [late] = (await billing()).teams;
  assert.deepEqual([late.tier, late.subscription.status, late.seats], ["team", "past_due", 7]);
  assert.equal(late.subscription.paymentFailedAt, "2025-10-09T09:53:20.000Z");
  await stripe.send(`${studio.origin}/api/webhooks/stripe`, ids);
  const [ended] = (await billing()).teams;
  assert.deepEqual([ended.tier, ended.subscription.status, ended.seats], ["free", "canceled", 5]);
  // The customer is known: Stripe is not given another.
  const again = await checkout({ plan: "team", teamId: TEAM });
  assert.equal(again.status, 200);
});

test("the owner alone buys for a team, and a personal token nothing", async () => {
  for (const [who, expected] of [
    [editor, [403, "insufficient_role"]],
    [stranger, [404, "team_not_found"]],
    [{ authorization: null }, [401, "unauthenticated"]],
  ]) {
    assert.deepEqual(refusal(await checkout({ plan: "team", teamId: TEAM }, who)), expected);
    assert.deepEqual(refusal(await portal({ teamId: TEAM }, who)), expected);
  }
  assert.deepEqual((await billing(editor)).teams, []);
  assert.deepEqual((await billing(stranger)).teams, []);
  const scopes = ["projects:read", "projects:write", "servers:deploy"];
  const { body } = await studio.api("POST", "/api/tokens", { name: "t", scopes }, me);
  const token = { authorization: `Bearer ${body.token}` };
  for (const answer of [
    await studio.api("GET", "/api/billing", undefined, token),
    await checkout({ plan: "pro" }, token),
    await portal({}, token),
  ]) {
    assert.deepEqual(refusal(answer), [403, "session_required"]);
  }
  assert.deepEqual(await stripe.requests(), []);
});

test("a request that makes no sense is refused before Stripe hears of it", async () => {
  for (const [body, code] of [
    [{}, "invalid_field"],
    [{ plan: "enterprise" }, "invalid_field"],
    [{ plan: "pro", coupon: "x" }, "invalid_field"],
    [{ plan: "pro", teamId: TEAM }, "invalid_plan"],
    [{ plan: "pro", seats: 5 }, "invalid_plan"],
    [{ plan: "team" }, "invalid_plan"],
    [{ plan: "team", teamId: TEAM, seats: 1 }, "invalid_seats"],
    [{ plan: "team", teamId: TEAM, seats: 501 }, "invalid_seats"],
    [{ plan: "team", teamId: TEAM, seats: -1 }, "invalid_field"],
  ]) {
    assert.deepEqual(refusal(await checkout(body)), [400, code], JSON.stringify(body));
  }
  assert.deepEqual(await stripe.requests(), []);
});

test("what passes is tried again, and done once", async () => {
  await stripe.fail(
    { method: "POST", status: 500, code: "api_error" },
    { method: "POST", cut: "after" },
  );
  const { status, body } = await checkout({ plan: "pro" });
  assert.equal(status, 200, JSON.stringify(body));
  const requests = await stripe.requests();
  assert.deepEqual(
    requests.map(({ status: it }) => it),
    [500, null, 200],
  );
  assert.equal(new Set(requests.map(({ key }) => key)).size, 1);
});

test("checkouts and portals are in the log of who opened them", async () => {
  const audit = async () => {
    const { entries } = (await studio.api("GET", "/api/audit", undefined, me)).body;
    return entries.map(({ action, objectId, detail }) => [action, objectId, detail]);
  };
  const { id } = (await studio.api("GET", "/api/me", undefined, me)).body;
  const before = await audit();
  await stripe.fail({ method: "POST", status: 400, code: "resource_missing" });
  assert.equal((await checkout({ plan: "pro" })).status, 502);
  assert.equal((await checkout({ plan: "team", teamId: TEAM }, editor)).status, 403);
  assert.deepEqual(await audit(), before);
  await pay((await checkout({ plan: "pro" })).body.url);
  assert.equal((await checkout({ plan: "team", teamId: TEAM })).status, 200);
  assert.equal((await portal({})).status, 200);
  assert.deepEqual((await audit()).slice(0, -before.length || undefined), [
    ["billing_portal.opened", id, null],
    ["checkout.started", TEAM, "team"],
    ["checkout.started", id, "pro"],
  ]);
});

test("two checkouts with one key are one session, also where the first broke off", async () => {
  const key = randomUUID();
  const start = () => checkout({ plan: "pro" }, { ...me, "idempotency-key": key });
  const first = await start();
  assert.equal(first.status, 200, JSON.stringify(first.body));
  assert.deepEqual((await start()).body, first.body);
  assert.equal((await stripe.requests()).length, 1);
  // As if the isolate had died before the answer: Stripe is asked again, as before.
  await studio.query(
    "UPDATE idempotency_keys SET status = NULL, answer = NULL, " +
      "lease_until = '2020-01-01T00:00:00.000Z' WHERE idempotency_key = ?",
    key,
  );
  assert.deepEqual((await start()).body, first.body);
  const keys = (await stripe.requests()).map((request) => request.key);
  assert.deepEqual([keys.length, new Set(keys).size], [2, 1]);
  assert.notEqual((await checkout({ plan: "pro" })).body.url, first.body.url);
});

test("what Stripe refuses is told in its words and without the key", async () => {
  await stripe.fail({
    method: "POST",
    status: 400,
    code: "resource_missing",
    message: `No such price, by key ${stripe.key}`,
  });
  const { status, body } = await checkout({ plan: "pro" });
  assert.deepEqual([status, body.error.code], [502, "stripe_refused"]);
  assert.deepEqual(body.error.details, { status: 400, code: "resource_missing" });
  assert.match(body.error.message, /^Stripe: No such price, by key .+ \(resource_missing\)\.$/);
  assert.ok(!JSON.stringify(body).includes(stripe.key));
  assert.equal((await stripe.requests()).length, 1);
  await stripe.fail({ method: "POST", status: 500, shouldRetry: false });
  assert.deepEqual(refusal(await checkout({ plan: "pro" })), [502, "stripe_unavailable"]);
  await stripe.fail({ method: "POST", status: 429, retryAfter: 60, times: 3 });
  assert.deepEqual(refusal(await checkout({ plan: "pro" })), [429, "stripe_rate_limited"]);
});

test("where nothing is configured, nothing is sold, and that is said", async () => {
  for (const [vars, sold] of [
    [{ ...stripe.vars, STRIPE_SECRET_KEY: undefined }, []],
    [{ ...stripe.vars, STRIPE_PRICE_PRO: "", STRIPE_PRICE_TEAM: "" }, []],
    [{ ...stripe.vars, STRIPE_PRICE_TEAM: "" }, ["pro"]],
  ]) {
    const other = await startStudio({ vars });
    try {
      const { configured, account } = await other.get("/api/billing");
      assert.equal(configured, sold.length > 0);
      assert.equal(account.tier, "free");
      const { status, body } = await other.api("POST", "/api/billing/checkout", { plan: "pro" });
      const expected = sold.includes("pro") ? 200 : 409;
      assert.equal(status, expected, JSON.stringify(body));
      if (expected === 409) assert.equal(body.error.code, "billing_not_configured");
    } finally {
      await other.close();
    }
  }
});

test("another address for Stripe is for loopback in development", async () => {
  const other = await startStudio({
    vars: { ...stripe.vars, STRIPE_API_URL: "https://stripe.example" },
  });
  try {
    const { status, body } = await other.api("GET", "/api/health");
    assert.deepEqual([status, body.error.code], [503, "misconfigured"]);
  } finally {
    await other.close();
  }
});
