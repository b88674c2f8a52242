// Server-sent events as the studio writes them.
import assert from "node:assert/strict";

const TERMINAL = /^(.*:complete|deploy:live|error|cancelled)$/;

/** All events of a response, each `{id, event, data, ms}`, `ms` after `start`. */
export async function events(response, start = performance.now()) {
  assert.equal(response.status, 200, `status ${response.status}`);
  assert.match(response.headers.get("content-type"), /^text\/event-stream/);
  const list = [];
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body) {
    rest += decoder.decode(chunk, { stream: true });
    const frames = rest.split("\n\n");
    rest = frames.pop();
    for (const frame of frames) {
      const event = parse(frame);
      if (event) list.push({ ...event, ms: performance.now() - start });
    }
  }
  assert.equal(rest.trim(), "", "the stream ends with a whole frame");
  return list;
}

function parse(frame) {
  const fields = {};
  for (const line of frame.split("\n")) {
    const [, name, value] = line.match(/^(\w+): ?(.*)$/) ?? [];
    if (name) fields[name] = name === "data" ? (fields.data ?? "") + value : value;
  }
  if (fields.data === undefined) return undefined;
  const data = JSON.parse(fields.data);
  assert.equal(data.type, fields.event, "event and data say the same type");
  return { id: fields.id, event: fields.event, data };
}

/** The one terminal event, after checking that ids count up and that it is the last. */
export function terminal(list) {
  assert.ok(list.length > 0, "the stream has an event");
  const [job] = list[0].id.split(":");
  list.forEach((event, index) => assert.equal(event.id, `${job}:${index + 1}`));
  const ends = list.filter(({ event }) => TERMINAL.test(event));
  assert.equal(ends.length, 1, "exactly one terminal event");
  assert.equal(list.at(-1), ends[0], "nothing follows the terminal event");
  return ends[0].data;
}
