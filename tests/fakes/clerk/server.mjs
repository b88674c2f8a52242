// Clerk's webhooks, as Svix delivers them, a process of its own on loopback. Prints
// `{"origin": …, "secret": …}` when it is ready. For tests:
// * `POST /__event {type, data, timestamp}`: makes a message, see payloads.mjs for
//   `data`; answers `{id}`. What Clerk does not document is refused (400);
// * `POST /__send {to, messages, secrets, skew, prefix, body, attempts}`: sends
//   messages, by their ids in this order, signed with each secret at `skew` seconds
//   from now, with headers `svix-…` or of another `prefix`; `body` replaces what was
//   signed. What is not answered with 2xx is sent again, signed anew under the same
//   id, `attempts` times in all. Answers `[{status, body, attempts}]`.
import { createHmac, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { payload } from "./payloads.mjs";

const SECRET = `whsec_${randomBytes(24).toString("base64")}`;
const messages = new Map();

/** https://docs.svix.com/receiving/verifying-payloads/how-manual, as the sender does it. */
function headers(id, text, { secrets, skew, prefix }) {
  const timestamp = String(Math.floor(Date.now() / 1_000) + skew);
  const sign = (secret) =>
    createHmac("sha256", Buffer.from(secret.slice("whsec_".length), "base64"))
      .update(`${id}.${timestamp}.${text}`)
      .digest("base64");
  return {
    "content-type": "application/json",
    "user-agent": "Svix-Webhooks/1.84",
    [`${prefix}-id`]: id,
    [`${prefix}-timestamp`]: timestamp,
    [`${prefix}-signature`]: secrets.map((secret) => `v1,${sign(secret)}`).join(" "),
  };
}

async function deliver(id, options) {
  const text = messages.get(id);
  let answer;
  for (let attempt = 1; attempt <= options.attempts; attempt += 1) {
    const response = await fetch(options.to, {
      method: "POST",
      headers: headers(id, text, options),
      body: options.body ?? text,
    });
    answer = { status: response.status, body: await response.json(), attempts: attempt };
    if (response.ok) break;
  }
  return answer;
}

async function answer(route, body) {
  switch (route) {
    case "POST /__event": {
      const id = `msg_${randomBytes(13).toString("hex")}`;
      const { type, data, timestamp = Date.now() } = body;
      messages.set(id, JSON.stringify(payload(type, data, timestamp)));
      return { id };
    }
    case "POST /__send": {
      const options = { secrets: [SECRET], skew: 0, prefix: "svix", attempts: 1, ...body };
      const answers = [];
      for (const id of body.messages) answers.push(await deliver(id, options));
      return answers;
    }
    default:
      throw new Error(`no ${route}`);
  }
}

const server = createServer(async (incoming, outgoing) => {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const reply = (status, body) => {
    outgoing.writeHead(status, { "content-type": "application/json" });
    outgoing.end(JSON.stringify(body));
  };
  try {
    const body = JSON.parse(Buffer.concat(chunks).toString("utf8") || "{}");
    reply(200, await answer(`${incoming.method} ${incoming.url}`, body));
  } catch (error) {
    reply(400, { error: error.message });
  }
});
server.listen(0, "127.0.0.1", () => {
  const origin = `http://127.0.0.1:${server.address().port}`;
  console.log(JSON.stringify({ origin, secret: SECRET }));
});
process.stdin.on("end", () => process.exit(0)).resume();
