/** The `ETag` of each project as it was seen last, for `If-Match`. */
const seen = new Map<string, string>();

/** Takes note of the tag that an answer with the project carries. */
export function noteTag(projectId: string, response: Response): void {
  const tag = response.headers.get("etag");
  if (response.ok && tag !== null) seen.set(projectId, tag);
}

/** Headers of a change that is made on what was seen; none before anything was seen. */
export function onWhatWasSeen(projectId: string): { "If-Match"?: string } {
  const tag = seen.get(projectId);
  return tag === undefined ? {} : { "If-Match": tag };
}
