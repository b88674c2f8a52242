// What a generated project makes of the API's answers.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import path from "node:path";
import { buildProject } from "./project.mjs";
import { startUpstream } from "./upstream.mjs";

let upstream;
let callApi;
let tools;

before(async () => {
  upstream = await startUpstream();
  const folder = await buildProject("answers");
  const load = (file) => import(pathToFileURL(path.join(folder, "dist", file)).href);
  ({ callApi } = await load("http.js"));
  const index = await load("tools/index.js");
  tools = new Map(index.tools.map((tool) => [tool.name, tool]));
});
after(() => upstream.close());

function call(name, args = {}, env = {}, signal = new AbortController().signal) {
  const settings = {
    API_BASE_URL: upstream.url,
    PETSTORE_API_KEY: "key-secret-1",
    PETSTORE_TOKEN: "token-secret-2",
    ...env,
  };
  return callApi(tools.get(name), args, settings, signal);
}

const getPet = (env, signal) => call("get_pet", { pet_id: "1" }, env, signal);

function errorText(result) {
  assert.equal(result.isError, true);
  assert.equal(result.structuredContent, undefined);
  return result.content.map((it) => it.text).join("\n");
}

test("an object is structured content", async () => {
  upstream.answer({ json: { id: 1, name: "Rex" } });
  assert.deepEqual(await getPet(), {
    content: [{ type: "text", text: '{"id":1,"name":"Rex"}' }],
    structuredContent: { id: 1, name: "Rex" },
  });
});

test("a list is wrapped", async () => {
  upstream.answer({ json: [{ id: 1, name: "Rex" }] });
  const result = await call("list_pets");
  assert.deepEqual(result.structuredContent, { items: [{ id: 1, name: "Rex" }] });
  assert.equal(result.content[0].text, '[{"id":1,"name":"Rex"}]');
});

test("an answer that breaks its schema still reaches the model, marked", async () => {
  upstream.answer({ json: { id: "one" } });
  const text = errorText(await getPet());
  assert.match(text, /not of the form that its description promises/);
  assert.match(text, /"id":"one"/);
});

test("null for what is not there breaks no schema", async () => {
  upstream.answer({ json: { id: 1, name: "Rex", tag: null } });
  const result = await getPet();
  assert.deepEqual(result.structuredContent, { id: 1, name: "Rex" });
  assert.equal(result.content[0].text, '{"id":1,"name":"Rex","tag":null}');
  upstream.answer({ json: { id: 1, name: null } });
  errorText(await getPet());
});

test("long numbers keep their digits", async () => {
  const body = '{"id": 12345678901234567890, "name": "x"}';
  upstream.answer({ headers: { "content-type": "application/json" }, body });
  assert.equal((await getPet()).content[0].text, body);
});

test("an answer that nests without end", async () => {
  const body = `{"id":1,"name":"x","tag":null,"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}`;
  upstream.answer({ headers: { "content-type": "application/json" }, body });
  assert.match(errorText(await getPet()), /^The call failed: /);
});

test("text is cut with a note, structured content is not", async () => {
  const name = "x".repeat(500);
  upstream.answer({ json: { id: 1, name } });
  const result = await getPet({ API_MAX_TEXT_CHARS: "100" });
  assert.deepEqual(result.structuredContent, { id: 1, name });
  assert.match(result.content[0].text, /\[Cut: \d+ of \d+ characters left out\.\]$/);
});

