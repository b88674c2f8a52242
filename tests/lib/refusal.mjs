// What a refusal has to be: a code, a sentence, and nothing left behind.
import assert from "node:assert/strict";
import { readAll } from "./sse.mjs";
import { answerOf } from "./studio.mjs";

/** A small description that is accepted; tests break it in one place. */
export const description = (change = {}) => ({
  openapi: "3.1.0",
  info: { title: "Small", version: "1" },
  servers: [{ url: "http://127.0.0.1:9" }],
  paths: {
    "/things": { get: { operationId: "listThings", responses: { 200: { description: "OK" } } } },
  },
  ...change,
});

/** What a refusal may not change, a line each. */
export async function snapshot(studio) {
  const projects = (await studio.projects()).map((project) => JSON.stringify(project));
  return new Set([...projects, ...(await studio.objectKeys())]);
}

export async function assertUnchanged(studio, before) {
  const now = await snapshot(studio);
  assert.deepEqual(
    { gone: [...before.difference(now)], left: [...now.difference(before)] },
    { gone: [], left: [] },
  );
}

/** The one error of a request, as envelope or as terminal event, and that nothing is left. */
export async function refusal(studio, send) {
  const before = await snapshot(studio);
  const response = await send();
  let status;
  let error;
  if (response.status === 200) {
    const last = (await readAll(response)).at(-1);
    assert.equal(last.event, "error", JSON.stringify(last.data).slice(0, 500));
    const { type, ...rest } = last.data;
    error = rest;
    assert.equal(error.recoverable, false);
  } else {
    ({ status } = response);
    const { headers, body } = await answerOf(response);
    error = body.error;
    assert.equal(error.requestId, headers.get("x-request-id"));
  }
  assert.ok(error.message.length > 15, error.message);
  await assertUnchanged(studio, before);
  return { status, code: error.code, message: error.message, details: error.details };
}

/** The code of a terminal error that may be worth another try. */
export async function codeOfFailure(studio, send) {
  const before = await snapshot(studio);
  const last = (await readAll(await send())).at(-1);
  assert.equal(last.event, "error");
  await assertUnchanged(studio, before);
  return last.data.code;
}

/** Sends headers and `body`, and wants 413 without sending more. */
export async function tooLarge(studio, pathname, limit, headers, body) {
  const before = await snapshot(studio);
  const answer = await studio.byHost("localhost", pathname, {
    method: "POST",
    headers,
    body,
    unfinished: true,
  });
  assert.deepEqual(
    [answer.status, answer.body.error.code, answer.body.error.details],
    [413, "body_too_large", { limit }],
  );
  await assertUnchanged(studio, before);
}
