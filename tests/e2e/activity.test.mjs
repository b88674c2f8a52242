// What a hosted server is asked is seen by its owner: counters by tool, the
// latest calls, a live tail, and never a secret.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { legacyClient, MODERN, modernBody, modernClient, modernHeaders, modernRpc } from "../lib/mcp.mjs";
import { frames } from "../lib/sse.mjs";
import { stage } from "../lib/stage.mjs";

const UNKNOWN = "00000000-0000-7000-8000-000000000000";
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const HOUR = /^\d{4}-\d\d-\d\dT\d\d:00:00\.000Z$/;

const on = stage();

const publish = (config) => on.studio.publish({ specUrl: on.upstream.documentUrl }, config);
const logsPath = ({ deploymentId }) => `/api/deployments/${deploymentId}/logs`;
const logs = async (server, query = "") =>
  (await on.studio.get(`${logsPath(server)}${query}`)).calls;
const metrics = (server, query = "") =>
  on.studio.get(`/api/deployments/${server.deploymentId}/metrics${query}`);
const refusal = ({ status, body }) => [status, body.error.code];
const call = (server, name, args = {}, options = { token: server.token }) =>
  modernRpc(server.endpoint, "tools/call", { name, arguments: args }, options);

/** The log once it has `count` calls, oldest first; they are kept behind the answers. */
async function kept(server, count) {
  let calls = [];
  for (let wait = 0; wait < 200 && calls.length < count; wait += 1) {
    calls = await logs(server, "?limit=100&after=0");
    if (calls.length < count) await sleep(20);
  }
  assert.equal(calls.length, count, JSON.stringify(calls));
  return calls;
}

/** Puts another handler behind the server's address, as if its version had it. */
async function putWorker({ projectId, deploymentId }, body) {
  const set = (status) =>
    on.studio.query("UPDATE deployments SET status = ? WHERE id = ?", status, deploymentId);
  const source = `export default { async fetch(request) { ${body} } };`;
  const modules = { mainModule: "worker.js", modules: { "worker.js": source } };
  const key = `bundles/${projectId}/${deploymentId}/modules.json`;
  await on.studio.putObject(key, JSON.stringify(modules));
  // An activation loads it anew and, as it lists no tools, refuses it.
  await set("stopped");
  const signal = AbortSignal.timeout(2_000);
  await on.studio.post(`/api/deployments/${deploymentId}/activate`, {}, { signal }).catch(() => {});
  await set("live");
}

/** A call of `echo_value`, the answer unread. */
const echo = (server, value, init = {}) =>
  fetch(server.endpoint, {
    method: "POST",
    headers: modernHeaders("tools/call", { name: "echo_value" }),
    body: modernBody("tools/call", { name: "echo_value", arguments: { value } }),
    ...init,
  });

const line = ({ method, tool, outcome, error }) => [method, tool, outcome, error];
const sums = ({ name, calls, errors }) => [name, calls, errors];

