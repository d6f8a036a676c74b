/**
 * Databases kept in the browser: opened again after a reload, each on a worker of its own, so that nothing a statement
 * does holds the page up. Only for browsers; in Node a database is a file of yours.
 *
 * ```js
 * import { openKept } from "./pkg/kept.js";
 *
 * const db = await openKept("notes");
 * await db.run("CREATE TABLE IF NOT EXISTS notes (text)");
 * await db.run("INSERT INTO notes VALUES (?)", ["Buy milk"]);
 * const [{ values }] = await db.exec("SELECT text FROM notes");
 * console.log(values, db.storage.words); // [["Buy milk"]] "Kept in this browser."
 * ```
 *
 * Where the browser has files for pages (OPFS), a commit is on disk as soon as its promise is kept, and a crash loses nothing
 * of it. Where it has none, the database is in memory and a copy of the whole is written to IndexedDB after each commit, at
 * most two seconds later: `storage.saved` tells whether it is there, and `saved()` waits for it. Where the browser lets nothing
 * be kept, or has no more room, the database goes on in memory; `storage` says so and why, and `file()` saves it elsewhere.
 *
 * A private window keeps its databases until it is closed, and a browser that runs short of room may clear away those of pages
 * it has promised nothing (`keptRoom().persisted`, `keepForGood()`).
 */

/** A value of SQLite. Integers come as numbers, or all as bigints with `useBigInt`. */
export type SqlValue = number | string | Uint8Array | bigint | null;

/** What can be bound: by position, or by name with its `:`, `@` or `$`. */
export type BindParams = readonly (SqlValue | boolean)[] | { readonly [name: string]: SqlValue | boolean } | null;

/** The rows of one statement, as sql.js gives them. */
export interface QueryExecResult {
  /** The names of the columns. */
  columns: string[];
  /** The rows, each with a value for every column. */
  values: SqlValue[][];
}

/** How a database stands. */
export interface KeptStorage {
  /** `opfs`: in files of the browser; `snapshot`: in memory, with a copy in IndexedDB; `memory`: in memory only. */
  readonly place: "opfs" | "snapshot" | "memory";
  /** Whether everything that was committed is kept. */
  readonly saved: boolean;
  /** Why it is not in files: a sentence's second half. Empty if it is. */
  readonly why: string;
  /** The same as a sentence, for people. */
  readonly words: string;
  /** How big the database is, in bytes. */
  readonly bytes: number;
}

/** How far reading or saving is, in bytes. */
export interface KeptProgress {
  /** How many bytes have been read. */
  readonly read: number;
  /** Of how many. */
  readonly of: number;
}

/** How to open a database. */
export interface KeptOptions {
  /** The content of a new one: an SQLite file, of any size. There must be none of that name. */
  file?: Blob | Uint8Array | ArrayBuffer;
  /** Hears how far the file is read: about every 4 MB. */
  onProgress?: (progress: KeptProgress) => void;
  /** Stops reading the file; nothing of it is kept, and the promise is broken with `cancelled`. */
  signal?: AbortSignal;
  /** Hears at once and after every change where the database stands. */
  onStorage?: (storage: KeptStorage) => void;
  /** What to do if another tab has it: `refuse` (with `taken`), or open a `copy` in memory. Two tabs never write to one. */
  whenTaken?: "refuse" | "copy";
  /** The best place that is allowed; without it, `opfs`. */
  keep?: "opfs" | "snapshot" | "memory";
  /** Where `kept-worker.js` lies, if not beside this module. */
  worker?: string | URL;
}

/**
 * What went wrong. What SQLite says of a statement is an ordinary `Error` with its words, as on sql.js.
 *
 * - `taken`: another tab has the database; `busy`, `silent`: and gives no copy now
 * - `name`: it needs a name of 1 to 100 characters; `exists`: there is one of that name, which a file would replace
 * - `not-a-database`: the file, or what is kept, is something else
 * - `cancelled`: stopped by its signal; `transaction`: one is not over, so there is no file to give
 * - `sqlite`, `browser`, `worker`: SQLite, the browser or the worker refused, in its own words (`worker` also where there are
 *   none, as in Node); `closed`: it was closed
 * @example
 * try {
 *   await openKept(" ");
 * } catch (error) {
 *   console.log(error instanceof KeptError, error.code); // true name
 * }
 */
export class KeptError extends Error {
  /** Which of these it is; it stays the same whatever the words are. */
  readonly code:
    | "taken" | "busy" | "silent" | "name" | "exists" | "not-a-database" | "cancelled" | "transaction" | "sqlite"
    | "browser" | "worker" | "closed";
}

