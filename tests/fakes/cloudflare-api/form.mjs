// A strict reader of multipart/form-data (RFC 7578, RFC 2046 §5.1).
import { Refusal } from "./refusal.mjs";

/** `[{name, filename, type, content}]`, the content as a Buffer. */
export function parts(contentType, body) {
  const match = /^multipart\/form-data; ?boundary=("?)([\w'()+,./:=? -]{1,70})\1$/.exec(
    contentType ?? "",
  );
  if (!match) throw unreadable(`Content-Type ${contentType}`);
  const delimiter = `--${match[2]}`;
  const text = body.toString("latin1");
  if (!text.startsWith(`${delimiter}\r\n`)) throw unreadable("it does not begin with its boundary");
  const pieces = `\r\n${text}`.split(`\r\n${delimiter}`).slice(1);
  if (pieces.pop()?.trim() !== "--") throw unreadable("it does not end with its boundary");
  return pieces.map(part);
}

function part(piece) {
  const end = piece.indexOf("\r\n\r\n");
  if (!piece.startsWith("\r\n") || end < 0) throw unreadable("a part without headers");
  const headers = {};
  for (const line of piece.slice(2, end).split("\r\n")) {
    const [, name, value] = /^([A-Za-z-]+): (.+)$/.exec(line) ?? [];
    if (!name) throw unreadable(`a part with the header line ${JSON.stringify(line)}`);
    headers[name.toLowerCase()] = value;
  }
  const disposition = /^form-data; name="([^"]+)"(?:; filename="([^"]+)")?$/.exec(
    headers["content-disposition"] ?? "",
  );
  if (!disposition) throw unreadable("a part without a name");
  const { "content-disposition": _, "content-type": type, ...others } = headers;
  if (Object.keys(others).length > 0) throw unreadable(`a part with ${Object.keys(others)}`);
  const [name, filename] = disposition.slice(1).map(utf8);
  return { name, filename, type, content: Buffer.from(piece.slice(end + 4), "latin1") };
}

function utf8(text) {
  return text && Buffer.from(text, "latin1").toString("utf8");
}

function unreadable(why) {
  return new Refusal(400, 10026, `Could not parse request body: ${why}`);
}