describe("what a server is asked", () => {
  test("is counted by tool, in both eras", async () => {
    const server = await publish({ access: "token" });
    const answered = await call(server, "echo_value", { value: "one" });
    assert.equal(answered.status, 200);
    await kept(server, 1);
    const failed = await call(server, "get_broken");
    assert.equal(failed.message.result.isError, true);
    await kept(server, 2);
    const unknown = await call(server, "no_such_tool");
    assert.ok(unknown.message.error, JSON.stringify(unknown.message));
    await kept(server, 3);
    const legacy = await legacyClient(server.endpoint, server.token);
    await kept(server, 5);
    await legacy.callTool({ name: "echo_value", arguments: { value: "two" } });
    await kept(server, 6);
    await legacy.close();
    // Nobody who is not let in leaves a trace.
    for (const token of [undefined, `mcpe_${"0".repeat(70)}`]) {
      assert.equal((await call(server, "echo_value", { value: "x" }, { token })).status, 401);
    }
    const { tokens } = await on.studio.get(`/api/projects/${server.projectId}/tokens`);
    await on.studio.api("DELETE", `/api/projects/${server.projectId}/tokens/${tokens[0].id}`);
    assert.equal((await call(server, "echo_value", { value: "x" })).status, 401);
    await sleep(300);

    const broken =
      "The API answered 500 Internal Server Error to GET /answers/broken. " +
      "The API has a problem of its own: try again later. Message: The crane fell over " +
      '{"error":{"code":"E500","message":"The crane fell over"}}';
    const calls = await kept(server, 6);
    assert.deepEqual(calls.map(line), [
      ["tools/call", "echo_value", "ok", null],
      ["tools/call", "get_broken", "toolError", broken],
      ["tools/call", "(unknown)", "protocolError", unknown.message.error.message],
      ["initialize", null, "ok", null],
      ["notifications/initialized", null, "ok", null],
      ["tools/call", "echo_value", "ok", null],
    ]);
    assert.deepEqual(
      calls.map(({ id }) => id),
      [1, 2, 3, 4, 5, 6],
    );
    for (const { at, durationMs, bytesOut, method } of calls) {
      assert.match(at, TIME);
      assert.ok(durationMs >= 0 && durationMs < 60_000);
      assert.equal(bytesOut > 0, method !== "notifications/initialized", method);
    }

    const found = await metrics(server);
    assert.match(found.since, HOUR);
    assert.deepEqual(found.tools.map(sums), [
      ["echo_value", 2, 0],
      ["(unknown)", 1, 1],
      ["get_broken", 1, 1],
    ]);
    assert.deepEqual(found.methods.map(sums), [
      ["initialize", 1, 0],
      ["notifications/initialized", 1, 0],
    ]);
    assert.deepEqual([found.total.calls, found.total.errors], [4, 2]);
    const bytes = calls.filter(({ tool }) => tool).map(({ bytesOut }) => bytesOut);
    assert.equal(
      found.total.bytesOut,
      bytes.reduce((sum, each) => sum + each, 0),
    );
    const [echo, , failing] = found.tools;
    assert.ok(echo.p50Ms <= echo.p95Ms && Number.isInteger(echo.p50Ms), JSON.stringify(echo));
    assert.deepEqual([echo.lastError, echo.lastErrorAt], [null, null]);
    assert.deepEqual([failing.lastError, failing.lastErrorAt], [broken, calls[1].at]);
    const hours = found.series.map((hour) => [HOUR.test(hour.hour), hour.calls, hour.errors]);
    // The hour may have changed on the way.
    assert.equal(
      hours.reduce((sum, [isHour, count]) => sum + (isHour ? count : NaN), 0),
      4,
    );
  });

  test("is the version's own, and counted to the byte", async () => {
    const server = await publish({ access: "public" });
    const init = {
      method: "POST",
      headers: modernHeaders("tools/call", { name: "echo_value" }),
      body: modernBody("tools/call", { name: "echo_value", arguments: { value: "ünï" } }),
    };
    const body = await (await fetch(server.endpoint, init)).arrayBuffer();
    const [first] = await kept(server, 1);
    assert.equal(first.bytesOut, body.byteLength);
    const { live } = await on.studio.deploy(server.projectId, { access: "public" });
    assert.deepEqual(await logs(live), []);
    const empty = await metrics(live);
    assert.deepEqual(empty.total, { calls: 0, errors: 0, p50Ms: null, p95Ms: null, bytesOut: 0 });
    assert.deepEqual([empty.tools, empty.methods, empty.series], [[], [], []]);
    await call(live, "echo_value", { value: "x" }, {});
    await kept(live, 1);
    await kept(server, 1);
  });

  test("makes no rows at a caller's wish", async () => {
    const server = await publish({ access: "public" });
    const names = Array.from({ length: 20 }, (_, at) => `made_up_${at}`);
    await Promise.all(names.map((name) => call(server, name, {}, {})));
    await kept(server, 20);
    await Promise.all([
      modernRpc(server.endpoint, "made/up"),
      fetch(server.endpoint, { method: "POST", body: "{" }),
      fetch(server.endpoint, { method: "POST", body: JSON.stringify({ method: "m".repeat(9) }) }),
    ]);
    await kept(server, 23);
    const found = await metrics(server);
    assert.deepEqual(found.tools.map(sums), [["(unknown)", 20, 20]]);
    assert.deepEqual(found.methods.map(sums), [["(other)", 3, 3]]);
    const rows = await on.studio.query(
      "SELECT COUNT(DISTINCT method || tool) AS n FROM call_hours WHERE deployment_id = ?",
      server.deploymentId,
    );
    assert.deepEqual(rows, [{ n: 2 }]);
  });

  test("does not show a secret that the API repeats", async () => {
    const canaries = { HARBOUR_TOKEN: "canary-token; with a space", HARBOUR_USERNAME: "canary-clerk", HARBOUR_PASSWORD: "canary-word" };
    const server = await publish({ access: "public", secrets: canaries });
    // They come back in the API's own message.
    await on.upstream.refuse(true);
    try {
      await call(server, "create_ship", { name: "x" }, {});
      await call(server, "delete_ship", { shipId: "s1" }, {});
    } finally {
      await on.upstream.refuse(false);
    }
    const calls = await kept(server, 2);
    for (const { outcome, error } of calls) {
      assert.equal(outcome, "toolError");
      assert.match(error, /^The API answered 401 Unauthorized to .*\[redacted\]/);
    }
    const seen = [calls, await metrics(server), await on.studio.everythingStored()];
    const text = JSON.stringify(seen) + JSON.stringify(on.studio.logs());
    const basic = Buffer.from("canary-clerk:canary-word").toString("base64");
    for (const canary of ["canary", "with a space", basic.replace(/=+$/, "")]) {
      assert.ok(!text.includes(canary), canary);
    }
  });

  test("is answered whole, at each length that is read another way", async () => {
    const server = await publish({ access: "public" });
    // `watch.mjs` reads up to 16 KiB at once.
    await putWorker(
      server,
      `const { arguments: { value } } = (await request.json()).params;
      return new Response("x".repeat(Number(value)), {
        headers: { "content-type": "application/json; charset=utf-8" },
      });`,
    );
    const lengths = [0, 1, 16_383, 16_384, 16_385, 65_536, 1_000_003];
    for (const [index, length] of lengths.entries()) {
      const answer = await echo(server, String(length));
      assert.equal(answer.status, 200);
      assert.equal(await answer.text(), "x".repeat(length));
      const recorded = (await kept(server, index + 1)).at(-1);
      assert.deepEqual([recorded.outcome, recorded.bytesOut], ["ok", length]);
    }
  });

  test("is a failure where a short answer breaks off, and cut off where a long one does", async () => {
    const server = await publish({ access: "public" });
    await putWorker(
      server,
      `const { arguments: { value } } = (await request.json()).params;
      let sent = false;
      const body = new ReadableStream({
        async pull(stream) {
          // What has been sent before is gone with the error, where nobody has read it.
          if (sent) await new Promise((resolve) => setTimeout(resolve, 200));
          if (sent) stream.error(new Error("rotten"));
          else stream.enqueue(new TextEncoder().encode("x".repeat(Number(value))));
          sent = true;
        },
      });
      return new Response(body, { headers: { "content-type": "application/json" } });`,
    );
    const short = await echo(server, "5");
    assert.deepEqual([short.status, (await short.json()).error.code], [502, "server_failed"]);
    await kept(server, 1);
    await assert.rejects((await echo(server, "50000")).text());
    const calls = await kept(server, 2);
    assert.deepEqual(calls.map(line), [
      ["tools/call", "echo_value", "failed", "The server's answer broke off"],
      ["tools/call", "echo_value", "cancelled", null],
    ]);
  });

  test("is kept where the server crashes, and where its client goes away", async () => {
    const server = await publish({ access: "public" });
    await putWorker(server, 'throw new Error("rotten");');
    assert.equal((await call(server, "echo_value", { value: "x" }, {})).status, 502);
    const [failed] = await kept(server, 1);
    assert.deepEqual(line(failed), [
      "tools/call",
      "echo_value",
      "failed",
      "The server could not be started or crashed",
    ]);
    // A stream that has begun and never ends.
    await putWorker(
      server,
      `const body = new ReadableStream({
        start: (stream) => stream.enqueue(new TextEncoder().encode(": begun\\n\\n")),
        pull: () => new Promise(() => {}),
      });
      return new Response(body, { headers: { "content-type": "text/event-stream" } });`,
    );
    const leaving = new AbortController();
    const response = await echo(server, "x", { signal: leaving.signal });
    const { value } = await response.body.getReader().read();
    assert.equal(Buffer.from(value).toString(), ": begun\n\n");
    leaving.abort();
    const [, cancelled] = await kept(server, 2);
    assert.deepEqual(line(cancelled), ["tools/call", "echo_value", "cancelled", null]);
    assert.equal(cancelled.bytesOut, value.byteLength);
    assert.deepEqual((await metrics(server)).tools.map(sums), [["echo_value", 2, 1]]);
  });
});

