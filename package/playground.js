/**
 * The ORM by script. Types and documentation: playground.d.ts, and docs/package.md.
 */
import { rethrow } from "./functions.js";
import { readOutcome, shown, statementOf } from "./graph.js";
import { flattened, keyText, specification } from "./written.js";

/** A key as it was told. */
function key(told) {
  if (Array.isArray(told)) return told.map(key);
  if (told === null || typeof told !== "object") return told;
  if ("$integer" in told) return BigInt(told.$integer);
  return Uint8Array.from(told.$blob.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export class PlaygroundError extends Error {
  diagnostics = [];

  constructor(message, details = {}) {
    super(message);
    this.name = "PlaygroundError";
    Object.assign(this, details);
  }
}

/** An error of what is wrong with a specification. */
function wrong(diagnostics) {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const lines = errors.map(({ path, message, mend }) => `${path === "" ? "" : `${path}: `}${message}${mend === "" ? "" : ` ${mend}`}`);
  return new PlaygroundError(lines.join("\n"), { diagnostics });
}

/** Throws if there is an error among them. */
function check(diagnostics) {
  if (diagnostics.some(({ severity }) => severity === "error")) throw wrong(diagnostics);
}

const A_QUERY = 'a query such as { model: "Author" }';
const A_SCHEMA = "a schema, a project or the title of a sample";
const query = (spec) => specification(spec, A_QUERY, wrong);

/** Groups as rows by name, and the statement that brought them. */
function readGroups({ names, shown: how, sql, params, rows: told, ms }, explain) {
  const rows = told.map((row) => row.map(key));
  const objects = rows.map((row) => Object.fromEntries(row.map((value, at) => [names[at], shown(value, how[at] ?? "")])));
  const statement = statementOf({ sql, params: params.map(key), columns: names, rows, ms }, explain);
  return { objects, statements: () => [statement] };
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
    /** Why the engine failed, if it did. */
    #failure = null;
    /** Of the objects that were inserted: by which insertion, into which table, and their keys. */
    #inserted = new WeakMap();

    constructor(project) {
      const { wasm, engine, Database } = ready();
      [this.#engine, this.#memory, this.#Database] = [engine, wasm.memory, Database];
      const isSpec = typeof project === "object" && project !== null && !("relata" in project);
      const text = project == null || isSpec ? "" : specification(project, A_SCHEMA, wrong);
      this.#id = this.#ask((engine) => engine.pg_new(text));
      if (isSpec) check(this.define(project).diagnostics);
    }

    define(schema) {
      const text = schema === undefined ? "" : specification(schema, A_SCHEMA, wrong);
      const told = this.#ask((engine, id) => engine.pg_define(id, text));
      if (text !== "") this.#forgetDatabase();
      return JSON.parse(told);
    }

    create() {
      const told = JSON.parse(this.#ask((engine, id) => engine.pg_create(id)));
      this.#forgetDatabase();
      return told;
    }

    insert(objects) {
      const [lists, all, given] = flattened(objects, (object) => this.#keyOf(object), wrong);
      const told = this.#ask((engine, id) => {
        const answer = JSON.parse(engine.pg_insert(id, lists, all));
        const { insertion } = answer;
        // Known even if a hook has thrown: they are in the database then.
        for (const [number, table, own] of answer.all ?? []) this.#inserted.set(given[number], { insertion, table, key: key(own) });
        return answer;
      });
      const { diagnostics, refused, keys } = told;
      if (diagnostics) throw wrong(diagnostics);
      if (refused) {
        const { model, path, field, message, sqlite } = refused;
        const place = field === null ? path : `${path}.${field}`;
        const words = sqlite === "" || message.includes(sqlite) ? "" : ` (SQLite: ${sqlite})`;
        const details = { model, row: path, field, ...(sqlite === "" ? {} : { sqlite }) };
        throw new PlaygroundError(`${place}: ${message}${words}`, details);
      }
      return Object.fromEntries(Object.entries(keys).map(([name, list]) => [name, list.map(key)]));
    }

    query(spec) {
      const { objects, diagnostics, statements } = this.#done(this.#run(query(spec), "", true));
      return {
        objects,
        diagnostics,
        get statements() {
          return statements();
        },
      };
    }

    compare(spec) {
      const text = query(spec);
      const { diagnostics, strategies } = JSON.parse(this.#ask((engine, id) => engine.pg_strategies(id, text)));
      check(diagnostics);
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
      const text = query(spec);
      const start = performance.now();
      this.#done(this.#run(text, "", true));
      const objects = performance.now() - start;
      return { ...JSON.parse(this.#ask((engine, id) => engine.pg_measure(id, text))), objects };
    }

    get database() {
      if (this.#database === null || !this.#database.db) {
        const number = this.#ask((engine, id) => engine.pg_database(id));
        this.#database = Object.assign(Object.create(this.#Database.prototype), { db: number, statements: {}, hook: 0 });
      }
      return this.#database;
    }

    emit(language, spec) {
      const text = spec === undefined ? "" : query(spec);
      const { program, diagnostics } = JSON.parse(this.#ask((engine, id) => engine.pg_emit(id, String(language), text)));
      if (diagnostics) throw wrong(diagnostics);
      return program;
    }

    project() {
      return this.#ask((engine, id) => engine.pg_project(id));
    }

    close() {
      this.#forgetDatabase();
      if (this.#id !== 0) this.#engine.pg_free(this.#id);
      this.#id = 0;
    }

    [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() {
      this.close();
    }

    /**
     * Has the engine do something. What it refuses is an error; should it fail, this playground is at its end, for nobody knows in
     * what state it was left.
     */
    #ask(ask) {
      if (this.#failure !== null) throw this.#failed();
      let answer;
      try {
        answer = ask(this.#engine, this.#id);
      } catch (error) {
        if (typeof error === "string") throw new PlaygroundError(error);
        if (!(error instanceof WebAssembly.RuntimeError || error instanceof RangeError)) throw error;
        this.#failure = error;
        throw this.#failed();
      }
      // What a hook or a function of the script threw meanwhile is no failure of the engine.
      rethrow();
      return answer;
    }

    #failed() {
      return new PlaygroundError(`The engine has failed (${this.#failure.message}): make another playground.`, { cause: this.#failure });
    }

    /** The key of an object that was inserted, if its row is there still. */
    #keyOf(object) {
      const known = this.#inserted.get(object);
      if (known === undefined) return undefined;
      const { insertion, table, key } = known;
      const isThere = this.#ask((engine, id) => engine.pg_known(id, insertion, table, keyText(key)));
      return isThere ? key : undefined;
    }

    /** Throws if a query that was run has failed. */
    #done(read) {
      if (read.failure) throw new PlaygroundError(read.failure.message, read.failure);
      return read;
    }

    /** Runs a query and reads what came of it; which graph it is among those compared, if `first` is told. */
    #run(text, strategy, wanted, first) {
      const answer = this.#ask((engine, id) => engine.pg_query(id, text, strategy));
      const { diagnostics, failure = null, told, groups } = JSON.parse(answer);
      const explain = (sql, params) => planLines(this.#explained(sql, params));
      if (groups) return { ...readGroups(groups, explain), diagnostics, failure };
      if (!told) {
        if (failure) return { failure };
        throw wrong(diagnostics);
      }
      try {
        const graph = first === undefined ? null : JSON.parse(this.#engine.pg_graph(this.#id, first));
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
