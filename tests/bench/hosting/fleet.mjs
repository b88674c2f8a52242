// Two hundred servers beside each other, calls spread over all of them.
import { readFile, readdir } from "node:fs/promises";
import { document } from "../document.mjs";
import { cell, client, deploy, generate, load, rate, toolCall, verdict } from "./rig.mjs";

const SERVERS = 200;
const TOOLS = 20;
const CALLS = 4_000;
const CONCURRENCY = 8;

export async function measure({ studio, upstream }) {
  const text = document(TOOLS, upstream.origin);
  const before = await memory();
  const servers = [];
  const begun = performance.now();
  for (let index = 0; index < SERVERS; index += 1) {
    const { projectId, tools } = await generate(studio.origin, text);
    const { endpoint, token } = await deploy(studio.origin, projectId, { access: "token" });
    servers.push({ url: endpoint, request: toolCall(tools[0], { limit: 1 }, token) });
  }
  const deployed = performance.now() - begun;
  const loaded = await memory();
  const { send, close } = client(CONCURRENCY);
  const errors = [];
  const a_second = await rate(CALLS, CONCURRENCY, async (index) => {
    const { url, request } = servers[index % SERVERS];
    try {
      const answer = await send(url, request);
      if (!answer.includes('"One"')) errors.push(answer.slice(0, 300));
    } catch (error) {
      errors.push(error.message);
    }
  });
  close();
  const after = await memory();
  console.log(`\n5. ${SERVERS} servers of ${TOOLS} tools, ${CALLS} calls spread over all, ${load()}`);
  console.log(
    `   deployed in ${cell(deployed / 1_000, 0)} s, ${cell(a_second, 0, 0)} calls a second, ` +
      `${errors.length} errors  ${verdict(errors.length === 0)}`,
  );
  console.log(`   memory of workerd, MB: ${before} before, ${loaded} deployed, ${after} after the calls`);
  for (const error of errors.slice(0, 3)) console.log(`   ${error}`);
}

/** Resident memory of the workerd that this process started; "?" where /proc is not. */
async function memory() {
  try {
    for (const pid of await readdir("/proc")) {
      if (!/^\d+$/.test(pid)) continue;
      const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
      const own = new RegExp(`^PPid:\\s+${process.pid}$`, "m").test(status);
      if (!own || !/^Name:\s+workerd/m.test(status)) continue;
      return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(status)[1]) / 1_000);
    }
  } catch {
    // Not Linux.
  }
  return "?";
}
