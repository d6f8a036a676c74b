// run, exec and each: one statement and many, none, and what goes wrong in the middle.
import { outcome, same } from "./cases.mjs";

const people = db => db.run("CREATE TABLE users (name TEXT, age INTEGER); INSERT INTO users VALUES ('Ann', 30), ('Bob', 12), ('Cleo', 18)");

same("the example of the documentation", ({ db }) => db.exec(
    "DROP TABLE IF EXISTS test;\nCREATE TABLE test (id INTEGER, age INTEGER, name TEXT);"
    + "INSERT INTO test VALUES ($id1, :age1, @name1);INSERT INTO test VALUES ($id2, :age2, @name2);"
    + "SELECT id FROM test;SELECT age,name FROM test WHERE id=$id1",
    { "$id1": 1, ":age1": 1, "@name1": "Ling", "$id2": 2, ":age2": 18, "@name2": "Paul" },
), { expected: [{ columns: ["id"], values: [[1], [2]] }, { columns: ["age", "name"], values: [[1, "Ling"]] }] });

for (const text of ["", " ", ";", ";;;", "\n", "-- comment", "-- comment\n", "/* comment */", "/* open", "; SELECT 1", "SELECT 1;", "SELECT 1; ", "SELECT 1;;;SELECT 2",
    "SELECT 1; -- end", "SELECT 1; /* end", "SELECT 1 /* in */ AS a", "\ufeffSELECT 1", "SELECT 1\0; nonsense", "\0", "select 1 ; select", "SELECT 1;nonsense", "x'",
    "SELECT 'open", "SELECT \"open", "SELECT [open", "EXPLAIN SELECT 1", "EXPLAIN QUERY PLAN SELECT 1", "BEGIN; SELECT 1; COMMIT", "VALUES (1), (2)", "SELECT 1 WHERE 0",
    "CREATE TABLE t (a); SELECT * FROM t", "CREATE TABLE t (a) ; INSERT INTO t VALUES (1) RETURNING a, a + 1", "SELECT 1 AS a; SELECT 2 AS a, 3 AS a", "SELECT 'ä😀' AS ä; SELECT '日'"]) {
    same(`exec ${JSON.stringify(text)}`, ({ db }) => db.exec(text));
    same(`run ${JSON.stringify(text)}`, ({ db }) => [db.run(text) === db, db.exec("SELECT name FROM sqlite_schema")]);
    same(`run with parameters ${JSON.stringify(text)}`, ({ db }) => [db.run(text, []) === db, db.exec("SELECT name FROM sqlite_schema")]);
}
same("a statement without rows has no result", ({ db }) => people(db).exec("SELECT * FROM users WHERE 0; SELECT 1 AS one"), { expected: [{ columns: ["one"], values: [[1]] }] });
same("each result is a plain object with two members", ({ db }) => {
    const [result] = db.exec("SELECT 1 AS a");
    return [Object.keys(result), Array.isArray(result.columns), Array.isArray(result.values[0]), Object.getPrototypeOf(result) === Object.prototype];
}, { expected: [["columns", "values"], true, true, true] });
for (const text of [undefined, null]) {
    // What it says is V8's words over minified code; that it says so is what counts.
    const kind = run => Object.keys(outcome(run).thrown ?? {});
    same(`SQL that is ${text}`, ({ db }) => [kind(() => db.exec(text)), kind(() => db.run(text)), kind(() => db.prepare(text)), kind(() => db.each(text, () => 1))]);
}

same("what came before an error stays done", ({ db }) => [
    outcome(() => db.exec("CREATE TABLE t (a); INSERT INTO t VALUES (1); INSERT INTO nowhere VALUES (2); INSERT INTO t VALUES (3)")),
    db.exec("SELECT * FROM t"),
]);
same("run: what came before an error stays done", ({ db }) => [
    outcome(() => db.run("CREATE TABLE t (a UNIQUE); INSERT INTO t VALUES (1); INSERT INTO t VALUES (1); INSERT INTO t VALUES (3)")),
    db.exec("SELECT * FROM t"),
]);
same("an error in a transaction leaves it open", ({ db }) => [
    outcome(() => db.run("CREATE TABLE t (a); BEGIN; INSERT INTO t VALUES (1); nonsense")), outcome(() => db.run("COMMIT") === db), db.exec("SELECT * FROM t"),
]);
same("an error while rows are read", ({ db }) => outcome(() => db.exec("SELECT abs(column1) FROM (VALUES (1), (-9223372036854775808))")));
same("after an error all goes on", ({ db }) => [outcome(() => db.exec("nonsense")), db.exec("SELECT 1"), outcome(() => db.run("also")), db.exec("SELECT 2")]);
same("the database after a failing exec can be changed", ({ db }) => {
    people(db);
    const failed = outcome(() => db.exec("SELECT abs(-9223372036854775808) FROM users"));
    return [failed, outcome(() => db.run("DROP TABLE users") === db)];
});

