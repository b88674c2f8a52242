// What a tier allows: exact when everybody comes at once, given back where no job
// came of it, shared by a team, and told in headers and in the report of usage.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { developmentToken } from "../lib/identity.mjs";
import { description } from "../lib/refusal.mjs";
import { readAll } from "../lib/sse.mjs";
import { answerOf, startStudio } from "../lib/studio.mjs";

const OPTIONS = { vars: { MINIMUM_TIER: "free" }, main: "tests/e2e/limits-entry.mjs" };
const HOUR = 3_600_000;

let studio;
before(async () => {
  studio = await startStudio(OPTIONS);
});
after(() => studio?.close());

let people = 0;
/** Somebody new: `{headers, id, holder}`. */
async function somebody({ tier, at = studio } = {}) {
  people += 1;
  const headers = { authorization: `Bearer ${developmentToken({ sub: `person-${people}` })}` };
  const { body } = await at.api("GET", "/api/me", undefined, headers);
  if (tier) await at.query("UPDATE users SET tier = ? WHERE id = ?", tier, body.id);
  return { headers, id: body.id, holder: `user:${body.id}` };
}

const specFile = JSON.stringify(description());
const post = (who, pathname, json, at = studio) =>
  at.fetch(pathname, {
    method: "POST",
    headers: { "content-type": "application/json", ...who.headers },
    body: JSON.stringify(json),
  });
const analyze = (who, more = {}, at = studio) => post(who, "/api/analyze", { specFile, ...more }, at);

/** A job's terminal event, or the refusal. */
async function ended(response) {
  if (response.status !== 200) {
    const { status, headers, body } = await answerOf(response);
    return { status, headers, error: body.error };
  }
  return { status: 200, headers: response.headers, ...(await readAll(response)).at(-1) };
}

const limitOf = ({ headers }) =>
  ["ratelimit-policy", "ratelimit", "retry-after"].map((name) => headers.get(name));
const usage = async (who, at = studio) => {
  const { status, body } = await at.api("GET", "/api/usage", undefined, who.headers);
  assert.equal(status, 200, JSON.stringify(body));
  return body.holders;
};
const used = async (who, action, holder = 0) =>
  (await usage(who))[holder].actions.find((it) => it.action === action).used;
const age = async (who, ms) =>
  (await studio.fetch(`/__age?holder=${who.holder}&ms=${ms}`, { method: "PUT" })).json();

/** A project that can be deployed. */
async function project(who) {
  const analysed = await ended(await analyze(who));
  assert.equal(analysed.event, "analysis:complete", JSON.stringify(analysed.error));
  const { projectId } = analysed.data.result;
  const generated = await ended(await post(who, "/api/generate", { projectId }));
  assert.equal(generated.event, "generate:complete", JSON.stringify(generated.error));
  return projectId;
}
const deploy = (who, projectId) =>
  post(who, "/api/deploy", { projectId, target: "mcpengine", config: { access: "public" } });

/** Alone in a team: `{...who, team}`. */
async function team(members, { tier = "team", status = "active", name = "Crew" } = {}) {
  people += 1;
  const id = `team-${people}`;
  const now = new Date().toISOString();
  await studio.query(
    "INSERT INTO teams (id, name, slug, owner_id, tier, subscription_status, created_at) " +
      "VALUES (?1, ?2, ?1, ?3, ?4, ?5, ?6)",
    ...[id, name, members[0].id, tier, status, now],
  );
  for (const [index, { id: user }] of members.entries()) {
    await studio.query(
      "INSERT INTO team_members (team_id, user_id, role, created_at) VALUES (?, ?, ?, ?)",
      ...[id, user, index === 0 ? "owner" : "editor", now],
    );
  }
  return { id, holder: `team:${id}` };
}
const give = (projectId, { id }) =>
  studio.query("UPDATE projects SET team_id = ? WHERE id = ?", id, projectId);

