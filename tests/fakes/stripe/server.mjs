// Stripe on loopback, a process of its own. Prints one line of JSON when it is
// ready: `{"api": …, "key": …, "prices": {"pro", "team"}}`.
//
// `api` is what `https://api.stripe.com` is, as far as subscriptions are sold:
// checkout and portal sessions, a subscription as it is now, and its end. Written from
// https://docs.stripe.com/api; what that does not document is refused. For tests:
// * `POST /__do {what, …}`: lets something happen, see account.mjs: `complete`
//   `{session}`, `subscribe`, `change` `{subscription, later, to}`, `end`, `fail`;
// * `GET /__events`: all events in the order in which they happened;
// * `POST /__send {to, secrets, events, skew, body}`: sends events, by their ids in
//   this order, to an endpoint, signed with each secret `skew` seconds from now;
//   `body` replaces what was signed. Answers `[{status, body}]`;
// * `PUT /__faults`: a list, of which each is used up by the requests that match it:
//   `{method, path, times, status, code, message, shouldRetry, retryAfter, type}` for
//   a refusal, `cut: "before" | "after"` for a connection that ends before or after
//   the work is done;
// * `GET /__requests`: `[{method, path, status, key}]`; `DELETE /__all` forgets all.
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { Account, KEY, PRICES } from "./account.mjs";
import { CHECKOUT, PORTAL, readForm } from "./form.mjs";
import { Refusal } from "./refusal.mjs";

let account = new Account();
let requests = [];
let faults = [];
/** Answers by Idempotency-Key (https://docs.stripe.com/api/idempotent_requests). */
let answered = new Map();
let origin;

function authenticate({ authorization, "stripe-version": version }) {
  const key = /^Bearer (.+)$/.exec(authorization ?? "")?.[1];
  if (key === undefined) {
    throw new Refusal(401, null, "You did not provide an API key.");
  }
  if (key !== KEY) throw new Refusal(401, null, `Invalid API Key provided: ${key.slice(0, 8)}****`);
  if (version !== undefined && !/^\d{4}-\d{2}-\d{2}(\.[a-z]+)?$/.test(version)) {
    throw new Refusal(400, null, `Invalid Stripe API version: ${version}`);
  }
}

function api(method, path, headers, text) {
  authenticate(headers);
  const subscription = /^\/v1\/subscriptions\/(\w+)$/.exec(path)?.[1];
  if (method === "GET" && subscription) return account.subscription(subscription);
  if (method === "DELETE" && subscription) return account.cancel(subscription);
  const make = {
    "POST /v1/checkout/sessions": () => account.checkout(readForm(text, CHECKOUT), origin),
    "POST /v1/billing_portal/sessions": () => account.portal(readForm(text, PORTAL), origin),
  }[`${method} ${path}`];
  if (!make) {
    throw new Refusal(404, null, `Unrecognized request URL (${method}: ${path}).`);
  }
  if (headers["content-type"] !== "application/x-www-form-urlencoded") {
    throw new Refusal(400, null, "Invalid request (the content type is not form-urlencoded).");
  }
  return make();
}

/** The same key is answered as the first time, whatever that was. */
function once(method, path, headers, text) {
  const key = headers["idempotency-key"];
  if (key === undefined || method !== "POST") return { object: api(method, path, headers, text) };
  if (key.length > 255)
    throw new Refusal(400, null, "Idempotency-Key is longer than 255 characters");
  const known = answered.get(key);
  if (known && known.request !== `${path} ${text}`) {
    const message =
      "Keys for idempotent requests can only be used with the same parameters they were first used with.";
    throw new Refusal(400, null, message, undefined, { type: "idempotency_error" });
  }
  if (known) return { object: known.object, replayed: true };
  const object = structuredClone(api(method, path, headers, text));
  answered.set(key, { request: `${path} ${text}`, object });
  return { object };
}

function happen({ what, session, subscription, later = 0, to = {}, ...rest }) {
  switch (what) {
    case "complete":
      return account.complete(session);
    case "subscribe":
      return account.subscribe(rest);
    case "change":
      return account.change(subscription, later, to);
    case "end":
      return account.end(subscription, later);
    case "fail":
      return account.fail(subscription, later);
    default:
      throw new Refusal(400, null, `nothing happens by ${what}`);
  }
}

