// What the stand-in sends, as Clerk and Svix document it. The product has no part in
// this.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { startClerk } from "../../lib/clerk.mjs";

let clerk;
let endpoint;
let received = [];
let status = 200;
before(async () => {
  clerk = await startClerk();
  endpoint = createServer(async (incoming, outgoing) => {
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    received.push({ headers: incoming.headers, body: Buffer.concat(chunks).toString() });
    outgoing.writeHead(status).end("{}");
  });
  await new Promise((resolve) => endpoint.listen(0, "127.0.0.1", resolve));
});
after(() => {
  endpoint?.close();
  return clerk?.close();
});

async function sent(messages, more) {
  received = [];
  const answers = await clerk.send(`http://127.0.0.1:${endpoint.address().port}/`, messages, more);
  return answers;
}

const ada = { id: "user_1", email: "ada@example.org", firstName: "Ada", updatedAt: 1 };

test("a message is signed over its id, the time and the body", async () => {
  const id = await clerk.event("user.created", ada);
  await sent([id]);
  const [{ headers, body }] = received;
  assert.equal(headers["svix-id"], id);
  const signed = `${id}.${headers["svix-timestamp"]}.${body}`;
  const key = Buffer.from(clerk.secret.slice("whsec_".length), "base64");
  const signature = createHmac("sha256", key).update(signed).digest("base64");
  assert.equal(headers["svix-signature"], `v1,${signature}`);
  const { type, object, data } = JSON.parse(body);
  assert.deepEqual([type, object], ["user.created", "event"]);
  assert.equal(data.email_addresses[0].id, data.primary_email_address_id);
  assert.equal(data.email_addresses[0].verification.status, "verified");
});

test("what is not answered well comes again under the same id", async () => {
  const id = await clerk.event("organization.deleted", { id: "org_1" });
  status = 500;
  const answers = await sent([id], { attempts: 3, prefix: "webhook" });
  status = 200;
  assert.deepEqual(answers, [{ status: 500, body: {}, attempts: 3 }]);
  assert.deepEqual(
    received.map(({ headers }) => headers["webhook-id"]),
    [id, id, id],
  );
  assert.deepEqual(JSON.parse(received[0].body).data, {
    deleted: true,
    id: "org_1",
    object: "organization",
  });
});

test("what Clerk does not document is refused", async () => {
  for (const [type, data] of [
    ["user.renamed", ada],
    ["user.created", { ...ada, tier: "pro" }],
    ["organization.created", { id: "org_1", name: "A", seats: 3 }],
    ["user.deleted", ada],
  ]) {
    await assert.rejects(clerk.event(type, data), /Clerk/, type);
  }
});
