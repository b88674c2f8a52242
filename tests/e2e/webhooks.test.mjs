// Webhooks of Clerk and Stripe, sent by their stand-ins to the Worker: who is let
// in, what follows, and that neither order nor repetition matters.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startClerk } from "../lib/clerk.mjs";
import { STRIPE_SECRETS, startStripe } from "../lib/stripe.mjs";
import { startStudio } from "../lib/studio.mjs";

let studio;
let clerk;
let stripe;
before(async () => {
  [clerk, stripe] = await Promise.all([startClerk(), startStripe()]);
  studio = await startStudio({ vars: { ...clerk.vars, ...stripe.vars } });
});
after(() => Promise.all([studio?.close(), clerk?.close(), stripe?.close()]));

const at = (name) => `${studio.origin}/api/webhooks/${name}`;
const ISSUER = "urn:mcpengine:development";

/** splitmix32: the same orders on every run. */
function randomOf(seed) {
  let state = seed >>> 0;
  return (end) => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) % end;
  };
}

/** All of them in some order, some of them twice. */
function shuffled(ids, random) {
  const order = [...ids];
  for (let more = random(6); more > 0; more -= 1) order.push(ids[random(ids.length)]);
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = random(last + 1);
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

const all200 = (answers) => {
  const others = answers.filter(({ status }) => status !== 200);
  assert.deepEqual(others, []);
  return answers;
};

test("a webhook is let in by its signature and by nothing else", async () => {
  const message = await clerk.event("session.created", { id: "sess_1" });
  const event =
    (await stripe.happen("subscribe", { customer: "cus_x" })) && (await stripe.events())[0].id;
  const sends = {
    clerk: (more) => clerk.send(at("clerk"), [message], more),
    stripe: (more) => stripe.send(at("stripe"), [event], more),
  };
  const strangers = {
    clerk: `whsec_${Buffer.alloc(24, 1).toString("base64")}`,
    stripe: STRIPE_SECRETS[1],
  };
  const stored = await studio.everythingStored();
  for (const [name, send] of Object.entries(sends)) {
    for (const [more, reason] of [
      [{ secrets: [strangers[name]] }, "no_match"],
      [{ secrets: [] }, name === "clerk" ? "missing" : "no_match"],
      [{ skew: -310 }, "too_old"],
      [{ skew: 310 }, "too_new"],
      [{ body: "{}" }, "no_match"],
    ]) {
      const [{ status, body }] = await send(more);
      const { code, details } = body.error;
      assert.deepEqual([status, code, details], [400, "invalid_signature", { reason }], name);
    }
    const { status, body } = await studio.api("POST", `/api/webhooks/${name}`, {});
    assert.deepEqual([status, body.error.details], [400, { reason: "missing" }]);
    const { status: get } = await studio.api("GET", `/api/webhooks/${name}`);
    assert.equal(get, 405);
  }
  assert.equal(await studio.everythingStored(), stored);
  // Near the edges of the window, and with the headers of Standard Webhooks.
  const [first] = all200(
    await clerk.send(at("clerk"), [message], { prefix: "webhook", skew: -290 }),
  );
  assert.deepEqual(first.body, { duplicate: false });
  const [again] = all200(await clerk.send(at("clerk"), [message], { skew: 290 }));
  assert.deepEqual(again.body, { duplicate: true });
  assert.deepEqual(await studio.query("SELECT source, id, type FROM webhook_events"), [
    { source: "clerk", id: message, type: "session.created" },
  ]);
});

test("two secrets count while they are exchanged, and none lets nobody in", async () => {
  const message = await clerk.event("session.created", { id: "sess_2" });
  const next = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
  for (const [secrets, expected] of [
    [`${next}, ${clerk.secret}`, 200],
    [next, 400],
    [undefined, 503],
    ["", 503],
    ["whsec_", 503],
  ]) {
    const other = await startStudio({
      vars: { CLERK_WEBHOOK_SECRETS: secrets, STRIPE_WEBHOOK_SECRETS: undefined },
    });
    try {
      const [{ status, body }] = await clerk.send(`${other.origin}/api/webhooks/clerk`, [message]);
      assert.equal(status, expected, JSON.stringify(body));
      if (expected !== 503) continue;
      assert.equal(body.error.code, "misconfigured");
      const answer = await other.api("POST", "/api/webhooks/stripe", {});
      assert.deepEqual([answer.status, answer.body.error.code], [503, "misconfigured"]);
    } finally {
      await other.close();
    }
  }
});

test("a body is bounded and has to be an event", async () => {
  const { status, body } = await studio.api("POST", "/api/webhooks/clerk", "x".repeat(300_000));
  assert.deepEqual([status, body.error.code], [413, "body_too_large"]);
});

/** The directory's side of a small company, in the order in which it happened. */
async function company() {
  const acme = {
    id: "org_acme",
    name: "Acme",
    slug: "acme",
    createdBy: "user_ada",
    updatedAt: 1_700_000_000_000,
  };
  const member = (id, userId, role, joined, updatedAt = joined) => ({
    id,
    organization: acme,
    userId,
    role,
    createdAt: joined,
    updatedAt,
  });
  const t = (minute) => 1_700_000_000_000 + minute * 60_000;
  const ada = {
    id: "user_ada",
    email: "ada@acme.example",
    firstName: "Ada",
    lastName: "L",
    updatedAt: t(0),
  };
  const bea = { id: "user_bea", email: "bea@acme.example", firstName: "Bea", updatedAt: t(1) };
  const history = [
    ["user.created", ada, 0],
    ["organization.created", acme, 0],
    ["organizationMembership.created", member("orgmem_ada", "user_ada", "org:admin", t(0)), 0],
    ["user.created", bea, 1],
    ["organizationMembership.created", member("orgmem_bea", "user_bea", "org:member", t(1)), 1],
    [
      "user.created",
      { ...bea, id: "user_cal", email: "cal@acme.example", firstName: "Cal", updatedAt: t(2) },
      2,
    ],
    ["organizationMembership.created", member("orgmem_cal", "user_cal", "org:member", t(2)), 2],
    [
      "organizationMembership.updated",
      member("orgmem_cal", "user_cal", "org:admin", t(2), t(3)),
      3,
    ],
    ["user.updated", { ...ada, email: "ada@new.example", updatedAt: t(4) }, 4],
    ["user.updated", { ...bea, email: "ada@acme.example", updatedAt: t(5) }, 5],
    ["organization.updated", { ...acme, name: "Acme Inc", updatedAt: t(6) }, 6],
    ["organizationMembership.deleted", member("orgmem_ada", "user_ada", "org:admin", t(0)), 7],
    ["user.deleted", { id: "user_ada" }, 8],
  ];
  const ids = [];
  for (const [type, data, minute] of history) ids.push(await clerk.event(type, data, t(minute)));
  return ids;
}

async function directory() {
  const people = await studio.query(
    "SELECT clerk_id, CASE WHEN email LIKE '%@unknown.invalid' THEN NULL ELSE email END AS email, " +
      "name, deleted_at FROM users WHERE clerk_id LIKE ? ORDER BY clerk_id",
    `${ISSUER}|user_%`,
  );
  const teams = await studio.query(
    "SELECT t.external_id, t.name, t.slug, o.clerk_id AS owner FROM teams t JOIN users o ON o.id = t.owner_id",
  );
  const members = await studio.query(
    "SELECT u.clerk_id, m.role, m.created_at FROM team_members m JOIN users u ON u.id = m.user_id ORDER BY 1",
  );
  return { people, teams, members };
}

async function forget() {
  for (const table of [
    "subscriptions",
    "directory_memberships",
    "directory_tombstones",
    "team_members",
    "teams",
    "webhook_events",
  ]) {
    await studio.query(`DELETE FROM ${table}`);
  }
  await studio.query("DELETE FROM users WHERE clerk_id LIKE ?", `${ISSUER}|user_%`);
  await studio.query("UPDATE users SET tier = 'free', stripe_customer_id = NULL");
}

test("people, organisations and memberships end as they are, in twenty orders", async () => {
  const ids = await company();
  await forget();
  all200(await clerk.send(at("clerk"), ids));
  const expected = await directory();
  const [ada, bea] = expected.people;
  assert.deepEqual([ada.email, ada.name, ada.deleted_at], [null, null, "2023-11-14T22:21:20.000Z"]);
  assert.deepEqual([bea.email, bea.name], ["ada@acme.example", "Bea"]);
  assert.deepEqual(expected.teams, [
    {
      external_id: `${ISSUER}|org_acme`,
      name: "Acme Inc",
      slug: "acme",
      owner: `${ISSUER}|user_cal`,
    },
  ]);
  assert.deepEqual(
    expected.members.map(({ clerk_id, role }) => [clerk_id, role]),
    [
      [`${ISSUER}|user_bea`, "editor"],
      [`${ISSUER}|user_cal`, "owner"],
    ],
  );
  const random = randomOf(7);
  for (let order = 0; order < 20; order += 1) {
    await forget();
    const sent = shuffled(ids, random);
    all200(await clerk.send(at("clerk"), sent));
    assert.deepEqual(await directory(), expected, sent.join());
  }
});

/** 22 events of an account and a team, many of one second; what they come to. */
async function bought(userId, teamId) {
  await stripe.reset();
  const mine = { mcpengine_user: userId };
  const first = await stripe.happen("subscribe", { customer: "cus_me", metadata: mine });
  const change = (subscription, later, to) => stripe.happen("change", { subscription, later, to });
  await change(first.id, 0, { status: "active" });
  await change(first.id, 50, { cancel_at_period_end: true });
  await change(first.id, 0, { cancel_at_period_end: false });
  await change(first.id, 20, { cancel_at: 1_770_000_000 });
  await stripe.happen("end", { subscription: first.id, later: 30 });
  const second = await stripe.happen("subscribe", { customer: "cus_me", metadata: mine });
  await change(second.id, 0, { status: "active" });
  const team = await stripe.happen("subscribe", {
    customer: "cus_team",
    price: stripe.prices.team,
    quantity: 5,
    metadata: { mcpengine_team: teamId },
  });
  await change(team.id, 0, { status: "trialing" });
  await change(team.id, 60, { quantity: 6 });
  await change(team.id, 0, { quantity: 9 });
  await change(team.id, 0, { status: "active" });
  await change(team.id, 0, { quantity: 8 });
  await change(second.id, 1, { renew: true });
  await stripe.happen("fail", { subscription: second.id, later: 0 });
  await change(second.id, 3_600, { status: "active" });
  await stripe.happen("fail", { subscription: team.id, later: 0 });
  await stripe.happen("fail", { subscription: team.id, later: 86_400 });
  await change(team.id, 0, { description: "by hand" });
  return { first, second, team };
}

async function billed() {
  return {
    users: await studio.query(
      "SELECT tier, stripe_customer_id FROM users WHERE clerk_id = 'local'",
    ),
    teams: await studio.query(
      "SELECT subscription_status, max_seats, stripe_subscription_id, stripe_customer_id FROM teams",
    ),
    subscriptions: await studio.query(
      "SELECT id, customer_id, user_id, team_id, status, standing, seats, started_at, period_end, " +
        "ends_at, payment_failed_at, unsettled_at, history FROM subscriptions ORDER BY id",
    ),
    events: await studio.query("SELECT id FROM webhook_events ORDER BY id"),
  };
}

const TEAM = "00000000-0000-4000-8000-0000000000f1";

test("what is bought ends as it is, in forty orders with duplicates", async () => {
  const { id: me } = await studio.get("/api/me");
  await forget();
  await studio.query(
    `INSERT INTO teams (id, name, slug, owner_id, created_at) VALUES ('${TEAM}', 'Mine', 'mine', ?, '2026-11-24T00:00:00.000Z')`,
    me,
  );
  const { second, team } = await bought(me, TEAM);
  const ids = (await stripe.events()).map(({ id }) => id);
  assert.ok(ids.length >= 20, `${ids.length}`);
  const clear = async () => {
    await studio.query("DELETE FROM subscriptions");
    await studio.query("DELETE FROM webhook_events");
    await studio.query("UPDATE users SET tier = 'free', stripe_customer_id = NULL");
    await studio.query("UPDATE teams SET subscription_status = 'none', max_seats = 5");
  };
  await clear();
  all200(await stripe.send(at("stripe"), ids));
  const expected = await billed();
  assert.deepEqual(expected.users, [{ tier: "pro", stripe_customer_id: "cus_me" }]);
  assert.deepEqual(expected.teams, [
    {
      subscription_status: "past_due",
      max_seats: 8,
      stripe_subscription_id: team.id,
      stripe_customer_id: "cus_team",
    },
  ]);
  assert.equal(expected.subscriptions.find(({ id }) => id === second.id).status, "active");
  const random = randomOf(42);
  let duplicates = 0;
  for (let order = 0; order < 40; order += 1) {
    await clear();
    const sent = shuffled(ids, random);
    const answers = all200(await stripe.send(at("stripe"), sent));
    duplicates += answers.filter(({ body }) => body.duplicate).length;
    assert.deepEqual(await billed(), expected, sent.join());
  }
  assert.ok(duplicates > 40, `${duplicates}`);
});

test("many at once, each of them twice, lose nothing", async () => {
  const ids = (await stripe.events()).map(({ id }) => id);
  const expected = await billed();
  await studio.query("DELETE FROM subscriptions");
  await studio.query("DELETE FROM webhook_events");
  const started = performance.now();
  const answers = await Promise.all([...ids, ...ids].map((id) => stripe.send(at("stripe"), [id])));
  const took = performance.now() - started;
  // Stripe sends again what found no turn.
  const again = answers.flatMap(([{ status }], index) =>
    status === 200 ? [] : [[...ids, ...ids][index]],
  );
  all200(await stripe.send(at("stripe"), again));
  assert.deepEqual(await billed(), expected);
  console.log(`${answers.length} at once in ${Math.round(took)} ms, ${again.length} sent again`);
});

test("a ring of one second is settled by asking Stripe", async () => {
  await studio.query("DELETE FROM subscriptions");
  await stripe.reset();
  const { id: me } = await studio.get("/api/me");
  const { id } = await stripe.happen("subscribe", {
    customer: "cus_me",
    metadata: { mcpengine_user: me },
  });
  const change = (later, to) => stripe.happen("change", { subscription: id, later, to });
  await change(1, { status: "active" });
  await change(60, { status: "past_due" });
  await change(0, { status: "active" });
  const ids = (await stripe.events()).map((event) => event.id);
  all200(await stripe.send(at("stripe"), ids.reverse()));
  const [{ unsettled_at: second }] = await studio.query("SELECT unsettled_at FROM subscriptions");
  assert.equal(second, 1_760_000_061);
  await stripe.fail({ method: "GET", status: 500, times: 1 });
  assert.equal(await studio.scheduled(), "ok");
  assert.deepEqual(await studio.query("SELECT status, unsettled_at FROM subscriptions"), [
    { status: "active", unsettled_at: null },
  ]);
  assert.equal((await studio.get("/api/billing")).account.tier, "pro");
});

test("an answer comes within a second", async () => {
  const message = await clerk.event("session.created", { id: "sess_3" });
  const started = performance.now();
  all200(await clerk.send(at("clerk"), [message]));
  assert.ok(performance.now() - started < 1_000);
});
