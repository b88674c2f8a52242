import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { type ApiDocument, byTag, curlOf, exampleOf, matching, operationsOf } from "./operations";

const document: ApiDocument = JSON.parse(readFileSync("../docs/openapi.json", "utf8"));
const operations = operationsOf(document);
const one = (id: string) => {
  const found = operations.find((operation) => operation.id === id);
  if (!found) throw new Error(id);
  return found;
};

it("has every operation, with how it is signed in to", () => {
  const count = Object.values(document.paths).reduce(
    (sum, item) => sum + Object.keys(item).length,
    0,
  );
  expect(operations).toHaveLength(count);
  expect(byTag(operations).reduce((sum, [, group]) => sum + group.length, 0)).toBe(count);
  expect(one("get_health").access).toBe("none");
  expect(one("get_me").access).toBe("any");
  expect(one("list_audit").access).toBe("session");
  expect(one("deploy").access).toBe("servers:deploy");
});

it("finds by all words, wherever they stand", () => {
  const ids = (query: string) => matching(operations, query).map(({ id }) => id);
  expect(ids("")).toHaveLength(operations.length);
  expect(ids("PATCH project")).toEqual(["update_project"]);
  expect(ids("nothing like this")).toEqual([]);
});

it("writes a command for each that can be pasted", () => {
  expect(curlOf(document, one("get_health"), "https://studio.example")).toBe(
    'curl "https://studio.example/api/health"',
  );
  expect(curlOf(document, one("revoke_token"), "")).toBe(
    'curl -X DELETE "/api/projects/$ID/tokens/$TOKENID" \\\n  -H "authorization: Bearer $TOKEN"',
  );
  const analyze = curlOf(document, one("analyze"), "");
  expect(analyze).toContain("curl -X POST -N");
  expect(analyze).toContain('-H "idempotency-key: $(uuidgen)"');
  expect(analyze).toContain('"specUrl"');
  for (const operation of operations) {
    const command = curlOf(document, operation, "");
    expect(command, operation.id).not.toContain("undefined");
    if (operation.body) expect(exampleOf(document, operation.body)).toBeTypeOf("object");
  }
});
