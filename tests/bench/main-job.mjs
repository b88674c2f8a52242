// How long from a document to the first successful tools/call, on workerd
// without wrangler's proxy, for 20, 200 and 1,000 operations; beside it, in the
// same run, a bare Worker that reads the same bytes. Median of five rounds. One
// round more goes through `wrangler dev`, whose proxy costs about 14 ms a request.
import { createServer } from "node:http";
import { once } from "node:events";
import { Log, LogLevel, Miniflare, convertV4MiniflareOptions } from "miniflare";
import { AUTHORIZATION } from "../lib/identity.mjs";
import { startStudio } from "../lib/studio.mjs";
import { startWorkerd } from "../lib/workerd.mjs";
import { callRequest, median, stream } from "./client.mjs";
import { document } from "./document.mjs";

const SIZES = [
  { operations: 20, goal: 500 },
  { operations: 200, goal: 1_000 },
  { operations: 1_000, goal: 3_000 },
];
const ROUNDS = 5;

/** The API behind the tools: answers at once, counts what it was asked. */
async function startUpstream() {
  let served = 0;
  const server = createServer((request, response) => {
    served += 1;
    request.resume();
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify([{ id: "1", name: "One" }]));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${server.address().port}`;
  return { origin, served: () => served, close: () => server.close() };
}

/** A Worker that reads what it is sent and answers. */
async function startBare() {
  const script = "export default { async fetch(r) { await r.arrayBuffer(); return new Response('ok'); } }";
  const worker = new Miniflare(
    convertV4MiniflareOptions({
      modules: true,
      script,
      compatibilityDate: "2026-11-01",
      host: "127.0.0.1",
      port: 0,
      cf: false,
      log: new Log(LogLevel.ERROR),
    }),
  );
  return { origin: (await worker.ready).origin, close: () => worker.dispose() };
}

/** One round of the main job; milliseconds by step, and what was sent. */
async function mainJob(studio, upstream, operations) {
  const text = document(operations, upstream.origin);
  const marks = [performance.now()];
  const mark = () => marks.push(performance.now());
  const { result } = await stream(studio, "/api/analyze", text, "application/yaml");
  mark();
  const generate = JSON.stringify({ projectId: result.projectId });
  await stream(studio, "/api/generate", generate);
  mark();
  const target = { projectId: result.projectId, target: "mcpengine", config: { access: "public" } };
  const live = await stream(studio, "/api/deploy", target);
  mark();
  const before = upstream.served();
  const request = callRequest(result.endpoints[0].tool, { limit: 1 });
  const answer = await (await fetch(live.endpoint, request)).text();
  mark();
  if (!answer.includes('"One"') || upstream.served() !== before + 1 || live.tools !== operations) {
    throw new Error(`the call did not reach the API: ${answer.slice(0, 300)}`);
  }
  const project = `${studio}/api/projects/${result.projectId}`;
  await fetch(project, { method: "DELETE", headers: AUTHORIZATION });
  const [analyze, generated, deploy, call] = marks.slice(1).map((at, step) => at - marks[step]);
  const bodies = [text, generate, JSON.stringify(target), request.body];
  return { total: marks.at(-1) - marks[0], analyze, generated, deploy, call, bodies };
}

async function bare(origin, bodies) {
  const start = performance.now();
  for (const body of bodies) await (await fetch(origin, { method: "POST", body })).text();
  return performance.now() - start;
}

const ms = (value) => value.toFixed(value < 10 ? 1 : 0).padStart(6);
const upstream = await startUpstream();
const baseline = await startBare();
const studio = await startWorkerd();
console.log(`main job: document in → first tools/call, ms, median of ${ROUNDS}`);
console.log("operations   total   goal  analyze generate deploy   call   bare   ratio");
await mainJob(studio.origin, upstream, 20); // The first request of all starts the isolate.
let missed = 0;
for (const { operations, goal } of SIZES) {
  const rounds = [];
  const bares = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.push(await mainJob(studio.origin, upstream, operations));
    bares.push(await bare(baseline.origin, rounds.at(-1).bodies));
  }
  const of = (step) => median(rounds.map((round) => round[step]));
  const base = median(bares);
  if (of("total") > goal) missed += 1;
  const cells = [of("total"), goal, of("analyze"), of("generated"), of("deploy"), of("call"), base];
  console.log(
    `${String(operations).padStart(10)}  ${cells.map(ms).join("  ")}  ${(of("total") / base).toFixed(0).padStart(5)}×`,
  );
}
await studio.close();

const proxied = await startStudio();
await mainJob(proxied.origin, upstream, 20);
console.log("through wrangler's proxy, one round");
for (const { operations } of SIZES) {
  const round = await mainJob(proxied.origin, upstream, operations);
  console.log(`${String(operations).padStart(10)}  ${ms(round.total)}`);
}
await proxied.close();
await baseline.close();
upstream.close();
console.log(missed === 0 ? "every goal is met" : `${missed} of ${SIZES.length} goals missed`);
