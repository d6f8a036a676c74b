// export and opening: what survives, what does not, bad bytes, and files that go from one engine to the other.
import assert from "node:assert/strict";
import { test } from "node:test";
import { errorOf, outcome, same } from "./cases.mjs";
import { relata, sqlJs } from "./engines.mjs";

const filled = db => db.run("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c BLOB); INSERT INTO t VALUES (1, 'ä😀', x'00ff'), (2, NULL, zeroblob(9000)); CREATE INDEX i ON t(b); PRAGMA user_version = 7");

same("an exported database opens again", ({ db, open }) => {
    const bytes = filled(db).export();
    const again = open(bytes);
    return [bytes.constructor.name, again.exec("SELECT a, b, hex(c) FROM t"), again.exec("PRAGMA user_version"), again.exec("PRAGMA integrity_check"), again.exec("SELECT name, sql FROM sqlite_schema")];
});
same("the file of an empty database", ({ db, open }) => {
    const bytes = db.export();
    return [bytes.length, open(bytes).exec("PRAGMA integrity_check; SELECT * FROM sqlite_schema")];
});
same("the file's header", ({ db }) => {
    const bytes = filled(db).export();
    return [String.fromCharCode(...bytes.slice(0, 15)), bytes[16] * 256 + bytes[17], [...bytes.slice(18, 24)], bytes.length];
});
same("the exported bytes are a copy", ({ db, open }) => {
    const bytes = filled(db).export();
    const second = db.export();
    bytes.fill(0);
    db.run("DELETE FROM t");
    return [open(second).exec("SELECT count(*) FROM t"), db.exec("SELECT count(*) FROM t"), second.byteOffset, second.buffer.byteLength === second.length];
});
same("the bytes that were opened are copied too", ({ db, open }) => {
    const bytes = filled(db).export();
    const again = open(bytes);
    bytes.fill(0);
    return again.exec("SELECT a FROM t; PRAGMA integrity_check");
});
same("a change after opening does not reach the bytes", ({ db, open }) => {
    const bytes = filled(db).export();
    open(bytes).run("DELETE FROM t");
    return open(bytes).exec("SELECT count(*) FROM t");
});

