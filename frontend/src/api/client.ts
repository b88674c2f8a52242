import createClient from "openapi-fetch";
import type { paths } from "@/api/schema";
import { fetchSignedIn } from "@/api/session";
import { ProblemError, problemFromBody, problemFromResponse } from "@/lib/problem";

/** The typed client of the studio's HTTP API, on behalf of who is signed in. */
export const api = createClient<paths>({
  baseUrl: window.location.origin,
  fetch: fetchSignedIn,
});

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** The body of a 2xx answer; anything else is thrown as a {@link ProblemError}. */
export async function unwrap<Data>(call: Promise<Answer<Data>>): Promise<Data> {
  const { data, error, response } = await call;
  if (!response.ok) throw new ProblemError(problemFromBody(error, response));
  return data as Data;
}

/** Opens an event stream; a refusal before the stream is thrown as a {@link ProblemError}. */
export async function openStream(path: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set("accept", "text/event-stream");
  const url = new URL(path, window.location.origin);
  const response = await fetchSignedIn(new Request(url, { ...init, headers }));
  if (!response.ok) throw new ProblemError(await problemFromResponse(response));
  return response;
}

/** The same for a JSON body. */
export function postForStream(path: string, body: unknown, signal: AbortSignal): Promise<Response> {
  return openStream(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });
}
