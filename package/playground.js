/**
 * The ORM by script. Types and documentation: playground.d.ts, and docs/package.md.
 */
import { rethrow } from "./functions.js";
import { readOutcome } from "./graph.js";

/** What JSON does not have, as the engine reads it; and what stands for an object, if `object` says so. */
function written(value, object) {
  switch (typeof value) {
    case "bigint":
      return { $integer: String(value) };
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "function":
    case "symbol":
      throw new TypeError(`A ${typeof value} is no value.`);
    case "object":
      break;
    default:
      return value;
  }
  if (value === null) return null;
  if (value instanceof Date) return { $date: value.toISOString() };
  if (value instanceof ArrayBuffer) return written(new Uint8Array(value));
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return { $blob: Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("") };
  }
  if (Array.isArray(value)) return value.map((item) => written(item, object) ?? null);
  if (object) return object(value);
  return Object.fromEntries(members(value).map(([name, item]) => [name, written(item)]));
}

/** The members of an object that say something. */
const members = (object) => Object.entries(object).filter(([, item]) => item !== undefined);

const specification = (spec) => (typeof spec === "string" ? spec : JSON.stringify(written(spec)));

/** What JSON cannot say of a key. */
const keyWritten = (value) => (Array.isArray(value) ? value.map((part) => written(part)) : written(value));

/**
 * What is to be inserted as the engine reads it: each object once, however often it is written, and by its key if it was inserted
 * before. `keys` has the keys of those.
 */
function flattened(listed, keys) {
  const numbers = new Map();
  const open = [];
  const number = (object) => {
    let known = numbers.get(object);
    if (known === undefined) {
      known = numbers.size;
      numbers.set(object, known);
      open.push(object);
    }
    return known;
  };
  const linked = (object) => {
    const known = numbers.has(object) ? undefined : keys.get(object);
    return known === undefined ? { $object: number(object) } : keyWritten(known);
  };
  const top = (object) => ({ $object: number(object) });
  const lists = JSON.stringify(Object.fromEntries(members(listed).map(([name, list]) => [name, written(list, top)])));
  const objects = [];
  // More are found while these are written.
  for (let at = 0; at < open.length; at += 1) {
    objects.push(Object.fromEntries(members(open[at]).map(([name, item]) => [name, written(item, linked)])));
  }
  return [lists, JSON.stringify(objects), open];
}

