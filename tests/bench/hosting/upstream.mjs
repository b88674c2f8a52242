// The API behind the tools, a process of its own: answers every request at once.
// Prints its origin, ends with its standard input.
import { createServer } from "node:http";

const BODY = JSON.stringify([{ id: "1", name: "One" }]);

const server = createServer((request, response) => {
  request.resume();
  response.setHeader("content-type", "application/json");
  response.end(BODY);
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});
process.stdin.on("end", () => process.exit()).resume();