same("open statements live on after export", ({ db }) => {
    const statement = filled(db).prepare("SELECT a FROM t");
    const bound = db.prepare("SELECT ?", ["kept"]);
    statement.step();
    const [{ length }] = [db.export()];
    return [length > 0, statement.get(), statement.step(), statement.get(), bound.step(), bound.get(), statement.free()];
});
same("functions, aggregates and hooks live on after export", ({ db }) => {
    const events = [];
    filled(db).create_function("twice", x => 2 * x).create_aggregate("total2", { step: (sum, x) => sum + x }).updateHook((...event) => events.push(event));
    db.export();
    db.run("INSERT INTO t (b) VALUES (twice(4))");
    return [db.exec("SELECT twice(3), total2(a) FROM t"), events];
});
same("functions are not in the file", ({ db, open }) => {
    filled(db).create_function("twice", x => 2 * x);
    return outcome(() => open(db.export()).exec("SELECT twice(3)"));
});
same("settings of the connection live on", ({ db, open }) => {
    filled(db).run("PRAGMA foreign_keys = ON; PRAGMA cache_size = 77; PRAGMA recursive_triggers = ON; PRAGMA case_sensitive_like = ON; PRAGMA synchronous = OFF");
    const bytes = db.export();
    const settings = "PRAGMA foreign_keys; PRAGMA cache_size; PRAGMA recursive_triggers; SELECT 'a' LIKE 'A'; PRAGMA synchronous; PRAGMA user_version";
    return [db.exec(settings), open(bytes).exec("PRAGMA foreign_keys; PRAGMA recursive_triggers; SELECT 'a' LIKE 'A'; PRAGMA user_version")];
});
same("temporary tables live on, and are not in the file", ({ db, open }) => {
    filled(db).run("CREATE TEMP TABLE temporary (a); INSERT INTO temporary VALUES (1); CREATE TEMP VIEW seen AS SELECT a FROM t");
    const again = open(db.export());
    return [db.exec("SELECT * FROM temporary; SELECT * FROM seen"), outcome(() => again.exec("SELECT * FROM temporary")), again.exec("SELECT count(*) FROM sqlite_temp_schema")];
});
same("attached databases live on, and are not in the file", ({ db, open }) => {
    filled(db).run("ATTACH ':memory:' AS other; CREATE TABLE other.o (a); INSERT INTO other.o VALUES (5)");
    const again = open(db.export());
    return [db.exec("SELECT * FROM other.o"), outcome(() => again.exec("SELECT * FROM o")), again.exec("SELECT count(*) FROM sqlite_schema")];
});
same("export in a read transaction", ({ db, open }) => {
    filled(db).run("BEGIN; SELECT * FROM t");
    const bytes = db.export();
    return [open(bytes).exec("SELECT count(*) FROM t"), outcome(() => db.run("COMMIT") === db)];
});
same("export in a write transaction throws, and leaves it as it is", ({ db }) => {
    filled(db).run("BEGIN; INSERT INTO t (a) VALUES (3)");
    const refused = outcome(() => db.export().length);
    return [refused, db.exec("SELECT count(*) FROM t"), outcome(() => db.run("ROLLBACK") === db), db.exec("SELECT count(*) FROM t"), db.export().length > 0];
}, { expected: [errorOf("Unable to export: SQLite is busy or locked. Finish active write transactions before exporting."), [{ columns: ["count(*)"], values: [[3]] }], { value: true }, [{ columns: ["count(*)"], values: [[2]] }], true] });
same("export with an open savepoint", ({ db }) => {
    filled(db).run("SAVEPOINT s; INSERT INTO t (a) VALUES (3)");
    return [outcome(() => db.export().length), outcome(() => db.run("RELEASE s") === db), db.exec("SELECT count(*) FROM t")];
});
same("export after BEGIN IMMEDIATE", ({ db }) => {
    filled(db).run("BEGIN IMMEDIATE");
    return [outcome(() => db.export().length > 0), outcome(() => db.run("COMMIT") === db)];
});
same("export while a statement that writes is open", ({ db }) => {
    const statement = filled(db).prepare("INSERT INTO t (b) VALUES ('x'), ('y') RETURNING a");
    return [statement.step(), outcome(() => db.export().length > 0), statement.get(), statement.step(), statement.step(), outcome(() => db.export().length > 0)];
});
same("exports in a row", ({ db, open }) => {
    filled(db);
    const counts = [];
    for (let i = 0; i < 5; i++) counts.push(open(db.export()).exec("SELECT count(*) FROM t")[0].values[0][0], db.run("INSERT INTO t (b) VALUES ('more')").getRowsModified());
    return counts;
});
same("VACUUM", ({ db, open }) => {
    filled(db).run("DELETE FROM t; VACUUM");
    const bytes = db.export();
    return [bytes.length, open(bytes).exec("PRAGMA integrity_check; PRAGMA page_size")];
});
const inMemory = "a database is memory, not a file in a file system of memory";
same("VACUUM with another page size", ({ db }) => filled(db).run("PRAGMA page_size = 1024; VACUUM").exec("PRAGMA page_size")[0].values[0], {
    expected: [1024], differs: { because: inMemory, relata: { value: [4096] } },
});
same("a page size for an empty database", ({ db, open }) => {
    filled(db.run("PRAGMA page_size = 1024"));
    const bytes = db.export();
    return [bytes.length, bytes[16] * 256 + bytes[17], open(bytes).exec("PRAGMA page_size; SELECT a FROM t")];
});
same("encodings", ({ db, open }) => {
    db.run("PRAGMA encoding = 'UTF-16le'; CREATE TABLE t (a); INSERT INTO t VALUES ('ä😀')");
    const again = open(db.export());
    const statement = again.prepare("SELECT a, length(a), upper(?) FROM t", ["ß日"]);
    return [again.exec("PRAGMA encoding; SELECT a, hex(a) FROM t"), statement.step(), statement.get(), outcome(() => again.exec("SELECT nowhere"))];
});
same("auto_vacuum", ({ db, open }) => filled(db.run("PRAGMA auto_vacuum = FULL; VACUUM")) && open(db.export()).exec("PRAGMA auto_vacuum; SELECT count(*) FROM t"));
same("the journal cannot be a write-ahead log", ({ db }) => db.exec("PRAGMA journal_mode = WAL")[0].values[0], {
    expected: ["wal"], differs: { because: inMemory, relata: { value: ["memory"] } },
});
same("close after export", ({ db }) => [filled(db).export().length > 0, db.close(), outcome(() => db.export())]);
same("a closed database: export", ({ db }) => {
    db.close();
    db.export();
}, { throws: { Error: "Database closed" } });

