// Takes credentials out of what an API answers where it succeeds: some repeat the
// query of a request in the address of the next page, or all that it came with.
// Called by src/outbound/answer.rs, which says in which forms a credential may stand.

const REDACTED = new TextEncoder().encode("[redacted]");
/** What is read in one go, in bytes: a buffer of this length is made for each answer. */
const AT_ONCE = 16 * 1024;
const TEXT =
  /^(text\/|image\/svg|application\/([^;]*\+)?(json|xml|yaml|x-yaml|javascript|x-ndjson|jsonl|x-www-form-urlencoded)\b)/i;
const ABOUT_BODY = ["content-length", "content-encoding", "transfer-encoding"];

/** The response without any of `forms`, texts that are not empty. */
export async function without(response, forms) {
  const headers = headersWithout(response.headers, forms);
  const { body, status, statusText } = response;
  const type = response.headers.get("content-type") ?? "text/plain";
  if (body === null || !TEXT.test(type)) {
    return headers === undefined ? response : new Response(body, { status, statusText, headers });
  }
  const init = { status, statusText, headers: headers ?? new Headers(response.headers) };
  for (const name of ABOUT_BODY) init.headers.delete(name);

  const reader = body.getReader({ mode: "byob" });
  const { value, done } = await reader.readAtLeast(AT_ONCE, new Uint8Array(AT_ONCE));
  reader.releaseLock();
  const filter = new Filter(forms);
  const first = filter.push(value ?? new Uint8Array(0));
  const isWhole = done || (value?.byteLength ?? 0) < AT_ONCE;
  if (isWhole) return new Response(concat(first, filter.end()), init);

  const passing = new TransformStream({
    start: (controller) => controller.enqueue(first),
    transform: (chunk, controller) => controller.enqueue(filter.push(chunk)),
    flush: (controller) => controller.enqueue(filter.end()),
  });
  return new Response(body.pipeThrough(passing), init);
}

/** The headers without those that hold one of `forms`; undefined where none does. */
function headersWithout(headers, forms) {
  const all = [...headers];
  const clean = all.filter(([, value]) => !forms.some((form) => value.includes(form)));
  return clean.length === all.length ? undefined : new Headers(clean);
}

/**
 * Replaces texts in bytes that come piece by piece. Nothing is held back but what may
 * be the beginning of one.
 */
export class Filter {
  #forms;
  #rest = new Uint8Array(0);

  constructor(forms) {
    const utf8 = new TextEncoder();
    // The longest first: one may begin as another does.
    this.#forms = forms.map((form) => utf8.encode(form)).sort((a, b) => b.length - a.length);
  }

  /** The bytes that are certain with these. */
  push(chunk) {
    return this.#cut(concat(this.#rest, chunk), false);
  }

  /** The bytes that were held back. */
  end() {
    return this.#cut(this.#rest, true);
  }

  #cut(data, isEnd) {
    const pieces = [];
    let from = 0;
    const next = this.#forms.map((form) => indexOf(data, form, 0));
    let limit = isEnd ? data.length : this.#certain(data, from);
    for (;;) {
      const found = this.#first(data, next, from);
      if (from > limit) limit = this.#certain(data, from);
      if (found === undefined || found.at >= limit) {
        pieces.push(data.subarray(from, limit));
        this.#rest = data.slice(limit);
        return concat(...pieces);
      }
      pieces.push(data.subarray(from, found.at), REDACTED);
      from = found.at + found.length;
    }
  }

  /** The first of the forms from here on, and of those that begin there the longest. */
  #first(data, next, from) {
    let first;
    this.#forms.forEach((form, which) => {
      if (next[which] < from && next[which] !== -1) next[which] = indexOf(data, form, from);
      const at = next[which];
      if (at !== -1 && (first === undefined || at < first.at)) first = { at, length: form.length };
    });
    return first;
  }

  /** Where at the end one may begin that has not come as a whole. */
  #certain(data, from) {
    const longest = this.#forms[0]?.length ?? 0;
    for (let at = Math.max(from, data.length - longest + 1); at < data.length; at += 1) {
      const isBeginning = (form) =>
        form[0] === data[at] &&
        form.length > data.length - at &&
        data.subarray(at).every((byte, i) => byte === form[i]);
      if (this.#forms.some(isBeginning)) return at;
    }
    return data.length;
  }
}

/** Where the bytes stand for the first time from there on; -1: nowhere. */
function indexOf(data, form, from) {
  let at = data.indexOf(form[0], from);
  while (at !== -1 && at + form.length <= data.length) {
    let same = 1;
    while (same < form.length && data[at + same] === form[same]) same += 1;
    if (same === form.length) return at;
    at = data.indexOf(form[0], at + 1);
  }
  return -1;
}

function concat(...parts) {
  const filled = parts.filter((part) => part.length > 0);
  if (filled.length === 1) return filled[0];
  const all = new Uint8Array(filled.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of filled) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
