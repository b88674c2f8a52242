// The Worker's entry file with a limiter whose uses can be made older: the clock of
// a test cannot be moved by an hour. `PUT /__age?holder=user:…&ms=…`; the answer is
// how many uses the object holds. `PUT /__alarm?holder=…` lets its alarm ring.
import Studio, { Limiter as Own, Outbound } from "../../src/entry.mjs";

export { Outbound };

export class Limiter extends Own {
  age(millis) {
    const { sql } = this.ctx.storage;
    sql.exec("UPDATE uses SET at = at - ?", millis);
    return sql.exec("SELECT COUNT(*) AS n FROM uses").one().n;
  }

  async ring() {
    const due = await this.ctx.storage.getAlarm();
    await super.alarm();
    const tables = this.ctx.storage.sql.exec(
      "SELECT name FROM sqlite_master WHERE name = 'uses'",
    );
    return { due, tables: tables.toArray().length };
  }
}

export default class extends Studio {
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    const limiter = () => {
      const objects = this.env.LIMITER;
      return objects.get(objects.idFromName(searchParams.get("holder")));
    };
    if (pathname === "/__age") {
      return Response.json(await limiter().age(Number(searchParams.get("ms"))));
    }
    if (pathname === "/__alarm") return Response.json(await limiter().ring());
    return super.fetch(request);
  }
}
