/** The frames of a job's events, as the server writes them. */
export function frames(jobId: string, from: number, events: readonly { type: string }[]): string {
  return events
    .map(
      (event, index) =>
        `id: ${jobId}:${from + index}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`,
    )
    .join("");
}

/** An event stream that ends after `chunks`; with `cut` it fails instead of ending. */
export function eventStream(chunks: readonly string[], { cut = false } = {}): Response {
  const encoder = new TextEncoder();
  let next = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = chunks[next];
      next += 1;
      if (chunk !== undefined) controller.enqueue(encoder.encode(chunk));
      else if (cut) controller.error(new TypeError("network error"));
      else controller.close();
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}
