// Bad documents: a stable code, a sentence that names cause and place, nothing
// left behind, and never a 500.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { description, refusal, tooLarge } from "../lib/refusal.mjs";
import { readAll } from "../lib/sse.mjs";
import { startStudio } from "../lib/studio.mjs";

const MIB = 1 << 20;

let studio;
before(async () => {
  studio = await startStudio();
});
after(() => studio?.close());

const raw = (body, type = "application/json", headers = {}) =>
  studio.fetch("/api/analyze", {
    method: "POST",
    headers: { "content-type": type, ...headers },
    body,
  });
const json = (value) => raw(JSON.stringify(value));
const refused = (send) => refusal(studio, send);

/** A document of nested lists. */
const nested = (depth) => `{"openapi":"3.1.0","x":${"[".repeat(depth)}${"]".repeat(depth)}}`;

/** Each line refers to the one before nine times: 9^9 values from 300 bytes. */
function aliasBomb() {
  const lines = ["openapi: 3.1.0", "a: &a [x, x, x, x, x, x, x, x, x]"];
  for (const [at, name] of [..."bcdefghi"].entries()) {
    const before = "abcdefghi"[at];
    lines.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(", ")}]`);
  }
  return lines.join("\n");
}

describe("documents that are refused", () => {
  for (const [name, body, code, message, details = {}] of [
    [
      "not JSON and not YAML",
      "{ openapi: [ }\n\t%%% {{{",
      "document_syntax",
      /line 1|column|1:/i,
      { line: 1 },
    ],
    [
      "JSON with a mistake on its third line",
      '{\n  "openapi": "3.1.0",\n  "info" { }\n}',
      "document_syntax",
      /./,
      { line: 3, column: 10 },
    ],
    ["nothing", "", "document_empty", /empty/],
    ["white space", " \n\n ", "document_empty", /empty/],
    [
      "bytes that are no text",
      Uint8Array.of(0x80, 0x81, 0xfe, 0xff),
      "document_not_text",
      /text|UTF-8/,
    ],
    [
      "another JSON document",
      '{"name":"x","dependencies":{}}',
      "not_an_api_description",
      /openapi|swagger/i,
    ],
    ["a list", "[1,2]", "not_an_api_description", /openapi|swagger|object/i],
    ["a text", '"hello"', "not_an_api_description", /openapi|swagger|object/i],
    ["another version", '{"openapi":"4.0.0","paths":{}}', "unsupported_version", /4\.0\.0/],
    ["empty paths", JSON.stringify(description({ paths: {} })), "no_operations", /paths|operation/],
    [
      "no paths",
      JSON.stringify(description({ paths: undefined })),
      "no_operations",
      /paths|operation/,
    ],
    ["depth", nested(100_000), "document_too_deep", /128/],
    ["depth in YAML", `openapi: 3.1.0\nx: ${"[".repeat(50_000)}`, "document_too_deep", /128/],
    [
      "more than a million values",
      `{"openapi":"3.1.0","x":[${"1,".repeat(1_000_100)}1]}`,
      "document_too_many_nodes",
      /1,?000,?000/,
    ],
    ["aliases that multiply", aliasBomb(), "document_alias_bomb", /alias/i],
  ]) {
    test(name, async () => {
      const it = await refused(() => raw(body, "application/octet-stream"));
      assert.equal(it.code, code, it.message);
      assert.match(it.message, message);
      assert.ok(it.details.help.length > 10, "no help is given");
      for (const [key, value] of Object.entries(details)) {
        assert.equal(it.details[key], value, `${key} of ${JSON.stringify(it.details)}`);
      }
    });
  }

  test("a body of 16 MiB is read, one byte more is not", async () => {
    const text = JSON.stringify(description());
    const whole = text + " ".repeat(16 * MIB - text.length);
    for (const type of ["application/yaml", "application/json"]) {
      const events = await readAll(await raw(whole, type));
      assert.equal(events.at(-1).event, "analysis:complete", type);
    }
    // Said beforehand, or counted.
    const announced = { "content-length": String(16 * MIB + 1) };
    await tooLarge(studio, "/api/analyze", 16 * MIB, {
      "content-type": "application/yaml",
      ...announced,
    });
    await tooLarge(
      studio,
      "/api/analyze",
      16 * MIB,
      { "content-type": "application/yaml" },
      `${whole} `,
    );
    const json = { "content-type": "application/json", "content-length": String(32 * MIB + 1) };
    await tooLarge(studio, "/api/analyze", 32 * MIB, json);
  });

  test("a wrapped or attached document is held to the same limit", async () => {
    const big = " ".repeat(16 * MIB + 1);
    const form = new FormData();
    form.set("specFile", new Blob([big]), "big.json");
    for (const send of [
      () => json({ specFile: big }),
      () => studio.fetch("/api/analyze", { method: "POST", body: form }),
    ]) {
      const { status, code } = await refused(send);
      assert.deepEqual([status, code], [413, "body_too_large"]);
    }
  });

  test("a compressed body is refused, whatever it unpacks to", async () => {
    const { status, code } = await refused(() =>
      raw("x", "application/json", { "content-encoding": "gzip" }),
    );
    assert.deepEqual([status, code], [415, "unsupported_encoding"]);
  });
});

describe("documents that are accepted with findings", () => {
  const withSchema = (schema) =>
    description({
      paths: {
        "/things": {
          post: {
            operationId: "addThing",
            requestBody: { content: { "application/json": { schema } } },
            responses: { 200: { description: "OK" } },
          },
        },
      },
    });

  for (const [name, schema, code] of [
    ["an external $ref", { $ref: "http://127.0.0.1:9/schema.json#/Thing" }, "external-ref"],
    ["a missing $ref", { $ref: "#/components/schemas/Nowhere" }, "missing-ref"],
  ]) {
    test(`${name} loses the schema, not the operation`, async () => {
      const { result } = await studio.analyze({ specFile: JSON.stringify(withSchema(schema)) });
      assert.deepEqual([result.toolCount, result.endpoints[0].tool], [1, "add_thing"]);
      const found = result.diagnostics.find((diagnostic) => diagnostic.code === code);
      assert.ok(found, JSON.stringify(result.diagnostics));
      assert.ok(found.pointer.startsWith("/paths/~1things/post"), found.pointer);
      assert.ok(found.message.includes(schema.$ref) && found.help.length > 10, found.message);
    });
  }

  test("an operation that makes no sense is left out, and the others stay", async () => {
    const { result } = await studio.analyze({
      specFile: JSON.stringify(
        description({ paths: { ...description().paths, "/broken": { get: "nonsense" } } }),
      ),
    });
    assert.equal(result.toolCount, 1);
    assert.ok(
      result.diagnostics.some(({ pointer }) => pointer.startsWith("/paths/~1broken")),
      JSON.stringify(result.diagnostics),
    );
  });
});
