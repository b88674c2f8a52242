// The targets that need a registry: a package published to one of our own and run
// from it by npx, and the Dockerfile's commands where no engine runs.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, test } from "node:test";
import { callTool } from "../lib/mcp.mjs";
import { freePort } from "../lib/port.mjs";
import { startRegistry } from "../lib/registry.mjs";
import { run } from "../lib/run.mjs";
import { stage } from "../lib/stage.mjs";
import { listOverStdio } from "../lib/stdio.mjs";

let registry;
let folder;
let projectId;
const on = stage(
  async ({ studio, upstream }) => {
    folder = await mkdtemp(path.join(os.tmpdir(), "published-"));
    registry = await startRegistry();
    await registry.seed("@modelcontextprotocol/server", "typescript", "@types/node");
    ({ projectId } = await studio.analyze({ specUrl: upstream.documentUrl }));
    await studio.generate(projectId);
  },
  async () => {
    await registry?.close();
    await rm(folder, { recursive: true, force: true });
  },
);

const deploy = (target, config) => on.studio.job("/api/deploy", { projectId, target, config });
const npmConfig = (more = {}) => ({
  npm: { registry: registry.origin, token: registry.token, ...more },
});

async function refused(config) {
  const { event, data } = (await deploy("npm", config)).at(-1);
  assert.equal(event, "error", JSON.stringify(data));
  assert.ok(!JSON.stringify(data).includes(registry.token));
  return [data.code, data.message];
}

async function artifact(deploymentId) {
  const response = await on.studio.fetch(`/api/deployments/${deploymentId}/artifact`);
  assert.equal(response.status, 200);
  return Buffer.from(await response.arrayBuffer());
}

