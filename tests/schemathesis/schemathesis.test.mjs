// The API against its own document: Schemathesis sends what the document allows and
// what it does not, as three people, and holds every answer to what is written.
//
// SCHEMATHESIS is its program, which `cargo xtask test` installs; of the time that
// MCPENGINE_FUZZ_MINUTES gives (four and a half minutes) each person has a third.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { AUTHORIZATION, developmentToken } from "../lib/identity.mjs";
import { root } from "../lib/paths.mjs";
import { startStudio } from "../lib/studio.mjs";

const PROGRAM = process.env.SCHEMATHESIS;
const MINUTES = Number(process.env.MCPENGINE_FUZZ_MINUTES ?? 4.5);
const HERE = path.join(root, "tests/schemathesis");
/** A run that tries less than this has not looked. */
const LEAST_CASES = 300;

const PROJECT = JSON.stringify({
  openapi: "3.1.0",
  info: { title: "Lighthouse", version: "1" },
  servers: [{ url: "https://lighthouse.example.com" }],
  paths: {
    "/lamps": { get: { operationId: "listLamps", responses: { 200: { description: "Lamps" } } } },
  },
});

let studio;
let folder;
before(async () => {
  assert.ok(PROGRAM, "SCHEMATHESIS names the program; `cargo xtask test` installs it");
  folder = await mkdtemp(path.join(tmpdir(), "schemathesis-"));
  // Whatever address is drawn, nothing is fetched.
  studio = await startStudio({ closed: true });
  const { projectId } = await studio.analyze({ specFile: PROJECT });
  await studio.generate(projectId);
});
after(async () => {
  await studio?.close();
  if (folder) await rm(folder, { recursive: true });
});

/** hooks.py, and nothing of it compiled beside it. */
const HOOKS = {
  SCHEMATHESIS_HOOKS: path.join(HERE, "hooks.py"),
  PYTHONDONTWRITEBYTECODE: "1",
};

/** What ends the account of whoever asks: it has a run and a person of its own. */
const LAST = "delete_me";

/** Runs it to its end; all that it printed. `choice` are the options that choose operations. */
function run(authorization, seed, choice) {
  const seconds = Math.max(10, Math.round((MINUTES * 60) / 3));
  const child = spawn(
    PROGRAM,
    [
      ["--config-file", path.join(HERE, "schemathesis.toml")],
      ["run", path.join(root, "docs/openapi.json")],
      ["--url", studio.origin],
      ["--header", `Authorization: ${authorization}`],
      ["--checks", "all"],
      ["--phases", "examples,coverage,fuzzing,stateful"],
      ["--max-examples", "200", "--max-time", String(seconds)],
      ["--seed", String(seed), "--no-shrink", "--continue-on-failure"],
      ["--generation-database", "none"],
      choice,
    ].flat(),
    { cwd: folder, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...HOOKS } },
  );
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk) => {
      text += chunk;
    });
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, text }));
  });
}

/** `N generated` and the operations tested, of the runner's own summary. */
function summary(text) {
  const number = (pattern) => Number(pattern.exec(text)?.[1] ?? 0);
  return {
    generated: number(/^\s*(\d+) generated/m),
    tested: number(/^\s*Tested: (\d+)/m),
    selected: number(/^\s*Selected: (\d+)/m),
    errors: number(/(\d+) errors?\b[^\n]*=+\s*$/m),
    failures: number(/(\d+) failures?\b[^\n]*=+\s*$/m),
  };
}

const people = [
  ["the owner, signed in", async () => AUTHORIZATION.authorization],
  ["somebody else", async () => `Bearer ${developmentToken({ sub: "somebody-else" })}`],
  [
    "the owner, with a token that reads",
    async () => {
      const wanted = { name: "reads", scopes: ["projects:read"], expiresInDays: 1 };
      const { status, body } = await studio.api("POST", "/api/tokens", wanted);
      // The owner's run may have made as many as there may be.
      assert.equal(status, 201, JSON.stringify(body));
      return `Bearer ${body.token}`;
    },
  ],
];

for (const [index, [who, authorization]] of people.entries()) {
  const options = { timeout: (MINUTES * 60 + 240) * 1_000 };
  test(`every answer is as the document says: ${who}`, options, async () => {
    await studio.query("DELETE FROM personal_tokens");
    const choice = ["--exclude-operation-id", LAST];
    const { code, text } = await run(await authorization(), 20_261_124 + index, choice);
    const { generated, tested, selected, errors, failures } = summary(text);
    console.log(`${who}: ${generated} requests to ${tested} operations`);
    assert.deepEqual([code, failures, errors], [0, 0, 0], text);
    assert.ok(generated >= LEAST_CASES && tested === selected && tested >= 33, text);
  });
}

test("every answer is as the document says: whoever ends their account", async () => {
  const leaver = `Bearer ${developmentToken({ sub: "leaver" })}`;
  const { code, text } = await run(leaver, 20_261_124, ["--include-operation-id", LAST]);
  const { generated, tested, errors, failures } = summary(text);
  assert.deepEqual([code, failures, errors, tested], [0, 0, 0, 1], text);
  assert.ok(generated >= 10, text);
  const me = await studio.api("GET", "/api/me", undefined, { authorization: leaver });
  assert.equal(me.body.error.code, "account_deleted");
});
