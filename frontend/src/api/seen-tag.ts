/** The `ETag` of each project and team as it was seen last, for `If-Match`. */
const seen = new Map<string, string>();

/** Takes note of the tag that an answer with the project or team carries. */
export function noteTag(id: string, response: Response): void {
  const tag = response.headers.get("etag");
  if (response.ok && tag !== null) seen.set(id, tag);
}

/** Headers of a change that is made on what was seen; none before anything was seen. */
export function onWhatWasSeen(id: string): { "If-Match"?: string } {
  const tag = seen.get(id);
  return tag === undefined ? {} : { "If-Match": tag };
}
