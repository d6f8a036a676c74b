/**
 * sql.js's interface (https://sql.js.org/documentation/) to Relata's SQLite. What is documented there holds here, down to what is
 * thrown: strings and errors both. Types and documentation: relata.d.ts.
 */
import { Memory } from "./memory.js";
import { makeFunctions, rethrow } from "./functions.js";

const OK = 0;
const BUSY = 5;
const NOTADB = 26;
const ROW = 100;
const DONE = 101;

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
      if (value === null || value.length != null) return value;
      break;
    default:
  }
  throw "Wrong API use : tried to bind a value of an unknown type (" + value + ").";
}

/** Makes the classes over the engine. */
export function makeSqlJs(wasm, engine, { useOldExtensionFunctions = true } = {}) {
  const memory = new Memory(wasm);
  const functions = makeFunctions(wasm, engine, memory);

  /** The columns of a statement; they stay as long as the schema does. */
  function columns(statement) {
    const repreparations = wasm.sq_repreparations(statement.stmt);
    if (statement.columns === null || statement.repreparations !== repreparations) {
      statement.columns = engine.sq_columns(statement.stmt);
      statement.repreparations = repreparations;
    }
    return statement.columns;
  }

  /** Writes an array's parameters. One that cannot be bound is thrown after those before it are bound, as in sql.js. */
  function writeArray(statement, values) {
    const count = values.length;
    let at = 0;
    try {
      for (; at < count; at += 1) {
        const type = typeof values[at];
        if (type !== "number" && type !== "string") parameter(values[at]);
      }
      return memory.parameters(values);
    } catch (error) {
      statement.reset();
      bindList(statement, values.slice(0, at < count ? at : memory.blob).map(parameter));
      throw error;
    }
  }

  /** Writes an object's parameters by their names; the same of one that cannot be bound. */
  function writeObject(statement, values) {
    statement.named ??= new Map(engine.sq_parameters(statement.stmt).map((name, at) => [name, at]));
    const { named } = statement;
    const list = new Array(named.size).fill(undefined);
    const names = Object.keys(values);
    let at = 0;
    try {
      for (; at < names.length; at += 1) {
        const place = names[at] === "" ? undefined : named.get(names[at]);
        if (place !== undefined) list[place] = parameter(values[names[at]]);
      }
      return memory.parameters(list);
    } catch (error) {
      if (at === names.length) at = names.findIndex((name) => named.get(name) === memory.blob);
      for (const name of names.slice(at)) if (named.has(name)) list[named.get(name)] = undefined;
      bindList(statement, list);
      throw error;
    }
  }

  function bindList(statement, list) {
    statement.db.handleError(wasm.sq_bind(statement.stmt, memory.parameters(list)));
  }

  /** Whether binding, stepping and resetting in one go is the same as one by one: nobody has put his own methods in their place. */
  function isPlain({ stmt, bind, step, reset }) {
    return stmt !== 0 && bind === plain.bind && step === plain.step && reset === plain.reset;
  }

  /** Whether there was a row when a statement was bound and stepped in one go. */
  function once(statement, code) {
    memory.owner = null;
    rethrow();
    if (code === ROW) return true;
    if (code === DONE) return false;
    throw statement.db.handleError(code);
  }

  function Statement(id, db) {
    this.stmt = id;
    this.db = db;
    this.columns = null;
    this.repreparations = 0;
    this.named = null;
  }

  Object.assign(Statement.prototype, {
    bind(values) {
      if (!this.stmt) throw "Statement closed";
      this.reset();
      if (values == null || typeof values !== "object") return true;
      const count = Array.isArray(values) ? writeArray(this, values) : writeObject(this, values);
      if (count > 0) this.db.handleError(wasm.sq_bind(this.stmt, count));
      return true;
    },

    step() {
      if (!this.stmt) throw "Statement closed";
      const code = wasm.sq_step(this.stmt);
      rethrow();
      if (code === ROW) {
        memory.owner = this;
        return true;
      }
      memory.owner = null;
      if (code === DONE) return false;
      throw this.db.handleError(code);
    },

    get(params, config) {
      if (Array.isArray(params) && isPlain(this)) {
        if (once(this, wasm.sq_first(this.stmt, writeArray(this, params)))) memory.owner = this;
      } else if (params != null && this.bind(params)) {
        this.step();
      }
      if (!this.stmt) return [];
      if (config && config.useBigInt) {
        wasm.sq_row(this.stmt, true);
        memory.owner = null;
      } else if (memory.owner !== this) {
        wasm.sq_row(this.stmt, false);
        memory.owner = this;
      }
      return memory.row();
    },

    getColumnNames() {
      return this.stmt ? columns(this).slice() : [];
    },

    getAsObject(params, config) {
      const values = this.get(params, config);
      const names = this.stmt ? columns(this) : [];
      const object = {};
      for (let at = 0; at < names.length; at += 1) {
        const name = names[at];
        if (name === "__proto__") return Object.fromEntries(names.map((each, i) => [each, values[i]]));
        object[name] = values[at];
      }
      return object;
    },

    getSQL() {
      return engine.sq_sql(this.stmt);
    },

    getNormalizedSQL() {
      return engine.sq_normalized(this.stmt);
    },

    run(values) {
      if (Array.isArray(values) && isPlain(this)) {
        once(this, wasm.sq_once(this.stmt, writeArray(this, values)));
        return true;
      }
      if (values != null) this.bind(values);
      this.step();
      return this.reset();
    },

    reset() {
      if (memory.owner === this) memory.owner = null;
      const went = this.stmt === 0 || wasm.sq_reset(this.stmt) !== 0;
      rethrow();
      return went;
    },

    // What is bound was copied; nothing is kept for it.
    freemem() {},

    free() {
      if (memory.owner === this) memory.owner = null;
      const went = this.stmt === 0 || wasm.sq_free(this.stmt) !== 0;
      delete this.db.statements[this.stmt];
      this.stmt = 0;
      rethrow();
      return went;
    },
  });

  const plain = { ...Statement.prototype };

  /** So many bytes of a text, in letters from `at`. */
  function lettersOf(sql, at, bytes) {
    const from = at;
    for (let left = bytes; left > 0; at += 1) {
      const point = sql.codePointAt(at);
      left -= point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      if (point > 0xffff) at += 1;
    }
    return at - from;
  }

  /**
   * SQL, of which one statement after the other is prepared. The engine is given the text at the first, and keeps it from the
   * second on: to write it anew for each would take the square of its length.
   */
  class Script {
    constructor(sql) {
      this.sql = memory.text(sql);
      /** How far it is prepared, in bytes. */
      this.bytes = 0;
      /** A place at or before that, in letters and in bytes. */
      this.known = { letters: 0, bytes: 0 };
      this.length = -1;
      this.kept = 0;
    }

    get atEnd() {
      return this.length < 0 ? this.sql === "" : this.bytes >= this.length;
    }

    /** The number of the next statement; 0 where there are only spaces and comments. Throws what SQLite says, and stays there. */
    next(db) {
      let id;
      if (this.length < 0) {
        this.length = memory.write(this.sql);
        id = wasm.sq_prepare(db.db, this.length);
      } else {
        if (this.kept === 0) this.kept = wasm.sq_keep(memory.write(this.sql));
        id = wasm.sq_prepare_kept(db.db, this.kept, this.bytes);
      }
      db.handleError(memory.code);
      this.bytes += memory.tail;
      return id;
    }

    get rest() {
      const { known, bytes } = this;
      known.letters += lettersOf(this.sql, known.letters, bytes - known.bytes);
      known.bytes = bytes;
      return this.sql.slice(known.letters);
    }

    /** No more will be prepared. */
    end() {
      if (this.kept !== 0) wasm.sq_forget(this.kept);
      this.kept = 0;
    }
  }

  function StatementIterator(sql, db) {
    this.db = db;
    this.script = new Script(sql);
    this.done = false;
    this.activeStatement = null;
  }

  Object.assign(StatementIterator.prototype, {
    next() {
      if (this.done) return { done: true };
      this.drop();
      if (!this.db.db) {
        this.end();
        throw new Error("Database closed");
      }
      let id;
      try {
        id = this.script.next(this.db);
      } catch (error) {
        this.end();
        throw error;
      }
      if (id === 0) return this.end();
      this.activeStatement = new Statement(id, this.db);
      this.db.statements[id] = this.activeStatement;
      return { value: this.activeStatement, done: false };
    },

    return() {
      this.drop();
      return this.end();
    },

    end() {
      this.script.end();
      this.done = true;
      return { done: true };
    },

    drop() {
      const active = this.activeStatement;
      this.activeStatement = null;
      active?.free();
    },

    getRemainingSQL() {
      return this.script.rest;
    },

    [Symbol.iterator]() {
      return this;
    },
  });

  /** A file's content, however it is given. */
  function fileBytes(data) {
    if (!data) return new Uint8Array();
    if (data instanceof Uint8Array) return data;
    return typeof data === "string" ? new TextEncoder().encode(data) : new Uint8Array(data);
  }

  function Database(data) {
    if (!(this instanceof Database)) throw new TypeError("Database is a class: it must be called with new");
    this.db = engine.sq_open(fileBytes(data), useOldExtensionFunctions !== false);
    this.statements = {};
    this.hook = 0;
    if (this.db === 0) throw new Error("out of memory");
  }

  /** Runs one statement to its end and gives its columns and rows, or null where there are no rows. */
  function all(statement, big) {
    let result = null;
    for (;;) {
      const code = wasm.sq_rows(statement.stmt, big);
      memory.owner = null;
      rethrow();
      if (memory.rowCount > 0) {
        result ??= { columns: columns(statement), values: [] };
        memory.rows(result.values);
      }
      if (code === DONE) return result;
      if (code !== ROW) statement.db.handleError(code);
    }
  }

  /** Runs the statements of a text, one after the other, and gives the results of those that have rows. */
  function runAll(db, sql, params, big) {
    const results = [];
    const script = new Script(sql);
    try {
      while (!script.atEnd) {
        const id = script.next(db);
        if (id === 0) continue;
        const statement = new Statement(id, db);
        try {
          if (params != null) statement.bind(params);
          const result = all(statement, big);
          if (result !== null) results.push(result);
        } finally {
          statement.free();
        }
      }
    } finally {
      script.end();
    }
    return results;
  }

  /** A database over a connection of the engine, by its number. */
  Database.of = (connection) => Object.assign(Object.create(Database.prototype), { db: connection, statements: {}, hook: 0 });

  Object.assign(Database.prototype, {
    run(sql, params) {
      if (!this.db) throw "Database closed";
      if (params) {
        const statement = this.prepare(sql, params);
        try {
          statement.step();
        } finally {
          statement.free();
        }
      } else if (this.hook !== 0) {
        // SQLite would go on with the next statement when the hook has thrown.
        runAll(this, sql, null, false);
      } else {
        const code = wasm.sq_run(this.db, memory.write(memory.text(sql)));
        rethrow();
        this.handleError(code);
      }
      return this;
    },

    exec(sql, params, config) {
      if (!this.db) throw "Database closed";
      return runAll(this, sql, params, Boolean(config && config.useBigInt));
    },

    each(sql, params, callback, done, config) {
      if (typeof params === "function") {
        done = callback;
        callback = params;
        params = undefined;
      }
      const statement = this.prepare(sql, params);
      try {
        while (statement.step()) callback(statement.getAsObject(null, config));
      } finally {
        statement.free();
      }
      return typeof done === "function" ? done() : undefined;
    },

    prepare(sql, params) {
      const id = new Script(sql).next(this);
      if (id === 0) throw "Nothing to prepare";
      const statement = new Statement(id, this);
      this.statements[id] = statement;
      if (params != null) {
        try {
          statement.bind(params);
        } catch (error) {
          statement.free();
          throw error;
        }
      }
      return statement;
    },

    iterateStatements(sql) {
      return new StatementIterator(sql, this);
    },

    export() {
      if (!this.db) throw new Error("Database closed");
      const file = engine.sq_save(this.db);
      if (file !== undefined) return file;
      // sql.js asks the copy's connection what is wrong, and there nothing is.
      if (memory.code === NOTADB) throw new Error("not an error");
      if (memory.code !== BUSY) throw this.handleError(memory.code);
      throw new Error(
        "Unable to export: SQLite is busy or locked. Finish active write transactions before exporting.",
      );
    },

    close() {
      if (this.db === null) return;
      for (const statement of Object.values(this.statements)) statement.free();
      functions.forgetHook(this);
      engine.sq_close(this.db);
      this.db = null;
    },

    handleError(code) {
      if (code === OK) return null;
      throw new Error(engine.sq_message(this.db ?? 0));
    },

    getRowsModified() {
      return wasm.sq_changes(this.db);
    },

    create_function(name, func) {
      this.handleError(functions.define(this, name, func));
      return this;
    },

    create_aggregate(name, aggregate) {
      this.handleError(functions.defineAggregate(this, name, aggregate));
      return this;
    },

    updateHook(callback) {
      functions.watch(this, callback);
      return this;
    },
  });

  return { Database, Statement };
}
