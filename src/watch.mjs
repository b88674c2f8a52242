// Looks at the answers of hosted servers as they pass: how long they are, and how
// they end. It never holds more than `limit` bytes of one.

const utf8 = new TextDecoder();
/** What is read in one go, in bytes: a buffer of this length is made for each answer. */
const AT_ONCE = 16 * 1024;

/**
 * `[response, end]`, each or a promise of it. The response is the same with a body
 * that is counted, and `end` is `{bytes, whole, text}`, `text` being its last
 * `limit` bytes or fewer. Both fail where a short answer breaks off.
 */
export function watch(response, limit) {
  if (response.body === null) return [response, { bytes: 0, whole: true, text: "" }];
  const type = response.headers.get("content-type") ?? "";
  if (!type.startsWith("application/json")) return pass(response, limit);
  const both = atOnce(response, limit);
  return [both.then(([answer]) => answer), both.then(([, end]) => end)];
}

/**
 * One message, which its client cannot use before its end: a short one is read in
 * one go, which costs a fraction of passing it on piece by piece.
 */
async function atOnce(response, limit) {
  const reader = response.body.getReader({ mode: "byob" });
  const { value, done } = await reader.readAtLeast(AT_ONCE, new Uint8Array(AT_ONCE));
  reader.releaseLock();
  const read = value ?? new Uint8Array(0);
  if (!done && read.byteLength >= AT_ONCE) return pass(response, limit, read);
  const end = { bytes: read.byteLength, whole: true, text: utf8.decode(read) };
  return [new Response(read, response), end];
}

/** Chunk by chunk; `first` has been read off the body before. */
function pass(response, limit, first) {
  let bytes = 0;
  let kept = [];
  let keptBytes = 0;
  const counter = new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (chunk.byteLength > limit) {
        kept = [];
        keptBytes = 0;
      } else {
        kept.push(chunk.slice());
        keptBytes += chunk.byteLength;
        while (keptBytes > limit) keptBytes -= kept.shift().byteLength;
      }
      controller.enqueue(chunk);
    },
  });
  const passOn = async () => {
    if (first !== undefined) await write(counter.writable, first);
    await response.body.pipeTo(counter.writable);
    return true;
  };
  const ended = passOn().catch(() => {
    // Where its client left before the pipe had it, nobody else ends it.
    response.body.cancel().catch(() => {});
    return false;
  });
  const end = ended.then(async (whole) => ({ bytes, whole, text: await new Blob(kept).text() }));
  return [new Response(counter.readable, response), end];
}

async function write(writable, chunk) {
  const writer = writable.getWriter();
  await writer.write(chunk);
  writer.releaseLock();
}
