// People of a test, each by a token of their own.
import assert from "node:assert/strict";
import { developmentToken } from "./identity.mjs";
import { readAll } from "./sse.mjs";

/** The token of somebody. */
export const person = (sub) =>
  developmentToken({ sub, name: sub, email: `${sub}@example.com` });

/** What they send to the studio that `on` will have. */
export function peopleOf(on) {
  const as = (token, method, pathname, body) =>
    on().studio.api(method, pathname, body, { authorization: `Bearer ${token}` });

  /** Runs a job to its end; the data of its last event. */
  async function job(token, pathname, body) {
    const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
    const response = await on().studio.post(pathname, body, { headers });
    assert.equal(response.status, 200, pathname);
    return (await readAll(response)).at(-1).data;
  }

  return { as, job };
}