const words = [
    "nonsense", "SELECT", "SELECT * FROM nowhere", "SELECT nothing", "SELECT nofunc()", "INSERT INTO users VALUES (1)", "SELECT abs()", "SELECT 1 +", "CREATE TABLE users (a)",
    "INSERT INTO u VALUES (NULL)", "INSERT INTO u VALUES (1), (1)", "INSERT INTO c VALUES (-1)", "INSERT INTO f VALUES (5)", "DELETE FROM users LIMIT 1", "COMMIT", "ROLLBACK", "BEGIN; BEGIN",
    "SELECT json('{')", "SELECT 1 ORDER BY 2", "SELECT (SELECT 1, 2)", "SELECT x'0'", "SELECT 'a' LIKE 'b' ESCAPE 'cc'", "DROP TABLE nowhere", "ALTER TABLE users ADD COLUMN name",
    "SELECT raise(ABORT, 'x')", "INSERT INTO r VALUES (1)", "CREATE INDEX i ON users(nothing)", "ATTACH 'x' AS main", "DETACH other", "PRAGMA nothing", "VACUUM INTO ''",
    "SELECT zeroblob(2000000000)", "SELECT printf('%*c', 2000000000, 'x')", "SAVEPOINT a; RELEASE b", "SELECT load_extension('x')", "REINDEX nowhere", "SELECT count(*) FROM users WHERE count(*) > 1",
    "INSERT INTO users (name, name2) VALUES (1, 2)", "SELECT \"no column in double quotes\"", "CREATE VIEW v AS SELECT nothing; SELECT * FROM v", "SELECT ?1, ?a", "SELECT 9223372036854775807 + 1, -9223372036854775808 / -1",
    "WITH RECURSIVE x(a) AS (SELECT 1) SELECT * FROM y", "UPDATE users SET nothing = 1", "SELECT sum(column1) FROM (VALUES (9223372036854775807), (1))", "SELECT CAST(x'00' AS INTEGER) / 0",
    "INSERT INTO strict VALUES ('x')", "INSERT INTO sqlite_schema VALUES (1)", "PRAGMA foreign_keys = ON; INSERT INTO f VALUES (5)", "SELECT 1 FROM users JOIN users USING (nothing)", "SELECT name FROM users a, users b",
];
const constrained = "CREATE TABLE u (a INTEGER NOT NULL UNIQUE); CREATE TABLE c (a CHECK (a > 0)); CREATE TABLE f (a REFERENCES u(a)); CREATE TABLE strict (a INTEGER) STRICT;"
    + "CREATE TABLE r (a); CREATE TRIGGER tr BEFORE INSERT ON r BEGIN SELECT raise(ABORT, 'not this one'); END";
for (const sql of words) {
    same(`SQLite's words: ${sql}`, ({ db }) => {
        people(db).run(constrained);
        return [outcome(() => db.exec(sql)), outcome(() => db.run(sql) === db), outcome(() => db.prepare(sql).step())];
    });
}
same("a syntax error throws an Error with SQLite's words", ({ db }) => db.exec("SELEC 1"), { throws: { Error: 'near "SELEC": syntax error' } });

same("run gives the database, for chains", ({ db }) => db.run("CREATE TABLE t (a)").run("INSERT INTO t VALUES (?)", [1]).run("INSERT INTO t VALUES (2)").exec("SELECT a FROM t"));
same("getRowsModified", ({ db }) => {
    const after = sql => (db.exec(sql), db.getRowsModified());
    return [db.getRowsModified(), after("CREATE TABLE t (a)"), after("INSERT INTO t VALUES (1), (2), (3)"), after("SELECT * FROM t"), after("UPDATE t SET a = 0 WHERE a > 1"), after("DELETE FROM t"),
        after("DELETE FROM t"), after("INSERT INTO t VALUES (1); INSERT INTO t VALUES (2), (3)"), after("DROP TABLE t"), after("")];
});
same("getRowsModified does not count what triggers and foreign keys do", ({ db }) => {
    db.run("PRAGMA foreign_keys = ON; CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p ON DELETE CASCADE); INSERT INTO p VALUES (1); INSERT INTO c VALUES (1), (1)");
    db.run("DELETE FROM p");
    return [db.getRowsModified(), db.exec("SELECT count(*) FROM c")];
});