describe("a package", () => {
  test("is published, installs, and serves its tools", async () => {
    const events = await deploy(
      "npm",
      npmConfig({
        packageName: "@acme/harbour",
        version: "1.2.3",
        license: "MIT",
        repository: "https://github.com/acme/harbour",
      }),
    );
    const live = events.at(-1).data;
    assert.equal(events.at(-1).event, "deploy:live", JSON.stringify(live));
    assert.deepEqual(
      events.filter(({ event }) => event === "deploy:progress").map(({ data }) => data.step),
      ["accepted", "compiling", "uploading", "checking", "packing", "publishing"],
    );
    assert.deepEqual(
      [live.target, live.url, live.endpoint, live.artifact.name],
      ["npm", `${registry.origin}/@acme/harbour`, null, "acme-harbour-1.2.3.tgz"],
    );
    assert.match(live.install[0].text, /-- npx -y --registry=\S+ @acme\/harbour@1\.2\.3$/);

    const document = await registry.package("@acme/harbour");
    assert.deepEqual(document["dist-tags"], { latest: "1.2.3" });
    const { name, license, repository, mcpName, bin, scripts, devDependencies, dist } =
      document.versions["1.2.3"];
    assert.deepEqual(
      { name, license, repository, mcpName, bin, scripts, devDependencies },
      {
        name: "@acme/harbour",
        license: "MIT",
        repository: { type: "git", url: "git+https://github.com/acme/harbour" },
        mcpName: "run.mcpengine/harbour",
        bin: { harbour: "dist/node.js" },
        scripts: undefined,
        devDependencies: undefined,
      },
    );
    assert.match(dist.integrity, /^sha512-/);

    // npm checks the digests when it installs.
    const user = path.join(folder, "user");
    await mkdir(user);
    await writeFile(path.join(user, "package.json"), '{ "private": true }');
    await registry.npm(["install", "@acme/harbour"], { cwd: user });
    const { tools, result } = await listOverStdio({
      command: path.join(user, "node_modules/.bin/harbour"),
      args: [],
      env: { API_BASE_URL: `${on.upstream.origin}/v2` },
      call: { name: "echo_value", arguments: { value: "from npm" } },
    });
    assert.equal(tools.length, live.tools);
    assert.deepEqual(result.structuredContent, { value: "from npm" });
    const listed = JSON.parse(
      await readFile(path.join(user, "node_modules/@acme/harbour/server.json"), "utf8"),
    );
    assert.deepEqual(
      [listed.name, listed.version, listed.packages[0].identifier, listed.packages[0].version],
      [mcpName, "1.2.3", "@acme/harbour", "1.2.3"],
    );
  });

  test("that cannot be published says why, and is made all the same the next time", async () => {
    const first = await deploy("npm", npmConfig({ version: "2.0.0" }));
    assert.equal(first.at(-1).event, "deploy:live", JSON.stringify(first.at(-1).data));
    const [code, message] = await refused(npmConfig({ version: "2.0.0" }));
    assert.equal(code, "npm_version_exists", message);
    assert.match(message, /harbour.* 2\.0\.0 already/);
    assert.deepEqual(
      (await refused(npmConfig({ version: "2.0.1", token: "wrong-token" })))[0],
      "npm_unauthorized",
    );
    assert.deepEqual(
      (await refused(npmConfig({ version: "2.0.1", packageName: "@closed/harbour" })))[0],
      "npm_unauthorized",
    );
    assert.deepEqual(
      (await refused(npmConfig({ version: "2.0.1", registry: "http://127.0.0.1:9" })))[0],
      "url_unreachable",
    );
    const next = await deploy("npm", npmConfig({ version: "2.0.1", tag: "next" }));
    assert.equal(next.at(-1).event, "deploy:live");
    const document = await registry.package(next.at(-1).data.url.slice(registry.origin.length + 1));
    assert.deepEqual(document["dist-tags"], { latest: "2.0.0", next: "2.0.1" });
  });

  test("without a token is a tarball that npm publishes", async () => {
    const live = (await deploy("npm", { npm: { packageName: "by-hand", version: "0.1.0" } })).at(
      -1,
    ).data;
    assert.equal(live.artifact.name, "by-hand-0.1.0.tgz");
    assert.equal(live.install[0].text, "npm publish ./by-hand-0.1.0.tgz --access public");
    assert.equal(await registry.package("by-hand"), 404);
    const file = path.join(folder, live.artifact.name);
    await writeFile(file, await artifact(live.deploymentId));
    await registry.npm(["publish", file]);
    const user = path.join(folder, "by-hand");
    await mkdir(user);
    await registry.npm(["install", "by-hand"], { cwd: user });
    const { tools } = await listOverStdio({
      command: path.join(user, "node_modules/.bin/by-hand"),
      args: [],
    });
    assert.equal(tools.length, live.tools);
  });

  test("the token is kept nowhere", async () => {
    const stored = await on.studio.everythingStored();
    assert.ok(!stored.includes(registry.token));
    assert.ok(!JSON.stringify(on.studio.logs()).includes(registry.token));
  });
});

describe("a build context", () => {
  test("builds and serves as its Dockerfile says, as a user without rights", async () => {
    const config = { docker: { image: "acme/harbour:1.0" } };
    const live = (await deploy("docker", config)).at(-1).data;
    assert.deepEqual(
      [live.target, live.artifact.name, live.artifact.mediaType],
      ["docker", "harbour-docker.tar.gz", "application/gzip"],
    );
    assert.equal(
      live.install[0].text,
      "docker build -t acme/harbour:1.0 - < harbour-docker.tar.gz",
    );
    const context = path.join(folder, "context");
    await mkdir(context);
    const file = path.join(folder, live.artifact.name);
    await writeFile(file, await artifact(live.deploymentId));
    await run("tar", ["-xzf", file, "-C", context]);
    const dockerfile = await readFile(path.join(context, "Dockerfile"), "utf8");
    await checkDockerfile(dockerfile, context);
  });
});

/**
 * Carries out a Dockerfile of two stages in folders: COPY, RUN, then CMD and
 * HEALTHCHECK, each as `USER` says where this process may change its user.
 * Anything that it does not know fails.
 */
