// The upstream API of the tests, a process of its own on loopback. Prints one
// line of JSON when it is ready: `{"origin": …, "stranger": …}`.
//
// It records every request as it came over the wire. `GET /__requests` gives
// what was recorded, `DELETE /__requests` forgets it. `stranger` is another
// host that no description names: what arrives there is recorded as well.
//
// `PUT /__refusing` makes it refuse everything with a message that repeats the
// credential it was sent, `DELETE /__refusing` ends that. A GET is redirected first, to
// an address that repeats it. `PUT /__repeating` makes it answer as always and repeat all
// that a request came with, of a GET in more bytes than are read in one go.
//
// `POST /oauth/token` gives access tokens to any client (tokens.mjs). `GET /__tokens`
// gives the requests for them, `DELETE /__tokens` forgets those and takes all tokens back.
import { createServer } from "node:http";
import { harbourDocument } from "./harbour.mjs";
import { Tokens } from "./tokens.mjs";

const LARGE = 3_000_000;
// The smallest valid PNG: one transparent pixel.
const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64",
);

let requests = [];
let refusing = false;
let repeating = false;
const tokens = new Tokens();
let origin;
let stranger;

const ship = (id) => ({
  id,
  name: "Ariadne",
  length: 31.5,
  flags: ["sail"],
  owner: { name: "Crew", since: 1904 },
});
const ok = { json: { ok: true } };
const problem = (status, message, headers) => ({
  status,
  headers,
  json: { error: { code: `E${status}`, message } },
});

/** Method and path (below `/v2`) to an answer; the first match counts. */
const ROUTES = [
  [/^GET \/ships$/, () => ({ json: [ship("s1"), ship("s2")] })],
  [/^POST \/ships$/, () => ({ status: 201, json: ship("s3") })],
  [/^(GET|PUT) \/ships\/([^/]+)$/, ([, , id]) => ({ json: ship(decodeURIComponent(id)) })],
  [/^DELETE \/ships\/[^/]+$/, () => ({ status: 204 })],
  [/^POST \/ships\/[^/]+\/photos$/, () => ok],
  [/^PUT \/ships\/[^/]+\/log$/, () => ok],
  [/^POST \/permits$/, () => ok],
  [/^GET \/(tides|office|customs)$/, () => ok],
  [/^GET \/echo\/([^/]+)$/, ([, value]) => ({ json: { value: decodeURIComponent(value) } })],
  [/^GET \/answers\/missing$/, () => problem(404, "No such ship")],
  [/^GET \/answers\/busy$/, () => problem(429, "Too many requests", { "retry-after": "60" })],
  [/^GET \/answers\/broken$/, () => problem(500, "The crane fell over")],
  [/^GET \/answers\/moved$/, () => redirect("/v2/office?from=moved")],
  [/^GET \/answers\/elsewhere$/, () => redirect(`${stranger}/stolen`)],
  [/^GET \/answers\/upgraded$/, () => redirect(`${stranger.replace("http:", "https:")}/stolen`)],
  [
    /^GET \/answers\/large$/,
    () => ({ type: "text/plain", body: "abcdefghi\n".repeat(LARGE / 10) }),
  ],
  [/^GET \/answers\/chart$/, () => ({ type: "image/png", body: PIXEL })],
];

/** Addresses of descriptions, outside of the API itself. */
const DOCUMENTS = {
  "/openapi.json": () => ({ json: harbourDocument(origin) }),
  "/moved.json": () => redirect("/openapi.json"),
  "/to-metadata": () => redirect("http://169.254.169.254/latest/meta-data"),
  "/to-file": () => redirect("file:///etc/passwd"),
  "/loop": () => redirect("/loop"),
  "/too-large.json": () => ({ type: "application/json", body: Buffer.alloc((16 << 20) + 1, " ") }),
  "/page": () => ({ type: "text/html", body: "<!doctype html><title>Documentation</title>" }),
  "/down": () => problem(503, "Down"),
};