test("of 200 at once exactly five pass, and the others learn when to come again", async () => {
  const who = await somebody();
  const asked = Date.now();
  const all = await Promise.all(
    Array.from({ length: 200 }, async () => ended(await analyze(who))),
  );
  const passed = all.filter(({ status }) => status === 200);
  const refused = all.filter(({ status }) => status === 429);
  assert.deepEqual([passed.length, refused.length], [5, 195]);
  assert.ok(passed.every(({ event }) => event === "analysis:complete"));
  const [{ n }] = await studio.query("SELECT COUNT(*) AS n FROM jobs WHERE user_id = ?", who.id);
  assert.equal(n, 5);
  const left = passed.map((it) => Number(/;r=(\d+);/.exec(it.headers.get("ratelimit"))[1]));
  assert.deepEqual(left.toSorted(), [0, 1, 2, 3, 4]);
  for (const it of refused) {
    const { code, details, message } = it.error;
    const { resetAt, retryAfter, help, ...rest } = details;
    assert.equal(help, `The next is possible at ${resetAt}; the pro tier has 50`);
    assert.deepEqual([code, rest], [
      "rate_limited",
      {
        action: "analyze",
        tier: "free",
        team: null,
        limit: 5,
        windowSeconds: 3_600,
        used: 5,
        nextTier: { tier: "pro", limit: 50 },
      },
    ]);
    const wait = Date.parse(resetAt) - asked;
    assert.ok(wait > HOUR - 1_000 && wait <= HOUR + 60_000, resetAt);
    assert.ok(retryAfter > 3_500 && retryAfter <= 3_600, String(retryAfter));
    assert.deepEqual(limitOf(it), [
      '"analyze";q=5;w=3600',
      `"analyze";r=0;t=${retryAfter}`,
      String(retryAfter),
    ]);
    assert.match(message, /^The free tier allows 5 analyses an hour, and each is used$/);
  }
});

test("every answer of the three jobs tells what is left", async () => {
  const who = await somebody();
  const fields = [];
  const first = await ended(await analyze(who));
  const { projectId } = first.data.result;
  fields.push(limitOf(first));
  fields.push(limitOf(await ended(await post(who, "/api/generate", { projectId }))));
  fields.push(limitOf(await ended(await deploy(who, projectId))));
  const expected = [
    ['"analyze";q=5;w=3600', '"analyze";r=4;t=3600', null],
    ['"generate";q=3;w=3600', '"generate";r=2;t=3600', null],
    ['"deploy";q=2;w=86400', '"deploy";r=1;t=86400', null],
  ];
  assert.deepEqual(fields, expected);
});

test("what is refused before there is a job costs nothing", async () => {
  const who = await somebody({ tier: "pro" });
  const projectId = await project(who);
  const counts = async () => (await usage(who))[0].actions.map((it) => it.used);
  assert.deepEqual(await counts(), [1, 1, 0]);
  const unknown = "00000000-0000-4000-8000-0000000000ff";
  for (const [pathname, body, status] of [
    ["/api/analyze", { projectId: unknown, specFile }, 404],
    ["/api/analyze", {}, 400],
    ["/api/analyze", { specFile, rawDocs: "two" }, 400],
    ["/api/generate", { projectId: unknown }, 404],
    ["/api/generate", { projectId, tools: [{ key: "GET /nowhere" }] }, 400],
    ["/api/generate", { projectId, tools: [{ key: "GET /things", enabled: false }] }, 409],
    ["/api/deploy", { projectId, target: "nowhere" }, 400],
    ["/api/deploy", { projectId: unknown, target: "mcpengine" }, 404],
    ["/api/deploy", { projectId, target: "mcpengine", config: { secrets: { NONE: "x" } } }, 400],
  ]) {
    const answer = await ended(await post(who, pathname, body));
    assert.equal(answer.status, status, `${pathname} ${JSON.stringify(body)}`);
  }
  assert.deepEqual(await counts(), [1, 1, 0]);
});

