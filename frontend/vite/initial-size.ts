import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";

/** The part of an output chunk that decides whether the first page needs it. */
export interface ChunkFacts {
  readonly fileName: string;
  readonly code: string;
  readonly isEntry: boolean;
  /** File names of chunks that are imported statically. */
  readonly imports: readonly string[];
}

/** Entry chunks and all that they import statically, without the lazy ones. */
export function initialChunks(chunks: readonly ChunkFacts[]): ChunkFacts[] {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const seen = new Set<string>();
  const queue = chunks.filter((chunk) => chunk.isEntry).map((chunk) => chunk.fileName);
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const chunk = byName.get(name);
    if (!chunk || seen.has(name)) continue;
    seen.add(name);
    queue.push(...chunk.imports);
  }
  return chunks.filter((chunk) => seen.has(chunk.fileName));
}

/** `sha256-…` of each inline script of a page, in the form that a CSP takes. */
export function inlineScriptHashes(html: string): string[] {
  return [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(
    ([, body]) =>
      `sha256-${createHash("sha256")
        .update(body ?? "")
        .digest("base64")}`,
  );
}

/**
 * Prints what the first page costs in JavaScript (gzip) and the hash of the
 * inline theme script, and fails the build above the limit: a budget that
 * nobody sees is not kept.
 */
export function initialSize({ limitBytes }: { limitBytes: number }): Plugin {
  return {
    name: "initial-size",
    apply: "build",
    writeBundle(_options, bundle) {
      const chunks: ChunkFacts[] = [];
      for (const output of Object.values(bundle)) {
        if (output.type === "chunk") chunks.push(output);
        else if (output.fileName === "index.html") {
          for (const hash of inlineScriptHashes(String(output.source))) {
            console.log(`inline script for the CSP: '${hash}'`);
          }
        }
      }
      const bytes = initialChunks(chunks).reduce((sum, { code }) => sum + gzipSync(code).length, 0);
      const kilobytes = (size: number) => (size / 1000).toFixed(1);
      const line = `initial JavaScript: ${kilobytes(bytes)} kB gzip of ${kilobytes(limitBytes)} kB`;
      if (bytes > limitBytes) this.error(`${line}: over the limit`);
      console.log(line);
    },
  };
}
