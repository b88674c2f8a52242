// Secrets that are looked for wherever they must not be: in every form in which they
// could be written down, also inside of archives.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { gunzipSync, inflateRawSync } from "node:zlib";

/** Shorter than this, a piece of text would be found by chance. */
const MIN_BYTES = 8;
/** Archives in archives; none of ours is deeper. */
const MAX_DEPTH = 4;

export class Canaries {
  #forms = new Map();

  /** `value` is text or bytes; the same name may have several. */
  plant(name, value) {
    const bytes = Buffer.from(value);
    assert.ok(bytes.length >= MIN_BYTES, `${name} is too short to be looked for`);
    this.#forms.set(name, [...(this.#forms.get(name) ?? []), ...forms(bytes)]);
    return value;
  }

  get names() {
    return [...this.#forms.keys()];
  }

  /** `[{name, form}]` of the secrets that the bytes hold, each once. */
  found(content, depth = 0) {
    const bytes = Buffer.isBuffer(content) ? content : Buffer.from(content);
    const found = new Map();
    for (const [name, all] of this.#forms) {
      const hit = all.find(({ written }) => bytes.includes(written));
      if (hit) found.set(name, hit.form);
    }
    if (depth < MAX_DEPTH) {
      for (const part of unpacked(bytes)) {
        for (const { name, form } of this.found(part, depth + 1)) {
          if (!found.has(name)) found.set(name, `${form}, in an archive`);
        }
      }
    }
    return [...found].map(([name, form]) => ({ name, form }));
  }
}

/** A client of a studio that keeps whatever it is told, for {@link Recorder.check}. */
export class Recorder {
  #canaries;
  #said = [];
  origin;

  constructor(canaries) {
    this.#canaries = canaries;
  }

  note(place, response, bytes, shows = []) {
    const headers = JSON.stringify([...(response?.headers ?? [])]);
    this.#said.push({ place, bytes: Buffer.concat([Buffer.from(headers), bytes]), shows });
  }

  /** One request; `shows` names the secrets that this one answer has to show. */
  ask = async (method, target, { token, body, headers = {}, shows } = {}) => {
    const isForm = body instanceof URLSearchParams;
    const asIs = body === undefined || isForm || typeof body === "string";
    const response = await fetch(new URL(target, this.origin), {
      method,
      redirect: "manual",
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body && !isForm && { "content-type": "application/json" }),
        ...headers,
      },
      body: asIs ? body : JSON.stringify(body),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    this.note(`${method} ${target}`, response, bytes, shows);
    return { status: response.status, headers: response.headers, text: bytes.toString() };
  };

  json = async (method, target, options, expected = 200) => {
    const { status, text } = await this.ask(method, target, options);
    assert.equal(status, expected, `${method} ${target}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };

  /** A job to its end; its last event, with the text of the whole stream. */
  job = async (target, token, body, shows) => {
    const { status, text } = await this.ask("POST", target, { token, body, shows });
    assert.equal(status, 200, text);
    const last = text.trimEnd().split("\n\n").at(-1);
    return { text, ...JSON.parse(/^data: (.*)$/m.exec(last)[1]) };
  };

  /** Something that makes a token, twice under one key: both answers show it. */
  makes = async (name, target, token, body, read) => {
    const headers = { "idempotency-key": randomUUID() };
    const send = () => this.json("POST", target, { token, body, headers, shows: [name] }, 201);
    const secret = read(await send());
    this.#canaries.plant(name, secret);
    assert.equal(read(await send()), secret, `${name} is not answered again`);
    return secret;
  };

  /** Nothing was said but what is shown once, and that for certain. */
  check() {
    for (const { place, bytes, shows } of this.#said) {
      const found = this.#canaries.found(bytes).map(({ name }) => name);
      assert.deepEqual(found.sort(), [...shows].sort(), place);
    }
  }
}

/** How a secret may be written down, as `[{form, written}]`. */
function forms(bytes) {
  const text = bytes.toString("utf8");
  const hex = bytes.toString("hex");
  const url = [...bytes].map((byte) => {
    const plain = /[\w.~-]/.test(String.fromCharCode(byte));
    return plain ? String.fromCharCode(byte) : `%${byte.toString(16).padStart(2, "0")}`;
  });
  const all = [
    ["plain", bytes],
    ["JSON", JSON.stringify(text).slice(1, -1)],
    ["JSON, ASCII", ascii(JSON.stringify(text).slice(1, -1))],
    ["percent", url.join("")],
    ["percent", url.join("").replaceAll(/%[0-9a-f]{2}/g, (escape) => escape.toUpperCase())],
    ["percent", encodeURIComponent(text)],
    ["form", new URLSearchParams({ "": text }).toString().slice(1)],
    ["hex", hex],
    ["hex", hex.toUpperCase()],
    ["bytes", [...bytes].join(",")],
    ["bytes", [...bytes].join(", ")],
    ...base64(bytes),
  ];
  return all
    .map(([form, written]) => ({ form, written: Buffer.from(written) }))
    .filter(({ written }) => written.length >= MIN_BYTES);
}

/** Wherever in a longer text it begins: what only its own bytes decide, in both alphabets. */
function base64(bytes) {
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor(((before + bytes.length) * 8) / 6);
    const own = text.slice(from, to);
    return [
      ["base64", own],
      ["base64url", own.replaceAll("+", "-").replaceAll("/", "_")],
    ];
  });
}

function ascii(text) {
  return text.replaceAll(
    /[^\0-\x7f]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** What is packed in it: a gzip's content (a tar lies open in it), a zip's files. */
function unpacked(bytes) {
  if (bytes.length > 2 && bytes[0] === 0x1f && bytes[1] === 0x8b) return [gunzipSync(bytes)];
  return bytes.length > 4 && bytes.readUInt32LE(0) === 0x04034b50 ? unzipped(bytes) : [];
}

/** By the central directory (APPNOTE 4.3.12), which a reader goes by. */
function unzipped(bytes) {
  const end = bytes.lastIndexOf(Buffer.from("PK\x05\x06"));
  assert.ok(end >= 0, "a zip without an end");
  const files = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [method, size] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const local = bytes.readUInt32LE(at + 42);
    const start =
      local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const packed = bytes.subarray(start, start + size);
    files.push(method === 8 ? inflateRawSync(packed) : packed);
    at +=
      46 +
      bytes.readUInt16LE(at + 28) +
      bytes.readUInt16LE(at + 30) +
      bytes.readUInt16LE(at + 32);
  }
  return files;
}
