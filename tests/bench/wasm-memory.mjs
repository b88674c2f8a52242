// Peak WebAssembly memory of the whole main job at descriptions of 16 MiB, the
// most that the Worker takes; the goal is 96 MB. Each document gets a Worker of
// its own, because memory never shrinks.
import { startWorkerd } from "../lib/workerd.mjs";
import { stream } from "./client.mjs";
import { document } from "./document.mjs";

const LIMIT = 16 << 20;
const GOAL = 96_000_000;

/** A document padded with prose to just under the limit. */
function padded(operations, indent) {
  const value = JSON.parse(document(operations, "https://api.example.com"));
  const text = () => JSON.stringify(value, null, indent);
  const room = LIMIT - Buffer.byteLength(text()) - 64;
  value.info.description = "Words of a long introduction. ".repeat(Math.max(0, Math.floor(room / 30)));
  return text();
}

/** As many operations as fit into the limit. */
function dense() {
  let count = 16_000;
  let text = document(count, "https://api.example.com");
  while (Buffer.byteLength(text) > LIMIT) {
    count = Math.floor(count * 0.95);
    text = document(count, "https://api.example.com");
  }
  return text;
}

const documents = { "prose, 1,000 operations": padded(1_000, 2), "operations only": dense() };
let missed = 0;
for (const [name, text] of Object.entries(documents)) {
  const studio = await startWorkerd({ main: "tests/bench/memory-entry.mjs" });
  const memory = async () => (await (await fetch(`${studio.origin}/__memory`)).json()).bytes;
  const peaks = [];
  let outcome = "ok";
  try {
    const { result } = await stream(studio.origin, "/api/analyze", text, "application/yaml");
    peaks.push(["analyze", await memory()]);
    await stream(studio.origin, "/api/generate", { projectId: result.projectId });
    peaks.push(["generate", await memory()]);
    const config = { access: "public" };
    await stream(studio.origin, "/api/deploy", { projectId: result.projectId, target: "mcpengine", config });
    peaks.push(["deploy", await memory()]);
  } catch (error) {
    outcome = error.message;
  }
  const shown = peaks.map(([step, bytes]) => `${step} ${(bytes / 1e6).toFixed(0)} MB`).join(", ");
  console.log(`${name}: ${(Buffer.byteLength(text) / 1e6).toFixed(1)} MB in; peak after ${shown}; ${outcome}`);
  if ((peaks[0]?.[1] ?? Infinity) > GOAL) missed += 1;
  await studio.close();
}
console.log(missed === 0 ? "analysis stays under 96 MB" : `${missed} documents over 96 MB`);
