// updateHook: which events come, and what about them.
import { outcome, same } from "./cases.mjs";

const watched = db => {
    const events = [];
    db.run("CREATE TABLE t (id INTEGER PRIMARY KEY, a)").updateHook((...event) => events.push(event));
    return events;
};

same("the example of the documentation", ({ db }) => {
    const changes = [];
    db.exec("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, active INTEGER)");
    db.updateHook((operation, database, table, rowId) => changes.push({ operation, database, table, rowId }));
    db.run("INSERT INTO users VALUES (1, 'Alice', 1)");
    db.run("UPDATE users SET active = 0 WHERE id = 1");
    db.run("DELETE FROM users WHERE id = 1");
    db.updateHook(null);
    db.run("INSERT INTO users VALUES (2, 'Bob', 1)");
    return changes;
}, { expected: ["insert", "update", "delete"].map(operation => ({ operation, database: "main", table: "users", rowId: 1 })) });
same("it gives the database", ({ db }) => [db.updateHook(() => 1) === db, db.updateHook(null) === db, db.updateHook() === db], { expected: [true, true, true] });
same("one event a row", ({ db }) => {
    const events = watched(db);
    db.run("INSERT INTO t (a) VALUES ('x'), ('y'), ('z'); UPDATE t SET a = 'w' WHERE id > 1; UPDATE t SET id = id + 10; DELETE FROM t WHERE id = 11");
    return events;
});
same("DELETE without WHERE gives none", ({ db }) => {
    const events = watched(db);
    db.run("INSERT INTO t VALUES (1, 1); DELETE FROM t; INSERT INTO t VALUES (1, 1); DELETE FROM t WHERE 1");
    return events;
});
same("REPLACE, UPSERT, IGNORE", ({ db }) => {
    const events = watched(db);
    db.run("INSERT INTO t VALUES (1, 'a'); REPLACE INTO t VALUES (1, 'b'); INSERT INTO t VALUES (1, 'c') ON CONFLICT DO UPDATE SET a = 'c'; INSERT OR IGNORE INTO t VALUES (1, 'd')");
    return events;
});
same("temporary and attached tables, WITHOUT ROWID, virtual tables", ({ db }) => {
    const events = watched(db);
    db.run("CREATE TEMP TABLE tmp (a); INSERT INTO tmp VALUES (1); ATTACH ':memory:' AS other; CREATE TABLE other.o (a); INSERT INTO other.o VALUES (1); CREATE TABLE w (a PRIMARY KEY) WITHOUT ROWID; INSERT INTO w VALUES (1)");
    return events;
});
same("triggers and cascades", ({ db }) => {
    const events = watched(db);
    db.run("PRAGMA foreign_keys = ON; CREATE TABLE c (t REFERENCES t ON DELETE CASCADE); CREATE TABLE log (a); CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.id); END");
    db.run("INSERT INTO t VALUES (5, 'x'); INSERT INTO c VALUES (5), (5); DELETE FROM t WHERE id = 5");
    return events;
});
same("what is rolled back has been told", ({ db }) => {
    const events = watched(db);
    db.run("BEGIN; INSERT INTO t VALUES (1, 1); ROLLBACK");
    return [events, outcome(() => db.run("INSERT INTO t VALUES (1, 1), (2, 2), (1, 3)")), events.length];
});
same("schema changes give none", ({ db }) => {
    const events = watched(db);
    db.run("CREATE TABLE u (a); ALTER TABLE u ADD COLUMN b; CREATE INDEX i ON u(a); DROP TABLE u; VACUUM; ANALYZE");
    return events;
});
same("row ids", ({ db }) => {
    const events = watched(db);
    db.run("INSERT INTO t (id) VALUES (-1), (0), (9007199254740991), (-9223372036854775808)");
    return events.map(([, , , id]) => id);
});
same("names with other letters", ({ db }) => {
    const events = watched(db);
    db.run("CREATE TABLE \"Tä 😀\" (a); INSERT INTO \"tä 😀\" VALUES (1)");
    return events;
});
same("another hook takes the place of the first", ({ db }) => {
    const [first, second] = [watched(db), []];
    db.updateHook((...event) => second.push(event));
    db.run("INSERT INTO t VALUES (1, 1)");
    return [first, second];
});
same("hooks are of one database", ({ db, open }) => {
    const events = watched(db);
    open().run("CREATE TABLE t (a); INSERT INTO t VALUES (1)");
    return events;
});
same("prepared statements and exec tell too", ({ db }) => {
    const events = watched(db);
    const insert = db.prepare("INSERT INTO t (a) VALUES (?)");
    insert.run(["a"]);
    insert.run(["b"]);
    db.exec("UPDATE t SET a = 'c' WHERE id = 1 RETURNING id");
    return events;
});
same("functions may be called within a statement that is watched", ({ db }) => {
    const events = watched(db);
    db.create_function("f", x => x * 2);
    db.run("INSERT INTO t VALUES (f(1), f(2))");
    return events;
});
same("a hook may read what its own script holds", ({ db }) => {
    const order = [];
    db.run("CREATE TABLE t (a)").create_function("note", x => (order.push(`function ${x}`), x));
    db.updateHook((operation, _, table, id) => order.push(`${operation} ${table} ${id}`));
    db.run("INSERT INTO t VALUES (note(1)), (note(2))");
    return order;
});
