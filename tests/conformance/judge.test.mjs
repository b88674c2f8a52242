// What the suite must not take for a success.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertConforms, baseline } from "./judge.mjs";

const good = { id: "a", status: "SUCCESS" };
const bad = { id: "b", status: "FAILURE", errorMessage: "no answer" };
const wire = { id: "wire-schema-valid", status: "SUCCESS" };
const known = { ping: { b: "No one answers." } };
const wholly = { ping: "No one answers." };

/** What is wrong with the checks of the one scenario `ping`. */
function problems(checks, excuses) {
  let found;
  assert.throws(
    () => assertConforms({ ping: checks }, ["ping"], excuses),
    ({ actual }) => {
      found = actual;
      return true;
    },
  );
  return found;
}

test("what passes or is known not to", () => {
  assertConforms({ ping: [good, { id: "c", status: "INFO" }] }, ["ping"], {});
  assertConforms({ ping: [good, bad, wire] }, ["ping"], known);
  assertConforms({ ping: [bad, wire] }, ["ping"], wholly);
});

test("a failed check says why", () => {
  for (const status of ["FAILURE", "WARNING", "SKIPPED"]) {
    const failed = { ping: { b: `${status}: no answer` } };
    assert.deepEqual(problems([good, { ...bad, status }, wire], {}), { failed, needless: [] });
  }
});

test("a check that fails once among others that pass", () => {
  const failed = { ping: { b: "FAILURE: no answer" } };
  const again = { ...bad, status: "SUCCESS" };
  assert.deepEqual(problems([again, bad, again], {}), { failed, needless: [] });
});

test("an excuse that is not needed", () => {
  const passes = { ...bad, status: "SUCCESS" };
  assert.deepEqual(problems([passes], known), { failed: {}, needless: ["ping:b"] });
  assert.deepEqual(problems([good], known), { failed: {}, needless: ["ping:b"] });
  assert.deepEqual(problems([good, bad], wholly), { failed: {}, needless: ["ping:a"] });
  const elsewhere = { pong: { b: "No one answers." } };
  assert.deepEqual(problems([good], elsewhere), { failed: {}, needless: ["pong:b"] });
});

test("a broken wire has no excuse", () => {
  const broken = { ...wire, status: "FAILURE" };
  const failed = { ping: { [wire.id]: "FAILURE: without a message" } };
  assert.deepEqual(problems([bad, broken], wholly), { failed, needless: [] });
});

test("a runner that ran nothing", () => {
  for (const excuses of [{}, wholly]) {
    assert.deepEqual(problems([], excuses), { count: 0, passed: [] });
    assert.deepEqual(problems(undefined, excuses), { count: 0, passed: [] });
  }
});

test("each entry of the baseline has a reason", () => {
  const reasons = (value) =>
    typeof value === "string" ? [value] : Object.values(value).flatMap(reasons);
  for (const reason of reasons(baseline)) assert.match(reason, /^[A-Z].{20,}\.$/);
});