test("an answer that is too long", async () => {
  upstream.answer({ json: { id: 1, name: "x".repeat(2_000_000) } });
  assert.match(errorText(await getPet()), /more than 1000000 bytes/);
  upstream.answer({ headers: { "content-type": "text/plain" }, body: "y".repeat(3_000) });
  const result = await call(
    "put_note",
    { body: "x" },
    { PETSTORE_USERNAME: "a", PETSTORE_PASSWORD: "b", API_MAX_RESPONSE_BYTES: "1000" },
  );
  assert.match(result.content[0].text, /^y{1000}\n\n\[The answer is longer than 1000 bytes/);
});

test("no content, other content", async () => {
  upstream.answer({ status: 204 });
  assert.deepEqual(await call("delete_pet", { pet_id: "1" }), {
    content: [{ type: "text", text: "Done: the API answered 204 No Content without content." }],
  });
  upstream.answer({ headers: { "content-type": "image/png" }, body: Buffer.from([1, 2, 255]) });
  assert.deepEqual(await call("get_photo", { pet_id: "1", photo: "a" }), {
    content: [{ type: "image", data: "AQL/", mimeType: "image/png" }],
  });
  upstream.answer({ headers: { "content-type": "application/zip" }, body: "PK" });
  const zip = await call("get_photo", { pet_id: "1", photo: "a" });
  assert.deepEqual(zip.content[0], {
    type: "resource",
    resource: { uri: `${upstream.url}/pets/1/photos/a`, mimeType: "application/zip", blob: "UEs=" },
  });
  upstream.answer({
    headers: { "content-type": "text/plain; charset=iso-8859-1" },
    body: Buffer.from([0xe9]),
  });
  const latin = await call(
    "put_note",
    { body: "x" },
    { PETSTORE_USERNAME: "a", PETSTORE_PASSWORD: "b" },
  );
  assert.deepEqual(latin, { content: [{ type: "text", text: "é" }] });
  upstream.answer({ headers: { "content-type": "application/json" }, body: "{not json" });
  assert.match(errorText(await getPet()), /not valid JSON:\n\n\{not json/);
  upstream.answer({ headers: { "content-type": "text/html" }, body: "<p>hi" });
  assert.match(errorText(await getPet()), /text\/html where its description promises JSON/);
});

test("errors say what happened and what to do", async () => {
  const encoded = Buffer.from("key-secret-1").toString("base64");
  const detail = `limit is too big, key-secret-1 or ${encoded}`;
  const problem = { type: "about:blank", title: "Bad", detail };
  upstream.answer({
    status: 422,
    headers: { "content-type": "application/problem+json" },
    body: JSON.stringify(problem),
  });
  const text = errorText(await getPet());
  assert.match(
    text,
    /^The API answered 422 Unprocessable Entity to GET \/pets\/\{petId\}\.\nCheck the arguments/,
  );
  assert.match(text, /Message: limit is too big, \[redacted\] or \[redacted\]/);
  assert.ok(!text.includes("key-secret") && !text.includes(encoded));

  upstream.answer({
    status: 500,
    headers: { "content-type": "text/html" },
    body: "<html><title>Oops</title><script>x</script>",
  });
  assert.match(errorText(await getPet()), /Message: Oops$/);
  upstream.answer({ status: 401, json: { error: { message: "no" } } });
  assert.match(errorText(await getPet()), /credential is missing, wrong or expired[^]*Message: no/);
  upstream.answer({ status: 404, body: "" });
  assert.match(errorText(await getPet()), /does not exist/);
});

test("the platform's own answers", async () => {
  const answer = (code) => ({
    status: code === "egress_denied" ? 403 : 401,
    headers: { "mcpengine-error": code },
    json: { error: { code, message: "Set the API key in the studio." } },
  });
  upstream.answer(answer("missing_credential"));
  assert.equal(
    errorText(await getPet({ MCPENGINE_HOSTED: "1" })),
    "The API needs a credential that is not set. Set the API key in the studio.",
  );
  upstream.answer(answer("egress_denied"));
  assert.match(
    errorText(await getPet({ MCPENGINE_HOSTED: "1" })),
    /did not let this request through/,
  );
});

test("busy APIs are asked again, where that is safe", async () => {
  const busy = { status: 429, headers: { "retry-after": "0" }, json: { message: "slow" } };
  upstream.answer((_, count) => (count < 3 ? busy : { json: { id: 1, name: "x" } }));
  assert.equal((await getPet()).isError, undefined);
  assert.equal(upstream.requests.length, 3);

  upstream.answer(busy);
  assert.match(errorText(await getPet()), /Too many requests/);
  assert.equal(upstream.requests.length, 3);

  upstream.answer(busy);
  assert.match(errorText(await call("create_pet", { name: "x" })), /429/);
  assert.equal(upstream.requests.length, 1);

  upstream.answer({ ...busy, headers: { "retry-after": "3600" } });
  assert.match(errorText(await getPet()), /Retry-After: 3600/);
  assert.equal(upstream.requests.length, 1);
});

test("redirects stay with the API's host", async () => {
  upstream.answer((request) =>
    request.url === "/v1/pets/1"
      ? { status: 302, headers: { location: "/v1/moved?x=1" } }
      : { json: { id: 1, name: "x" } },
  );
  assert.deepEqual((await getPet()).structuredContent, { id: 1, name: "x" });
  assert.equal(upstream.requests[1].url, "/v1/moved?x=1");
  assert.equal(upstream.requests[1].headers["x-api-key"], "key-secret-1");

  for (const location of [
    "http://127.0.0.1:1/x",
    "http://localhost/x",
    "//evil.example/",
    "file:///etc/passwd",
  ]) {
    upstream.answer({ status: 301, headers: { location } });
    assert.match(errorText(await getPet()), /not followed: it is another host/);
    assert.equal(upstream.requests.length, 1);
  }
  upstream.answer({ status: 302, headers: { location: "/again" } });
  assert.match(errorText(await getPet()), /there were 5 before it/);
  assert.equal(upstream.requests.length, 6);
  upstream.answer({ status: 307, headers: { location: "/v1/pets/2" } });
  assert.match(
    errorText(await call("create_pet", { name: "x" })),
    /a POST request is sent to one place only/,
  );
  assert.equal(upstream.requests.length, 1);
});

test("a file that is kept on another host is a link", async () => {
  const location = "https://files.example/download/a%20b.pdf?signature=key-secret-1";
  upstream.answer({ status: 302, headers: { location } });
  const uri = "https://files.example/download/a%20b.pdf?signature=[redacted]";
  const text =
    "The API answered 302 Found with the address of another host, which was not " +
    `followed: ${uri}`;
  const content = [
    { type: "text", text },
    { type: "resource_link", uri, name: "a%20b.pdf" },
  ];
  // One that promises structured content cannot do without it.
  assert.deepEqual(await getPet(), { content, isError: true });
  assert.deepEqual(await call("get_photo", { pet_id: "1", photo: "a" }), { content });
  assert.equal(upstream.requests.length, 2);
  for (const other of ["https://user:pass@files.example/", "ftp://files.example/"]) {
    upstream.answer({ status: 302, headers: { location: other } });
    assert.match(errorText(await getPet()), /not followed: it is another host/);
  }
});

test("an API that repeats the credential is not believed to", async () => {
  const key = "pets_live_4f9a8b7c6d5e";
  const env = { PETSTORE_API_KEY: key };
  upstream.answer({ json: { id: 1, name: `key is ${key}`, tag: btoa(key).replace(/=+$/, "") } });
  assert.deepEqual(await getPet(env), {
    content: [{ type: "text", text: '{"id":1,"name":"key is [redacted]","tag":"[redacted]"}' }],
    structuredContent: { id: 1, name: "key is [redacted]", tag: "[redacted]" },
  });
  upstream.answer({ json: { id: "one", name: key } });
  assert.match(errorText(await getPet(env)), /"name":"\[redacted\]"/);
  upstream.answer({ status: 403, headers: { "mcpengine-error": `x ${key}` }, body: "" });
  assert.match(errorText(await getPet(env)), /let this request through\. x \[redacted\]/);
  // What may well be data is left alone: here the test of it is a word.
  upstream.answer({ json: { id: 1, name: "key-secret" } });
  const word = await getPet({ PETSTORE_API_KEY: "key-secret" });
  assert.equal(word.structuredContent.name, "key-secret");
});

test("a credential that no header can hold is named", async () => {
  upstream.answer({ json: {} });
  const text = errorText(await getPet({ PETSTORE_API_KEY: "…" }));
  assert.match(text, /^PETSTORE_API_KEY has characters that no header can hold: /);
  assert.equal(upstream.requests.length, 0);
});

test("digits that a number does not keep are in the text, and the model is told", async () => {
  const body = '{"id": 9007199254740993, "name": "Rex"}';
  upstream.answer({ headers: { "content-type": "application/json" }, body });
  const { content, structuredContent } = await getPet();
  assert.deepEqual(
    content.map((it) => it.text),
    [
      body,
      "Numbers of more than 15 digits are exact in the text above only, not in the " +
        "structured content.",
    ],
  );
  assert.equal(structuredContent.name, "Rex");
  const safe = '{"id":1,"name":"9007199254740993"}';
  upstream.answer({ headers: { "content-type": "application/json" }, body: safe });
  assert.deepEqual((await getPet()).content, [{ type: "text", text: safe }]);
});

test("a wait of a fraction of a second is one, and a long time limit is no short one", async () => {
  let first;
  upstream.answer((_, count) => {
    first ??= performance.now();
    return count === 1
      ? { status: 429, headers: { "retry-after": "0.3" } }
      : { json: { id: 1, name: "Rex" } };
  });
  const result = await getPet({ API_TIMEOUT_MS: "9999999999999" });
  assert.deepEqual(result.structuredContent, { id: 1, name: "Rex" });
  assert.equal(upstream.requests.length, 2);
  assert.ok(performance.now() - first >= 290);
});

test("a drawing is text", async () => {
  const body = "<svg xmlns='http://www.w3.org/2000/svg'/>";
  upstream.answer({ headers: { "content-type": "image/svg+xml" }, body });
  assert.deepEqual(await call("get_photo", { pet_id: "1", photo: "a" }), {
    content: [{ type: "text", text: body }],
  });
});

test("no answer, no connection, no interest", async () => {
  upstream.answer(() => undefined);
  assert.match(
    errorText(await getPet({ API_TIMEOUT_MS: "200" })),
    /did not answer GET .* within 0.2 seconds/,
  );
  const down = { API_BASE_URL: "http://127.0.0.1:9" };
  assert.match(
    errorText(await getPet(down)),
    /could not be reached at http:\/\/127\.0\.0\.1:9\/pets\/1/,
  );

  upstream.answer(() => undefined);
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 100);
  await assert.rejects(getPet({}, stop.signal), { name: "AbortError" });
});
