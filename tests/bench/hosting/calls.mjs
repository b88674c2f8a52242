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
  const prepared = async (options, secrets) => {
    const text = document(50, upstream.origin, options);
    const { projectId, tools } = await generate(studio.origin, text);
    const { endpoint, token } = await deploy(studio.origin, projectId, { access: "token", secrets });
    const request = toolCall(tools[0], { limit: 1 }, token);
    return () => send(endpoint, request);
  };
  const call = await prepared({}, {});
  const direct = () => send(`${upstream.origin}/resources0?limit=1`);
  if (!(await call()).includes('"One"')) throw new Error("the call does not reach the API");
  const first = quantile(await sequential(COUNT, call), 0.5);
  await sequential(WARM_UP - COUNT, call);
  const withKey = await prepared({ key: true }, { BENCH_API_KEY: "key-of-the-bench" });
  if (!(await withKey()).includes('"One"')) throw new Error("the key does not reach the API");
  await sequential(WARM_UP, withKey);
  await sequential(COUNT, direct);
  const [calls, directs, withKeys] = [[], [], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    directs.push(await sequential(COUNT, direct));
    calls.push(await sequential(COUNT, call));
    withKeys.push(await sequential(COUNT, withKey));
  }
  close();
  console.log(`\n2. tool call, sequential, ${COUNT} a round, ms, median of ${ROUNDS} rounds, ${load()}`);
  console.log(`   after ${WARM_UP} calls, of which the first ${COUNT} took ${first.toFixed(2)} at p50`);
  console.log("          call   direct    added     goal   ratio");
  const of = (rounds, share) => median(rounds.map((times) => quantile(times, share)));
  const added = (rounds, share) =>
    median(rounds.map((times, round) => quantile(times, share) - quantile(directs[round], share)));
  for (const [name, share, goal] of GOALS) {
    const figures = [of(calls, share), of(directs, share), added(calls, share)];
    const cells = figures.map((value) => cell(value, 8, 2));
    console.log(
      `   ${name} ${cells.join(" ")} ${cell(`+${goal}`, 8)} ${cell(figures[0] / figures[1], 6)}×  ${verdict(figures[2] <= goal)}`,
    );
  }
  const shown = GOALS.map(([name, share]) => `+${added(withKeys, share).toFixed(2)} at ${name}`);
  console.log(`   with a key of the API, which is looked up and opened: ${shown.join(", ")}`);
}
