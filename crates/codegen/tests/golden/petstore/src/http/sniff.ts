/** What bytes are, by how they begin: for bodies of a range such as `image/*`. */

/** First bytes in hexadecimal, `..` for any. */
const STARTS: readonly (readonly [string, string])[] = [
  ["89504e470d0a1a0a", "image/png"],
  ["ffd8ff", "image/jpeg"],
  ["474946383761", "image/gif"],
  ["474946383961", "image/gif"],
  ["52494646........57454250", "image/webp"],
  ["........6674797061766966", "image/avif"],
  ["424d", "image/bmp"],
  ["494433", "audio/mpeg"],
  ["fffb", "audio/mpeg"],
  ["52494646........57415645", "audio/wav"],
  ["4f676753", "audio/ogg"],
  ["........66747970", "video/mp4"],
  ["1a45dfa3", "video/webm"],
  ["255044462d", "application/pdf"],
  ["504b0304", "application/zip"],
  ["1f8b", "application/gzip"],
];

/** The media type to send for a type that may be a range. */
export function typeWithin(range: string, bytes: Uint8Array): string {
  if (!range.includes("*")) return range;
  const [kind = "*"] = range.split("/");
  const head = Array.from(bytes.subarray(0, 16), (it) =>
    it.toString(16).padStart(2, "0"),
  ).join("");
  const found = STARTS.find(
    ([start, type]) =>
      (kind === "*" || type.startsWith(`${kind}/`)) &&
      new RegExp(`^${start}`).test(head),
  );
  return found?.[1] ?? "application/octet-stream";
}