same("a file that another program left in WAL mode", ({ db, open }) => {
    const bytes = filled(db).export();
    bytes[18] = bytes[19] = 2;
    const again = open(bytes);
    return [again.exec("SELECT a, b FROM t"), again.run("INSERT INTO t (a) VALUES (3)").getRowsModified(), again.exec("PRAGMA integrity_check"), [...again.export().slice(18, 20)]];
});

const damaged = change => ({ db, open }) => {
    const bytes = change(filled(db).export());
    let other;
    const opened = outcome(() => {
        other = open(bytes);
    });
    // What sql.js says of an export that fails is left over from another connection: that it fails is what counts.
    const exported = other && outcome(() => other.export().length);
    return [Object.keys(opened), exported?.value ?? Object.keys(exported?.thrown ?? {}), other && ["SELECT 1", "SELECT count(*) FROM t", "PRAGMA integrity_check", "CREATE TABLE n (a)"].map(sql => outcome(() => other.exec(sql)))];
};
const ascii = text => Uint8Array.from(text, letter => letter.charCodeAt(0));
same("bytes that are no database", damaged(() => ascii("this is no database, though it is longer than a header of a database has to be ".repeat(9))));
same("few bytes", damaged(() => ascii("short")));
same("no bytes", damaged(() => new Uint8Array()));
same("one byte", damaged(() => new Uint8Array(1)));
same("zeroes", damaged(() => new Uint8Array(8192)));
same("a file cut off", damaged(bytes => bytes.slice(0, 5000)));
same("a file cut off within its header", damaged(bytes => bytes.slice(0, 60)));
same("a file of a later format", damaged(bytes => { bytes[18] = bytes[19] = 9; return bytes; }));
same("a page size that there is not", damaged(bytes => { bytes[16] = 7; return bytes; }));
same("a damaged schema", damaged(bytes => bytes.fill(0xee, 100, 200)));
same("a file with bytes at its end", damaged(bytes => { const longer = new Uint8Array(bytes.length + 100); longer.set(bytes); return longer; }));
same("not a database, as documented", ({ open }) => open(ascii("not a database ".repeat(99))).exec("SELECT * FROM sqlite_schema"), { throws: { Error: "file is not a database" } });

const sources = {
    "array of numbers": bytes => [...bytes], "Buffer": bytes => Buffer.from(bytes), "view": bytes => { const wide = new Uint8Array(bytes.length + 8); wide.set(bytes, 4); return wide.subarray(4, 4 + bytes.length); },
    "Uint8ClampedArray": bytes => new Uint8ClampedArray(bytes), "Int8Array": bytes => new Int8Array(bytes),
};
for (const [name, make] of Object.entries(sources)) same(`opened from: ${name}`, ({ db, open }) => open(make(filled(db).export())).exec("SELECT a, b FROM t"));
for (const nothing of [undefined, null]) same(`opened from ${nothing}`, ({ open }) => open(nothing).exec("SELECT count(*) FROM sqlite_schema"));
same("opened from an ArrayBuffer, which has no length", ({ db, open }) => outcome(() => open(filled(db).export().buffer).exec("SELECT count(*) FROM sqlite_schema")));

for (const [from, to] of [[sqlJs, relata], [relata, sqlJs]]) {
    test(`what ${from.name} exports, ${to.name} opens, changes and gives back`, () => {
        const first = filled(new from.SQL.Database());
        const second = new to.SQL.Database(first.export());
        assert.deepEqual(second.exec("SELECT a, b, c, hex(b) FROM t"), first.exec("SELECT a, b, c, hex(b) FROM t"));
        second.run("INSERT INTO t VALUES (3, '日本', ?)", [new Uint8Array([1, 2])]);
        second.run("CREATE VIRTUAL TABLE words USING fts4(text); INSERT INTO words VALUES ('one two')");
        const third = new from.SQL.Database(second.export());
        assert.deepEqual(third.exec("SELECT * FROM t; SELECT * FROM words WHERE words MATCH 'two'"), second.exec("SELECT * FROM t; SELECT * FROM words WHERE words MATCH 'two'"));
        assert.deepEqual(third.exec("PRAGMA integrity_check")[0].values, [["ok"]]);
        for (const db of [first, second, third]) db.close();
    });
}