same("each", ({ db }) => {
    const rows = [];
    const given = people(db).each("SELECT name, age FROM users WHERE age >= $majority", { $majority: 18 }, row => rows.push(row), () => rows.push("done"));
    return [rows, given];
}, { expected: [[{ name: "Ann", age: 30 }, { name: "Cleo", age: 18 }, "done"], 3] });
same("each without parameters", ({ db }) => {
    const rows = [];
    const given = people(db).each("SELECT age FROM users", row => rows.push(row), () => "from done");
    return [rows, given];
});
same("each without a done", ({ db }) => [people(db).each("SELECT 1", () => 1) === undefined, outcome(() => db.each("SELECT 1", [], () => 1, "no function")) ]);
same("each without a callback throws a TypeError once there is a row", ({ db }) => {
    const kind = run => Object.keys(outcome(run).thrown ?? {});
    return [kind(() => db.each("SELECT 1")), kind(() => db.each("SELECT 1 WHERE 0")), kind(() => db.each("SELECT 1", []))];
}, { expected: [["TypeError"], [], ["TypeError"]] });
same("each with a config", ({ db }) => {
    const rows = [];
    db.each("SELECT 9223372036854775807 AS n", null, row => rows.push(row), null, { useBigInt: true });
    return rows;
});
same("each without parameters, with a config", ({ db }) => {
    const rows = [];
    outcome(() => db.each("SELECT 9223372036854775807 AS n", row => rows.push(row), null, { useBigInt: true }));
    outcome(() => db.each("SELECT 9223372036854775807 AS n", row => rows.push(row), null, null, { useBigInt: true }));
    return rows;
});
same("each lets through what the callback throws, and frees its statement", ({ db }) => {
    people(db);
    const thrown = outcome(() => db.each("SELECT * FROM users", () => { throw new TypeError("enough"); }));
    return [thrown, outcome(() => db.run("DROP TABLE users") === db)];
});
same("each of a wrong statement", ({ db }) => [outcome(() => db.each("nonsense", () => 1)), outcome(() => db.each("", () => 1)), outcome(() => db.each("SELECT ?", [{}], () => 1))]);
same("each within each", ({ db }) => {
    const pairs = [];
    people(db).each("SELECT name AS a FROM users", ({ a }) => db.each("SELECT name AS b FROM users WHERE name > ?", [a], ({ b }) => pairs.push(a + b)));
    return pairs;
});
same("each may change the table", ({ db }) => {
    people(db).each("SELECT rowid AS id FROM users", ({ id }) => db.run("UPDATE users SET age = age + 1 WHERE rowid = ?", [id]));
    return db.exec("SELECT age FROM users");
});
same("each takes the first statement", ({ db }) => {
    const rows = [];
    db.each("SELECT 1 AS a; SELECT 2 AS a", row => rows.push(row));
    return rows;
});

for (const [method, args] of [["run", ["SELECT 1"]], ["run", ["SELECT ?", [1]]], ["exec", ["SELECT 1"]], ["exec", [""]], ["export", []], ["close", []]]) {
    same(`a closed database: ${method}(${args})`, ({ db }) => {
        db.close();
        return outcome(() => db[method](...args));
    });
}
for (const [method, args] of [["prepare", ["SELECT 1"]], ["each", ["SELECT 1", () => 1]]]) {
    same(`a closed database throws an Error: ${method}`, ({ db }) => {
        db.close();
        const { thrown } = outcome(() => db[method](...args));
        return thrown !== undefined;
    });
}
same("a closed database throws this string", ({ db }) => {
    db.close();
    db.exec("SELECT 1");
}, { throws: "Database closed" });
same("close gives nothing, twice too", ({ db }) => [db.close(), db.close()], { expected: [undefined, undefined] });
same("close inside a transaction, with open statements and rows", ({ db }) => {
    people(db).run("BEGIN; DELETE FROM users");
    db.prepare("SELECT 1").step();
    return db.close();
});
same("handleError", ({ db }) => [db.handleError(0), outcome(() => db.handleError(1)), outcome(() => { outcome(() => db.exec("nonsense")); db.handleError(1); })]);
