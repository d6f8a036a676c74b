// Prepared statements: their life, what is asked of them too early and too late, and two at once.
import { outcome, same } from "./cases.mjs";

const table = db => db.run("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT); INSERT INTO t VALUES (1, 'one'), (2, 'two'), (3, NULL)");

same("the example of the documentation", ({ db }) => {
    const statement = db.prepare("SELECT 5 AS nbr, x'616200' AS data, NULL AS null_value;");
    return [statement.getColumnNames(), statement.step(), statement.getAsObject(), statement.step(), statement.free()];
}, { expected: [["nbr", "data", "null_value"], true, { nbr: 5, data: new Uint8Array([97, 98, 0]), null_value: null }, false, true] });

same("get before step", ({ db }) => {
    const statement = table(db).prepare("SELECT * FROM t");
    return [statement.get(), statement.getAsObject(), statement.step(), statement.get()];
});
same("get after the last row", ({ db }) => {
    const statement = table(db).prepare("SELECT * FROM t WHERE a = 1");
    return [statement.step(), statement.get(), statement.step(), statement.get(), statement.getAsObject()];
});
same("step after the last row begins again", ({ db }) => {
    const statement = table(db).prepare("SELECT a FROM t");
    const steps = [];
    for (let i = 0; i < 9; i++) steps.push([statement.step(), statement.get()]);
    return steps;
});
same("get with parameters binds and steps", ({ db }) => {
    const statement = table(db).prepare("SELECT * FROM t WHERE a = $a");
    return [statement.get({ $a: 2 }), statement.get({ $a: 3 }), statement.get({ $a: 9 }), statement.get([1]), statement.get({}), statement.getAsObject([2])];
}, { expected: [[2, "two"], [3, null], [], [1, "one"], [], { a: 2, b: "two" }] });
same("getAsObject of no row holds undefined", ({ db }) => {
    const found = table(db).prepare("SELECT * FROM t WHERE a = 9").getAsObject({});
    return [Object.keys(found), found.a, "b" in found];
});
same("column names", ({ db }) => {
    const statement = table(db).prepare("SELECT a, b AS \"the b\", a + 1, t.a, 'x', count(*) FROM t");
    return statement.getColumnNames();
});
same("columns of one name: the last one stays in the object", ({ db }) => {
    const statement = db.prepare("SELECT 1 AS a, 2 AS b, 3 AS a");
    statement.step();
    return [statement.getAsObject(), statement.get(), Object.keys(statement.getAsObject())];
});
same("names that objects have already", ({ db }) => {
    const statement = db.prepare("SELECT 1 AS constructor, 2 AS __proto__, 3 AS toString, 4 AS \"\", 5 AS \"0\"");
    statement.step();
    const found = statement.getAsObject();
    return [Object.entries(found), Object.getPrototypeOf(found) === Object.prototype];
});
same("no columns", ({ db }) => {
    const statement = db.prepare("CREATE TABLE t (a)");
    return [statement.getColumnNames(), statement.step(), statement.get(), statement.getAsObject(), statement.getColumnNames()];
});
same("columns that changed since the statement was prepared", ({ db }) => {
    const statement = table(db).prepare("SELECT * FROM t");
    const before = statement.getColumnNames();
    db.run("ALTER TABLE t ADD COLUMN c DEFAULT 7");
    return [before, statement.step(), statement.getColumnNames(), statement.getAsObject()];
});
same("columns that changed while it was read", ({ db }) => {
    const statement = table(db).prepare("SELECT * FROM t");
    statement.step();
    const added = outcome(() => db.run("ALTER TABLE t ADD COLUMN c DEFAULT 7") === db);
    return [added, statement.get(), statement.step(), statement.get(), statement.reset(), statement.step(), statement.getAsObject()];
});
same("a table that is gone", ({ db }) => {
    const statement = table(db).prepare("SELECT * FROM t");
    db.run("DROP TABLE t");
    return [outcome(() => statement.step()), statement.get(), statement.getColumnNames(), outcome(() => statement.reset()), statement.free()];
});
same("a table that is read cannot be dropped", ({ db }) => {
    const statement = table(db).prepare("SELECT * FROM t");
    statement.step();
    return [outcome(() => db.run("DROP TABLE t")), statement.free(), outcome(() => db.run("DROP TABLE t") === db)];
});

same("getSQL", ({ db }) => {
    const texts = ["SELECT 1", " SELECT 1 ;", "SELECT 1; SELECT 2", "-- c\nSELECT ? -- d\n; x", "SELECT '日本'"];
    return texts.map(text => db.prepare(text).getSQL());
});
same("getNormalizedSQL", ({ db }) => {
    table(db);
    return ["select * from t where a = 42", "SELECT b,  'x' , 1.5 FROM T -- c", "SELECT a FROM t WHERE b IN (1, 2, 3) AND \"b\" = 'q'", "INSERT INTO t VALUES (?, 'x')",
        "SELECT NULL, x'00', -5", "PRAGMA user_version = 4"].map(text => db.prepare(text).getNormalizedSQL());
});
same("getNormalizedSQL as documented", ({ db }) => {
    db.run("create table test (x integer);");
    return db.prepare("select * from test where x = 42").getNormalizedSQL();
}, { expected: "SELECT*FROM test WHERE x=?;" });

