// Peak WebAssembly memory of the whole main job at descriptions of 16 MiB, the
// most that the Worker takes; the goal is 96 MB. Each document gets a Worker of
// its own, because memory never shrinks.
//
//   node tests/bench/wasm-memory.mjs [FILE …]    other documents instead
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { startWorkerd } from "../lib/workerd.mjs";
import { stream } from "./client.mjs";
import { document } from "./document.mjs";

const LIMIT = 16 << 20;
const GOAL = 96_000_000;
const API = "https://api.example.com";

/** A document of `count` operations, filled up to the limit by `fill(value, room)`. */
function filled(count, indent, fill) {
  const value = JSON.parse(document(count, API));
  const text = () => JSON.stringify(value, null, indent);
  fill(value, LIMIT - Buffer.byteLength(text()) - 1_024);
  return text();
}

/** One introduction that is as long as the limit lets it be. */
function prose(value, room) {
  value.info.description = "Words of a long introduction. ".repeat(Math.floor(room / 30));
}

/**
 * Schemas as vendors write them: forty properties each with a sentence and an
 * example, nested in those of the resources by reference.
 */
function schemas(value, room) {
  const components = value.components.schemas;
  const resources = Object.keys(components).filter((name) => name !== "Error");
  let left = room;
  for (let index = 0; left > 0; index += 1) {
    const properties = {};
    for (let field = 0; field < 40; field += 1) {
      properties[`field_${field}`] = {
        type: "string",
        description: `What field ${field} of part ${index} means to those who read about it. `.repeat(2),
        example: `an example of ${field}`,
      };
    }
    const part = { type: "object", description: `Part ${index} of the whole`, properties };
    components[`Part${index}`] = part;
    const owner = components[resources[index % resources.length]];
    owner.properties[`part_${index}`] = { $ref: `#/components/schemas/Part${index}` };
    left -= JSON.stringify(part).length + 80;
  }
}

/** As many values as the Worker takes, each as short as can be. */
function dense(value) {
  let nodes = 0;
  for (let index = 0; nodes < 900_000; index += 1) {
    const properties = {};
    for (let field = 0; field < 500; field += 1) properties[`f${field}`] = { type: "string" };
    value.components.schemas[`Dense${index}`] = { type: "object", properties };
    nodes += 1_004;
  }
  const used = Object.keys(value.components.schemas).filter((name) => name.startsWith("Dense"));
  refer(value, used);
}

/** As many named schemas as fit, all of them referred to. */
function names(value, room) {
  const used = [];
  for (let left = room - 2_000; left > 0; left -= 2 * `N${used.length}`.length + 70) {
    const name = `N${used.length}`;
    value.components.schemas[name] = { type: "string" };
    used.push(name);
  }
  refer(value, used);
}

/** Lets the first operation answer with an object of all these schemas. */
function refer(value, used) {
  const properties = {};
  for (const name of used) properties[name] = { $ref: `#/components/schemas/${name}` };
  value.components.schemas.All = { type: "object", properties };
  const [first] = Object.values(value.paths);
  const [operation] = Object.values(first);
  const content = { "application/json": { schema: { $ref: "#/components/schemas/All" } } };
  operation.responses = { 200: { description: "All of it", content } };
}

const given = process.argv.slice(2);
const documents =
  given.length > 0
    ? await Promise.all(given.map(async (file) => [basename(file), await readFile(file, "utf8")]))
    : [
        ["1,000 operations and an introduction", filled(1_000, 2, prose)],
        ["1,000 operations and many schemas", filled(1_000, 0, schemas)],
        ["5,000 operations and many schemas", filled(5_000, 0, schemas)],
        ["16,000 operations", filled(16_000, 0, () => {})],
        ["16,000 operations and many schemas", filled(16_000, 0, schemas)],
        ["20 operations and 900,000 values", filled(20, 0, dense)],
        ["20 operations and all the named schemas that fit", filled(20, 0, names)],
      ];
let missed = 0;
for (const [name, text] of documents) {
  const studio = await startWorkerd({ main: "tests/bench/memory-entry.mjs" });
  const memory = async () => (await (await fetch(`${studio.origin}/__memory`)).json()).bytes;
  const peaks = [];
  let outcome = "ok";
  try {
    const { result } = await stream(studio.origin, "/api/analyze", text, "application/yaml");
    peaks.push(["analyze", await memory()]);
    const { projectId } = result;
    await stream(studio.origin, "/api/generate", { projectId });
    peaks.push(["generate", await memory()]);
    const config = { access: "public", variables: { API_BASE_URL: API } };
    await stream(studio.origin, "/api/deploy", { projectId, target: "mcpengine", config });
    peaks.push(["deploy", await memory()]);
    // The new plan beside the one it is compared with.
    await stream(studio.origin, "/api/analyze", { projectId, specFile: text });
    peaks.push(["second analysis", await memory()]);
  } catch (error) {
    outcome = error.message;
  }
  const shown = peaks.map(([step, bytes]) => `${step} ${(bytes / 1e6).toFixed(0)} MB`).join(", ");
  const size = (Buffer.byteLength(text) / 1e6).toFixed(1);
  console.log(`${name}: ${size} MB in; peak after ${shown}; ${outcome}`);
  if (outcome !== "ok" || peaks.some(([, bytes]) => bytes > GOAL)) missed += 1;
  await studio.close();
}
console.log(
  missed === 0 ? "every peak is at most 96 MB" : `${missed} of ${documents.length} over 96 MB`,
);
