import sqlite3InitModule from "@sqlite.org/sqlite-wasm";

const sqlite3 = await sqlite3InitModule({ locateFile: (file) => `./${file}`, print() {}, printErr() {} });
const db = new sqlite3.oo1.DB(":memory:");
globalThis.answer = db.selectValue("SELECT 40 + 2");
globalThis.answered = performance.now();