async function checkDockerfile(text, context) {
  const lines = text.replaceAll("\\\n", " ").split("\n").filter(Boolean);
  const words = lines.map((line) => line.split(/\s+/));
  assert.deepEqual(
    words.filter(([word]) => word === "FROM").map((it) => it.slice(1)),
    [["node:24-slim", "AS", "build"], ["node:24-slim"]],
  );
  const who = await unprivileged();
  const stages = [];
  let health;
  for (const [index, [word, ...rest]] of words.entries()) {
    const stage = stages.at(-1);
    switch (word) {
      case "FROM": {
        const top = await mkdtemp(path.join(folder, "stage-"));
        stages.push({ top, env: {} });
        break;
      }
      case "WORKDIR":
        assert.equal(rest[0], "/app");
        break;
      case "COPY": {
        const build = rest[0] === "--from=build";
        const [from, to] = build ? rest.slice(1) : rest;
        const source = build ? from.replace(/^\/app/, stages[0].top) : path.join(context, from);
        const names = source.includes("*") ? await matching(source) : [source];
        for (const name of names) {
          const target = path.join(stage.top, to === "./" ? path.basename(name) : to);
          await cp(name, target, { recursive: true, verbatimSymlinks: true });
        }
        break;
      }
      case "RUN": {
        await give(stage.top, who);
        const command = lines[index].slice("RUN ".length);
        await run("sh", ["-c", command], { ...who.options, cwd: stage.top, env: who.env });
        break;
      }
      case "ENV":
        Object.assign(stage.env, Object.fromEntries(rest.map((it) => it.split("="))));
        break;
      case "USER":
        assert.equal(rest[0], "node");
        break;
      case "EXPOSE":
        assert.equal(rest[0], "3000");
        break;
      case "HEALTHCHECK":
        health = JSON.parse(lines[index].slice(lines[index].indexOf("[")));
        break;
      case "CMD":
        await serve(stage, JSON.parse(lines[index].slice("CMD ".length)), health, who);
        break;
      default:
        assert.fail(`the Dockerfile has ${word}`);
    }
  }
  assert.equal(stages.length, 2);
  assert.equal(words.at(-1)[0], "CMD");
}

async function serve({ top, env }, command, health, who) {
  await give(top, who);
  const port = await freePort();
  const [program, ...args] = command;
  assert.equal(program, "sh");
  assert.equal(env.PORT, "3000");
  const settings = {
    ...who.env,
    ...env,
    // As platforms do that choose the port.
    PORT: String(port),
    API_BASE_URL: `${on.upstream.origin}/v2`,
    MCP_ACCESS_TOKEN: "docker-token",
  };
  const server = spawn(program, args, {
    ...who.options,
    cwd: top,
    env: settings,
    stdio: ["ignore", "inherit", "pipe"],
  });
  try {
    await once(server.stderr, "data");
    await run(process.execPath, health.slice(1), { ...who.options, cwd: top, env: settings });
    const endpoint = `http://127.0.0.1:${port}/mcp`;
    const result = await callTool(
      endpoint,
      "echo_value",
      { value: "boxed" },
      { token: "docker-token" },
    );
    assert.deepEqual(result.structuredContent, { value: "boxed" });
    const open = await fetch(endpoint, { method: "POST", body: "{}" });
    assert.equal(open.status, 401);
  } finally {
    const gone = once(server, "exit");
    server.kill("SIGTERM");
    const [code] = await gone;
    assert.equal(code, 0, "it ends by itself when it is asked to");
  }
}

/** A user that is not root: `nobody` where this process is root, else its own. */
async function unprivileged() {
  const home = await mkdtemp(path.join(folder, "home-"));
  const npmrc = path.join(home, ".npmrc");
  await writeFile(npmrc, `registry=${registry.origin}/\n`);
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    npm_config_cache: path.join(home, "cache"),
    npm_config_userconfig: npmrc,
    npm_config_update_notifier: "false",
  };
  const root = process.getuid() === 0;
  const who = { env, options: root ? { uid: 65_534, gid: 65_534 } : {}, root };
  await chmod(folder, 0o755);
  await give(home, who);
  return who;
}

async function give(top, { root }) {
  if (!root) return;
  await run("chown", ["-R", "65534:65534", top]);
  await chown(top, 65_534, 65_534);
}

async function matching(pattern) {
  const { stdout } = await run("sh", ["-c", `ls -d ${pattern}`]);
  return stdout.split("\n").filter(Boolean);
}
