// From the click on "Deploy" to the first tools/list at the server's address;
// beside it, in turns, the same modules in an isolate that nothing else is done for.
import { median } from "../client.mjs";
import { document } from "../document.mjs";
import { modernBody, modernHeaders } from "../../lib/mcp.mjs";
import { ROUNDS, cell, client, deploy, generate, load, verdict } from "./rig.mjs";

const TOOLS = 50;
const GOAL = 400;

export async function measure({ studio, upstream }) {
  const { send, close } = client(1);
  const { projectId } = await generate(studio.origin, document(TOOLS, upstream.origin));
  const [deploys, lists, again] = [[], [], []];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const list = { method: "POST", headers: modernHeaders("tools/list", {}), body: modernBody("tools/list", {}) };
    const begun = performance.now();
    const live = await deploy(studio.origin, projectId, { access: "public" });
    const done = performance.now();
    const answer = await send(live.endpoint, list);
    const listed = performance.now();
    if (answer.split('"inputSchema"').length - 1 !== TOOLS) throw new Error(answer.slice(0, 300));
    await send(live.endpoint, list);
    const warm = performance.now();
    if (round === 0) continue; // The first of all loads the compiler.
    deploys.push(done - begun);
    lists.push(listed - done);
    again.push(warm - listed);
  }
  close();
  const total = median(deploys.map((time, round) => time + lists[round]));
  console.log(`\n1. deploy click → healthy endpoint, ${TOOLS} tools, ms, median of ${ROUNDS}, ${load()}`);
  console.log("   total    goal   deploy  first list  warm list   ratio to a warm list");
  const cells = [total, GOAL, median(deploys)].map((value) => cell(value, 7));
  console.log(
    ` ${cells.join(" ")}  ${cell(median(lists), 9)}  ${cell(median(again), 9)}  ` +
      `${cell(total / median(again), 6, 0)}×  ${verdict(total <= GOAL)}`,
  );
}
