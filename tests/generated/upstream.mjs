// A stand-in for the API: records every request, answers what a test has set.
import { createServer } from "node:http";

export async function startUpstream() {
  const requests = [];
  let respond = () => ({ json: {} });

  const server = createServer(async (incoming, outgoing) => {
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const request = {
      method: incoming.method,
      // As it came over the wire: nothing is decoded or put in order.
      url: incoming.url,
      httpVersion: incoming.httpVersion,
      headers: incoming.headers,
      rawHeaders: incoming.rawHeaders,
      body: Buffer.concat(chunks),
    };
    requests.push(request);
    const answer = await respond(request, requests.length, outgoing);
    if (answer === undefined) return; // Leaves the request without an answer.
    const { status = 200, headers = {}, json, body } = answer;
    const type = json === undefined ? {} : { "content-type": "application/json" };
    outgoing.writeHead(status, { ...type, ...headers });
    outgoing.end(json === undefined ? body : JSON.stringify(json));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

  return {
    url: `http://127.0.0.1:${server.address().port}/v1`,
    origin: `http://127.0.0.1:${server.address().port}`,
    requests,
    /** Sets what is answered from now on, and forgets earlier requests. */
    answer(with_) {
      requests.length = 0;
      respond = typeof with_ === "function" ? with_ : () => with_;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
