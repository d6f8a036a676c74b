/**
 * Relata's JavaScript package: SQLite in WebAssembly with the interface of sql.js 1.16.
 *
 * Everything here is synchronous once it is loaded, and every database lives in memory until it is exported.
 */

/** A value of SQLite's: NULL, INTEGER or REAL, TEXT, BLOB. An integer beyond 2⁵³ loses its last digits, unless read with `useBigInt`. */
export type SqlValue = number | string | Uint8Array | null;

/** What can be bound besides that: a boolean is stored as 0 or 1, an array of bytes as a blob, a bigint
 * as the text of its digits, of which a column of type INTEGER makes the integer. */
export type BindValue = SqlValue | boolean | bigint | readonly number[];

/** The parameters of a statement: in order, or by name, the name's `:`, `@` or `$` included. */
export type BindParams = readonly BindValue[] | Readonly<Record<string, BindValue>> | null;

/** A row by the names of its columns; of columns with one name, the last counts. */
export type ParamsObject = Record<string, SqlValue>;

/** What one statement gave. */
export interface QueryExecResult {
  /** The names of the columns. */
  columns: string[];
  /** The rows, each with a value for each column. */
  values: SqlValue[][];
}

/** How values are read. */
export interface ReadConfig {
  /** Whether every integer is handed over as a bigint, exact over SQLite's whole 64 bits. */
  useBigInt?: boolean;
}

/** A row as it is read with `useBigInt`, where integers are bigints. */
export type BigIntValue = SqlValue | bigint;

/** Where the engine is found, and what it offers. */
export interface InitConfig {
  /**
   * The address of the WebAssembly, asked for by its name (`relata_engine_bg.wasm`) and the folder of the module; in Node it may be
   * a path. Without it, the file is read from beside the module, which is where it lies. One that leads to sql.js's folder must
   * go, or be changed.
   */
  locateFile?: (file: string, folder: string) => string;
  /** The WebAssembly itself, for who has it already. */
  wasmBinary?: ArrayBuffer | ArrayBufferView;
  /** `false` leaves out the string and math functions that sql.js calls deprecated. */
  useOldExtensionFunctions?: boolean;
}

/** The functions of an aggregate, over a state of the script's own. */
export interface AggregateFunctions<State = any> {
  /** The state before the first row; null without it. */
  init?: () => State;
  /** The state after a row, from the state before it and the arguments. SQL has as many arguments as are declared here. */
  step: (state: State, ...args: any[]) => State;
  /** The result, from the state after the last row; the state itself without it. */
  finalize?: (state: State) => unknown;
}

/** Called for each row that changes. It must not change the database itself. */
export type UpdateHookCallback = (
  operation: "insert" | "update" | "delete",
  database: string,
  table: string,
  rowId: number,
) => void;

/** What sql.js calls its module. */
export interface SqlJsStatic {
  /** Makes databases. */
  readonly Database: typeof Database;
  /** What `prepare` returns. */
  readonly Statement: typeof Statement;
}

/**
 * Loads the engine: some hundred kilobytes of WebAssembly, once, however often it is called. `initSqlJs` does so too; called
 * early, this saves waiting there.
 * @throws what kept the file from being read or compiled; another call tries again
 * @example
 * await init();
 * console.log(typeof (await initSqlJs()).Database); // function
 */
export function init(config?: InitConfig): Promise<unknown>;

/**
 * Loads the engine and gives sql.js's interface to it. It is the default export, too.
 * @throws what kept the engine from being loaded
 * @example
 * const { Database } = await initSqlJs();
 * console.log(new Database().exec("SELECT 6 * 7 AS answer")[0]); // { columns: [ 'answer' ], values: [ [ 42 ] ] }
 */
export function initSqlJs(config?: InitConfig): Promise<SqlJsStatic>;
export default initSqlJs;

