// The upstream API of the end-to-end tests, a process of its own on a free port.
// It records what came over the wire, undecoded; `/__seen` gives it back.
import { createServer } from "node:http";
import { document } from "./document.mjs";

const PNG = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");
const seen = [];

const send = (response, status, body, headers = {}) => {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
};

const answers = [
  ["GET", /^\/v1\/items$/, (_, response) => send(response, 200, [{ id: "1", name: "Bolt" }])],
  ["POST", /^\/v1\/items$/, ({ body }, response) => send(response, 201, JSON.parse(body))],
  ["GET", /^\/v1\/items\/([^/]+)$/, ({ match }, response) =>
    send(response, 200, { id: decodeURIComponent(match[1]), name: "Bolt" })],
  ["DELETE", /^\/v1\/items\/([^/]+)$/, (_, response) => response.writeHead(204).end()],
  ["GET", /^\/v1\/items\/[^/]+\/photo$/, (_, response) =>
    response.writeHead(200, { "content-type": "image/png" }).end(PNG)],
  ["POST", /^\/v1\/items\/[^/]+\/photo$/, (_, response) => send(response, 200, { stored: true })],
  ["POST", /^\/v1\/login$/, (_, response) => send(response, 200, { welcome: true })],
  ["GET", /^\/v1\/status\/(\d+)$/, ({ match }, response) =>
    send(response, Number(match[1]), { problem: `status ${match[1]}` }, { "retry-after": "1" })],
  ["GET", /^\/v1\/moved$/, (_, response) =>
    response.writeHead(302, { location: "http://127.0.0.2:1/elsewhere" }).end()],
  ["GET", /^\/v1\/slow$/, ({ url }, response) =>
    setTimeout(() => send(response, 200, { late: true }), Number(url.searchParams.get("ms") ?? 300))],
  ["GET", /^\/v1\/large$/, (_, response) => send(response, 200, { text: "x".repeat(300_000) })],
  ["GET", /^\/v1\/access\//, (_, response) => send(response, 200, { let: "in" })],
];

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString("utf8");
  if (request.url === "/__seen") {
    send(response, 200, seen);
    if (request.method === "DELETE") seen.length = 0;
    return;
  }
  const origin = `http://127.0.0.1:${server.address().port}`;
  if (request.url === "/openapi.json") return send(response, 200, document(origin));
  seen.push({ method: request.method, url: request.url, headers: request.headers, body });
  const url = new URL(request.url, origin);
  for (const [method, pattern, answer] of answers) {
    const match = method === request.method ? url.pathname.match(pattern) : null;
    if (match) return answer({ match, url, body }, response);
  }
  return send(response, 404, { problem: "no such path" });
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