test("a use is given back where the job cannot be made", async () => {
  const who = await somebody({ tier: "pro" });
  const projectId = await project(who);
  const answers = await Promise.all(
    Array.from({ length: 8 }, async () => ended(await deploy(who, projectId))),
  );
  const live = answers.filter(({ event }) => event === "deploy:live").length;
  const running = answers.filter(({ error }) => error?.code === "deploy_running").length;
  assert.equal(live + running, 8, JSON.stringify(answers.map(({ error }) => error)));
  assert.ok(running > 0, "some came while another was in the making");
  assert.equal(await used(who, "deploy"), live);
});

test("a use counts for one window, and the next is possible when the oldest has gone", async () => {
  const who = await somebody();
  const first = await ended(await analyze(who));
  assert.equal(first.status, 200);
  await age(who, HOUR / 2);
  for (let more = 0; more < 4; more += 1) {
    assert.equal((await ended(await analyze(who))).status, 200);
  }
  const full = await ended(await analyze(who));
  assert.equal(full.status, 429);
  assert.ok(full.error.details.retryAfter <= HOUR / 2_000, JSON.stringify(full.error.details));
  await age(who, HOUR / 2);
  // Of the five, the one that is an hour old does not count any more.
  assert.equal(await used(who, "analyze"), 4);
  const next = await ended(await analyze(who));
  assert.equal(next.headers.get("ratelimit").startsWith('"analyze";r=0;'), true);
  assert.equal((await ended(await analyze(who))).status, 429);
  assert.equal(await age(who, HOUR), 5);
  assert.equal(await used(who, "analyze"), 0);
});

test("nothing is left of an object once its alarm has rung", async () => {
  const who = await somebody();
  assert.equal((await ended(await analyze(who))).status, 200);
  const rung = await studio.fetch(`/__alarm?holder=${who.holder}`, { method: "PUT" });
  const { due, tables } = await rung.json();
  assert.ok(due > Date.now() + 86_000_000 && due < Date.now() + 86_500_000, String(due));
  assert.equal(tables, 0);
  assert.equal(await used(who, "analyze"), 0);
});

describe("teams", () => {
  test("count together, apart from what their members do alone", async () => {
    const [ann, ben] = [await somebody({ tier: "pro" }), await somebody()];
    const projectId = await project(ann);
    const crew = await team([ann, ben], { status: "canceled" });
    await give(projectId, crew);
    // Without a subscription that counts, the team is free: three an hour.
    const generate = () => post(ann, "/api/generate", { projectId });
    const answers = [];
    for (let n = 0; n < 4; n += 1) answers.push(await ended(await generate()));
    assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200, 429]);
    const { tier, team: name, limit } = answers[3].error.details;
    assert.deepEqual([tier, name, limit], ["free", "Crew", 3]);
    assert.match(answers[3].error.message, /^The free tier of the team "Crew" allows 3/);
    assert.deepEqual([await used(ann, "generate"), await used(ann, "generate", 1)], [1, 3]);
    const [own, shared] = await usage(ben);
    assert.deepEqual([own.team, own.actions[1].used], [null, 0]);
    assert.deepEqual(
      [shared.team, shared.tier, shared.actions[1].used, shared.history.length],
      [{ id: crew.id, name: "Crew" }, "free", 3, 1],
    );
    for (const status of ["active", "trialing", "past_due"]) {
      await studio.query("UPDATE teams SET subscription_status = ? WHERE id = ?", status, crew.id);
      const [, held] = await usage(ben);
      assert.deepEqual([held.tier, held.actions[1].limit], ["team", 100], status);
      assert.equal((await ended(await generate())).event, "generate:complete");
    }
    await studio.query("UPDATE teams SET tier = 'enterprise' WHERE id = ?", crew.id);
    const [, unlimited] = await usage(ben);
    assert.deepEqual(
      unlimited.actions.map(({ limit, used, resetAt }) => [limit, used, resetAt]),
      [[null, 1, null], [null, 7, null], [null, 0, null]],
    );
    const free = await ended(await generate());
    assert.deepEqual([free.event, ...limitOf(free)], ["generate:complete", null, null, null]);
  });
});

