// A filled input becomes exactly the request that the document describes: from
// the document through the command line and the generated code to the bytes on
// the wire. What is expected was written by hand from OpenAPI 3.1 §4.8.12 and
// §4.8.15 and from RFC 6570, with the values that they use as examples.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { generateProject, loadProject } from "./project.mjs";
import { openapi, swagger } from "./styles.document.mjs";
import { startUpstream } from "./upstream.mjs";

let upstream;
let projects;

before(async () => {
  upstream = await startUpstream();
  const folders = [];
  for (const [name, document] of Object.entries({ openapi, swagger })) {
    folders.push(await generateProject(`styles-${name}`, document));
  }
  projects = await Promise.all(folders.map(loadProject));
});
after(() => upstream.close());

async function call(tool, args) {
  upstream.answer({ status: 204 });
  const project = projects.find(({ tools }) => tools.has(tool));
  assert.ok(project, `there is no tool ${tool}`);
  const env = { API_BASE_URL: upstream.url };
  const { signal } = new AbortController();
  return project.callApi(project.tools.get(tool), args, env, signal);
}

/** The one request of a call. */
async function sent(tool, args) {
  const result = await call(tool, args);
  assert.equal(result.isError, undefined, `${tool}: ${JSON.stringify(result.content)}`);
  assert.equal(upstream.requests.length, 1);
  return upstream.requests[0];
}

async function refused(tool, args, reason) {
  const result = await call(tool, args);
  assert.equal(result.isError, true, `${tool} ${JSON.stringify(args)}`);
  assert.equal(upstream.requests.length, 0);
  assert.match(result.content[0].text, reason);
}

/** Headers without those of the connection. */
function own({ rawHeaders }) {
  const pairs = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at].toLowerCase();
    const fixed = ["host", "connection", "accept-language", "sec-fetch-mode", "accept-encoding"];
    if (!fixed.includes(name)) pairs.push([name, rawHeaders[at + 1]]);
  }
  return Object.fromEntries(pairs);
}

const BASE = { accept: "application/json", "user-agent": "styles-mcp/1.0.0" };
const agent = (tool) => `${projects[0].tools.has(tool) ? "" : "legacy-"}styles-mcp/1.0.0`;
const LIST = ["blue", "black", "brown"];
const OBJECT = { R: 100, G: 200, B: 150 };

// Tool, value of `color`, what stands for {color}.
const PATHS = [
  ["path_simple", "blue", "blue"],
  ["path_simple", LIST, "blue,black,brown"],
  ["path_simple", OBJECT, "R,100,G,200,B,150"],
  ["path_simple", 0, "0"],
  ["path_simple", false, "false"],
  ["path_simple_x", "blue", "blue"],
  ["path_simple_x", LIST, "blue,black,brown"],
  ["path_simple_x", OBJECT, "R=100,G=200,B=150"],
  ["path_simple_x", { a: "", b: "=" }, "a=,b=%3D"],
  ["path_label", "blue", ".blue"],
  ["path_label", LIST, ".blue,black,brown"],
  ["path_label", OBJECT, ".R,100,G,200,B,150"],
  ["path_label_x", "blue", ".blue"],
  ["path_label_x", LIST, ".blue.black.brown"],
  ["path_label_x", OBJECT, ".R=100.G=200.B=150"],
  ["path_label_x", ["a.b", "c"], ".a.b.c"],
  ["path_matrix", "blue", ";color=blue"],
  ["path_matrix", "", ";color"],
  ["path_matrix", LIST, ";color=blue,black,brown"],
  ["path_matrix", OBJECT, ";color=R,100,G,200,B,150"],
  ["path_matrix_x", "blue", ";color=blue"],
  ["path_matrix_x", LIST, ";color=blue;color=black;color=brown"],
  ["path_matrix_x", OBJECT, ";R=100;G=200;B=150"],
  ["path_matrix_x", { a: "", b: ";" }, ";a;b=%3B"],
  ["path_matrix_x", ["", "x"], ";color;color=x"],
  ["path_pipes", LIST, "blue%7Cblack%7Cbrown"],
  ["path_json", { R: [1, "é/"] }, "%7B%22R%22%3A%5B1%2C%22%C3%A9%2F%22%5D%7D"],
  // Reserved and other characters stay within their segment.
  ["path_simple", "a/b?c#d", "a%2Fb%3Fc%23d"],
  ["path_simple", "100% ../.. ", "100%25%20..%2F..%20"],
  ["path_simple", ["a,b", "c/d"], "a%2Cb,c%2Fd"],
  ["path_simple", "日本😀", "%E6%97%A5%E6%9C%AC%F0%9F%98%80"],
  ["path_simple", "-._~aZ09", "-._~aZ09"],
  ["path_simple", "!$&'()*+,;=:@[]", "%21%24%26%27%28%29%2A%2B%2C%3B%3D%3A%40%5B%5D"],
  ["path_simple", ["a", null, "b"], "a,b"],
  ["path_simple", { a: 1, b: null, c: 2 }, "a,1,c,2"],
];

