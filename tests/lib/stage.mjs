// What most test files need: a studio, and the upstream API beside it.
import { after, before } from "node:test";
import { startStudio } from "./studio.mjs";
import { startUpstream } from "./upstream.mjs";

/**
 * Starts both before the tests of a file and stops them after, also where only
 * one of them has come up. The object's fields are set when the tests run.
 * `setUp` gets it once both are there, `tearDown` runs before both are stopped:
 * hooks of a file do not wait for each other.
 */
export function stage(setUp = async () => {}, tearDown = async () => {}) {
  const it = { studio: undefined, upstream: undefined };
  before(async () => {
    const [studio, upstream] = await Promise.allSettled([startStudio(), startUpstream()]);
    it.studio = studio.value;
    it.upstream = upstream.value;
    const failed = [studio, upstream].find(({ status }) => status === "rejected");
    if (failed) throw failed.reason;
    await setUp(it);
  });
  after(async () => {
    await tearDown();
    await Promise.all([it.studio?.close(), it.upstream?.close()]);
  });
  return it;
}
