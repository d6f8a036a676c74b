/**
 * The worker behind kept.js: one database, asked by messages {id, action, args}, one after the other. Answers are
 * {id, answer} or {id, error}, before them any number of {id, told}; whichever comes last of them carries `standing`.
 */
import { init, initSqlJs } from "./relata.js";
import * as engine from "./relata_engine.js";

/** How long after a commit a snapshot is made, at the least and at the most, in milliseconds. */
const SOON = 150;
const LATEST = 2000;
/** How many rows `each` sends at once. */
const ROWS = 500;

let file = null;
let db = null;
const stopped = new Set();

const standing = () => file?.standing();

/** What a script sees of an error: what sql.js throws as a string stays one. */
const told = (error) =>
  typeof error === "string" ? { string: error } : { message: error?.message ?? String(error), code: error?.code };

const teller = (id) => (read, of) => {
  self.postMessage({ id, told: { read, of } });
  return !stopped.has(id);
};

const actions = {
  async open(id, name, content, copy, keep) {
    const { Database } = await initSqlJs();
    file = await engine.kept_open(name, content, copy, keep, teller(id));
    try {
      db = Database.of(file.connect());
    } catch (error) {
      file.free();
      file = null;
      throw error;
    }
    return standing();
  },
  exec: (id, sql, params, config) => db.exec(sql, params, config),
  run(id, sql, params) {
    db.run(sql, params);
    return db.getRowsModified();
  },
  batch(id, statements) {
    db.run("BEGIN IMMEDIATE");
    try {
      const results = statements.map((one) => (Array.isArray(one) ? db.exec(...one) : db.exec(one)));
      db.run("COMMIT");
      return results;
    } catch (error) {
      try {
        db.run("ROLLBACK");
      } catch {
        // SQLite has rolled it back itself.
      }
      throw error;
    }
  },
  async each(id, sql, params) {
    const statement = db.prepare(sql, params);
    let rows = [];
    try {
      while (statement.step()) {
        rows.push(statement.getAsObject());
        if (rows.length === ROWS) {
          self.postMessage({ id, told: rows });
          rows = [];
          // Whether the script wants no more is heard only between two batches.
          await new Promise((resume) => setTimeout(resume));
          if (stopped.has(id)) return;
        }
      }
      if (rows.length > 0) self.postMessage({ id, told: rows });
    } finally {
      statement.free();
    }
  },
  file: (id) => file.file(teller(id)),
  saved: () => save(),
  async close() {
    await save();
    db.close();
    const last = standing();
    file.free();
    file = null;
    return last;
  },
  async list() {
    await init();
    return engine.kept_list();
  },
  async remove(id, name) {
    await init();
    return engine.kept_remove(name);
  },
  async room() {
    await init();
    return engine.kept_room();
  },
};

let soon;
let latest = null;

async function save() {
  clearTimeout(soon);
  latest = null;
  await file?.save();
  return standing();
}

/** Makes a snapshot a little later, so that many small commits make one. */
function saveSoon() {
  if (!file?.unsaved()) return;
  const now = Date.now();
  latest ??= now + LATEST;
  clearTimeout(soon);
  soon = setTimeout(() => {
    queue = queue.then(async () => {
      await save();
      self.postMessage({ standing: standing() });
    });
  }, Math.max(0, Math.min(SOON, latest - now)));
}

/** One after the other: what is asked while another is waited for comes after it. */
let queue = Promise.resolve();

self.onmessage = ({ data: { stop, id, action, args } }) => {
  if (stop) {
    stopped.add(stop);
    return;
  }
  queue = queue.then(async () => {
    try {
      const answer = await actions[action](id, ...args);
      self.postMessage({ id, answer, standing: standing() });
    } catch (error) {
      self.postMessage({ id, error: told(error), standing: standing() });
    }
    stopped.delete(id);
    saveSoon();
  });
};
