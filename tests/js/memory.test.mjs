/** A thousand databases, opened, used and closed: nothing of them may stay. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

// The engine's memory is nobody's business but this test's: it is caught as the module is instantiated.
let memory;
const { instantiate } = WebAssembly;
WebAssembly.instantiate = async (...args) => {
  const result = await instantiate(...args);
  memory = (result.instance ?? result).exports.memory;
  return result;
};
const { default: initSqlJs } = await import("../../pkg/relata.js");

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc");

/** Bytes. Less than 300 for each of the 900 databases between the two readings: any object kept weighs more in sum. */
const HEAP_NOISE = 256 * 1024;

test("memory is the same after 100 databases and after 1,000", async () => {
  const SQL = await initSqlJs();
  const image = filled(SQL).export();
  const first = await usedAfter(SQL, image, 100);
  const second = await usedAfter(SQL, image, 900);
  assert.equal(second.engine, first.engine, "the engine's memory in bytes");
  const grown = second.heap - first.heap;
  assert.ok(grown < HEAP_NOISE, `JavaScript's heap has grown by ${grown} bytes`);
});

async function usedAfter(SQL, image, databases) {
  for (let count = 0; count < databases; count += 2) {
    filled(SQL).close();
    leftInAMess(SQL, image).close();
  }
  // Finalizers run in a task of their own, and what they let go is garbage only then.
  for (let round = 0; round < 3; round += 1) {
    collectGarbage();
    await new Promise((done) => setTimeout(done, 10));
  }
  return { engine: memory.buffer.byteLength, heap: process.memoryUsage().heapUsed };
}

/** A new database with a table of 64 KiB, every statement finished. */
function filled(SQL) {
  const db = new SQL.Database();
  db.run("CREATE TABLE notes (id INTEGER PRIMARY KEY, content BLOB)");
  const insert = db.prepare("INSERT INTO notes (content) VALUES (?)");
  for (let note = 0; note < 64; note += 1) insert.run([new Uint8Array(1024)]);
  insert.free();
  return db;
}

/** One from a file, with a function, an aggregate, statements left open, a transaction unfinished, and an error met. */
function leftInAMess(SQL, image) {
  const db = new SQL.Database(image);
  db.create_function("twice", (number) => 2 * number);
  db.create_aggregate("longest", {
    init: () => 0,
    step: (longest, note) => Math.max(longest, note.length),
    finalize: (longest) => longest,
  });
  assert.deepEqual(db.exec("SELECT twice(count(*)), longest(content) FROM notes")[0].values, [[128, 1024]]);
  db.run("BEGIN");
  db.run("DELETE FROM notes WHERE id = 1");
  assert.throws(() => db.exec("SELECT missing FROM notes"), /no such column: missing/);
  const open = db.prepare("SELECT * FROM notes");
  open.step();
  db.prepare("SELECT id FROM notes WHERE id > ?").bind([3]);
  return db;
}
