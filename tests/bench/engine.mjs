// The engine under workerd, beside the native times that the caller has taken:
// one Worker for each document, because WebAssembly memory never shrinks. What
// the engine itself took is in the Worker's log; the whole request stores the
// document, the plan and a row for each tool as well.
//
//   node tests/bench/engine.mjs FILE    [{file, native}] as JSON, native in seconds
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { startWorkerd } from "../lib/workerd.mjs";
import { median, stream } from "./client.mjs";

/** V8 compiles a second time, for speed, within the first two or three. */
const ROUNDS = 9;
const list = JSON.parse(await readFile(process.argv[2], "utf8"));
const cell = (value, width) => String(value).padStart(width);
console.log(`\nunder workerd, ms, median of ${ROUNDS}; native: the whole process`);
console.log(
  `${"".padEnd(32)} ${cell("native", 7)} ${cell("engine", 7)} ${cell("ratio", 6)} ${cell("first", 6)} ${cell("request", 8)} ${cell("WASM MB", 8)}`,
);
for (const { file, native } of list) {
  const text = await readFile(file, "utf8");
  const studio = await startWorkerd({ main: "tests/bench/memory-entry.mjs" });
  const requests = [];
  let outcome = "";
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const start = performance.now();
      await stream(studio.origin, "/api/analyze", text, "application/yaml");
      requests.push(performance.now() - start);
    }
  } catch (error) {
    outcome = error.message;
  }
  const { bytes } = await (await fetch(`${studio.origin}/__memory`)).json();
  await studio.close();
  const engine = studio.logs.flatMap(({ message }) => {
    const [, read, planned] = /read in (\d+) ms, planned in (\d+) ms/.exec(message) ?? [];
    return read === undefined ? [] : [Number(read) + Number(planned)];
  });
  if (engine.length !== requests.length) outcome += " the log does not say how long it took";
  const ms = (times) => (times.length > 0 ? median(times) : Number.NaN);
  const cells = [
    cell((native * 1e3).toFixed(0), 7),
    cell(ms(engine), 7),
    cell(`${(ms(engine) / native / 1e3).toFixed(1)}×`, 6),
    cell(engine[0], 6),
    cell(ms(requests).toFixed(0), 8),
    cell((bytes / 1e6).toFixed(0), 8),
  ];
  console.log(`${basename(file).padEnd(32)} ${cells.join(" ")}  ${outcome}`);
}
