// What is taken away: a zip of the project, a build context for Docker, an MCP
// bundle. Each is unpacked and used as a person would use it.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { root } from "../lib/paths.mjs";
import { run } from "../lib/run.mjs";
import { stage } from "../lib/stage.mjs";
import { listOverStdio } from "../lib/stdio.mjs";

const on = stage();

let folder;
let projectId;
let files;
before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "archives-"));
});
after(() => rm(folder, { recursive: true, force: true }));

/** The project, made once. */
async function project() {
  if (projectId === undefined) {
    ({ projectId } = await on.studio.analyze({ specUrl: on.upstream.documentUrl }));
    const { bundle } = await on.studio.generate(projectId);
    files = new Map(bundle.files.map(({ path: name, content }) => [name, content]));
  }
  return projectId;
}

/** Deploys to the target; what ended it, and the file. */
async function take(target, config) {
  const events = await on.studio.job("/api/deploy", { projectId: await project(), target, config });
  const last = events.at(-1);
  assert.equal(last.event, "deploy:live", JSON.stringify(last.data));
  const { artifact, deploymentId } = last.data;
  const response = await on.studio.fetch(`/api/deployments/${deploymentId}/artifact`);
  assert.equal(response.status, 200);
  const bytes = Buffer.from(await response.arrayBuffer());
  assert.equal(bytes.length, artifact.bytes);
  assert.equal(createHash("sha256").update(bytes).digest("hex"), artifact.sha256);
  assert.equal(
    response.headers.get("content-disposition"),
    `attachment; filename="${artifact.name}"`,
  );
  assert.equal(response.headers.get("content-type"), artifact.mediaType);
  return { events, live: last.data, bytes };
}

async function save(name, bytes) {
  const into = await mkdtemp(path.join(folder, "one-"));
  const file = path.join(into, name);
  await writeFile(file, bytes);
  return { into, file };
}

const unzip = (file, into) => run("python3", ["-m", "zipfile", "-e", file, into]);

