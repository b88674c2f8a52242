// Cloudflare's API for scripts and the places where those run, a process of its
// own on loopback. Prints one line of JSON when it is ready:
// `{"api": …, "workers": …, "accounts": …}`.
//
// `api` is what `https://api.cloudflare.com/client/v4` is. At
// `{workers}/{subdomain}/{script}/…` answers what `https://{script}.{subdomain}.workers.dev/…`
// would. Beside `api`, for tests:
// * `GET /__scripts`: all scripts, with their bindings; `DELETE` forgets them;
// * `GET /__requests`: `[{method, path, status}]`; `DELETE` forgets them;
// * `PUT /__faults`: a list, of which each is used up by the requests that match
//   it: `{method, path, times, status, code, message, retryAfter}` for a refusal,
//   `{…, cut: "before" | "after"}` for a connection that ends before or after the
//   work is done, `{…, html: true}` for a page in place of JSON;
// * `PUT /__lag`: how many requests a Worker's address leaves unanswered first, as
//   a new address does for a while.
import { createServer } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ACCOUNTS } from "./accounts.mjs";
import { Api } from "./api.mjs";
import { Refusal } from "./refusal.mjs";
import { startRunner } from "./runner.mjs";

const runner = await startRunner();
const api = new Api(runner);
let requests = [];
let faults = [];
let lag = 0;

async function read(incoming) {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function json(outgoing, status, body, headers = {}) {
  outgoing.writeHead(status, { "content-type": "application/json", ...headers });
  outgoing.end(JSON.stringify(body));
}

/** The fault that this request meets, used up by it. */
function fault(method, path) {
  const found = faults.find(
    (it) => it.times > 0 && it.method === method && new RegExp(it.path).test(path),
  );
  if (found) found.times -= 1;
  return found;
}

async function serveApi(incoming, outgoing) {
  const url = new URL(incoming.url, "http://localhost");
  const { method, headers } = incoming;
  const body = await read(incoming);
  if (url.pathname.startsWith("/__")) return control(method, url, body, outgoing);
  const record = { method, path: url.pathname, status: null };
  requests.push(record);
  const met = fault(method, url.pathname);
  try {
    if (met?.cut === "before") return outgoing.destroy();
    if (met?.html) {
      record.status = met.status;
      outgoing.writeHead(met.status, { "content-type": "text/html" });
      return outgoing.end("<html><body>Bad gateway</body></html>");
    }
    if (met && !met.cut) {
      throw new Refusal(met.status, met.code, met.message, { retryAfter: met.retryAfter });
    }
    const { status, body: answer } = await api.answer(method, url, headers, body);
    if (met?.cut === "after") return outgoing.destroy();
    record.status = status;
    json(outgoing, status, answer);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    record.status = error.status;
    const after = error.retryAfter === undefined ? {} : { "retry-after": String(error.retryAfter) };
    json(outgoing, error.status, error.body, after);
  }
}

function control(method, { pathname }, body, outgoing) {
  switch (`${method} ${pathname}`) {
    case "GET /__scripts":
      return json(outgoing, 200, [...api.scripts.values()]);
    case "DELETE /__scripts":
      api.scripts.clear();
      return json(outgoing, 200, []);
    case "GET /__requests":
      return json(outgoing, 200, requests);
    case "DELETE /__requests":
      requests = [];
      return json(outgoing, 200, requests);
    case "PUT /__faults":
      faults = JSON.parse(body.toString("utf8")).map((it) => ({ times: 1, path: "", ...it }));
      return json(outgoing, 200, faults);
    case "PUT /__lag":
      lag = JSON.parse(body.toString("utf8"));
      return json(outgoing, 200, lag);
    default:
      return json(outgoing, 404, { error: `no ${method} ${pathname}` });
  }
}

async function serveWorkers(incoming, outgoing) {
  const [, subdomain, name, rest = ""] = /^\/([^/]+)\/([^/]+)(?:\/(.*))?$/.exec(incoming.url) ?? [];
  const script = api.at(subdomain, name);
  const waits = lag > 0;
  if (waits) lag -= 1;
  if (!script || waits) {
    outgoing.writeHead(404, { "content-type": "text/html" });
    return outgoing.end("<h1>There is nothing here yet</h1>");
  }
  const { method, headers } = incoming;
  const { host: _, connection: __, "transfer-encoding": ___, ...passed } = headers;
  const body = method === "GET" || method === "HEAD" ? undefined : await read(incoming);
  const url = `https://${name}.${subdomain}.workers.dev/${rest}`;
  const response = await runner.run(script.runKey, url, { method, headers: passed, body });
  const {
    "content-length": ____,
    "transfer-encoding": _____,
    ...kept
  } = Object.fromEntries(response.headers);
  outgoing.writeHead(response.status, kept);
  if (!response.body) return outgoing.end();
  await pipeline(Readable.fromWeb(response.body), outgoing);
}

async function listen(handle) {
  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch((error) => {
      console.error(error);
      outgoing.destroy();
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${server.address().port}`;
}

const origin = await listen(serveApi);
const workers = await listen(serveWorkers);
console.log(JSON.stringify({ api: `${origin}/client/v4`, workers, accounts: ACCOUNTS }));
// Goes when its parent goes, however that happens.
process.stdin.resume();
process.stdin.on("end", async () => {
  await runner.close();
  process.exit(0);
});