/**
 * A database in memory. It keeps its memory until it is closed.
 * @example
 * const authors = new SQL.Database();
 * authors.run("CREATE TABLE authors (name TEXT)").run("INSERT INTO authors VALUES ('Le Guin')");
 * const copy = new SQL.Database(authors.export());
 * authors.close();
 * console.log(copy.exec("SELECT name FROM authors")[0].values); // [ [ 'Le Guin' ] ]
 */
declare class Database {
  /**
   * An empty database, or the one in the bytes of a SQLite file, which are copied. That the bytes are no database is found
   * out by the first statement.
   */
  constructor(data?: ArrayLike<number> | ArrayBufferLike | null);

  /**
   * Runs statements and leaves their rows alone. With parameters, only the first statement runs.
   * @throws Error in SQLite's words; the string "Database closed"
   * @example
   * db.run("CREATE TABLE tags (name TEXT UNIQUE); INSERT INTO tags VALUES ('classic')");
   * db.run("INSERT INTO tags VALUES ($name)", { $name: "fantasy" });
   * try {
   *   db.run("INSERT INTO tags VALUES (?)", ["classic"]);
   * } catch (error) {
   *   console.log(error.message); // UNIQUE constraint failed: tags.name
   * }
   */
  run(sql: string, params?: BindParams): Database;

  /**
   * Runs statements, one after the other, and gives the rows of each that has any. Each takes from named parameters what it asks for.
   * @throws Error in SQLite's words; the string "Database closed"
   * @example
   * const [books] = db.exec("SELECT 'Solaris' AS title, :year AS year", { ":year": 1961 });
   * console.log(books.columns, books.values); // [ 'title', 'year' ] [ [ 'Solaris', 1961 ] ]
   * console.log(db.exec("SELECT 9007199254740993", [], { useBigInt: true })[0].values); // [ [ 9007199254740993n ] ]
   */
  exec(sql: string, params?: BindParams): QueryExecResult[];
  exec(sql: string, params: BindParams | undefined, config: ReadConfig): { columns: string[]; values: BigIntValue[][] }[];

  /**
   * Calls back with each row of a statement, as an object, then `done`; what that returns, or nothing. (sql.js's documentation
   * promises the database, which it does not give either.) As its fifth argument it takes how values are read.
   * @throws Error in SQLite's words; whatever the callback throws, which ends it
   * @example
   * const names = [];
   * const many = db.each(
   *   "SELECT value AS name FROM json_each(?)",
   *   ['["Ann","Ben"]'],
   *   (row) => names.push(row.name),
   *   () => names.length,
   * );
   * console.log(names, many); // [ 'Ann', 'Ben' ] 2
   * db.each("SELECT 9007199254740993 AS big", [], (row) => console.log(row), null, { useBigInt: true }); // { big: 9007199254740993n }
   */
  each<T>(sql: string, params: BindParams | undefined, callback: (row: ParamsObject) => void, done: () => T): T;
  each<T = undefined>(sql: string, params: BindParams | undefined, callback: (row: ParamsObject) => void, done?: (() => T) | null): T | undefined;
  each<T = undefined>(
    sql: string,
    params: BindParams | undefined,
    callback: (row: Record<string, BigIntValue>) => void,
    done: (() => T) | null | undefined,
    config: ReadConfig,
  ): T | undefined;
  each<T>(sql: string, callback: (row: ParamsObject) => void, done: () => T): T;
  each<T = undefined>(sql: string, callback: (row: ParamsObject) => void, done?: (() => T) | null): T | undefined;

  /**
   * Compiles the first statement of a text. Free it when it is no longer needed, or close the database.
   * @throws Error in SQLite's words; the string "Nothing to prepare" for a text without a statement
   * @example
   * const statement = db.prepare("SELECT ? + 1 AS next");
   * console.log(statement.getAsObject([1]), statement.getAsObject([2])); // { next: 2 } { next: 3 }
   * statement.free();
   */
  prepare(sql: string, params?: BindParams): Statement;

  /**
   * The statements of a text, each prepared when it is its turn and freed when the next one's is.
   * @throws Error where the text goes wrong, once iteration gets there
   * @example
   * const rows = [];
   * for (const statement of db.iterateStatements("SELECT 1; SELECT 2")) rows.push(statement.get([]));
   * console.log(rows); // [ [ 1 ], [ 2 ] ]
   */
  iterateStatements(sql: string): StatementIterator;

