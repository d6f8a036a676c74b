// Relata's package through sql.js's interface: the same code as for sql.js, raw and by hand.

import initSqlJs, { init } from "./pkg/relata.js";
import { offer } from "../peer.mjs";
import { CHUNK } from "../schema.mjs";
import { SELECT_IN, peer } from "./raw.mjs";

/** Lays the statements of select-in loading ready in wasm: what is under the clock is SQLite alone. */
async function layReady({ db, data }) {
  const engine = await init();
  engine.limit_clear();
  const ids = (rows) => Float64Array.from(rows, ([id]) => id);
  const add = (sql, keys) => {
    const statement = db.prepare(sql);
    const at = engine.sq_input(keys.length * 8) >>> 0;
    new Float64Array(engine.memory.buffer, at, keys.length).set(keys);
    engine.limit_add(statement.stmt, keys.length);
  };
  add(SELECT_IN.authors, new Float64Array());
  for (const [table, keys] of [["profiles", ids(data.authors)], ["books", ids(data.authors)], ["tags", ids(data.books)]]) {
    for (let at = 0; at < keys.length; at += CHUNK) {
      const chunk = keys.slice(at, at + CHUNK);
      add(SELECT_IN[table](Array.from(chunk, () => "?").join(", ")), chunk);
    }
  }
  return engine;
}

offer(
  peer("Relata, initSqlJs", () => initSqlJs(), {
    async limit(context) {
      const engine = (context.limit ??= await layReady(context));
      context.db.run("BEGIN");
      const start = performance.now();
      const rows = engine.limit_run();
      const ms = performance.now() - start;
      context.db.run("COMMIT");
      return { ms, result: [[rows]] };
    },
  }),
);
