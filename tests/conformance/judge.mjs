// What the checks of some scenarios come to, beside what is known not to apply.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

/**
 * What cannot pass and why, by kind of server, revision and scenario: some of the
 * scenario's checks, or all of them.
 */
export const baseline = JSON.parse(
  await readFile(new URL("baseline.json", import.meta.url), "utf8"),
);

/** The runner's own check of what goes over the wire, in every scenario. */
const WIRE = "wire-schema-valid";

/**
 * Requires that all these scenarios ran, and that their checks passed but for
 * those of `known`, which must not pass.
 */
export function assertConforms(checks, scenarios, known) {
  const failed = {};
  const needless = [];
  for (const scenario of new Set([...scenarios, ...Object.keys(known)])) {
    const failures = failuresOf(checks[scenario] ?? []);
    const excused = excusedOf(known[scenario] ?? {}, checks[scenario] ?? []);
    const rest = [...failures].filter(([id]) => !excused.has(id));
    if (rest.length > 0) failed[scenario] = Object.fromEntries(rest);
    for (const id of excused) if (!failures.has(id)) needless.push(`${scenario}:${id}`);
  }
  assert.deepEqual({ failed, needless }, { failed: {}, needless: [] });
  const ran = scenarios.filter((scenario) => checks[scenario]?.length > 0);
  assert.deepEqual(
    { count: ran.length, passed: ran },
    { count: scenarios.length, passed: scenarios },
  );
}

/** The message of each check that did not pass: an id may occur more than once. */
function failuresOf(checks) {
  const failures = new Map();
  for (const { id, status, errorMessage } of checks) {
    if (status === "SUCCESS" || status === "INFO") continue;
    failures.set(id, `${status}: ${errorMessage ?? "without a message"}`);
  }
  return failures;
}

function excusedOf(entry, checks) {
  const ids = typeof entry === "string" ? checks.map(({ id }) => id) : Object.keys(entry);
  return new Set(ids).difference(new Set([WIRE]));
}
