// A tool call through gateway, token check, isolate, outbound filter and metrics
// against the same API called directly: warm, one after the other, in turns. V8 makes
// the best of code that has run some thousand times: until then a call takes up to a
// fifth longer, and what the first ones take is printed too.
import { median } from "../client.mjs";
import { document } from "../document.mjs";
import { ROUNDS, cell, client, deploy, generate, load, quantile, sequential, toolCall, verdict } from "./rig.mjs";

const COUNT = 300;
const WARM_UP = 3_000;
const GOALS = [
  ["p50", 0.5, 3],
  ["p95", 0.95, 6],
];

export async function measure({ studio, upstream }) {
  const { send, close } = client(1);
  const { projectId, tools } = await generate(studio.origin, document(50, upstream.origin));
  const { endpoint, token } = await deploy(studio.origin, projectId, { access: "token" });
  const request = toolCall(tools[0], { limit: 1 }, token);
  const call = () => send(endpoint, request);
  const direct = () => send(`${upstream.origin}/resources0?limit=1`);
  if (!(await call()).includes('"One"')) throw new Error("the call does not reach the API");
  const first = quantile(await sequential(COUNT, call), 0.5);
  await sequential(WARM_UP - COUNT, call);
  await sequential(COUNT, direct);
  const [calls, directs] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    directs.push(await sequential(COUNT, direct));
    calls.push(await sequential(COUNT, call));
  }
  close();
  console.log(`\n2. tool call, sequential, ${COUNT} a round, ms, median of ${ROUNDS} rounds, ${load()}`);
  console.log(`   after ${WARM_UP} calls, of which the first ${COUNT} took ${first.toFixed(2)} at p50`);
  console.log("          call   direct    added     goal   ratio");
  for (const [name, share, goal] of GOALS) {
    const of = (rounds) => median(rounds.map((times) => quantile(times, share)));
    const added = median(calls.map((times, round) => quantile(times, share) - quantile(directs[round], share)));
    const cells = [of(calls), of(directs), added].map((value) => cell(value, 8, 2));
    console.log(
      `   ${name} ${cells.join(" ")} ${cell(`+${goal}`, 8)} ${cell(of(calls) / of(directs), 6)}×  ${verdict(added <= goal)}`,
    );
  }
}
