// The filter that takes texts out of bytes as they pass (src/without.mjs), however the
// bytes are cut into pieces. What it does to answers is in canary.test.mjs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Filter } from "../../src/without.mjs";
import { numbers } from "../lib/numbers.mjs";

const utf8 = new TextEncoder();
const text = new TextDecoder();

/** What comes out of these pieces, and how much of it before the end. */
function filtered(forms, pieces) {
  const filter = new Filter(forms);
  const out = pieces.map((piece) => text.decode(filter.push(utf8.encode(piece))));
  return { early: out.join(""), all: out.join("") + text.decode(filter.end()) };
}

/** The same by the simplest means: the first from the left, the longest of several. */
function expected(forms, whole) {
  const longest = forms.toSorted((a, b) => b.length - a.length);
  let out = "";
  for (let at = 0; at < whole.length; ) {
    const form = longest.find((it) => whole.startsWith(it, at));
    out += form === undefined ? whole[at] : "[redacted]";
    at += form?.length ?? 1;
  }
  return out;
}

test("texts are taken out whole, wherever the pieces end", () => {
  const next = numbers(7);
  const letters = (count) => Array.from({ length: count }, () => "abc"[next(3)]).join("");
  let found = 0;
  for (let round = 0; round < 5_000; round += 1) {
    const forms = Array.from({ length: 1 + next(4) }, () => letters(1 + next(5)));
    const pieces = Array.from({ length: next(6) }, () => letters(next(8)));
    const whole = pieces.join("");
    const right = expected(forms, whole);
    assert.equal(filtered(forms, pieces).all, right, JSON.stringify({ forms, pieces }));
    if (right !== whole) found += 1;
  }
  assert.ok(found > 1_000, `${found} rounds had something to take out`);
});

test("nothing is held back but the beginning of such a text", () => {
  assert.deepEqual(filtered(["secret"], ["data: 1\n\n"]), {
    early: "data: 1\n\n",
    all: "data: 1\n\n",
  });
  assert.deepEqual(filtered(["secret"], ["a sec"]), { early: "a ", all: "a sec" });
  assert.deepEqual(filtered(["secret"], ["a sec", "ond"]), { early: "a second", all: "a second" });
  assert.deepEqual(filtered(["secret"], ["se", "cr", "et!"]), {
    early: "[redacted]!",
    all: "[redacted]!",
  });
  assert.deepEqual(filtered([], ["a", "b"]), { early: "ab", all: "ab" });
});
