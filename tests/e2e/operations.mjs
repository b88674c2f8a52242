// Every operation of the upstream document: the call of its tool, and exactly
// what the API has to see and the client to get.

import { tokenOf } from "../upstream/tokens.mjs";

/** Secrets of the upstream API, by the names that the analysis gives them. */
export const SECRETS = {
  HARBOUR_TOKEN: "canary-bearer-9d1f",
  HARBOUR_USERNAME: "canary-clerk-4b2e",
  HARBOUR_PASSWORD: "canary-pass:wörd-77c0",
  HARBOUR_OFFICE_KEY: "canary-header-51aa",
  HARBOUR_TIDE_KEY: "canary query/&+0e9d",
  HARBOUR_OFFICE_COOKIE_API_KEY: "canary; cookie=c3f8",
  HARBOUR_CLIENT_ID: "canary client",
  HARBOUR_CLIENT_SECRET: "canary:secret+2d6b",
};

/** The access token that the API gives for them. */
const accessToken = tokenOf(SECRETS.HARBOUR_CLIENT_ID, SECRETS.HARBOUR_CLIENT_SECRET);

const basic = Buffer.from(
  `${SECRETS.HARBOUR_USERNAME}:${SECRETS.HARBOUR_PASSWORD}`,
  "utf8",
).toString("base64");

const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

const JSON_TYPE = { accept: "application/json" };
const json = { ...JSON_TYPE, "content-type": "application/json" };

const ship = (id) => ({
  id,
  name: "Ariadne",
  length: 31.5,
  flags: ["sail"],
  owner: { name: "Crew", since: 1904 },
});

/** A result with structured content and the same as text. */
const structured = (value) => ({
  content: [{ type: "text", text: JSON.stringify(value) }],
  structuredContent: value,
});
const ok = structured({ ok: true });
const text = (value) => ({ content: [{ type: "text", text: value }] });
const failed = (value) => ({ ...text(value), isError: true });

const CUT_NOTE = "\n\n[The answer is longer than 1000000 bytes, and was cut here.]";

const request = (method, url, headers = JSON_TYPE, body = "") => ({ method, url, headers, body });

