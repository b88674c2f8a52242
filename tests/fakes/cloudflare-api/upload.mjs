// An upload, checked against
// https://developers.cloudflare.com/workers/configuration/multipart-upload-metadata/
// and the errors of https://developers.cloudflare.com/workers/observability/errors/.
// What is documented and not needed here is refused as well, loudly.
import { parts } from "./form.mjs";
import { Refusal } from "./refusal.mjs";

const MODULE_TYPES = new Set(["application/javascript+module", "text/javascript+module"]);
/** Top-level attributes of an upload that goes live at once. */
const ATTRIBUTES = {
  main_module: isText,
  bindings: Array.isArray,
  compatibility_date: (it) => /^\d{4}-\d{2}-\d{2}$/.test(it) && !Number.isNaN(Date.parse(it)),
  compatibility_flags: isTexts,
  tags: (it) => isTexts(it) && it.length <= 8 && !it.some((tag) => /[,&]/.test(tag)),
  limits: (it) => isObject(it) && Object.keys(it).join() === "cpu_ms" && isCount(it.cpu_ms),
};
const VALUE_BYTES = 5 * 1024;
const MAX_BINDINGS = 128;

/** `{main, modules, bindings, date, flags, tags, limits}`. */
export function readUpload(contentType, body) {
  const all = parts(contentType, body);
  const names = all.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw invalid(`part ${twice} is there twice`);
  const metadata = readMetadata(all.find(({ name }) => name === "metadata"));
  const modules = Object.fromEntries(all.filter(({ name }) => name !== "metadata").map(module));
  if (modules[metadata.main_module] === undefined) {
    throw invalid(`main_module ${metadata.main_module} is not one of the parts`);
  }
  return {
    main: metadata.main_module,
    modules,
    bindings: metadata.bindings ?? [],
    // The oldest date, where none is given.
    date: metadata.compatibility_date ?? "2021-11-02",
    flags: metadata.compatibility_flags ?? [],
    tags: metadata.tags ?? [],
    limits: metadata.limits,
  };
}

function module({ name, filename, type, content }) {
  if (filename === undefined) throw invalid(`part ${name} has no file name`);
  if (!MODULE_TYPES.has(type)) throw invalid(`part ${name} has the content type ${type}`);
  return [name, new TextDecoder("utf-8", { fatal: true }).decode(content)];
}

function readMetadata(part) {
  if (part === undefined) throw invalid("could not read content for part metadata");
  if (part.type !== undefined && part.type !== "application/json") {
    throw invalid(`part metadata has the content type ${part.type}`);
  }
  let metadata;
  try {
    metadata = JSON.parse(part.content.toString("utf8"));
  } catch {
    throw invalid("part metadata is not JSON");
  }
  for (const [name, value] of Object.entries(metadata)) {
    if (!ATTRIBUTES[name]) throw invalid(`metadata has the unknown attribute ${name}`);
    if (!ATTRIBUTES[name](value)) throw invalid(`metadata.${name} is not valid`);
  }
  if (metadata.main_module === undefined) throw invalid("metadata has no main_module");
  checkBindings(metadata.bindings ?? []);
  return metadata;
}

function checkBindings(bindings) {
  if (bindings.length > MAX_BINDINGS)
    throw new Refusal(400, 10055, "too many environment variables");
  const names = new Set();
  for (const binding of bindings) {
    const { type, name, text, ...others } = binding;
    if (!isText(name)) throw new Refusal(400, 10052, "a binding is uploaded without a name");
    if (names.has(name)) throw invalid(`binding ${name} is there twice`);
    names.add(name);
    if (type !== "plain_text" && type !== "secret_text") {
      throw invalid(`binding ${name} has the type ${type}`);
    }
    if (typeof text !== "string" || Object.keys(others).length > 0) {
      throw invalid(`binding ${name} of type ${type} must have a text and nothing else`);
    }
    if (Buffer.byteLength(text) > VALUE_BYTES) {
      throw new Refusal(400, 10054, `binding ${name} exceeds the size limit`);
    }
  }
}

function invalid(message) {
  return new Refusal(400, 10021, message);
}

function isText(it) {
  return typeof it === "string" && it !== "";
}

function isTexts(it) {
  return Array.isArray(it) && it.every(isText);
}

function isObject(it) {
  return typeof it === "object" && it !== null && !Array.isArray(it);
}

function isCount(it) {
  return Number.isInteger(it) && it > 0;
}
