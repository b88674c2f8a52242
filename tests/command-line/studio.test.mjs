// The command line against a studio: signed in with a personal access token, from a
// description to the calls of the live server.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { modernRpc } from "../lib/mcp.mjs";
import { root } from "../lib/paths.mjs";
import { stage } from "../lib/stage.mjs";

const on = stage();
/** As `cargo xtask test` builds it. */
const commandLine = path.join(
  process.env.CARGO_TARGET_DIR ?? path.join(root, "target"),
  "debug/mcpengine",
);
let home;
let token;
before(async () => {
  home = await mkdtemp(path.join(tmpdir(), "mcpengine-cli-"));
});
after(() => rm(home, { recursive: true, force: true }));

/** Runs `mcpengine`; `{status, out, err}`. `until` ends it when it has printed that. */
function run(args, { stdin = "", env = {}, until } = {}) {
  const child = spawn(commandLine, args, {
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home, ...env },
  });
  const texts = { out: "", err: "" };
  child.stdout.on("data", (chunk) => {
    texts.out += chunk;
    if (until && texts.out.includes(until)) child.kill();
  });
  child.stderr.on("data", (chunk) => {
    texts.err += chunk;
  });
  child.stdin.on("error", () => {});
  child.stdin.end(stdin);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, ...texts }));
  });
}

async function personalToken(scopes) {
  const { body } = await on.studio.api("POST", "/api/tokens", { name: "cli", scopes });
  return body.token;
}

test("without a sign-in nothing is asked", async () => {
  for (const args of [["import", "x.yaml"], ["deploy", "p"], ["logs", "p"]]) {
    const { status, out, err } = await run(args);
    assert.deepEqual([status, out], [3, ""]);
    assert.match(err, /^error\[not_signed_in\]: .*\n {2}help: Run mcpengine login/s);
  }
});

test("login tries the token and keeps it where only its owner can read it", async () => {
  const login = ["login", "--studio", on.studio.origin];
  const bad = await run(login, { stdin: `mcpp_${"0".repeat(70)}\n` });
  assert.equal(bad.status, 3);
  assert.match(bad.err, /error\[invalid_token\]/);
  assert.equal((await run(login)).status, 1);
  const clear = await run(["login", "--studio", "http://studio.example.com"], { stdin: "x\n" });
  assert.match(clear.err, /error\[invalid_studio\]/);
  const nobody = await run(["login", "--studio", "http://127.0.0.1:9"], { stdin: "x\n" });
  assert.deepEqual([nobody.status, nobody.err.includes("studio_unreachable")], [4, true]);

  token = await personalToken(["projects:read", "projects:write", "servers:deploy"]);
  const good = await run(login, { stdin: `${token}\n` });
  assert.deepEqual([good.status, good.err], [0, ""]);
  assert.match(good.out, /^Signed in to http:\S+ as Local user\nKept in \S+credentials\.json\n$/);
  const file = path.join(home, ".config/mcpengine/credentials.json");
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.equal(JSON.parse(await readFile(file, "utf8")).token, token);
  const json = await run([...login, "--json"], { stdin: token });
  assert.equal(JSON.parse(json.out).name, "Local user");
  assert.ok(!(good.out + json.out).includes(token));
});

test("import, deploy and logs lead to a server that is seen in use", async () => {
  await writeFile(path.join(home, "api.json"), JSON.stringify(await on.upstream.document()));
  const imported = await run(["import", "api.json"]);
  assert.equal(imported.status, 0, imported.err);
  assert.match(imported.out, /^Harbour\S* .*: 20 tools, 0 findings\nProject ([0-9a-f-]{36}): /);
  assert.match(imported.err, /^accepted…\n/);

  const { out } = await run(["import", on.upstream.documentUrl, "--json"]);
  const { projectId, toolCount } = JSON.parse(out);
  assert.equal(toolCount, 20);
  const again = await run(["import", "-", "--project", projectId, "--json"], {
    stdin: await readFile(path.join(home, "api.json")),
  });
  assert.equal(JSON.parse(again.out).projectId, projectId);

  const never = await run(["logs", projectId]);
  assert.deepEqual([never.status, /never_live/.test(never.err)], [1, true]);
  const deploy = ["deploy", projectId, "--secret", "HARBOUR_TOKEN"];
  const unset = await run(deploy);
  assert.match(unset.err, /error\[secret_not_set\]: the environment has no HARBOUR_TOKEN/);
  const deployed = await run([...deploy, "--json"], { env: { HARBOUR_TOKEN: "canary-cli" } });
  assert.equal(deployed.status, 0, deployed.err);
  assert.ok(!(deployed.out + deployed.err).includes("canary-cli"));
  const live = JSON.parse(deployed.out);
  assert.deepEqual([live.tools, live.version, live.access], [20, "1", "token"]);

  const call = (name) =>
    modernRpc(live.endpoint, "tools/call", { name, arguments: {} }, { token: live.token });
  assert.equal((await call("list_ships")).status, 200);
  const followed = run(["logs", projectId, "--follow", "--json"], { until: "get_broken" });
  await call("get_broken");
  const lines = (await followed).out.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.map(({ tool, outcome }) => [tool, outcome]),
    [
      ["list_ships", "ok"],
      ["get_broken", "toolError"],
    ],
  );
  const shown = await run(["logs", projectId]);
  assert.match(shown.out, /list_ships {2}ok {2}\d+ ms {2}\d+ B\n.*get_broken {2}toolError/);
});

test("refusals keep their code, and a missing scope says which", async () => {
  const env = { MCPENGINE_STUDIO: on.studio.origin, MCPENGINE_TOKEN: token };
  await writeFile(path.join(home, "bad.json"), '{"openapi":"3.1.0"');
  const bad = await run(["import", "bad.json"], { env });
  assert.deepEqual([bad.status, bad.out], [1, ""]);
  assert.match(bad.err, /error\[document_syntax\]: /);
  const missing = await run(["deploy", "00000000-0000-4000-8000-0000000000ff"], { env });
  assert.match(missing.err, /error\[project_not_found\]/);
  assert.match((await run(["logs", "../me"], { env })).err, /error\[invalid_project\]/);
  assert.match((await run(["import", "nothing.yaml"], { env })).err, /error\[unreadable\]/);

  const reader = { ...env, MCPENGINE_TOKEN: await personalToken(["projects:read"]) };
  const refused = await run(["import", "api.json"], { env: reader });
  assert.deepEqual([refused.status, refused.out], [3, ""]);
  assert.match(refused.err, /error\[insufficient_scope\]: .*projects:write\n {2}help: /);
  // A kept token does not go to another studio.
  const elsewhere = await run(["logs", "p"], { env: { MCPENGINE_STUDIO: "http://127.0.0.1:9" } });
  assert.equal(elsewhere.status, 3);
});