test("who has no limit is not counted", async () => {
  const who = await somebody({ tier: "enterprise" });
  const all = await Promise.all(Array.from({ length: 8 }, async () => ended(await analyze(who))));
  assert.ok(all.every(({ event }) => event === "analysis:complete"));
  assert.equal(await used(who, "analyze"), 8);
});

describe("servers", () => {
  test("at once: no more are begun than the tier has room for", async () => {
    const who = await somebody({ tier: "pro" });
    const projects = [];
    for (let n = 0; n < 6; n += 1) projects.push(await project(who));
    // As many deployments as Pro has, and the servers of Free.
    await studio.query("UPDATE users SET tier = 'free' WHERE id = ?", who.id);
    const crew = await team([who], { status: "none" });
    for (const projectId of projects) await give(projectId, crew);
    await studio.query(
      "UPDATE teams SET tier = 'team', subscription_status = 'active' WHERE id = ?",
      crew.id,
    );
    // 100 servers are a team's: 97 of them are there already.
    const now = new Date().toISOString();
    for (let n = 0; n < 97; n += 1) {
      await studio.query(
        "INSERT INTO projects (id, user_id, team_id, name, slug, created_at, updated_at) " +
          "VALUES (?1, ?2, ?3, ?1, ?1, ?4, ?4)",
        ...[`held-${n}`, who.id, crew.id, now],
      );
      await studio.query(
        "INSERT INTO slugs (slug, project_id, user_id, created_at) VALUES (?1, ?1, ?2, ?3)",
        ...[`held-${n}`, who.id, now],
      );
    }
    const answers = await Promise.all(projects.map(async (id) => ended(await deploy(who, id))));
    const live = answers.filter(({ event }) => event === "deploy:live");
    const refused = answers.filter(({ status }) => status === 409);
    assert.deepEqual([live.length, refused.length], [3, 3]);
    for (const { error } of refused) {
      const { code, details } = error;
      assert.deepEqual([code, details], [
        "too_many_servers",
        {
          tier: "team",
          limit: 100,
          help: "Delete a project that is hosted, or upgrade: the enterprise tier has no limit",
          nextTier: { tier: "enterprise", limit: null },
        },
      ]);
      assert.match(error.message, /has room for 100 servers/);
    }
    const [, shared] = await usage(who);
    assert.deepEqual(shared.servers, { used: 100, limit: 100 });
    // A refusal costs nothing, and who has a name deploys to it again.
    assert.equal(shared.actions[2].used, 3);
    const again = await ended(await deploy(who, live[0].data.projectId ?? projects.at(
      answers.findIndex(({ event }) => event === "deploy:live"),
    )));
    assert.equal(again.event, "deploy:live");
  });

  test("a project moves with its server only where there is room for one more", async () => {
    const who = await somebody({ tier: "pro" });
    const crew = await team([who], { status: "none" });
    const now = new Date().toISOString();
    // A team that pays nothing has the three of the free tier.
    for (let n = 0; n < 3; n += 1) {
      const id = `moved-${n}`;
      await studio.query(
        "INSERT INTO projects (id, user_id, team_id, name, slug, created_at, updated_at) " +
          "VALUES (?1, ?2, ?3, ?1, ?1, ?4, ?4)",
        ...[id, who.id, crew.id, now],
      );
      await studio.query(
        "INSERT INTO slugs (slug, project_id, user_id, created_at) VALUES (?1, ?1, ?2, ?3)",
        ...[id, who.id, now],
      );
    }
    const [server, plain] = [await project(who), await project(who)];
    assert.equal((await ended(await deploy(who, server))).event, "deploy:live");
    const move = (id, teamId) =>
      studio.api("POST", `/api/projects/${id}/transfer`, { teamId }, who.headers);
    const full = await move(server, crew.id);
    assert.deepEqual([full.status, full.body.error.code, full.body.error.details], [
      409,
      "too_many_servers",
      {
        tier: "free",
        limit: 3,
        help: "Delete a project that is hosted, or upgrade: the pro tier has 25",
        nextTier: { tier: "pro", limit: 25 },
      },
    ]);
    assert.match(full.body.error.message, /tier of the team .* has room for 3 servers/);
    assert.equal((await studio.api("GET", `/api/projects/${server}`, undefined, who.headers)).body.teamId, null);
    assert.equal((await move(plain, crew.id)).status, 200);
    await studio.query("DELETE FROM slugs WHERE slug = 'moved-0'");
    assert.equal((await move(server, crew.id)).status, 200);
    // And back, where the account's own tier counts.
    await studio.query("UPDATE users SET tier = 'free' WHERE id = ?", who.id);
    assert.equal((await move(server, null)).status, 200);
  });

  test("the free tier has three, and room again when one is deleted", async () => {
    const who = await somebody({ tier: "pro" });
    const projects = [];
    for (let n = 0; n < 4; n += 1) projects.push(await project(who));
    for (const id of projects.slice(0, 3)) {
      assert.equal((await ended(await deploy(who, id))).event, "deploy:live");
    }
    await studio.query("UPDATE users SET tier = 'free' WHERE id = ?", who.id);
    await age(who, 24 * HOUR);
    const full = await ended(await deploy(who, projects[3]));
    assert.deepEqual(
      [full.status, full.error.code, full.error.details],
      [
        409,
        "too_many_servers",
        {
          tier: "free",
          limit: 3,
          help: "Delete a project that is hosted, or upgrade: the pro tier has 25",
          nextTier: { tier: "pro", limit: 25 },
        },
      ],
    );
    const stop = `/api/projects/${projects[0]}/stop`;
    assert.equal((await studio.api("POST", stop, undefined, who.headers)).status, 204);
    assert.equal((await ended(await deploy(who, projects[3]))).status, 409);
    const gone = `/api/projects/${projects[0]}`;
    assert.equal((await studio.api("DELETE", gone, undefined, who.headers)).status, 204);
    assert.equal((await ended(await deploy(who, projects[3]))).event, "deploy:live");
    assert.deepEqual((await usage(who))[0].servers, { used: 3, limit: 3 });
  });
});

