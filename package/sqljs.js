/**
 * sql.js's interface (https://sql.js.org/documentation/) to Relata's SQLite. What is documented there holds here, down to what is
 * thrown; types and documentation: relata.d.ts.
 */
import { Memory } from "./memory.js";

const OK = 0;
const ROW = 100;
const DONE = 101;

/** Makes the classes over the engine. */
export function makeSqlJs(wasm, engine) {
  const memory = new Memory(wasm);
  /** The statement whose row was packed last and may still be read. */
  let packed = null;

  const isBlob = (value) => value !== null && typeof value === "object" && value.length != null;

  /** A parameter as it can be written; throws for what has no place in a database. */
  function parameter(value) {
    switch (typeof value) {
      case "string":
      case "number":
        return value;
      case "bigint":
        return value.toString();
      case "boolean":
        return value ? 1 : 0;
      case "object":
        if (value === null || isBlob(value)) return value;
        break;
      default:
    }
    throw "Wrong API use : tried to bind a value of an unknown type (" + value + ").";
  }

  class Statement {
    constructor(id, db) {
      this.stmt = id;
      this.db = db;
      this.names = null;
      this.named = null;
    }

    /** Writes parameters to the input, and gives how many there are. */
    write(values) {
      const list = Array.isArray(values) ? values.map(parameter) : this.byName(values);
      memory.parameters(list);
      return list.length;
    }

    byName(values) {
      this.named ??= new Map(engine.sq_parameters(this.stmt).map((name, at) => [name, at]));
      const list = new Array(this.named.size).fill(undefined);
      for (const name of Object.keys(values)) {
        const at = name === "" ? undefined : this.named.get(name);
        if (at !== undefined) list[at] = parameter(values[name]);
      }
      return list;
    }

    bind(values) {
      if (!this.stmt) throw "Statement closed";
      this.reset();
      if (values != null && typeof values === "object") {
        this.db.handleError(wasm.sq_bind(this.stmt, this.write(values)));
      }
      return true;
    }

    step() {
      if (!this.stmt) throw "Statement closed";
      packed = null;
      const code = wasm.sq_step(this.stmt);
      if (code === ROW) {
        packed = this;
        return true;
      }
      if (code === DONE) return false;
      throw this.db.handleError(code);
    }

    get(params, config) {
      if (params != null && this.bind(params)) this.step();
      if (!this.stmt) return [];
      if (packed !== this || config?.useBigInt) {
        wasm.sq_row(this.stmt, config?.useBigInt ? 1 : 0);
        packed = config?.useBigInt ? null : this;
      }
      const rows = [];
      memory.rows(rows);
      return rows[0];
    }

    getColumnNames() {
      return engine.sq_columns(this.stmt);
    }

    getAsObject(params, config) {
      const values = this.get(params, config);
      const names = this.getColumnNames();
      return Object.fromEntries(names.map((name, at) => [name, values[at]]));
    }

    getSQL() {
      return engine.sq_sql(this.stmt);
    }

    run(values) {
      if (values != null) this.bind(values);
      this.step();
      return this.reset();
    }

    reset() {
      if (packed === this) packed = null;
      return Boolean(wasm.sq_reset(this.stmt));
    }

    freemem() {}

    free() {
      if (packed === this) packed = null;
      const went = Boolean(wasm.sq_free(this.stmt));
      delete this.db.statements[this.stmt];
      this.stmt = 0;
      return went;
    }
  }

  class Database {
    constructor(data) {
      const bytes = data == null ? new Uint8Array() : data instanceof Uint8Array ? data : Uint8Array.from(data);
      this.db = engine.sq_open(bytes);
      this.statements = {};
    }

    /** A database over a connection of the engine, by its number. */
    static of(connection) {
      const database = Object.create(Database.prototype);
      database.db = connection;
      database.statements = {};
      return database;
    }

    run(sql, params) {
      if (!this.db) throw "Database closed";
      if (params) {
        const statement = this.prepare(sql, params);
        try {
          statement.step();
        } finally {
          statement.free();
        }
      } else {
        this.handleError(wasm.sq_run(this.db, memory.write(sql)));
      }
      return this;
    }

    exec(sql, params, config) {
      if (!this.db) throw "Database closed";
      const big = config?.useBigInt ? 1 : 0;
      const results = [];
      let length = memory.write(sql);
      for (let start = 0; start < length; ) {
        const id = wasm.sq_prepare(this.db, start, length);
        this.handleError(memory.code);
        start = memory.tail;
        if (id === 0) continue;
        const statement = new Statement(id, this);
        try {
          if (params != null) statement.bind(params);
          let result = null;
          packed = null;
          for (;;) {
            const code = wasm.sq_rows(id, big);
            if (result === null && memory.rowCount > 0) {
              result = { columns: statement.getColumnNames(), values: [] };
              results.push(result);
            }
            if (result !== null) memory.rows(result.values);
            if (code === DONE) break;
            if (code !== ROW) this.handleError(code);
          }
        } finally {
          statement.free();
        }
        length = memory.write(sql);
      }
      return results;
    }

    prepare(sql, params) {
      const length = memory.write(sql);
      const id = wasm.sq_prepare(this.db, 0, length);
      this.handleError(memory.code);
      if (id === 0) throw "Nothing to prepare";
      const statement = new Statement(id, this);
      if (params != null) statement.bind(params);
      this.statements[id] = statement;
      return statement;
    }

    export() {
      if (!this.db) throw new Error("Database closed");
      return engine.sq_save(this.db);
    }

    close() {
      if (this.db === null) return;
      for (const statement of Object.values(this.statements)) statement.free();
      engine.sq_close(this.db);
      this.db = null;
    }

    handleError(code) {
      if (code === OK) return null;
      throw new Error(engine.sq_message(this.db));
    }

    getRowsModified() {
      return wasm.sq_changes(this.db);
    }
  }

  return { Database, Statement };
}