/** A key as it was told. */
function key(told) {
  if (Array.isArray(told)) return told.map(key);
  if (told === null || typeof told !== "object") return told;
  if ("$integer" in told) return BigInt(told.$integer);
  return Uint8Array.from(told.$blob.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export class PlaygroundError extends Error {
  constructor(message, details = {}) {
    super(message);
    this.name = "PlaygroundError";
    Object.assign(this, details);
  }
}

/** Has an engine's refusal, which is a text, thrown as an error; and what functions of the script threw on the way. */
function asked(ask) {
  let answer;
  try {
    answer = ask();
  } catch (error) {
    if (typeof error === "string") throw new PlaygroundError(error, { diagnostics: [] });
    throw error;
  }
  rethrow();
  return answer;
}

/** Throws what is wrong with a specification. */
function wrong(diagnostics) {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const lines = errors.map(({ path, message, mend }) => `${path === "" ? "" : `${path}: `}${message}${mend === "" ? "" : ` ${mend}`}`);
  throw new PlaygroundError(lines.join("\n"), { diagnostics });
}

/** The lines of a query plan, each two spaces further in than what it is part of. */
function planLines(rows) {
  const depth = new Map([[0, -1]]);
  return rows.map(([id, parent, , detail]) => {
    const here = (depth.get(parent) ?? -1) + 1;
    depth.set(id, here);
    return "  ".repeat(here) + detail;
  });
}

/**
 * Makes the class over the engine. `ready` gives the engine's exports, its glue and sql.js's classes, and throws while it is not
 * loaded.
 */
export function makePlayground(ready) {
  return class Playground {
    #id = 0;
    #engine;
    #memory;
    #Database;
    #database = null;
    /** The keys of the objects that were inserted. */
    #inserted = new WeakMap();

    constructor(project) {
      const { wasm, engine, Database } = ready();
      [this.#engine, this.#memory, this.#Database] = [engine, wasm.memory, Database];
      const isSpec = typeof project === "object" && project !== null && !("relata" in project);
      this.#id = asked(() => engine.pg_new(project == null || isSpec ? "" : specification(project)));
      if (isSpec) {
        const { diagnostics } = this.define(project);
        if (diagnostics.some(({ severity }) => severity === "error")) wrong(diagnostics);
      }
    }

    define(schema) {
      const told = asked(() => this.#engine.pg_define(this.#id, schema === undefined ? "" : specification(schema)));
      if (schema !== undefined) this.#forgetDatabase();
      return JSON.parse(told);
    }

    create() {
      const told = JSON.parse(asked(() => this.#engine.pg_create(this.#id)));
      this.#forgetDatabase();
      return told;
    }

    insert(objects) {
      const [lists, all, given] = flattened(objects, this.#inserted);
      const told = asked(() => {
        const answer = JSON.parse(this.#engine.pg_insert(this.#id, lists, all));
        // Known even if a hook has thrown: they are in the database then.
        for (const [number, own] of answer.all ?? []) this.#inserted.set(given[number], key(own));
        return answer;
      });
      const { diagnostics, refused, keys } = told;
      if (diagnostics) wrong(diagnostics);
      if (refused) {
        const { model, path, field, message, sqlite } = refused;
        const place = field === null ? path : `${path}.${field}`;
        const words = sqlite === "" ? "" : ` (SQLite: ${sqlite})`;
        throw new PlaygroundError(`${place}: ${message}${words}`, { model, row: path, field, sqlite, diagnostics: [] });
      }
      return Object.fromEntries(Object.entries(keys).map(([name, list]) => [name, list.map(key)]));
    }

    query(spec) {
      const read = this.#run(specification(spec), "", true);
      if (read.failure) throw new PlaygroundError(read.failure.message, { ...read.failure, diagnostics: [] });
      const { objects, diagnostics, statements } = read;
      return {
        objects,
        diagnostics,
        get statements() {
          return statements();
        },
      };
    }

    compare(spec) {
      const text = specification(spec);
      const { diagnostics, strategies } = JSON.parse(asked(() => this.#engine.pg_strategies(this.#id, text)));
      if (diagnostics.some(({ severity }) => severity === "error")) wrong(diagnostics);
      let first = true;
      return ["", ...strategies].map((strategy) => {
        const { failure, count, statements, graph } = this.#run(text, strategy, false, first);
        first = false;
        const all = statements();
        const sum = (figure) => all.reduce((total, statement) => total + figure(statement), 0);
        return {
          strategy: strategy === "" ? null : strategy,
          statements: all,
          rows: sum(({ rowCount }) => rowCount),
          cells: sum(({ rowCount, columns }) => rowCount * columns.length),
          ms: sum(({ ms }) => ms),
          objects: count,
          graph: failure ? null : graph,
          error: failure ? failure.message : null,
        };
      });
    }

    measure(spec) {
      const text = specification(spec);
      const told = JSON.parse(asked(() => this.#engine.pg_measure(this.#id, text)));
      if (told.diagnostics) wrong(told.diagnostics);
      const start = performance.now();
      this.#run(text, "", true);
      return { ...told, objects: performance.now() - start };
    }

    get database() {
      if (this.#database === null || !this.#database.db) {
        const number = asked(() => this.#engine.pg_database(this.#id));
        this.#database = Object.assign(Object.create(this.#Database.prototype), { db: number, statements: {}, hook: 0 });
      }
      return this.#database;
    }

    emit(language, spec) {
      return JSON.parse(asked(() => this.#engine.pg_emit(this.#id, language, spec === undefined ? "" : specification(spec))))[0];
    }

    project() {
      return asked(() => this.#engine.pg_project(this.#id));
    }

    close() {
      this.#forgetDatabase();
      if (this.#id !== 0) this.#engine.pg_free(this.#id);
      this.#id = 0;
    }

    /** Runs a query and reads what came of it; which graph it is among those compared, if `first` is told. */
    #run(text, strategy, wanted, first) {
      const answer = asked(() => this.#engine.pg_query(this.#id, text, strategy));
      const { diagnostics, failure = null, told } = JSON.parse(answer);
      if (!told) wrong(diagnostics);
      try {
        const graph = first === undefined ? null : JSON.parse(this.#engine.pg_graph(this.#id, first));
        const explain = (sql, params) => planLines(this.#explained(sql, params));
        const read = readOutcome(this.#memory.buffer, told, explain, wanted);
        return { ...read, diagnostics, failure, graph };
      } finally {
        this.#engine.pg_done(this.#id);
      }
    }

    #explained(sql, params) {
      const [result] = this.database.exec(`EXPLAIN QUERY PLAN ${sql}`, params);
      return result === undefined ? [] : result.values;
    }

    #forgetDatabase() {
      if (this.#database !== null) this.#database.close();
      this.#database = null;
      this.#inserted = new WeakMap();
    }
  };
}