/** A database on its worker. What is asked is done in the order in which it is asked. */
export interface KeptDatabase {
  /** Its name. */
  readonly name: string;
  /** How it stands, as of the last answer. */
  readonly storage: KeptStorage;
  /**
   * Runs all statements of a text; the rows of those that have any.
   * @throws `Error` with SQLite's words; the statements before the wrong one have been run
   * @example
   * const db = await openKept("example", { keep: "memory" });
   * const [{ columns, values }] = await db.exec("SELECT ? AS answer", [42]);
   * console.log(columns, values); // [ 'answer' ] [ [ 42 ] ]
   * await db.close();
   */
  exec(sql: string, params?: BindParams, config?: { useBigInt?: boolean }): Promise<QueryExecResult[]>;
  /**
   * Runs all statements of a text, or one with parameters, without their rows; how many rows the last one changed.
   * @throws `Error` with SQLite's words
   * @example
   * const db = await openKept("example", { keep: "memory" });
   * await db.run("CREATE TABLE notes (text)");
   * console.log(await db.run("INSERT INTO notes VALUES (?), (?)", ["one", "two"])); // 2
   * await db.close();
   */
  run(sql: string, params?: BindParams): Promise<number>;
  /**
   * Runs statements in one transaction: all of them, or none. The rows of each, as of `exec`.
   * @throws `Error` with SQLite's words, when all has been rolled back
   * @example
   * const db = await openKept("example", { keep: "memory" });
   * await db.run("CREATE TABLE notes (text NOT NULL)");
   * const insert = "INSERT INTO notes VALUES (?)";
   * await db.batch([[insert, ["one"]], [insert, [null]]]).catch(() => "none of them");
   * const [[], [{ values }]] = await db.batch([[insert, ["two"]], "SELECT text FROM notes"]);
   * console.log(values); // [ [ 'two' ] ]
   * await db.close();
   */
  batch(statements: readonly (string | readonly [string, BindParams?])[]): Promise<QueryExecResult[][]>;
  /**
   * Calls back with each row as an object, in batches of some hundred. An error that the callback throws ends it.
   * @example
   * const db = await openKept("example", { keep: "memory" });
   * await db.each("SELECT value FROM json_each(?)", ["[1, 2]"], (row) => {
   *   console.log(row); // { value: 1 }
   *   throw "enough";
   * }).catch((error) => error);
   * await db.close();
   */
  each(sql: string, callback: (row: Record<string, SqlValue>) => void): Promise<void>;
  each(sql: string, params: BindParams, callback: (row: Record<string, SqlValue>) => void): Promise<void>;
  /**
   * The database's file, in memory. What is not committed yet is not in it.
   * @throws `transaction` where one is half written
   * @example
   * const db = await openKept("example", { keep: "memory" });
   * await db.run("CREATE TABLE notes (text)");
   * const file = await db.export();
   * console.log(new TextDecoder().decode(file.slice(0, 15))); // SQLite format 3
   * await db.close();
   */
  export(): Promise<Uint8Array>;
  /**
   * The same without taking it into memory, for big ones.
   * @throws as `export`; `cancelled` where its signal said so
   * @example
   * const db = await openKept("example", { keep: "memory" });
   * await db.run("CREATE TABLE notes (text)");
   * const link = document.createElement("a");
   * link.href = URL.createObjectURL(await db.file({ onProgress: ({ read, of }) => (link.textContent = `${read} of ${of}`) }));
   * link.download = "notes.sqlite"; // link.click() saves it
   * await db.close();
   */
  file(options?: { onProgress?: (progress: KeptProgress) => void; signal?: AbortSignal }): Promise<Blob>;
  /**
   * Waits until everything that was committed is kept, where it can be; how it stands then.
   * @example
   * const db = await openKept("example", { keep: "snapshot" });
   * await db.run("CREATE TABLE notes (text)");
   * const before = db.storage.saved;
   * const { saved, words } = await db.saved();
   * console.log(before, saved, words); // false true Kept in this browser, as a copy made after each change.
   * await db.close();
   * await deleteKept("example");
   */
  saved(): Promise<KeptStorage>;
  /**
   * Keeps what is not kept yet, closes, and ends the worker. What is asked afterwards is refused as `closed`.
   * @example
   * const db = await openKept("example", { keep: "memory" });
   * await db.close();
   * console.log(await db.exec("SELECT 1").catch((error) => error.code)); // closed
   */
  close(): Promise<void>;
}

/**
 * Opens a database that is kept in the browser, or makes it. Where nothing can be kept it opens in memory, and says so in
 * its `storage`.
 * @throws a {@link KeptError}: `taken`, `name`, `exists`, `not-a-database`, `cancelled`, …
 * @example
 * const db = await openKept("example");
 * await db.run("CREATE TABLE notes (text); INSERT INTO notes VALUES ('one')");
 * await db.close();
 * const again = await openKept("example", { whenTaken: "copy" });
 * const [{ values }] = await again.exec("SELECT text FROM notes");
 * console.log(values); // [ [ 'one' ] ]
 * await again.close();
 * await deleteKept("example");
 */
export function openKept(name: string, options?: KeptOptions): Promise<KeptDatabase>;

/**
 * The databases that are kept, by name, with their sizes in bytes. One that nothing was ever committed to is none.
 * @example
 * const db = await openKept("example");
 * await db.run("CREATE TABLE notes (text)");
 * console.log((await listKept()).map(({ name }) => name)); // [ 'example' ]
 * await db.close();
 * await deleteKept("example");
 */
export function listKept(options?: { worker?: string | URL }): Promise<{ name: string; bytes: number }[]>;

/**
 * Deletes a kept database. One that is not there is no mistake.
 * @throws a {@link KeptError}: `taken` where a tab, this one included, has it open
 * @example
 * await deleteKept("example");
 */
export function deleteKept(name: string, options?: { worker?: string | URL }): Promise<void>;

/**
 * How many bytes this site keeps and may keep, and whether the browser has promised to; nothing where it does not say.
 * @example
 * const room = await keptRoom();
 * if (room) console.log(room.usage < room.quota); // true
 */
export function keptRoom(options?: { worker?: string | URL }): Promise<
  { usage: number; quota: number; persisted: boolean } | undefined
>;

/**
 * Asks the browser to promise that it will not clear the databases away when it runs short of room; its answer. Firefox asks
 * the person.
 * @example
 * const button = document.createElement("button");
 * button.onclick = async () => (button.textContent = (await keepForGood()) ? "Kept for good" : "Kept as long as there is room");
 */
export function keepForGood(): Promise<boolean>;