test("usage is written down once for each job that ended, with its day", async () => {
  const who = await somebody({ tier: "pro" });
  await project(who);
  const broken = await ended(await analyze(who, { specFile: '{"openapi":"9"}' }));
  assert.equal(broken.event, "error");
  const rows = await studio.query(
    "SELECT u.id, u.action, u.ending, u.tokens_used AS tokens, u.duration_ms AS ms, j.id AS job " +
      "FROM usage_logs u JOIN jobs j ON j.id = u.id WHERE u.user_id = ? ORDER BY u.id",
    who.id,
  );
  assert.deepEqual(
    rows.map(({ action, ending, tokens }) => [action, ending, tokens]),
    [
      ["analyze", "done", null],
      ["generate", "done", null],
      ["analyze", "failed", null],
    ],
  );
  assert.ok(rows.every(({ ms }) => ms >= 0 && ms < 60_000));
  const [{ history, tier, servers }] = await usage(who);
  const day = new Date().toISOString().slice(0, 10);
  const sum = (action) =>
    rows.filter((row) => row.action === action).reduce((total, { ms }) => total + ms, 0);
  assert.deepEqual([tier, servers, history], [
    "pro",
    { used: 0, limit: 25 },
    [
      { day, action: "analyze", count: 2, unsuccessful: 1, tokens: null, durationMs: sum("analyze") },
      { day, action: "generate", count: 1, unsuccessful: 0, tokens: null, durationMs: sum("generate") },
    ],
  ]);
});

