// Requests of every tool over a folder of API descriptions:
//
//   node tests/corpus/requests.mjs FOLDER [--only REGEX]
//
// FOLDER holds MANIFEST.tsv (columns: path, source, bytes, openapi, operations).
// Each document is generated with all of its tools, and each tool gets a request from
// inputs that its schema allows: what cannot be sent, or lacks what it was given, is
// told, and the exit code is 1. Nothing is called.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { root } from "../generated/project.mjs";
import { checkRequests } from "../lib/filled.mjs";
import { loadTypescript } from "../lib/load-typescript.mjs";

const run = promisify(execFile);
const mcpengine = path.join(root, "target/debug/mcpengine");

if (isMainThread) {
  process.exitCode = await main();
} else {
  const { tools, buildRequest } = await loadTypescript(workerData);
  parentPort.postMessage(checkRequests(tools, buildRequest));
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      only: { type: "string", default: "" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const [folder] = positionals;
  if (values.help || !folder) {
    console.error("usage: node tests/corpus/requests.mjs FOLDER [--only REGEX]");
    return values.help ? 0 : 2;
  }
  const manifest = await readFile(path.join(folder, "MANIFEST.tsv"), "utf8");
  const rows = manifest.trimEnd().split("\n").slice(1);
  const only = new RegExp(values.only);
  const documents = rows
    .map((row) => row.split("\t"))
    .filter(([document, , , , operations]) => Number(operations) > 0 && only.test(document));
  const total = { documents: 0, requests: 0, problems: 0 };
  for (const [document] of documents) {
    const { requests, problems } = await check(path.join(folder, document));
    for (const problem of problems) console.log(`${document}: ${problem}`);
    total.documents += 1;
    total.requests += requests;
    total.problems += problems.length;
  }
  const { requests, problems } = total;
  console.log(`${total.documents} documents, ${requests} requests, ${problems} problems`);
  return requests > 0 && problems === 0 ? 0 : 1;
}

/** One document, in a thread of its own: its modules end with it. */
async function check(document) {
  const scratch = await mkdtemp(path.join(tmpdir(), "mcpengine-"));
  try {
    const folder = path.join(scratch, "project");
    await run(mcpengine, ["generate", document, "--all", "--out", folder]);
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: folder });
    return await new Promise((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });
  } catch (error) {
    return { requests: 0, problems: [error.stderr || error.message] };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
