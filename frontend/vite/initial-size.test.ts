import { expect, it } from "vitest";
import { initialChunks, inlineScriptHashes } from "./initial-size.ts";

const chunk = (fileName: string, imports: string[], isEntry = false) => ({
  fileName,
  code: "",
  imports,
  isEntry,
});

it("counts entries and their static imports once, lazy chunks never", () => {
  const chunks = [
    chunk("index.js", ["a.js", "b.js"], true),
    chunk("a.js", ["b.js"]),
    chunk("b.js", ["a.js"]),
    chunk("lazy.js", ["a.js"]),
  ];
  expect(initialChunks(chunks).map(({ fileName }) => fileName)).toEqual([
    "index.js",
    "a.js",
    "b.js",
  ]);
});

it("hashes inline scripts as a CSP does, and no others", () => {
  const html = `<script>alert('Hello, world.');</script><script src="/x.js"></script>`;
  expect(inlineScriptHashes(html)).toEqual(["sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng="]);
});