test("path styles", async () => {
  for (const [tool, color, expected] of PATHS) {
    const request = await sent(tool, { color });
    const line = `${request.method} ${request.url} HTTP/${request.httpVersion}`;
    assert.equal(line, `GET /v1/${tool}/${expected}/end HTTP/1.1`, JSON.stringify(color));
    assert.deepEqual(own(request), { ...BASE, "user-agent": agent(tool) });
    assert.equal(request.body.length, 0);
  }
});

test("paths that would lead elsewhere are refused", async () => {
  for (const color of ["", [], {}, null, [null]]) {
    await refused("path_simple", { color }, /must not be empty/);
  }
  for (const color of [".", ".."]) await refused("path_simple", { color }, /"\." or "\.\."/);
  // `.` of an empty label, and of one that is a dot.
  for (const color of ["", "."]) await refused("path_label", { color }, /"\." or "\.\."/);
});

// Tool, value of `color`, the query.
const QUERIES = [
  ["query_form", "blue", "?color=blue"],
  ["query_form", "", "?color="],
  ["query_form", null, ""],
  ["query_form", undefined, ""],
  ["query_form", [], ""],
  ["query_form", {}, ""],
  ["query_form", [""], "?color="],
  ["query_form", LIST, "?color=blue&color=black&color=brown"],
  ["query_form", OBJECT, "?R=100&G=200&B=150"],
  ["query_form", [1, null, true], "?color=1&color=true"],
  ["query_form", { a: "", b: null }, "?a="],
  ["query_form", [{ a: 1 }], "?color=%7B%22a%22%3A1%7D"],
  ["query_form", "a+b c&d=e/f?g#h%i", "?color=a%2Bb%20c%26d%3De%2Ff%3Fg%23h%25i"],
  ["query_form", "日本😀", "?color=%E6%97%A5%E6%9C%AC%F0%9F%98%80"],
  ["query_form", "\ud800", "?color=%EF%BF%BD"],
  ["query_form_n", "blue", "?color=blue"],
  ["query_form_n", "", "?color="],
  ["query_form_n", [], ""],
  ["query_form_n", LIST, "?color=blue,black,brown"],
  ["query_form_n", ["a,b", "c"], "?color=a%2Cb,c"],
  ["query_form_n", OBJECT, "?color=R,100,G,200,B,150"],
  ["query_space", LIST, "?color=blue%20black%20brown"],
  ["query_space", OBJECT, "?color=R%20100%20G%20200%20B%20150"],
  ["query_space", [], ""],
  ["query_space_x", LIST, "?color=blue&color=black&color=brown"],
  ["query_pipe", LIST, "?color=blue%7Cblack%7Cbrown"],
  ["query_pipe", OBJECT, "?color=R%7C100%7CG%7C200%7CB%7C150"],
  ["query_pipe_x", LIST, "?color=blue&color=black&color=brown"],
  ["query_tab", LIST, "?color=blue%09black%09brown"],
  ["query_multi", LIST, "?color=blue&color=black&color=brown"],
  ["query_csv", LIST, "?color=blue,black,brown"],
  ["query_deep", OBJECT, "?color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"],
  ["query_deep", { a: { b: { c: "x y" } }, d: null }, "?color%5Ba%5D%5Bb%5D%5Bc%5D=x%20y"],
  ["query_deep", { a: ["x", "y"] }, "?color%5Ba%5D%5B0%5D=x&color%5Ba%5D%5B1%5D=y"],
  ["query_deep", { "a]&b": "" }, "?color%5Ba%5D%26b%5D="],
  ["query_deep", {}, ""],
  // Reserved, but for what would end the value, and for the quote that URLs encode.
  ["query_reserved", ":/?[]@!$()*,;=", "?color=:/?[]@!$()*,;="],
  ["query_reserved", "&#+'", "?color=%26%23%2B%27"],
  ["query_reserved", "a%2Fb%zz 100%", "?color=a%2Fb%25zz%20100%25"],
  ["query_reserved", ["a/b", "c"], "?color=a/b&color=c"],
  ["query_reserved_n", ["a/b", "c,d"], "?color=a/b,c,d"],
  ["query_json", { R: [1, "é&"] }, "?color=%7B%22R%22%3A%5B1%2C%22%C3%A9%26%22%5D%7D"],
  ["query_json", "x", "?color=%22x%22"],
  ["query_json", {}, "?color=%7B%7D"],
  ["query_text", "a b", "?color=a%20b"],
];