  /**
   * The database as the bytes of a SQLite file, a copy. Statements stay open, and so does the database.
   * @throws Error while a transaction is unfinished
   * @example
   * const file = db.run("CREATE TABLE authors (name TEXT)").export();
   * console.log(new TextDecoder().decode(file.slice(0, 15))); // SQLite format 3
   */
  export(): Uint8Array;

  /**
   * Frees the database and its statements. Once is enough; more does nothing.
   * @example
   * db.close();
   * try {
   *   db.exec("SELECT 1");
   * } catch (thrown) {
   *   console.log(thrown); // Database closed
   * }
   */
  close(): void;

  /**
   * How many rows the last INSERT, UPDATE or DELETE changed, what it entailed not counted.
   * @example
   * db.run("CREATE TABLE tags (name TEXT); INSERT INTO tags VALUES ('a'), ('b')");
   * console.log(db.getRowsModified()); // 2
   */
  getRowsModified(): number;

  /**
   * Turns a result code of SQLite's into nothing, for success, or into an exception.
   * @throws Error in SQLite's words for what went wrong last
   * @example
   * console.log(db.handleError(0)); // null
   */
  handleError(code?: number): null | never;

  /**
   * Makes a function for SQL, in the place of one with its name and as many arguments. What it throws is the statement's error, in its
   * words.
   * @throws Error in SQLite's words for a name that it refuses
   * @example
   * db.create_function("initials", (name) => name.replace(/(\w)\S*\s*\/?/g, "$1"));
   * console.log(db.exec("SELECT initials('Ursula Kroeber Le Guin')")[0].values); // [ [ 'UKLG' ] ]
   */
  create_function(name: string, func: (...args: any[]) => unknown): Database;

  /**
   * Makes an aggregate for SQL.
   * @throws the string "An aggregate function must have a step function in …"; Error in SQLite's words
   * @example
   * db.create_aggregate("longest", {
   *   init: () => "",
   *   step: (longest, word) => (word.length > longest.length ? word : longest),
   * });
   * console.log(db.exec("SELECT longest(value) FROM json_each('[\"fantasy\",\"classic\",\"science\"]')")[0].values); // [ [ 'fantasy' ] ]
   */
  create_aggregate<State>(name: string, functions: AggregateFunctions<State>): Database;

  /**
   * Calls back for each row that is inserted, updated or deleted; null ends that. One callback at a time. What it throws is thrown by
   * the call that changed the row, once the statement is done.
   * @example
   * db.run("CREATE TABLE tags (name TEXT)");
   * const seen = [];
   * db.updateHook((operation, database, table, rowId) => seen.push(`${operation} ${database}.${table} ${rowId}`));
   * db.run("INSERT INTO tags VALUES ('classic')").updateHook(null);
   * console.log(seen); // [ 'insert main.tags 1' ]
   */
  updateHook(callback: UpdateHookCallback | null): Database;
}

/**
 * A statement, compiled once and run as often as needed. `Database.prepare` makes it.
 * @example
 * const numbers = db.prepare("SELECT value FROM json_each('[1,2]')");
 * let sum = 0;
 * while (numbers.step()) sum += numbers.get()[0];
 * numbers.free();
 * console.log(sum); // 3
 */
declare class Statement {
  /**
   * Begins anew with these parameters; what is not named is NULL.
   * @throws the string "Statement closed"; a string for a value of a type that cannot be stored; Error for too many
   * @example
   * const statement = db.prepare("SELECT :a, @b, $c");
   * statement.bind({ ":a": 1, "@b": "two" });
   * statement.step();
   * console.log(statement.get()); // [ 1, 'two', null ]
   */
  bind(values?: BindParams): boolean;

  /**
   * Goes to the next row; false when there is none.
   * @throws Error in SQLite's words; the string "Statement closed"
   * @example
   * const statement = db.prepare("SELECT 1");
   * console.log(statement.step(), statement.step()); // true false
   */
  step(): boolean;

