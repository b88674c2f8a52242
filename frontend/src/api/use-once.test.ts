import { expect, test } from "vitest";
import { keysOf } from "@/api/use-once";

test("what is sent again has its key until it is made", () => {
  let made = 0;
  const once = keysOf(() => {
    made += 1;
    return `key ${made}`;
  });
  const key = (body: unknown) => once.headers(body)["Idempotency-Key"];
  expect([key({ name: "a" }), key({ name: "a" })]).toEqual(["key 1", "key 1"]);
  expect([key({ name: "b" }), key({ name: "a" })]).toEqual(["key 2", "key 3"]);
  once.made();
  expect([key({ name: "a" }), key({ name: "a" })]).toEqual(["key 4", "key 4"]);
});
