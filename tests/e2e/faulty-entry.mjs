// The Worker's entry file over a store that fails on request, `PUT /__faults`:
// * `{"puts": 2, "matching": "plan.json"}` lets the next two writes of objects with
//   such keys fail;
// * `{"lost": "SET status = 'live'"}` carries out the next batch with such a
//   statement and loses its answer; from then on the database does not answer.
import Studio, { Limiter, Outbound } from "../../src/entry.mjs";

export { Limiter, Outbound };

let faults = {};
let outage = false;

/** The statement's SQL: it cannot be read off the statement. */
const texts = new WeakMap();

/** The binding with some of its methods in front of its own. */
const wrapped = (binding, methods) =>
  new Proxy(binding, {
    get(target, name) {
      const value = target[name];
      if (typeof value !== "function" || name === "constructor") return value;
      const own = value.bind(target);
      return methods[name] ? (...args) => methods[name](own, ...args) : own;
    },
  });

const bucket = (binding) =>
  wrapped(binding, {
    put(own, key, ...rest) {
      if (faults.puts > 0 && key.includes(faults.matching)) {
        faults.puts -= 1;
        return Promise.reject(new Error("put: We encountered an internal error (10001)"));
      }
      return own(key, ...rest);
    },
  });

const database = (binding) =>
  wrapped(binding, {
    prepare(own, sql) {
      const statement = own(sql);
      const bind = statement.bind.bind(statement);
      statement.bind = (...values) => {
        const bound = bind(...values);
        texts.set(bound, sql);
        return bound;
      };
      return statement;
    },
    async batch(own, statements) {
      if (outage) throw new Error("D1_ERROR: Network connection lost.");
      const done = await own(statements);
      const lost = (statement) => texts.get(statement)?.includes(faults.lost);
      if (faults.lost && statements.some(lost)) {
        outage = true;
        throw new Error("D1_ERROR: Network connection lost.");
      }
      return done;
    },
  });

export default class extends Studio {
  async fetch(request) {
    if (new URL(request.url).pathname === "/__faults") {
      if (request.method === "PUT") {
        faults = await request.json();
        outage = false;
      }
      return Response.json({ ...faults, outage });
    }
    return super.fetch.call(this.#faulty(), request);
  }

  scheduled(event) {
    return super.scheduled.call(this.#faulty(), event);
  }

  #faulty() {
    const { env, ctx } = this;
    return { env: { ...env, BUCKET: bucket(env.BUCKET), DB: database(env.DB) }, ctx };
  }
}
