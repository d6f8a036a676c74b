// SQLite's own build for the web, through its object-oriented interface.

import sqlite3InitModule from "@sqlite.org/sqlite-wasm";
import { offer } from "../peer.mjs";
import { DDL, LOOKUPS, SQL, TABLES, insertInto } from "../schema.mjs";
import { keys } from "../data.mjs";

let sqlite3;

function create() {
  const db = new sqlite3.oo1.DB(":memory:");
  for (const statement of DDL) db.exec(statement);
  return db;
}

function fill(db, data) {
  db.exec("BEGIN");
  for (const table of TABLES) {
    const statement = db.prepare(insertInto(table));
    for (const row of data[table]) statement.bind(row).stepReset();
    statement.finalize();
  }
  db.exec("COMMIT");
}

function lookups({ db, wanted }) {
  const statement = db.prepare(SQL.lookup);
  const found = [];
  for (const key of wanted) {
    statement.bind(1, key);
    if (statement.step()) found.push(statement.get([]));
    statement.reset();
  }
  statement.finalize();
  return found;
}

offer({
  name: "sqlite-wasm",
  async load() {
    sqlite3 = await sqlite3InitModule({ locateFile: (file) => `./${file}`, print() {}, printErr() {} });
    return { sqlite: sqlite3.version.libVersion };
  },
  open(data) {
    const db = create();
    fill(db, data);
    return { db, wanted: keys(LOOKUPS, data.books.length) };
  },
  close: ({ db }) => db.close(),
  works: {
    insert(_, data) {
      const db = create();
      const start = performance.now();
      fill(db, data);
      const ms = performance.now() - start;
      const result = TABLES.map((table) => [db.selectValue(`SELECT count(*) FROM ${table}`)]);
      db.close();
      return { ms, result };
    },
    scan({ db }) {
      const statement = db.prepare(SQL.scan);
      const rows = [];
      while (statement.step()) rows.push(statement.get([]));
      statement.finalize();
      return rows;
    },
    exec: ({ db }) => db.exec({ sql: SQL.scan, rowMode: "array", returnValue: "resultRows" }),
    join: ({ db }) => db.exec({ sql: SQL.join, rowMode: "object", returnValue: "resultRows" }),
    lookups,
    lookupsInOne: (context) => context.db.transaction(() => lookups(context)),
    groupBy: ({ db }) => db.exec({ sql: SQL.groupBy, rowMode: "array", returnValue: "resultRows" }),
  },
});