same("run gives true and leaves the statement ready", ({ db }) => {
    const statement = table(db).prepare("INSERT INTO t (b) VALUES ($b)");
    const ran = [statement.run({ $b: "x" }), statement.run(["y"]), statement.run()];
    return [ran, db.exec("SELECT * FROM t WHERE a > 3")];
});
same("run of a query", ({ db }) => {
    const statement = table(db).prepare("SELECT * FROM t");
    return [statement.run(), statement.get(), statement.step(), statement.get()];
});
same("run that fails", ({ db }) => {
    const statement = table(db).prepare("INSERT INTO t VALUES (?, 'again')");
    return [outcome(() => statement.run([1])), outcome(() => statement.run([7])), outcome(() => statement.run([2])), statement.free(), db.exec("SELECT count(*) FROM t")];
});
same("reset", ({ db }) => {
    const statement = table(db).prepare("SELECT a FROM t");
    return [statement.reset(), statement.step(), statement.step(), statement.reset(), statement.get(), statement.step(), statement.get()];
});
same("reset after an error gives false, once", ({ db }) => {
    const statement = table(db).prepare("INSERT INTO t VALUES (1, 'again')");
    return [outcome(() => statement.step()), statement.reset(), statement.reset()];
});
same("freemem keeps the statement", ({ db }) => {
    const statement = db.prepare("SELECT 1");
    return [statement.freemem(), statement.step(), statement.get()];
});
same("free", ({ db }) => {
    const statement = table(db).prepare("SELECT * FROM t");
    statement.step();
    return [statement.free(), statement.free(), statement.get(), statement.getAsObject(), statement.getColumnNames(), statement.getSQL()];
});
for (const method of ["bind", "step", "run", "get", "getAsObject"]) {
    same(`a freed statement: ${method}`, ({ db }) => {
        const statement = db.prepare("SELECT ?");
        statement.free();
        return [[], [[1]], [{ ":a": 1 }]].map(args => outcome(() => statement[method](...args)));
    });
}
same("a freed statement throws this string", ({ db }) => {
    const statement = db.prepare("SELECT 1");
    statement.free();
    statement.step();
}, { throws: "Statement closed" });
same("free after an error gives false", ({ db }) => {
    const statement = table(db).prepare("INSERT INTO t VALUES (1, 'again')");
    return [outcome(() => statement.step()), statement.free()];
});
same("closing the database frees its statements", ({ db }) => {
    const [one, other] = [db.prepare("SELECT 1"), db.prepare("SELECT ?", [2])];
    other.step();
    return [db.close(), outcome(() => one.step()), outcome(() => other.bind([1])), one.get(), other.get(), other.getColumnNames(), one.free()];
});

same("prepare takes the first statement", ({ db }) => {
    const statement = db.prepare("SELECT 1; SELECT 2; nonsense");
    return [statement.step(), statement.get(), statement.step()];
}, { expected: [true, [1], false] });
for (const text of ["", " ", ";", "-- only a comment", "/* open", ";;", "\0SELECT 1", "; SELECT 1"]) {
    same(`prepare ${JSON.stringify(text)}`, ({ db }) => outcome(() => db.prepare(text).getSQL()));
}
same("nothing to prepare throws this string", ({ db }) => db.prepare("-- nothing"), { throws: "Nothing to prepare" });
same("prepare with wrong parameters", ({ db }) => [outcome(() => db.prepare("SELECT ?", [{}])), outcome(() => db.prepare("SELECT ?", [1, 2])), db.exec("SELECT 1")]);
same("many statements at once", ({ db }) => {
    table(db);
    const all = Array.from({ length: 50 }, (_, i) => db.prepare("SELECT a, ? FROM t", [i]));
    const rows = [];
    for (let row = 0; row < 3; row++) for (const statement of all) rows.push([statement.step(), ...statement.get()]);
    return rows;
});
same("two statements in turn, one of them with useBigInt", ({ db }) => {
    table(db);
    const [one, other] = [db.prepare("SELECT a FROM t"), db.prepare("SELECT b, a FROM t ORDER BY a DESC")];
    one.step();
    other.step();
    return [one.get(), other.get(null, { useBigInt: true }), one.get(null, { useBigInt: true }), one.get(), other.get(), one.getAsObject(), other.getAsObject()];
});
same("a row stays while others run", ({ db }) => {
    const statement = table(db).prepare("SELECT b FROM t");
    statement.step();
    db.run("UPDATE t SET b = 'changed' WHERE a = 2");
    const after = [statement.get(), db.exec("SELECT count(*) FROM t")[0].values[0][0], statement.get()];
    return [after, statement.step(), statement.get()];
});
same("row by row through exec, prepare and each together", ({ db }) => {
    table(db);
    const found = [];
    const statement = db.prepare("SELECT a FROM t");
    while (statement.step()) {
        const [a] = statement.get();
        db.each("SELECT b FROM t WHERE a <= ?", [a], row => found.push([a, row.b, db.exec("SELECT ?", [a])[0].values[0][0], statement.get()[0]]));
    }
    return found;
});
same("a query of 3,000 rows, stepped", ({ db }) => {
    const statement = db.prepare("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) SELECT i, 'row ' || i, i / 2.0, NULL FROM n");
    let [rows, sum, length] = [0, 0, 0];
    while (statement.step()) {
        const [i, text, half] = statement.get();
        rows += 1;
        sum += i + half;
        length += text.length;
    }
    return [rows, sum, length];
});
same("2,000 columns", ({ db }) => {
    const [{ columns, values }] = db.exec(`SELECT ${Array.from({ length: 2000 }, (_, i) => `${i} AS c${i}`)}`);
    return [columns.length, columns[1999], values[0].length, values[0][1999], outcome(() => db.exec(`SELECT ${Array(2001).fill(1)}`))];
});