/** All files below a folder, by their path. */
async function read(top) {
  const found = new Map();
  for (const entry of await readdir(top, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    found.set(path.relative(top, file), await readFile(file, "utf8"));
  }
  return new Map([...found].sort());
}

const steps = (events) =>
  events.filter(({ event }) => event === "deploy:progress").map(({ data }) => data.step);

describe("a download", () => {
  test("is the project, file by file, the same bytes each time", async () => {
    const first = await take("download", {});
    assert.deepEqual(steps(first.events), [
      "accepted",
      "compiling",
      "uploading",
      "checking",
      "packing",
    ]);
    const { live } = first;
    const tools = (await on.studio.get(`/api/projects/${projectId}/tools`)).tools;
    assert.deepEqual(
      [live.target, live.status, live.endpoint, live.token, live.artifact.name, live.health.passed],
      ["download", "live", null, null, "harbour.zip", true],
    );
    assert.equal(live.health.tools, tools.filter((tool) => tool.enabled).length);
    assert.equal(live.url, `${on.studio.origin}/api/deployments/${live.deploymentId}/artifact`);
    assert.match(live.install[0].text, /^unzip harbour\.zip && cd harbour && npm install/);

    const { into, file } = await save("harbour.zip", first.bytes);
    await unzip(file, into);
    assert.deepEqual(await read(path.join(into, "harbour")), new Map([...files].sort()));

    const second = await take("download", { download: { format: "zip" } });
    assert.equal(second.live.artifact.sha256, live.artifact.sha256);
    const { deployments } = await on.studio.get(`/api/projects/${projectId}/deployments`);
    assert.deepEqual(
      deployments.map(({ version, target, status, artifact }) => [
        version,
        target,
        status,
        artifact.name,
      ]),
      [
        ["2", "download", "live", "harbour.zip"],
        ["1", "download", "stopped", "harbour.zip"],
      ],
    );
    // Nothing of the check stays behind, and the file of each version does.
    const keys = (await on.studio.objectKeys()).filter((key) => !key.startsWith("specs/"));
    assert.deepEqual(
      keys.filter((key) => key.endsWith("/modules.json")),
      [],
    );
    assert.equal(keys.filter((key) => key.endsWith("/harbour.zip")).length, 2);
    const project = await on.studio.get(`/api/projects/${projectId}`);
    assert.deepEqual([project.status, project.server], ["generated", null]);
  });

  test("takes settings into .env.example, and nothing else", async () => {
    const { live, bytes } = await take("download", {
      access: "public",
      variables: { API_BASE_URL: "http://192.168.1.20:9000/v2" },
    });
    const { into, file } = await save("harbour.zip", bytes);
    await unzip(file, into);
    const found = await read(path.join(into, "harbour"));
    const expected = files
      .get(".env.example")
      .replace(/^#API_BASE_URL=.*$/m, "API_BASE_URL=http://192.168.1.20:9000/v2");
    assert.equal(found.get(".env.example"), `${expected}MCP_PUBLIC=1\n`);
    found.delete(".env.example");
    const others = new Map([...files].sort());
    others.delete(".env.example");
    assert.deepEqual(found, others);
    assert.equal(live.access, "public");
  });
});

describe("an MCP bundle", () => {
  test("passes the validator, and runs with nothing installed beside it", async () => {
    const { live, bytes } = await take("download", { download: { format: "mcpb" } });
    assert.match(live.artifact.name, /^harbour-\d+\.\d+\.\d+\.mcpb$/);
    const { into, file } = await save(live.artifact.name, bytes);
    const bundle = path.join(into, "bundle");
    await mkdir(bundle);
    await unzip(file, bundle);
    const mcpb = path.join(root, "node_modules/@anthropic-ai/mcpb/dist/cli/cli.js");
    const { stdout } = await run(process.execPath, [mcpb, "validate", bundle]);
    assert.match(stdout, /Manifest schema validation passes/);
    const manifest = JSON.parse(await readFile(path.join(bundle, "manifest.json"), "utf8"));
    const { command, args, env } = manifest.server.mcp_config;
    assert.equal(command, "node");
    assert.deepEqual(
      Object.keys(env).sort(),
      Object.keys(manifest.user_config)
        .map((key) => key.toUpperCase())
        .sort(),
    );
    const { tools, result } = await listOverStdio({
      command: process.execPath,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the client puts the folder in.
      args: args.map((arg) => arg.replace("${__dirname}", bundle)),
      env: { API_BASE_URL: `${on.upstream.origin}/v2` },
      call: { name: "echo_value", arguments: { value: "bundled" } },
    });
    assert.deepEqual(
      manifest.tools.map(({ name }) => name),
      tools.map(({ name }) => name),
    );
    assert.deepEqual(result.structuredContent, { value: "bundled" });
  });
});

describe("what cannot be taken away", () => {
  test("is refused before anything is made", async () => {
    const before = await on.studio.objectKeys();
    const id = await project();
    for (const [target, config, code, message] of [
      ["download", { npm: {} }, "invalid_config", /config\.npm is for the target npm only/],
      ["npm", { docker: {} }, "invalid_config", /config\.docker is for the target docker only/],
      ["mcpengine", { download: {} }, "invalid_config", /config\.download/],
      ["docker", { secrets: { HARBOUR_TOKEN: "x" } }, "secrets_not_taken", /HARBOUR_TOKEN/],
      ["download", { variables: { NOPE: "1" } }, "unknown_variable", /NOPE/],
      ["download", { variables: { API_BASE_URL: "ftp://x" } }, "base_url_denied", /API_BASE_URL/],
      [
        "npm",
        { variables: { API_BASE_URL: "https://x.example" } },
        "invalid_config",
        /no settings/,
      ],
      ["npm", { npm: { packageName: "Harbour" } }, "invalid_config", /config\.npm\.packageName/],
      ["npm", { npm: { version: "1.0" } }, "invalid_config", /config\.npm\.version/],
      ["npm", { npm: { tag: "1.0.0" } }, "invalid_config", /config\.npm\.tag/],
      ["npm", { npm: { token: "a" } }, "invalid_config", /config\.npm\.registry: give the registry/],
      [
        "npm",
        { npm: { token: "a b", registry: "https://npm.example" } },
        "invalid_secret",
        /config\.npm\.token/,
      ],
      [
        "npm",
        { npm: { registry: "http://10.0.0.1/" } },
        "url_denied",
        /10\.0\.0\.1 is not an address on the public/,
      ],
      ["npm", { npm: { registry: "http://npm.example/" } }, "url_denied", /https/],
      ["download", { download: { format: "rar" } }, "invalid_field", /rar/],
      ["ftp", {}, "invalid_field", /ftp/],
    ]) {
      const { status, body } = await on.studio.api("POST", "/api/deploy", {
        projectId: id,
        target,
        config,
      });
      assert.deepEqual([status, body.error?.code], [400, code], JSON.stringify([config, body]));
      assert.match(body.error.message, message);
    }
    assert.deepEqual(await on.studio.objectKeys(), before);
  });

  test("and what fails on the way leaves nothing but its row", async () => {
    const id = await project();
    const before = await on.studio.objectKeys();
    for (const [target, config, code, message] of [
      ["docker", { docker: { image: "Bad Name" } }, "invalid_config", /image/],
      ["npm", { npm: { license: "\n" } }, "invalid_config", /licence/],
      [
        "download",
        { variables: { API_BASE_URL: "https://x.example/#part" } },
        "invalid_config",
        /API_BASE_URL/,
      ],
    ]) {
      const events = await on.studio.job("/api/deploy", { projectId: id, target, config });
      const { event, data } = events.at(-1);
      assert.deepEqual([event, data.code], ["error", code], JSON.stringify(data));
      assert.match(data.message, message);
      const { deployments } = await on.studio.get(`/api/projects/${id}/deployments`);
      assert.deepEqual([deployments[0].status, deployments[0].artifact], ["failed", null]);
      const missing = await on.studio.api("GET", `/api/deployments/${deployments[0].id}/artifact`);
      assert.deepEqual([missing.status, missing.body.error.code], [404, "no_artifact"]);
    }
    const after = (await on.studio.objectKeys()).filter((key) => !key.startsWith("events/"));
    assert.deepEqual(
      after,
      before.filter((key) => !key.startsWith("events/")),
    );
  });
});
