// What hosting costs: on workerd without wrangler's proxy, each measure in turns
// with a baseline of the same run. Goals are those of the hosting's design; they
// are printed, not enforced.
//
//   cargo xtask bench hosting
//   node tests/bench/hosting.mjs [deploys|calls|throughput|fleet|crash …]
import { startWorkerd } from "../lib/workerd.mjs";
import { measure as calls } from "./hosting/calls.mjs";
import { measure as crash } from "./hosting/crash.mjs";
import { measure as deploys } from "./hosting/deploys.mjs";
import { measure as fleet } from "./hosting/fleet.mjs";
import { startUpstream } from "./hosting/rig.mjs";
import { measure as throughput } from "./hosting/throughput.mjs";

const MEASURES = { deploys, calls, throughput, fleet, crash };

const chosen = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(MEASURES);
for (const name of chosen) {
  if (!(name in MEASURES)) throw new Error(`there are ${Object.keys(MEASURES).join(", ")}`);
}
const upstream = await startUpstream();
try {
  for (const name of chosen) {
    // Each has a Worker and a store of its own, so that none pays for another.
    const studio = await startWorkerd();
    try {
      await MEASURES[name]({ studio, upstream });
    } finally {
      await studio.close();
    }
  }
} finally {
  await upstream.close();
}
