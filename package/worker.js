/**
 * sql.js's worker protocol over Relata: a module worker, in browsers and in Node's worker_threads.
 *
 *     const worker = new Worker(new URL("./pkg/worker.js", import.meta.url), { type: "module" });
 *     worker.onmessage = ({ data }) => console.log(data); // { id: 1, results: [{ columns: ["a"], values: [[1]] }] }
 *     worker.postMessage({ id: 1, action: "exec", sql: "SELECT $a AS a", params: { $a: 1 } });
 *
 * One database is open at a time. What is asked, and what comes back with the same `id`:
 *
 * | action | with | answer |
 * |---|---|---|
 * | `open` | `buffer?`: a database file | `{ ready: true }` |
 * | `exec` | `sql`, `params?`, `config?` | `{ results }` |
 * | `each` | `sql`, `params?`, `config?` | `{ row, finished: false }` for each row, then `{ finished: true }` |
 * | `export` | | `{ buffer }`: a Uint8Array |
 * | `getRowsModified` | | `{ rowsModified }` |
 * | `close` | | nothing more |
 *
 * What fails is answered by `{ error }`, the words; as in sql.js they are missing where a string was thrown.
 */
import initSqlJs from "./relata.js";

let sqlJs;
let db = null;

function open(SQL, buffer) {
  if (db !== null) db.close();
  db = new SQL.Database(buffer);
}

/** Does what one message asks, and answers. */
function act(SQL, data, post) {
  const { id, action, sql, params } = data;
  const config = data.config || {};
  switch (action) {
    case "open":
      open(SQL, data.buffer && new Uint8Array(data.buffer));
      return post({ id, ready: true });
    case "exec":
      if (db === null) open(SQL);
      if (!sql) throw "exec: Missing query string";
      return post({ id, results: db.exec(sql, params, config) });
    case "each":
      if (db === null) open(SQL);
      return db.each(sql, params, (row) => post({ id, row, finished: false }), () => post({ id, finished: true }), config);
    case "export": {
      const buffer = db.export();
      return post({ id, buffer }, [buffer.buffer]);
    }
    case "getRowsModified":
      return post({ id, rowsModified: db.getRowsModified() });
    case "close":
      if (db !== null) db.close();
      db = null;
      return post({ id });
    default:
      throw new Error("Invalid action : " + action);
  }
}

/** Answers one message, after those that came before it. The first decides how the engine is loaded. */
function listen(data, post) {
  sqlJs ??= initSqlJs({ useOldExtensionFunctions: data.config?.useOldExtensionFunctions });
  return sqlJs.then((SQL) => act(SQL, data, post)).catch((error) => post({ id: data.id, error: error?.message }));
}

if (typeof WorkerGlobalScope === "function" && globalThis instanceof WorkerGlobalScope) {
  globalThis.onmessage = ({ data }) => listen(data, (...answer) => globalThis.postMessage(...answer));
} else {
  // Node keeps what is sent until somebody listens.
  import("node:worker_threads").then(({ parentPort }) => {
    const post = (...answer) => parentPort.postMessage(...answer);
    parentPort.on("message", (data) => {
      try {
        listen(data, post);
      } catch (error) {
        post({ error: error.message });
      }
    });
  });
}