/** `{tool, args, requests, result}`; `requests` are those that the API gets, in order. */
export const OPERATIONS = [
  {
    tool: "list_ships",
    args: {
      type: ["tug", "roll on/roll off"],
      ids: [3, 5, 8],
      flags: ["a b", "ü"],
      filter: { port: "Århus", minLength: 12.5 },
      limit: 10,
      moored: false,
    },
    requests: [
      request(
        "GET",
        "/v2/ships?type=tug&type=roll%20on%2Froll%20off&ids=3,5,8&flags=a%20b%7C%C3%BC" +
          "&filter%5Bport%5D=%C3%85rhus&filter%5BminLength%5D=12.5&limit=10&moored=false",
      ),
    ],
    result: {
      content: [{ type: "text", text: JSON.stringify([ship("s1"), ship("s2")]) }],
      structuredContent: { items: [ship("s1"), ship("s2")] },
    },
  },
  {
    tool: "create_ship",
    args: { name: "Zoë 🚢", length: 12, flags: ["sail"], owner: { name: "A", since: 1990 } },
    requests: [
      request(
        "POST",
        "/v2/ships",
        { ...json, authorization: `Bearer ${SECRETS.HARBOUR_TOKEN}` },
        '{"name":"Zoë 🚢","length":12,"flags":["sail"],"owner":{"name":"A","since":1990}}',
      ),
    ],
    result: structured(ship("s3")),
  },
  {
    tool: "get_ship",
    args: { shipId: "a/b ?#%ö", "X-Detail-Level": 2, berth: "north 4" },
    requests: [
      request("GET", "/v2/ships/a%2Fb%20%3F%23%25%C3%B6", {
        ...JSON_TYPE,
        "x-detail-level": "2",
        cookie: "berth=north%204",
      }),
    ],
    result: structured(ship("a/b ?#%ö")),
  },
  {
    tool: "replace_ship",
    args: { shipId: "s1", name: "Ariadne" },
    requests: [
      request(
        "PUT",
        "/v2/ships/s1",
        { ...json, "x-office-key": SECRETS.HARBOUR_OFFICE_KEY },
        '{"name":"Ariadne"}',
      ),
    ],
    result: structured(ship("s1")),
  },
  {
    tool: "delete_ship",
    args: { shipId: "s1" },
    requests: [
      request("DELETE", "/v2/ships/s1", { ...JSON_TYPE, authorization: `Basic ${basic}` }),
    ],
    result: text("Done: the API answered 204 No Content without content."),
  },
  {
    tool: "add_photo",
    args: {
      shipId: "s1",
      caption: 'Bow, "port" side',
      photo: { filename: "böw.png", contentType: "image/png", data: PIXEL },
    },
    multipart: [
      { name: "caption", value: 'Bow, "port" side' },
      { name: "photo", filename: "böw.png", type: "image/png", base64: PIXEL },
    ],
    requests: [request("POST", "/v2/ships/s1/photos", JSON_TYPE)],
    result: ok,
  },
  {
    tool: "write_log",
    args: { shipId: "s1", body: "05:10 underway\n05:40 fog, ½ ahead" },
    requests: [
      request(
        "PUT",
        "/v2/ships/s1/log",
        { ...JSON_TYPE, "content-type": "text/plain" },
        "05:10 underway\n05:40 fog, ½ ahead",
      ),
    ],
    result: ok,
  },
  {
    tool: "request_permit",
    args: { holder: "Ørsted & Co", zones: ["a", "b c"] },
    requests: [
      request(
        "POST",
        "/v2/permits",
        { ...JSON_TYPE, "content-type": "application/x-www-form-urlencoded" },
        "holder=%C3%98rsted%20%26%20Co&zones=a&zones=b%20c",
      ),
    ],
    result: ok,
  },
  {
    tool: "get_tides",
    args: { day: "2026-11-23" },
    requests: [request("GET", "/v2/tides?day=2026-11-23&tide_key=canary%20query%2F%26%2B0e9d")],
    result: ok,
  },
  {
    tool: "get_office",
    args: { lang: "da" },
    requests: [
      request("GET", "/v2/office", {
        ...JSON_TYPE,
        cookie: "lang=da; office=canary%3B%20cookie%3Dc3f8",
      }),
    ],
    result: ok,
  },
  {
    tool: "get_customs",
    args: {},
    requests: [
      request("GET", "/v2/customs", { ...JSON_TYPE, authorization: `Bearer ${accessToken}` }),
    ],
    result: ok,
  },
  {
    tool: "echo_value",
    args: { value: "..%2f" },
    requests: [request("GET", "/v2/echo/..%252f")],
    result: structured({ value: "..%2f" }),
  },
  {
    tool: "get_missing",
    args: {},
    requests: [request("GET", "/v2/answers/missing")],
    result: failed(
      [
        "The API answered 404 Not Found to GET /answers/missing.",
        "What was asked for does not exist: check the ids in the arguments.",
        "Message: No such ship",
        "",
        '{"error":{"code":"E404","message":"No such ship"}}',
      ].join("\n"),
    ),
  },
  {
    // Retry-After is longer than a call may wait, so it is sent once.
    tool: "get_busy",
    args: {},
    requests: [request("GET", "/v2/answers/busy")],
    result: failed(
      [
        "The API answered 429 Too Many Requests to GET /answers/busy.",
        "Too many requests: try again later (Retry-After: 60).",
        "Message: Too many requests",
        "",
        '{"error":{"code":"E429","message":"Too many requests"}}',
      ].join("\n"),
    ),
  },
  {
    tool: "get_broken",
    args: {},
    requests: [request("GET", "/v2/answers/broken")],
    result: failed(
      [
        "The API answered 500 Internal Server Error to GET /answers/broken.",
        "The API has a problem of its own: try again later.",
        "Message: The crane fell over",
        "",
        '{"error":{"code":"E500","message":"The crane fell over"}}',
      ].join("\n"),
    ),
  },
  {
    tool: "get_moved",
    args: {},
    requests: [request("GET", "/v2/answers/moved"), request("GET", "/v2/office?from=moved")],
    result: ok,
  },
  {
    tool: "get_elsewhere",
    args: {},
    requests: [request("GET", "/v2/answers/elsewhere")],
    result: ({ stranger }) =>
      failed(
        `The API answered 302 with a redirect to ${stranger}/stolen, ` +
          "which was not followed: it is another host",
      ),
  },
  {
    // The server itself takes https for the same host; the platform does not.
    tool: "get_upgraded",
    args: {},
    requests: [request("GET", "/v2/answers/upgraded")],
    result: ({ stranger }) =>
      failed(
        "The platform did not let this request through. " +
          "The request was not sent: the server may call the hosts of its API only, " +
          `not ${new URL(stranger).host}`,
      ),
  },
  {
    tool: "get_large",
    args: {},
    requests: [request("GET", "/v2/answers/large", { accept: "text/plain" })],
    // A million bytes are read, of which 100,000 characters are given.
    result: text(
      `${"abcdefghi\n".repeat(10_000)}\n\n` +
        `[Cut: ${900_000 + CUT_NOTE.length} of ${1_000_000 + CUT_NOTE.length} characters left out.]`,
    ),
  },
  {
    tool: "get_chart",
    args: {},
    requests: [request("GET", "/v2/answers/chart", { accept: "image/png" })],
    result: { content: [{ type: "image", data: PIXEL, mimeType: "image/png" }] },
  },
];