test("query styles", async () => {
  for (const [tool, color, expected] of QUERIES) {
    const request = await sent(tool, { color });
    const line = `${request.method} ${request.url} HTTP/${request.httpVersion}`;
    assert.equal(line, `GET /v1/${tool}${expected} HTTP/1.1`, JSON.stringify(color));
  }
});

test("names and order of a query", async () => {
  const tool = projects[0].tools.get("query_names");
  const args = {};
  for (const [at, it] of tool.request.parameters.entries()) args[it.property ?? it.name] = at;
  assert.equal(
    (await sent("query_names", args)).url,
    "/v1/query_names?filter%5Ba%20b%5D=0&%24top=1&%E5%90%8D=2&a%26b%3Dc=3",
  );
  // In the document's order, behind what the path says itself.
  assert.equal((await sent("query_order", { a: 1, z: 2 })).url, "/v1/query_order?fixed=1&z=2&a=1");
});

const HEADERS = [
  ["header_simple", "blue", "blue"],
  ["header_simple", LIST, "blue,black,brown"],
  ["header_simple", OBJECT, "R,100,G,200,B,150"],
  ["header_simple", "a b/é%20", "a b/é%20"],
  ["header_simple_x", LIST, "blue,black,brown"],
  ["header_simple_x", OBJECT, "R=100,G=200,B=150"],
  ["header_pipes", LIST, "blue|black|brown"],
  ["header_json", { a: "日", b: [1] }, '{"a":"\\u65e5","b":[1]}'],
];

test("header styles", async () => {
  for (const [tool, value, expected] of HEADERS) {
    const request = await sent(tool, { "X-Color": value });
    const headers = { ...BASE, "user-agent": agent(tool), "x-color": expected };
    assert.deepEqual(own(request), headers, tool);
    assert.equal(request.url, `/v1/${tool}`);
  }
  assert.deepEqual(own(await sent("header_simple", { "X-Color": null })), BASE);
  await refused("header_simple", { "X-Color": "a\r\nb: c" }, /line breaks/);
  assert.deepEqual(own(await sent("header_fixed", {})), { ...BASE, "api-version": "2.11" });
  const other = await sent("header_fixed", { "Api-Version": "2.12" });
  assert.deepEqual(own(other), { ...BASE, "api-version": "2.12" });
});

const COOKIES = [
  ["cookie_form", "blue", "color=blue"],
  ["cookie_form", LIST, "color=blue; color=black; color=brown"],
  ["cookie_form", OBJECT, "R=100; G=200; B=150"],
  ["cookie_form", "a;b=c é", "color=a%3Bb%3Dc%20%C3%A9"],
  ["cookie_form_n", LIST, "color=blue,black,brown"],
  ["cookie_form_n", OBJECT, "color=R,100,G,200,B,150"],
  ["cookie_json", { R: 1 }, "color=%7B%22R%22%3A1%7D"],
];

test("cookies", async () => {
  for (const [tool, color, expected] of COOKIES) {
    const request = await sent(tool, { color, size: 2 });
    assert.deepEqual(own(request), { ...BASE, cookie: `${expected}; size=2` }, tool);
  }
  assert.deepEqual(own(await sent("cookie_form", { color: [] })), BASE);
});

const JSON_TYPE = "application/json";
const FORM_TYPE = "application/x-www-form-urlencoded";

// Tool, arguments, content type, body as text.
const BODIES = [
  ["json_object", { a: 1, b: null }, JSON_TYPE, '{"a":1,"b":null}'],
  ["json_object", { b: ["é日", { c: "" }] }, JSON_TYPE, '{"b":["é日",{"c":""}]}'],
  ["json_object", {}, JSON_TYPE, "{}"],
  ["json_optional", {}, undefined, ""],
  ["json_optional", { a: false }, JSON_TYPE, '{"a":false}'],
  ["json_list", { body: [1, null, "x"] }, JSON_TYPE, '[1,null,"x"]'],
  ["json_scalar", { body: 0 }, JSON_TYPE, "0"],
  ["json_vendor", { a: 1 }, "application/vnd.example.v2+json", '{"a":1}'],
  ["json_names", { type: 1, proto: 2 }, JSON_TYPE, '{"@type":1,"__proto__":2}'],
  ["form", { name: "a&b=c d+é" }, FORM_TYPE, "name=a%26b%3Dc%20d%2B%C3%A9"],
  ["form", { name: "" }, FORM_TYPE, "name="],
  ["form", { name: null, tags: [] }, FORM_TYPE, ""],
  ["form", { tags: LIST }, FORM_TYPE, "tags=blue&tags=black&tags=brown"],
  ["form", { csv: ["a,b", "c"] }, FORM_TYPE, "csv=a%2Cb,c"],
  ["form", { pipes: LIST }, FORM_TYPE, "pipes=blue%7Cblack%7Cbrown"],
  ["form", { deep: OBJECT }, FORM_TYPE, "deep%5BR%5D=100&deep%5BG%5D=200&deep%5BB%5D=150"],
  ["form", { spread: OBJECT }, FORM_TYPE, "R=100&G=200&B=150"],
  ["form", { meta: { R: { x: 1 } } }, FORM_TYPE, "meta=%7B%22R%22%3A%7B%22x%22%3A1%7D%7D"],
  ["form", { rows: [{ R: 1 }, { R: 2 }] }, FORM_TYPE, "rows=%7B%22R%22%3A1%7D&rows=%7B%22R%22%3A2%7D"],
  ["form", { free: "a/b:c" }, FORM_TYPE, "free=a/b:c"],
  ["form", { typed: "x" }, FORM_TYPE, "typed=%22x%22"],
  ["text", { body: "<é>\r\n日" }, "text/plain", "<é>\r\n日"],
  ["text", { body: "" }, "text/plain", ""],
  ["xml", { body: '<?xml version="1.0"?><a b="é"/>' }, "application/xml", '<?xml version="1.0"?><a b="é"/>'],
];

