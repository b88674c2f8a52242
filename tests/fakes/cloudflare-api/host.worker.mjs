// The Worker in which runner.mjs keeps the scripts, loaded on demand.

const scripts = new Map();

/** Evaluates a script's top level and tells which handlers it has. */
const CHECK = (main) => `
  import * as all from ${JSON.stringify(`./${main}`)};
  const value = all.default;
  const object = typeof value === "function" ? value.prototype : value;
  const handlers = ["fetch", "scheduled", "queue"].filter((it) => typeof object?.[it] === "function");
  export default { fetch: () => Response.json({ handlers }) };
`;

function code({ main, modules, env, date, flags }, check) {
  const sources = Object.entries(modules).map(([name, js]) => [name, { js }]);
  if (check) sources.push(["stand-in-check.js", { js: CHECK(main) }]);
  return {
    compatibilityDate: date,
    compatibilityFlags: flags,
    mainModule: check ? "stand-in-check.js" : main,
    modules: Object.fromEntries(sources),
    env,
  };
}

export default {
  async fetch(request, { LOADER }) {
    if (new URL(request.url).pathname === "/load") {
      const { key, script } = await request.json();
      try {
        const loaded = LOADER.get(`${key}:check`, () => code(script, true));
        const response = await loaded.getEntrypoint().fetch("http://check/");
        const result = await response.json();
        scripts.set(key, script);
        return Response.json(result);
      } catch (error) {
        return Response.json({ error: String(error.message ?? error) });
      }
    }
    const headers = new Headers(request.headers);
    const key = headers.get("stand-in-key");
    const url = new URL(headers.get("stand-in-url"));
    headers.delete("stand-in-key");
    headers.delete("stand-in-url");
    headers.set("host", url.host);
    const loaded = LOADER.get(key, () => code(scripts.get(key), false));
    const inner = new Request(url, { method: request.method, headers, body: request.body });
    return loaded.getEntrypoint().fetch(inner);
  },
};
