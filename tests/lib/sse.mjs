// Reads server-sent events strictly: what the studio sends is `id`, `event` and
// `data`, one line each, and nothing else.
import assert from "node:assert/strict";

const FRAME = /^id: (?<id>\S+)\nevent: (?<event>\S+)\ndata: (?<data>.*)$/;

const TERMINAL = new Set([
  "analysis:complete",
  "generate:complete",
  "deploy:live",
  "error",
  "cancelled",
]);

/** Yields `{id, event, data, at}` as they arrive; `at` is in milliseconds of `performance.now()`. */
export async function* frames(response) {
  assert.equal(response.headers.get("content-type"), "text/event-stream; charset=utf-8");
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true });
    const parts = text.split("\n\n");
    text = parts.pop();
    for (const part of parts) yield { ...parse(part), at: performance.now() };
  }
  assert.equal(text, "", "the stream ends within an event");
}

function parse(part) {
  const { id, event, data } = FRAME.exec(part)?.groups ?? assert.fail(`no event: ${part}`);
  const value = JSON.parse(data);
  assert.equal(value.type, event);
  return { id, event, data: value };
}

/** All events of a stream, which has to be a whole one from `after` on. */
export async function readAll(response, after = 0) {
  const events = [];
  for await (const event of frames(response)) events.push(event);
  assertWhole(events, after);
  return events;
}

/** One job, numbers without a gap, one terminal event and it is the last. */
export function assertWhole(events, after = 0) {
  const [job] = events[0]?.id.split(":") ?? assert.fail("no event at all");
  assert.deepEqual(
    events.map((event) => event.id),
    events.map((_, at) => `${job}:${after + at + 1}`),
  );
  assert.deepEqual(
    events.flatMap((event, at) => (TERMINAL.has(event.event) ? [at] : [])),
    [events.length - 1],
    `terminal events of ${events.map((event) => event.event)}`,
  );
}

export function jobOf(events) {
  return events[0].id.split(":")[0];
}
