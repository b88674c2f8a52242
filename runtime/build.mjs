// Bundles the SDK, each time as one ES module: `runtime/dist/runtime.js` for
// workerd, which the loader gives to every hosted server, and
// `runtime/dist/node-runtime.js` for MCP bundles. The Worker embeds both.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

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

const RUNTIMES = [
  {
    source: "src/index.js",
    output: "runtime.js",
    needed: NEEDED,
    conditions: ["workerd", "worker", "browser", "import"],
    platform: "neutral",
    imports: /^$/,
    // Measured: 338 kB. A jump means that something like Ajv came in.
    maxBytes: 400_000,
  },
  {
    source: "src/node.js",
    output: "node-runtime.js",
    needed: [...NEEDED, "serveStdio"],
    // Ajv comes with it, as in any server on Node.js: the SDK has no other
    // validator there.
    conditions: ["node", "import"],
    platform: "neutral",
    imports: /^node:/,
    // Measured: 480 kB.
    maxBytes: 560_000,
  },
];

let failed = false;
for (const runtime of RUNTIMES) {
  const output = here(`dist/${runtime.output}`);
  const { metafile } = await build({
    entryPoints: [here(runtime.source)],
    outfile: output,
    bundle: true,
    minify: true,
    format: "esm",
    platform: runtime.platform,
    target: "es2023",
    mainFields: ["module", "main"],
    conditions: runtime.conditions,
    external: ["node:*"],
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  });
  const [built] = Object.values(metafile.outputs);
  const code = await readFile(output, "utf8");
  const problems = problemsOf(runtime, built, code);
  if (problems.length > 0) {
    console.error(`runtime/dist/${runtime.output} is not usable: ${problems.join("; ")}`);
    failed = true;
  }
  const gzip = gzipSync(code, { level: 9 }).length;
  console.log(`runtime/dist/${runtime.output}: ${code.length} bytes, ${gzip} gzip`);
}
if (failed) process.exit(1);

function problemsOf(runtime, built, code) {
  const problems = [];
  for (const name of runtime.needed) {
    if (!built.exports.includes(name)) problems.push(`it does not export ${name}`);
  }
  for (const { path } of built.imports) {
    if (!runtime.imports.test(path)) problems.push(`it imports ${path}`);
  }
  if (/\bimport\s*\(/.test(code)) problems.push("it has a dynamic import");
  if (/\beval\s*\(/.test(code)) problems.push("it calls eval");
  const functions = code.match(/\bnew\s+Function\b|\bFunction\s*\(/g) ?? [];
  if (functions.length > MAX_DYNAMIC_FUNCTIONS) {
    problems.push(`it makes functions from text in ${functions.length} places`);
  }
  if (code.length > runtime.maxBytes) problems.push(`it has ${code.length} bytes`);
  return problems;
}
