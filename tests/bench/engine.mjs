// The engine under workerd, beside the native times that the caller has taken:
// one Worker for each document, because WebAssembly memory never shrinks.
//
//   node tests/bench/engine.mjs FILE    [{file, native}] as JSON, native in seconds
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { startWorkerd } from "../lib/workerd.mjs";
import { median, stream } from "./client.mjs";

const ROUNDS = 3;
const list = JSON.parse(await readFile(process.argv[2], "utf8"));
const cell = (value, width) => String(value).padStart(width);
console.log(`\nunder workerd, storing included, median of ${ROUNDS}`);
console.log(`${"".padEnd(32)} ${cell("native ms", 10)} ${cell("wasm ms", 9)} ${cell("ratio", 7)} ${cell("WASM MB", 9)}`);
for (const { file, native } of list) {
  const text = await readFile(file, "utf8");
  const studio = await startWorkerd({ main: "tests/bench/memory-entry.mjs" });
  const times = [];
  let outcome = "";
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const start = performance.now();
      await stream(studio.origin, "/api/analyze", text, "application/yaml");
      times.push(performance.now() - start);
    }
  } catch (error) {
    outcome = error.message;
  }
  const { bytes } = await (await fetch(`${studio.origin}/__memory`)).json();
  await studio.close();
  const time = times.length > 0 ? median(times) : Number.NaN;
  const cells = [
    cell((native * 1e3).toFixed(0), 10),
    cell(time.toFixed(0), 9),
    cell(`${(time / native / 1e3).toFixed(1)}×`, 7),
    cell((bytes / 1e6).toFixed(0), 9),
  ];
  console.log(`${basename(file).padEnd(32)} ${cells.join(" ")}  ${outcome}`);
}
