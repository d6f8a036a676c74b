// Big things and many of them: a statement and a blob of a megabyte, a thousand databases.
import { outcome, same } from "./cases.mjs";

const MEGABYTE = 1 << 20;

same("a statement of a megabyte, in comments and text", ({ db }) => {
    const text = "ä".repeat(MEGABYTE / 2);
    return [db.exec(`SELECT length('${text}') /* ${text} */`), db.prepare(`SELECT 1 -- ${text}`).getSQL().length, db.run(`CREATE TABLE t (a); INSERT INTO t VALUES ('${text}')`).exec("SELECT length(a) FROM t")];
});
same("a statement of a megabyte, in rows", ({ db }) => {
    db.run("CREATE TABLE t (a, b)");
    const rows = Array.from({ length: 60_000 }, (_, i) => `(${i}, 'row ${i}')`).join();
    return [rows.length > MEGABYTE, db.run(`INSERT INTO t VALUES ${rows}`).getRowsModified(), db.exec("SELECT count(*), sum(a), max(b) FROM t")];
});
same("a megabyte of statements", ({ db }) => {
    const statements = "SELECT 1;".repeat(10_000) + `-- ${"x".repeat(MEGABYTE)}`;
    return db.exec(statements).length;
});
for (const size of [1_000, 65_535, MEGABYTE, 16 * MEGABYTE]) {
    same(`a blob of ${size} bytes`, ({ db }) => {
        const blob = Uint8Array.from({ length: size }, (_, i) => (i * 31) & 255);
        db.run("CREATE TABLE t (a)").run("INSERT INTO t VALUES (?)", [blob]);
        const [[back, length]] = db.exec("SELECT a, length(a) FROM t")[0].values;
        return [length, back.length, Buffer.compare(back, blob)];
    });
    same(`a text of ${size} letters`, ({ db }) => {
        const text = "aä日😀".repeat(size / 4);
        const [[back, length]] = db.exec("SELECT ?1, length(?1)", [text])[0].values;
        return [length, back.length, back === text];
    });
}
same("a megabyte through a function and back", ({ db }) => {
    db.create_function("twice", x => (typeof x === "string" ? x + x : [...x, ...x]));
    return db.exec("SELECT length(twice(?)), length(twice(?))", ["ä".repeat(MEGABYTE), new Uint8Array(100_000)]);
});
same("a blob that is too big", ({ db }) => outcome(() => db.exec("SELECT zeroblob(1000000001)")));
same("100,000 rows", ({ db }) => {
    db.run("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c REAL)");
    const insert = db.prepare("INSERT INTO t VALUES (?, ?, ?)");
    db.run("BEGIN");
    for (let i = 0; i < 100_000; i++) insert.run([i, `text ${i}`, i / 8]);
    db.run("COMMIT");
    const [{ values }] = db.exec("SELECT * FROM t ORDER BY a DESC");
    return [values.length, values[0], values[99_999], insert.free()];
});
same("10,000 statements that are not freed", ({ db }) => {
    for (let i = 0; i < 10_000; i++) db.prepare("SELECT 1").step();
    return [db.exec("SELECT 1"), db.close()];
});
same("1,000 databases, one after the other", ({ SQL }) => {
    const file = (() => { const db = new SQL.Database(); db.run("CREATE TABLE t (a); INSERT INTO t VALUES (zeroblob(50000))"); const bytes = db.export(); db.close(); return bytes; })();
    let sum = 0;
    for (let i = 0; i < 1_000; i++) {
        const db = new SQL.Database(file);
        db.create_function("f", x => x + 1);
        sum += db.exec("SELECT length(a), f(a IS NULL) FROM t")[0].values[0][1];
        db.prepare("SELECT 1").step();
        db.close();
    }
    return sum;
});
same("200 databases at once", ({ open }) => {
    const all = Array.from({ length: 200 }, (_, i) => open().run(`CREATE TABLE t (a); INSERT INTO t VALUES (${i})`));
    return all.map(db => db.exec("SELECT a FROM t")[0].values[0][0]).reduce((a, b) => a + b);
});