describe("the log", () => {
  test("comes in pages", async () => {
    const server = await publish({ access: "public" });
    const client = await modernClient(server.endpoint);
    await client.close();
    for (let at = 0; at < 5; at += 1) await call(server, "echo_value", { value: `${at}` }, {});
    const all = await kept(server, 6);
    assert.deepEqual(line(all[0]), ["server/discover", null, "ok", null]);
    const ids = async (query) => (await logs(server, query)).map(({ id }) => id);
    assert.deepEqual(await ids(), [6, 5, 4, 3, 2, 1]);
    assert.deepEqual(await ids("?limit=2"), [6, 5]);
    assert.deepEqual(await ids("?after=3"), [4, 5, 6]);
    assert.deepEqual(await ids("?after=3&limit=1"), [4]);
    assert.deepEqual(await ids("?after=6"), []);
  });

  test("is followed live, and taken up again where it was", async () => {
    const server = await publish({ access: "public" });
    const next = async (events, count) => {
      const found = [];
      while (found.length < count) {
        const { value, done } = await events.next();
        assert.ok(!done, "the tail has ended");
        const [deployment, seq] = value.id.split(":");
        assert.deepEqual([deployment, Number(seq)], [server.deploymentId, value.data.id]);
        assert.equal(value.event, "call");
        found.push([value.data.id, value.data.tool, value.data.outcome]);
      }
      return found;
    };
    const open = async (headers = {}, query = "") => {
      const accept = { accept: "text/event-stream" };
      const url = `${logsPath(server)}${query}`;
      return frames(await on.studio.fetch(url, { headers: { ...accept, ...headers } }));
    };
    await call(server, "echo_value", { value: "before" }, {});
    await kept(server, 1);
    const events = await open();
    assert.deepEqual(await next(events, 1), [[1, "echo_value", "ok"]]);
    await call(server, "get_missing", {}, {});
    assert.deepEqual(await next(events, 1), [[2, "get_missing", "toolError"]]);
    await events.return();

    await call(server, "echo_value", { value: "meanwhile" }, {});
    await kept(server, 3);
    const again = await open({ "last-event-id": `${server.deploymentId}:1` }, "?after=0");
    assert.deepEqual(await next(again, 2), [
      [2, "get_missing", "toolError"],
      [3, "echo_value", "ok"],
    ]);
    await again.return();
  });

  test("and the counters refuse what they cannot give", async () => {
    const { deploymentId } = await publish({ access: "public" });
    const own = `/api/deployments/${deploymentId}`;
    for (const [path, headers, expected] of [
      ["metrics?hours=0", {}, [400, "invalid_hours"]],
      ["metrics?hours=721", {}, [400, "invalid_hours"]],
      ["metrics?hours=x", {}, [400, "invalid_hours"]],
      ["logs?after=-1", {}, [400, "invalid_after"]],
      ["logs?limit=101", {}, [400, "invalid_limit"]],
      ["logs", { accept: "text/event-stream", "last-event-id": `${UNKNOWN}:1` }, [400, "invalid_event_id"]],
    ]) {
      const answer = await on.studio.api("GET", `${own}/${path}`, undefined, headers);
      assert.deepEqual(refusal(answer), expected, path);
    }
    assert.equal((await metrics({ deploymentId }, "?hours=720")).total.calls, 0);
    for (const path of ["metrics", "logs"]) {
      for (const accept of ["application/json", "text/event-stream"]) {
        const url = `/api/deployments/${UNKNOWN}/${path}`;
        const answer = await on.studio.api("GET", url, undefined, { accept });
        assert.deepEqual(refusal(answer), [404, "deployment_not_found"]);
      }
    }
  });
});

test(`a caller that names a revision before ${MODERN} is read by its body`, async () => {
  const server = await publish({ access: "public" });
  const body = JSON.stringify({
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: { name: "echo_value", arguments: { value: "x" } },
  });
  const response = await fetch(server.endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2025-11-25",
      "mcp-method": "made/up",
      "mcp-name": "get_ship",
    },
    body,
  });
  assert.equal(response.status, 200, await response.text());
  const [only] = await kept(server, 1);
  assert.deepEqual(line(only), ["tools/call", "echo_value", "ok", null]);
});