test("bodies", async () => {
  for (const [tool, args, type, expected] of BODIES) {
    const request = await sent(tool, args);
    assert.equal(`${request.method} ${request.url}`, `POST /v1/${tool}`);
    assert.equal(request.body.toString(), expected, `${tool} ${JSON.stringify(args)}`);
    const length = String(Buffer.byteLength(expected));
    const headers = { ...BASE, "content-length": length, ...(type && { "content-type": type }) };
    assert.deepEqual(own(request), headers, tool);
  }
  const bytes = await sent("bytes", { body: "AP8NCi0t" });
  assert.deepEqual([...bytes.body], [0, 255, 13, 10, 45, 45]);
  assert.equal(own(bytes)["content-type"], "application/octet-stream");
  // Of a range, the type that the bytes themselves show.
  for (const [hex, type] of [
    ["89504e470d0a1a0a00", "image/png"],
    ["ffd8ffe0", "image/jpeg"],
    ["524946460000000057454250", "image/webp"],
    ["255044462d", "application/octet-stream"],
    ["", "application/octet-stream"],
  ]) {
    const image = await sent("image", { body: Buffer.from(hex, "hex").toString("base64") });
    assert.deepEqual(own(image)["content-type"], type);
    assert.equal(image.body.toString("hex"), hex);
  }
});

/** The parts of a multipart body, each as the text between two boundaries. */
async function parts(args) {
  const { headers, body } = await sent("multipart", args);
  const [, boundary] = /^multipart\/form-data; boundary=([\w-]+)$/.exec(headers["content-type"]);
  const pieces = body.toString("latin1").split(`--${boundary}`);
  assert.equal(pieces.shift(), "");
  assert.equal(pieces.pop(), "--\r\n");
  return pieces.map((piece) => {
    assert.match(piece, /^\r\n[^]*\r\n$/);
    return Buffer.from(piece.slice(2, -2), "latin1").toString();
  });
}

const part = (name, content, ...more) =>
  [`Content-Disposition: form-data; name="${name}"${more[0] ?? ""}`, ...more.slice(1), "", content].join("\r\n");
const typed = (name, content, type) => part(name, content, "", `Content-Type: ${type}`);
const file = (name, content, filename, type) =>
  part(name, content, `; filename="${filename}"`, `Content-Type: ${type}`);
const base64 = (text) => Buffer.from(text).toString("base64");

test("multipart bodies", async () => {
  assert.deepEqual(await parts({ text: "é\r\n--x", count: 0 }), [
    part("text", "é\r\n--x"),
    part("count", "0"),
  ]);
  // One part for each item of a list (RFC 7578 §4.3), in its own media type.
  assert.deepEqual(await parts({ tags: LIST }), LIST.map((it) => part("tags", it)));
  assert.deepEqual(await parts({ meta: { R: [1] }, rows: [{ R: 1 }, { R: 2 }] }), [
    typed("meta", '{"R":[1]}', "application/json"),
    typed("rows", '{"R":1}', "application/json"),
    typed("rows", '{"R":2}', "application/json"),
  ]);
  assert.deepEqual(await parts({ page: "<p>" }), [typed("page", "<p>", "text/html")]);
  assert.deepEqual(
    await parts({
      file: { data: base64("a"), filename: "é.txt", contentType: "text/plain" },
      files: [{ data: base64("b") }, { data: base64("c"), filename: "c" }],
      picture: { data: base64("d") },
    }),
    [
      file("file", "a", "é.txt", "text/plain"),
      file("files", "b", "files", "application/octet-stream"),
      file("files", "c", "c", "application/octet-stream"),
      file("picture", "d", "picture", "image/png"),
    ],
  );
  assert.deepEqual(await parts({ text: null, tags: [] }), []);
});
