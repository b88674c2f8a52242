// What the measures of hosting share: programs that are started for them, a
// client without libraries, and how figures are printed.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, request as httpRequest } from "node:http";
import { loadavg } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { callRequest, stream } from "../client.mjs";

export const ROUNDS = 5;

/** Starts a program that prints a line once it is ready; `{line, pid, close}`. */
export async function start(command, args, { env = {}, ready = /./ } = {}) {
  const child = spawn(command, args, {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  const gone = once(child, "exit");
  let printed = "";
  const line = await new Promise((resolve, reject) => {
    for (const output of [child.stdout, child.stderr]) {
      createInterface({ input: output }).on("line", (text) => {
        printed = `${printed}${text}\n`.slice(-4_000);
        if (ready.test(text)) resolve(text);
      });
    }
    child.once("error", reject);
    gone.then(([code]) => reject(new Error(`${command} ended with ${code}:\n${printed}`)));
  });
  return {
    line,
    pid: child.pid,
    async close() {
      child.stdin.end();
      child.kill("SIGTERM");
      await gone;
    },
  };
}

export async function startUpstream() {
  const file = fileURLToPath(new URL("upstream.mjs", import.meta.url));
  const { line, close } = await start(process.execPath, [file]);
  return { origin: line, close };
}

/** One connection for each request at a time, kept open. */
export function client(concurrency) {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  /** Sends, reads to the end; the body as text. Any other status than 200 throws. */
  const send = (url, { method = "GET", headers = {}, body } = {}) =>
    new Promise((resolve, reject) => {
      const outgoing = httpRequest(url, { agent, method, headers }, (incoming) => {
        const chunks = [];
        incoming.on("data", (chunk) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          if (incoming.statusCode === 200) resolve(text);
          else reject(new Error(`${url}: ${incoming.statusCode} ${text.slice(0, 300)}`));
        });
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  return { send, close: () => agent.destroy() };
}

/** A modern `tools/call` as `send` takes it. */
export function toolCall(name, args, token) {
  const request = callRequest(name, args);
  request.headers["content-length"] = Buffer.byteLength(request.body);
  if (token) request.headers.authorization = `Bearer ${token}`;
  return request;
}

/** A document to a generated project; its id and its tools. */
export async function generate(origin, document) {
  const { result } = await stream(origin, "/api/analyze", document, "application/yaml");
  const { projectId } = result;
  const { bundle } = await stream(origin, "/api/generate", { projectId });
  return { projectId, bundle, tools: result.endpoints.map(({ tool }) => tool) };
}

/** The event `deploy:live`. */
export function deploy(origin, projectId, config) {
  return stream(origin, "/api/deploy", { projectId, target: "mcpengine", config });
}

/** Milliseconds of each of `count` runs, one after the other. */
export async function sequential(count, run) {
  const times = [];
  for (let index = 0; index < count; index += 1) {
    const begun = performance.now();
    await run(index);
    times.push(performance.now() - begun);
  }
  return times;
}

/** Runs a second at this concurrency. */
export async function rate(count, concurrency, run) {
  let next = 0;
  const worker = async () => {
    while (next < count) {
      next += 1;
      await run(next);
    }
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: concurrency }, worker));
  return (count / (performance.now() - begun)) * 1_000;
}

/** The value below which `share` of the values lie. */
export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** Who else is at work here changes every figure: printed beside them. */
export function load() {
  return `load ${loadavg()[0].toFixed(1)}`;
}

export function verdict(met) {
  return met ? "met" : "MISSED";
}

export const cell = (value, width, digits = 1) =>
  (typeof value === "number" ? value.toFixed(digits) : value).padStart(width);