  /**
   * The row that was stepped to; with parameters, the first row for them.
   * @example
   * console.log(db.prepare("SELECT ?, x'00ff'").get([1.5])); // [ 1.5, Uint8Array(2) [ 0, 255 ] ]
   */
  get(params?: BindParams): SqlValue[];
  get(params: BindParams | undefined, config: ReadConfig): BigIntValue[];

  /**
   * The same as an object by the names of the columns.
   * @example
   * console.log(db.prepare("SELECT 1 AS id, 'Solaris' AS title").getAsObject({})); // { id: 1, title: 'Solaris' }
   */
  getAsObject(params?: BindParams): ParamsObject;
  getAsObject(params: BindParams | undefined, config: ReadConfig): Record<string, BigIntValue>;

  /**
   * The names of the columns; none for a statement that has no rows.
   * @example
   * console.log(db.prepare("SELECT 1 AS id, 2").getColumnNames()); // [ 'id', '2' ]
   */
  getColumnNames(): string[];

  /**
   * The statement's text.
   * @example
   * console.log(db.prepare("SELECT 1; SELECT 2").getSQL()); // SELECT 1;
   */
  getSQL(): string;

  /**
   * The statement's text as SQLite normalizes it, with `?` for each literal.
   * @example
   * console.log(db.prepare("select 1").getNormalizedSQL()); // SELECT?;
   */
  getNormalizedSQL(): string;

  /**
   * Binds, steps once and begins anew: for statements without rows.
   * @throws as `bind` and `step` do
   * @example
   * const insert = db.run("CREATE TABLE tags (name TEXT)").prepare("INSERT INTO tags VALUES (?)");
   * for (const name of ["classic", "fantasy"]) insert.run([name]);
   * console.log(db.exec("SELECT count(*) FROM tags")[0].values); // [ [ 2 ] ]
   */
  run(values?: BindParams): void;

  /**
   * Begins anew, with no parameters bound.
   * @example
   * const statement = db.prepare("SELECT ?", [7]);
   * statement.reset();
   * statement.step();
   * console.log(statement.get()); // [ null ]
   */
  reset(): void;

  /**
   * Frees what was kept for bound parameters. Here that is nothing, they are copied; sql.js then has none to read any more.
   * @example
   * const statement = db.prepare("SELECT ?", ["read"]);
   * console.log(statement.step(), statement.get()); // true [ 'read' ]
   * statement.freemem();
   */
  freemem(): void;

  /**
   * Frees the statement, which can then no longer be used.
   * @example
   * const statement = db.prepare("SELECT 1");
   * statement.free();
   * try {
   *   statement.step();
   * } catch (thrown) {
   *   console.log(thrown); // Statement closed
   * }
   */
  free(): boolean;
}

/**
 * The statements of a text, one after the other. `Database.iterateStatements` makes it.
 * @example
 * const statements = db.iterateStatements("SELECT 1; SELECT 2; SELECT");
 * statements.next();
 * console.log(statements.getRemainingSQL()); //  SELECT 2; SELECT
 */
declare class StatementIterator implements IterableIterator<Statement> {
  /** Made by a database only. */
  private constructor();

  /**
   * The next statement; the one before it is freed.
   * @throws Error in SQLite's words for what cannot be compiled, which ends the iteration
   * @example
   * const { value, done } = db.iterateStatements("SELECT 1").next();
   * console.log(value.getSQL(), done); // SELECT 1 false
   */
  next(): { done: boolean; value: Statement };

  /**
   * What has not been compiled yet.
   * @example
   * console.log(db.iterateStatements("SELECT 1").getRemainingSQL()); // SELECT 1
   */
  getRemainingSQL(): string;

  /**
   * Itself, for `for … of`.
   * @example
   * console.log([...db.iterateStatements("; ;")].length); // 0
   */
  [Symbol.iterator](): StatementIterator;
}

export type { Database, Statement, StatementIterator };
export * from "./playground.js";