test("everybody may know what the tiers have", async () => {
  const { status, body } = await studio.api("GET", "/api/tiers", undefined, { authorization: null });
  assert.equal(status, 200);
  const brief = (limit) => ({ limit, source: "brief" });
  const rates = ([analyze, generate, deploy]) => [
    { action: "analyze", ...brief(analyze), windowSeconds: 3_600 },
    { action: "generate", ...brief(generate), windowSeconds: 3_600 },
    { action: "deploy", ...brief(deploy), windowSeconds: 86_400 },
  ];
  assert.deepEqual(
    body.tiers.map((tier) => [tier.tier, tier.rates]),
    [
      ["free", rates([5, 3, 2])],
      ["pro", rates([50, 30, 20])],
      ["team", rates([200, 100, 50])],
      ["enterprise", rates([null, null, null])],
    ],
  );
  assert.deepEqual([body.tiers[0].servers, body.tiers[2].seats], [brief(3), brief(5)]);
});

test("in development everybody has the highest tier, by MINIMUM_TIER alone", async () => {
  const local = await startStudio();
  try {
    const who = await somebody({ at: local });
    const { body: me } = await local.api("GET", "/api/me", undefined, who.headers);
    assert.equal(me.tier, "enterprise");
    const all = await Promise.all(
      Array.from({ length: 7 }, async () => ended(await analyze(who, {}, local))),
    );
    assert.ok(all.every(({ event }) => event === "analysis:complete"));
    const [{ tier, actions }] = await usage(who, local);
    assert.deepEqual([tier, actions[0].limit, actions[0].used], ["enterprise", null, 7]);
  } finally {
    await local.close();
  }
});

/** A server that lets nobody wait for less than until `letGo`. */
async function slowDocument() {
  const waiting = [];
  const server = createServer((_request, response) => waiting.push(response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}/openapi.json`,
    asked: async () => {
      while (waiting.length === 0) await new Promise((done) => setTimeout(done, 20));
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

test("counts survive a restart, and a job that is taken up again uses nothing more", async () => {
  const persist = await mkdtemp(path.join(tmpdir(), "limits-"));
  const slow = await slowDocument();
  let at = await startStudio({ ...OPTIONS, persist });
  try {
    const who = await somebody({ at });
    for (let n = 0; n < 3; n += 1) {
      assert.equal((await ended(await analyze(who, {}, at))).status, 200);
    }
    // One more is in the midst of it.
    const stuck = await post(who, "/api/analyze", { specUrl: slow.url }, at);
    assert.equal(stuck.headers.get("ratelimit").startsWith('"analyze";r=1;'), true);
    await slow.asked();
    // It is ended with SIGKILL, in the midst of what it does.
    await at.close();
    await stuck.body.cancel().catch(() => {});

    at = await startStudio({ ...OPTIONS, persist });
    slow.close();
    const count = async () => (await usage(who, at))[0].actions[0].used;
    assert.equal(await count(), 4);
    const past = "2026-01-01T00:00:00.000Z";
    await at.query("UPDATE jobs SET lease_until = ? WHERE state = 'running'", past);
    assert.equal(await at.scheduled(), "ok");
    const [job] = await at.query(
      "SELECT state, attempt FROM jobs WHERE user_id = ? ORDER BY id DESC LIMIT 1",
      who.id,
    );
    assert.deepEqual(job, { state: "failed", attempt: 2 });
    assert.equal(await count(), 4);
    const logged = await at.query("SELECT ending FROM usage_logs WHERE user_id = ?", who.id);
    assert.deepEqual(logged.map(({ ending }) => ending).toSorted(), ["done", "done", "done", "failed"]);
    assert.equal((await ended(await analyze(who, {}, at))).status, 200);
    assert.equal((await ended(await analyze(who, {}, at))).status, 429);
  } finally {
    slow.close();
    await at.close();
    await rm(persist, { recursive: true, force: true });
  }
});
