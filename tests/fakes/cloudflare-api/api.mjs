// The part of api.cloudflare.com that is about scripts, as documented at
// https://developers.cloudflare.com/api/resources/workers/subresources/scripts/ and
// https://developers.cloudflare.com/api/resources/workers_for_platforms/.
import { createHash } from "node:crypto";
import { accountOf, ownerOf } from "./accounts.mjs";
import { Refusal } from "./refusal.mjs";
import { readUpload } from "./upload.mjs";

const BASE = "/client/v4/accounts/";
const NAME = /^[a-z0-9_][a-z0-9_-]{0,62}$/;

export class Api {
  #runner;
  /** By account, namespace (empty for none) and name. */
  scripts = new Map();
  #uploads = 0;

  constructor(runner) {
    this.#runner = runner;
  }

  /** `{status, body}` of a request that reached the API. @throws {Refusal} */
  async answer(method, url, headers, body) {
    if (!url.pathname.startsWith(BASE)) throw noRoute(url);
    authenticate(headers);
    const [id, ...path] = url.pathname.slice(BASE.length).split("/");
    const account = accountOf(id);
    if (!account) throw noRoute(url);
    if (ownerOf(tokenOf(headers)) !== account) {
      throw new Refusal(403, 10000, "Authentication error");
    }
    const plain = /^workers\/scripts\/([^/]+)$/.exec(path.join("/"));
    const inside = /^workers\/dispatch\/namespaces\/([^/]+)\/scripts\/([^/]+)$/.exec(
      path.join("/"),
    );
    const switched = /^workers\/scripts\/([^/]+)\/subdomain$/.exec(path.join("/"));
    const settings = /^workers\/scripts\/([^/]+)\/script-settings$/.exec(path.join("/"));
    const kinds = { script: plain ?? inside, switch: switched, settings };
    const kind = Object.keys(kinds).find((it) => kinds[it]);
    const route = `${method} ${kind ?? path.join("/")}`;
    const [namespace, name] = inside ? inside.slice(1) : ["", kinds[kind]?.[1]];
    if (namespace && !account.namespaces.includes(namespace)) {
      throw new Refusal(404, 10007, "dispatch namespace not found");
    }
    switch (route) {
      case "PUT script":
        return this.#upload(account, namespace, name, headers, body);
      case "DELETE script":
        return this.#remove(account, namespace, name, url);
      case "GET settings":
        return this.#settings(account, name);
      case "POST switch":
        return this.#switch(account, name, headers, body);
      case "GET workers/subdomain":
        if (!account.subdomain)
          throw new Refusal(404, 10007, "workers.api.error.subdomain_not_found");
        return ok({ subdomain: account.subdomain });
      default:
        throw noRoute(url);
    }
  }

  async #upload(account, namespace, name, headers, body) {
    if (!NAME.test(name)) throw new Refusal(400, 10016, "Invalid Worker name");
    if (!namespace && !account.subdomain) {
      throw new Refusal(400, 10063, "You need a workers.dev subdomain in order to proceed.");
    }
    const upload = readUpload(headers["content-type"], body);
    this.#uploads += 1;
    const runKey = `${keyOf(account, namespace, name)}#${this.#uploads}`;
    const env = Object.fromEntries(upload.bindings.map(({ name, text }) => [name, text]));
    const started = performance.now();
    const { handlers, error } = await this.#runner.load(runKey, { ...upload, env });
    if (error !== undefined) throw new Refusal(400, 10021, error);
    if (handlers.length === 0) {
      throw new Refusal(400, 10068, "The uploaded script has no registered event handlers.");
    }
    const key = keyOf(account, namespace, name);
    const before = this.scripts.get(key);
    const now = new Date().toISOString();
    const script = {
      account: account.id,
      namespace,
      name,
      ...upload,
      env,
      runKey,
      uploads: (before?.uploads ?? 0) + 1,
      enabled: before?.enabled ?? false,
    };
    this.scripts.set(key, script);
    return ok({
      id: name,
      etag: createHash("sha256").update(body).digest("hex"),
      handlers,
      tags: upload.tags,
      has_assets: false,
      has_modules: true,
      logpush: false,
      created_on: now,
      modified_on: now,
      usage_model: "standard",
      compatibility_date: upload.date,
      startup_time_ms: Math.ceil(performance.now() - started),
    });
  }

  #remove(account, namespace, name, url) {
    const unknown = [...url.searchParams.keys()].filter((it) => it !== "force");
    if (unknown.length > 0) throw new Refusal(400, 10026, `unknown parameter ${unknown}`);
    if (!this.scripts.delete(keyOf(account, namespace, name))) throw notFound();
    return ok(null);
  }

  #settings(account, name) {
    const script = this.scripts.get(keyOf(account, "", name));
    if (!script) throw notFound();
    const observability = { enabled: false, head_sampling_rate: null };
    return ok({ logpush: false, observability, tags: script.tags, tail_consumers: [] });
  }

  #switch(account, name, headers, body) {
    const script = this.scripts.get(keyOf(account, "", name));
    if (!script) throw notFound();
    let fields;
    try {
      fields = JSON.parse(body.toString("utf8"));
    } catch {
      throw new Refusal(400, 10026, "Could not parse request body");
    }
    const { enabled, previews_enabled, ...others } = fields;
    const isJson = headers["content-type"] === "application/json";
    const bools = [enabled, previews_enabled ?? false].every((it) => typeof it === "boolean");
    if (!isJson || !bools || Object.keys(others).length > 0) {
      throw new Refusal(400, 10026, "enabled is a boolean, previews_enabled too, and no more");
    }
    script.enabled = enabled;
    return ok({ enabled, previews_enabled: previews_enabled ?? false });
  }

  /** The script at `{name}.{subdomain}.workers.dev`, where it is switched on. */
  at(subdomain, name) {
    return [...this.scripts.values()].find(
      (it) => it.enabled && it.name === name && accountOf(it.account).subdomain === subdomain,
    );
  }
}

function keyOf(account, namespace, name) {
  return `${account.id}/${namespace}/${name}`;
}

function tokenOf(headers) {
  return /^Bearer ([\w.~+/=-]+)$/.exec(headers.authorization ?? "")?.[1];
}

function authenticate(headers) {
  const token = tokenOf(headers);
  if (token === undefined || token.length < 20) {
    throw new Refusal(400, 6003, "Invalid request headers", {
      chain: [{ code: 6111, message: "Invalid format for Authorization header" }],
    });
  }
  if (!ownerOf(token)) throw new Refusal(403, 9109, "Invalid access token");
}

function notFound() {
  return new Refusal(404, 10007, "workers.api.error.script_not_found");
}

function noRoute(url) {
  const message = `Could not route to ${url.pathname}, perhaps your object identifier is invalid?`;
  return new Refusal(404, 7003, message, {
    chain: [{ code: 7000, message: "No route for that URI" }],
  });
}

function ok(result) {
  return { status: 200, body: { success: true, errors: [], messages: [], result } };
}
