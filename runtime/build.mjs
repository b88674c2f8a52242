// Bundles the SDK for workerd: `runtime/dist/runtime.js`, one ES module without
// imports. The Worker embeds it, and the loader gives it to every hosted server.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const output = here("dist/runtime.js");

/** What generated code imports, see crates/codegen/src/templates. */
const NEEDED = [
  "McpServer",
  "ProtocolError",
  "ProtocolErrorCode",
  "createMcpHandler",
  "fromJsonSchema",
];

/** The only dynamic code allowed: zod asks once, in a `try`, whether it may. */
const MAX_DYNAMIC_FUNCTIONS = 1;

/** Measured: 338 kB. A jump means that something like Ajv came in. */
const MAX_BYTES = 400_000;

const { metafile } = await build({
  entryPoints: [here("src/index.js")],
  outfile: output,
  bundle: true,
  minify: true,
  format: "esm",
  platform: "neutral",
  target: "es2023",
  mainFields: ["module", "main"],
  conditions: ["workerd", "worker", "browser", "import"],
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});

const [built] = Object.values(metafile.outputs);
const code = await readFile(output, "utf8");
const problems = [];
for (const name of NEEDED) {
  if (!built.exports.includes(name)) problems.push(`it does not export ${name}`);
}
for (const { path } of built.imports) problems.push(`it imports ${path}`);
if (/\bimport\s*\(/.test(code)) problems.push("it has a dynamic import");
if (/\beval\s*\(/.test(code)) problems.push("it calls eval");
const functions = code.match(/\bnew\s+Function\b|\bFunction\s*\(/g) ?? [];
if (functions.length > MAX_DYNAMIC_FUNCTIONS) {
  problems.push(`it makes functions from text in ${functions.length} places`);
}
if (code.length > MAX_BYTES) problems.push(`it has ${code.length} bytes`);

if (problems.length > 0) {
  console.error(`runtime/dist/runtime.js is not usable: ${problems.join("; ")}`);
  process.exit(1);
}
const gzip = gzipSync(code, { level: 9 }).length;
console.log(`runtime/dist/runtime.js: ${code.length} bytes, ${gzip} gzip`);