function redirect(location) {
  return { status: 302, headers: { location } };
}

function answer(method, url) {
  const document = DOCUMENTS[url.pathname];
  if (document) return document();
  const path = url.pathname.replace(/^\/v2(?=\/)/, "");
  if (path === url.pathname) return problem(404, "Nothing is here");
  for (const [pattern, respond] of ROUTES) {
    const match = pattern.exec(`${method} ${path}`);
    if (match) return respond(match);
  }
  return problem(404, `There is no ${method} ${path}`);
}

async function record(incoming, host) {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  requests.push({
    host,
    method: incoming.method,
    url: incoming.url,
    headers: incoming.headers,
    // Repeated headers and their spelling, as they came.
    rawHeaders: incoming.rawHeaders,
    body: Buffer.concat(chunks).toString("base64"),
  });
}

function write(outgoing, { status = 200, headers = {}, type, json, body }) {
  const payload = json === undefined ? body : JSON.stringify(json);
  outgoing.writeHead(status, {
    ...(json !== undefined && { "content-type": "application/json" }),
    ...(type && { "content-type": type }),
    ...headers,
  });
  outgoing.end(payload);
}

async function serveApi(incoming, outgoing) {
  const url = new URL(incoming.url, origin);
  if (url.pathname === "/__requests") {
    if (incoming.method === "DELETE") requests = [];
    return write(outgoing, { json: requests });
  }
  if (url.pathname === "/__refusing") {
    refusing = incoming.method === "PUT";
    return write(outgoing, ok);
  }
  if (url.pathname === "/__tokens") {
    if (incoming.method === "DELETE") tokens.takeBack();
    return write(outgoing, { json: tokens.requests });
  }
  if (url.pathname === "/oauth/token") return write(outgoing, await tokens.answer(incoming));
  if (url.pathname === "/__repeating") {
    repeating = incoming.method === "PUT";
    return write(outgoing, ok);
  }
  if (!DOCUMENTS[url.pathname]) await record(incoming, "api");
  const delay = Number(url.searchParams.get("delay") ?? 0);
  await new Promise((resolve) => setTimeout(resolve, delay));
  if (refusing && !DOCUMENTS[url.pathname]) return write(outgoing, refusal(incoming, url));
  const stale = url.pathname === "/v2/customs" && !tokens.has(incoming.headers.authorization);
  const found = stale ? problem(401, "No such token") : answer(incoming.method, url);
  write(outgoing, repeating ? repetition(incoming, url, found) : found);
}

/** The answer with all that the request came with, in a header too. */
function repetition({ method, rawHeaders }, url, { json, headers, ...rest }) {
  if (json === undefined || Array.isArray(json)) return { ...rest, json, headers };
  const request = `${method} ${url.pathname}${url.search} ${rawHeaders.join(" ")}`;
  const before = method === "GET" ? "x".repeat(40_000) : "";
  const link = `<${url.href}>; rel="next"`;
  return { ...rest, headers: { ...headers, link }, json: { ...json, before, request } };
}

/** Repeats all that the request came with; of a GET in the address first. */
function refusal({ method, headers, rawHeaders }, url) {
  if (method === "GET" && !url.searchParams.has("again")) {
    url.searchParams.set("again", "yes");
    return redirect(url.pathname + url.search);
  }
  const [, ...credential] = (headers.authorization ?? "").split(" ");
  const message = `${credential.join(" ")} is not good enough: ${url.search} ${rawHeaders.join(" ")}`;
  return problem(401, message, { "www-authenticate": `Bearer error="${credential.join(" ")}"` });
}

async function serveStranger(incoming, outgoing) {
  await record(incoming, "stranger");
  write(outgoing, { json: { secret: "of another host" } });
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

stranger = await listen(serveStranger);
origin = await listen(serveApi);
console.log(JSON.stringify({ origin, stranger }));
// Goes when its parent goes, however that happens.
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
