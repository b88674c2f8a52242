// Starts a stand-in as a process of its own and reads the line it prints when ready.
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { root } from "./paths.mjs";

/** `{ready, ask, close}`; `ask(origin, method, path, body)` gives `{status, body}`. */
export async function startFake(name) {
  const server = path.join(root, "tests/fakes", name, "server.mjs");
  const child = spawn(process.execPath, [server], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  const died = once(child, "exit").then(([code]) => {
    throw new Error(`the stand-in ${name} ended with ${code} before it was ready`);
  });
  const [line] = await Promise.race([once(lines, "line"), died]);
  died.catch(() => {});
  return {
    ready: JSON.parse(line),
    async close() {
      const gone = once(child, "exit");
      child.stdin.end();
      await gone;
    },
  };
}

/** A request to a stand-in's own controls; what it answers, or an error that says why. */
export async function control(origin, method, pathname, body) {
  const response = await fetch(origin + pathname, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${method} ${pathname}: ${JSON.stringify(answer)}`);
  return answer;
}