/** https://docs.stripe.com/webhooks#verify-manually, as the sender does it. */
async function send({ to, secrets, events, skew = 0, body }) {
  const answers = [];
  for (const id of events) {
    const event = account.events.find((it) => it.id === id);
    const text = JSON.stringify(event, null, 2);
    const time = Math.floor(Date.now() / 1_000) + skew;
    const sign = (secret) => createHmac("sha256", secret).update(`${time}.${text}`).digest("hex");
    const signatures = secrets.map((secret) => `,v1=${sign(secret)}`).join("");
    const response = await fetch(to, {
      method: "POST",
      headers: {
        "content-type": "application/json; charset=utf-8",
        "stripe-signature": `t=${time}${signatures},v0=${"0".repeat(64)}`,
        "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
      },
      body: body ?? text,
    });
    answers.push({ status: response.status, body: await response.json() });
  }
  return answers;
}

async function control(route, text) {
  const body = text === "" ? undefined : JSON.parse(text);
  switch (route) {
    case "POST /__do":
      return happen(body);
    case "GET /__events":
      return account.events;
    case "POST /__send":
      return send(body);
    case "PUT /__faults":
      faults = body.map((it) => ({ times: 1, path: "", ...it }));
      return faults;
    case "GET /__requests":
      return requests;
    case "DELETE /__all":
      account = new Account();
      requests = [];
      faults = [];
      answered = new Map();
      return {};
    default:
      throw new Refusal(404, null, `no ${route}`);
  }
}

function fault(method, path) {
  const met = faults.find(
    (it) => it.times > 0 && it.method === method && new RegExp(it.path).test(path),
  );
  if (met) met.times -= 1;
  return met;
}

function refusalOf({ status, code, message, type, shouldRetry, retryAfter }) {
  const headers = {
    ...(shouldRetry !== undefined && { "stripe-should-retry": String(shouldRetry) }),
    ...(retryAfter !== undefined && { "retry-after": String(retryAfter) }),
  };
  return new Refusal(status, code, message ?? "An error occurred.", undefined, { type, headers });
}

async function serve(incoming, outgoing) {
  const { method, headers } = incoming;
  const { pathname } = new URL(incoming.url, origin);
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString("utf8");
  const answer = (status, object, more = {}) => {
    outgoing.writeHead(status, { "content-type": "application/json", ...more });
    outgoing.end(JSON.stringify(object));
  };
  const isControl = pathname.startsWith("/__");
  const record = { method, path: pathname, status: null, key: headers["idempotency-key"] ?? null };
  if (!isControl) requests.push(record);
  try {
    if (isControl) return answer(200, await control(`${method} ${pathname}`, text));
    if (/^\/(c\/pay|p\/session)\/\w+$/.test(pathname) && method === "GET") {
      outgoing.writeHead(200, { "content-type": "text/html" });
      return outgoing.end("<!doctype html><title>Stripe</title><h1>A page at Stripe</h1>");
    }
    if (pathname === "/favicon.ico") return outgoing.writeHead(204).end();
    const met = fault(method, pathname);
    if (met?.cut === "before") return outgoing.destroy();
    if (met && !met.cut) throw refusalOf(met);
    const { object, replayed } = once(method, pathname, headers, text);
    if (met?.cut === "after") return outgoing.destroy();
    record.status = 200;
    return answer(200, object, replayed ? { "idempotent-replayed": "true" } : {});
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    record.status = error.status;
    return answer(error.status, error.body, error.headers);
  }
}

const server = createServer((incoming, outgoing) => {
  serve(incoming, outgoing).catch((error) => {
    console.error(error);
    outgoing.destroy();
  });
});
server.listen(0, "127.0.0.1", () => {
  origin = `http://127.0.0.1:${server.address().port}`;
  console.log(JSON.stringify({ api: origin, key: KEY, prices: PRICES }));
});
process.stdin.on("end", () => process.exit(0)).resume();
