/**
 * Databases kept in the browser, on a worker of their own. Types and documentation: kept.d.ts.
 */

/** What went wrong with a kept database; `code` stays the same whatever the words are. */
export class KeptError extends Error {
  constructor(message, code) {
    super(message);
    this.name = "KeptError";
    this.code = code;
  }
}

/** A worker that is asked by number. */
class Line {
  constructor(script) {
    if (typeof Worker === "undefined") throw new KeptError("Databases are kept in browsers, where there are workers.", "worker");
    this.worker = new Worker(script ?? new URL("./kept-worker.js", import.meta.url), { type: "module" });
    this.waiting = new Map();
    this.asked = 0;
    this.onStanding = () => {};
    this.worker.onmessage = ({ data }) => this.hear(data);
    this.worker.onerror = (event) => {
      event.preventDefault?.();
      this.end(new KeptError(`The database's worker failed (${event.message || "it could not be loaded"}).`, "worker"));
    };
  }

  hear({ id, told, standing, error, answer }) {
    if (standing) this.onStanding(standing);
    const waiting = this.waiting.get(id);
    if (!waiting) return;
    if (told !== undefined) {
      try {
        waiting.tell?.(told);
      } catch (thrown) {
        waiting.thrown ??= { thrown };
        this.worker.postMessage({ stop: id });
      }
      return;
    }
    this.waiting.delete(id);
    waiting.clean?.();
    if (waiting.thrown) waiting.reject(waiting.thrown.thrown);
    else if (error?.code) waiting.reject(new KeptError(error.message, error.code));
    else if (error) waiting.reject(error.string ?? new Error(error.message));
    else waiting.resolve(answer);
  }

  ask(action, args, { tell, signal } = {}) {
    if (this.ended) return Promise.reject(this.ended);
    signal?.throwIfAborted();
    const id = ++this.asked;
    return new Promise((resolve, reject) => {
      const stop = () => this.worker.postMessage({ stop: id });
      signal?.addEventListener("abort", stop);
      this.waiting.set(id, { resolve, reject, tell, clean: () => signal?.removeEventListener("abort", stop) });
      this.worker.postMessage({ id, action, args });
    });
  }

  end(reason) {
    this.ended ??= reason;
    this.worker.terminate();
    for (const { reject } of this.waiting.values()) reject(reason);
    this.waiting.clear();
  }
}

/** A database on its worker. */
class KeptDatabase {
  #line;
  #listener;

  constructor(line, name, standing, listener) {
    this.#line = line;
    this.#listener = listener;
    this.name = name;
    this.storage = standing;
    line.onStanding = (told) => this.#hear(told);
    listener?.(standing);
  }

  #hear(told) {
    const before = this.storage;
    this.storage = told;
    if (before.words !== told.words || before.saved !== told.saved) this.#listener?.(told);
  }

  exec(sql, params, config) {
    return this.#line.ask("exec", [sql, params, config]);
  }

  run(sql, params) {
    return this.#line.ask("run", [sql, params]);
  }

  batch(statements) {
    return this.#line.ask("batch", [statements]);
  }

  each(sql, params, callback) {
    if (typeof params === "function") [params, callback] = [undefined, params];
    return this.#line.ask("each", [sql, params], { tell: (rows) => rows.forEach((row) => callback(row)) });
  }

  async export() {
    const file = await this.file();
    return new Uint8Array(await file.arrayBuffer());
  }

  file({ onProgress, signal } = {}) {
    return this.#line.ask("file", [], { tell: onProgress, signal });
  }

  saved() {
    return this.#line.ask("saved", []);
  }

  async close() {
    if (this.#line.ended) return;
    try {
      await this.#line.ask("close", []);
    } finally {
      this.#line.end(new KeptError("The database is closed.", "closed"));
    }
  }
}

/** Opens a database that is kept in the browser, or makes it. */
export async function openKept(name, options = {}) {
  const { file, onProgress, signal, onStorage, whenTaken = "refuse", keep = "opfs", worker } = options;
  const line = new Line(worker);
  try {
    const content = file instanceof Uint8Array || file instanceof ArrayBuffer ? new Blob([file]) : file;
    const args = [String(name), content, whenTaken === "copy", keep];
    const standing = await line.ask("open", args, { tell: onProgress, signal });
    return new KeptDatabase(line, String(name), standing, onStorage);
  } catch (error) {
    line.end(error);
    throw error;
  }
}

async function once(action, args, worker) {
  const line = new Line(worker);
  try {
    return await line.ask(action, args);
  } finally {
    line.end(new KeptError("The worker has done its work.", "closed"));
  }
}

/** The databases that are kept. */
export const listKept = ({ worker } = {}) => once("list", [], worker);

/** Deletes a kept database. */
export const deleteKept = (name, { worker } = {}) => once("remove", [String(name)], worker);

/** How much room there is. */
export const keptRoom = ({ worker } = {}) => once("room", [], worker);

/** Asks the browser to promise that it will not clear the databases away when it runs short of room. */
export async function keepForGood() {
  return (await globalThis.navigator?.storage?.persist?.()) ?? false;
}
