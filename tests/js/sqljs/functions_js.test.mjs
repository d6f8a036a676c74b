// create_function: arguments, results, arity, errors, redefinition, and the database used from within.
import { outcome, same } from "./cases.mjs";

same("the example of the documentation", ({ db }) => {
    db.create_function("addOne", x => x + 1);
    return db.exec("SELECT addOne(1)");
}, { expected: [{ columns: ["addOne(1)"], values: [[2]] }] });
same("it gives the database", ({ db }) => db.create_function("f", () => 1) === db, { expected: true });

const args = ["NULL", "1", "-0.0", "1.5", "9e999", "9007199254740993", "9223372036854775807", "''", "'abc'", "'ä😀'", "'a' || char(0) || 'b'", "CAST(x'ff' AS TEXT)", "x''", "x'0001ff'", "zeroblob(3)", "char(65279)"];
for (const arg of args) {
    same(`argument ${arg}`, ({ db }) => {
        let seen;
        db.create_function("see", x => { seen = x; });
        const given = db.exec(`SELECT see(${arg})`);
        return [typeof seen, seen, seen?.constructor?.name, given];
    });
}
same("arguments of all kinds together", ({ db }) => {
    db.create_function("see", (a, b, c, d, e) => JSON.stringify([a, b, c, d, [...e]]));
    return db.exec("SELECT see(1, 'b', NULL, 2.5, x'0102')");
});
const results = {
    "undefined": undefined, "null": null, "true": true, "false": false, "0": 0, "-0": -0, "1": 1, "1.5": 1.5, "2^31": 2 ** 31, "2^53": 2 ** 53, "NaN": NaN, "Infinity": Infinity, "empty string": "", "string": "ä😀",
    "string with a zero byte": "a\0b", "lone surrogate": "\ud800", "byte order mark": "\ufeffa", "Uint8Array": new Uint8Array([1, 0, 255]), "empty Uint8Array": new Uint8Array(), "array": [1, 2, 300], "empty array": [], "object": {}, "Date": new Date(0),
    "BigInt": 5n, "big BigInt": 2n ** 62n, "symbol": Symbol("s"), "function": () => 1, "boxed number": Object(1), "boxed string": Object("ab"), "ArrayBuffer": new ArrayBuffer(2), "Int16Array": new Int16Array([258, -1]), "length alone": { length: 2 },
    "a promise": Promise.resolve(1), "long string": "x".repeat(100_000), "object without a prototype": Object.create(null),
};
for (const [name, result] of Object.entries(results)) {
    same(`result ${name}`, ({ db }) => {
        db.create_function("give", () => result);
        return outcome(() => db.exec("SELECT typeof(give()), give(), length(give()), hex(give()) LIKE '00%'"));
    });
}
same("a whole number comes back as REAL", ({ db }) => {
    db.create_function("give", () => 3);
    return db.exec("SELECT typeof(give()), give() || ''")[0].values[0];
}, { expected: ["real", "3.0"] });

const thrown = {
    "Error": () => { throw new Error("from within"); }, "TypeError": () => null.x, "class of one's own": () => { throw new (class Own extends Error {})("own"); }, "string": () => { throw "a string"; }, "undefined": () => { throw undefined; },
    "null": () => { throw null; }, "number": () => { throw 5; }, "object": () => { throw { message: "in an object" }; }, "empty message": () => { throw new Error(""); }, "ä": () => { throw new Error("ä😀"); }, "zero byte": () => { throw new Error("a\0b"); },
    "long": () => { throw new Error("x".repeat(5000)); }, "percent": () => { throw new Error("100%s %d"); },
};
for (const [name, func] of Object.entries(thrown)) {
    same(`a function that throws: ${name}`, ({ db }) => {
        db.create_function("fail", func);
        return [outcome(() => db.exec("SELECT fail()")), outcome(() => db.run("SELECT fail()")), outcome(() => db.prepare("SELECT fail()").step()), outcome(() => db.exec("SELECT 1"))];
    });
}
same("what it throws is SQLite's error, with its words", ({ db }) => {
    db.create_function("fail", () => { throw new RangeError("too far"); });
    db.exec("SELECT fail()");
}, { throws: { Error: "too far" } });
same("a function that throws undoes its statement", ({ db }) => {
    db.run("CREATE TABLE t (a)").create_function("small", x => { if (x > 2) throw new Error("too big"); return x; });
    return [outcome(() => db.run("INSERT INTO t SELECT small(column1) FROM (VALUES (1), (2), (3))")), db.exec("SELECT * FROM t"), outcome(() => db.run("INSERT INTO t VALUES (small(1))").getRowsModified())];
});

same("the number of arguments is that of the function", ({ db }) => {
    db.create_function("two", (a, b) => `${a}${b}`);
    return [outcome(() => db.exec("SELECT two(1)")), outcome(() => db.exec("SELECT two(1, 2)")), outcome(() => db.exec("SELECT two(1, 2, 3)"))];
});
same("a function with rest arguments takes those before", ({ db }) => {
    db.create_function("rest", (...all) => all.length).create_function("one", (a, ...all) => all.length);
    return [outcome(() => db.exec("SELECT rest()")), outcome(() => db.exec("SELECT rest(1)")), outcome(() => db.exec("SELECT one(1)"))];
});
same("default arguments do not count", ({ db }) => {
    db.create_function("f", (a, b = 2) => a + b);
    return [outcome(() => db.exec("SELECT f(1)")), outcome(() => db.exec("SELECT f(1, 5)"))];
});
same("overloads by arity", ({ db }) => {
    db.create_function("f", () => "none").create_function("f", a => "one").create_function("f", (a, b) => "two");
    return db.exec("SELECT f(), f(1), f(1, 2)");
});
same("redefinition", ({ db }) => {
    db.create_function("f", () => 1);
    const before = db.exec("SELECT f()");
    db.create_function("f", () => 2).create_function("F", a => 3);
    return [before, db.exec("SELECT f(), F(), f(0)")];
});
same("redefinition while a statement is ready", ({ db }) => {
    const statement = db.create_function("f", () => 1).prepare("SELECT f()");
    const before = [statement.step(), statement.get()];
    statement.reset();
    db.create_function("f", () => 2);
    return [before, statement.step(), statement.get()];
});
same("redefinition while a statement runs", ({ db }) => {
    const statement = db.create_function("f", () => 1).prepare("SELECT f() UNION ALL SELECT f()");
    statement.step();
    return [outcome(() => db.create_function("f", () => 2) === db)];
});
same("SQLite's own functions can be replaced", ({ db }) => {
    db.create_function("upper", text => `<${text}>`).create_function("abs", x => "mine").create_function("count", x => "no aggregate");
    return db.exec("SELECT upper('a'), abs(-1), lower('A')");
});
same("names", ({ db }) => ["", "a b", "ä", "select", "x".repeat(255), "x".repeat(256), "a\0b"].map(name => outcome(() => db.create_function(name, () => 1) === db && db.exec(`SELECT "${name.replace(/\0.*/, "")}"()`)[0].values[0][0])));
same("things that are no functions", ({ db }) => [undefined, null].map(func => Object.keys(outcome(() => db.create_function("f", func)).thrown)));
same("too many arguments", ({ db }) => {
    const many = count => Object.defineProperty(() => 1, "length", { value: count });
    return [100, 127, 1000, 1001, -1, -2].map(count => outcome(() => db.create_function("many", many(count)) === db));
});
same("this and extra properties", ({ db }) => {
    let self = "unset";
    db.create_function("f", function () { "use strict"; self = this; return arguments.length; });
    return [db.exec("SELECT f()"), self];
});
same("called once per row, and again for equal arguments", ({ db }) => {
    let calls = 0;
    db.create_function("f", x => { calls += 1; return x; });
    db.exec("SELECT f(1) FROM (VALUES (1), (2), (3)); SELECT f(column1), f(column1) FROM (VALUES (1), (1))");
    return calls;
});
same("not deterministic: no index, no generated column", ({ db }) => {
    db.run("CREATE TABLE t (a)").create_function("f", x => x);
    return [outcome(() => db.run("CREATE INDEX i ON t(f(a))")), outcome(() => db.run("CREATE TABLE g (a, b AS (f(a)))")), outcome(() => db.run("CREATE TABLE c (a CHECK (f(a) > 0)); INSERT INTO c VALUES (1)") === db), outcome(() => db.run("INSERT INTO c VALUES (-1)"))];
});
same("in WHERE, ORDER BY, GROUP BY, triggers, views", ({ db }) => {
    db.run("CREATE TABLE t (a); CREATE TABLE log (x)").create_function("neg", x => -x);
    db.run("CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log VALUES (neg(new.a)); END; CREATE VIEW v AS SELECT neg(a) AS n FROM t; INSERT INTO t VALUES (1), (2), (3)");
    return db.exec("SELECT * FROM log; SELECT * FROM v WHERE neg(n) > 1 ORDER BY neg(n) DESC; SELECT neg(a) % 2, count(*) FROM t GROUP BY neg(a) % 2");
});

same("the database used within: exec", ({ db }) => {
    db.run("CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)").create_function("total", x => db.exec("SELECT sum(a) + ? FROM t", [x])[0].values[0][0]);
    return db.exec("SELECT a, total(a), total(10) FROM t");
});
same("the database used within: run that changes another table", ({ db }) => {
    db.run("CREATE TABLE t (a); CREATE TABLE log (a); INSERT INTO t VALUES (1), (2)").create_function("note", x => db.run("INSERT INTO log VALUES (?)", [x]).getRowsModified());
    return [db.exec("SELECT note(a) FROM t"), db.exec("SELECT * FROM log")];
});
same("the database used within: prepare, each, iterateStatements", ({ db }) => {
    db.create_function("inner", x => {
        const found = [];
        const statement = db.prepare("SELECT ? + 1", [x]);
        statement.step();
        found.push(statement.get()[0]);
        statement.free();
        db.each("SELECT ? + 2 AS b", [x], row => found.push(row.b));
        for (const each of db.iterateStatements("SELECT 7; SELECT 8")) found.push(each.get([])[0]);
        return found.join();
    });
    return db.exec("SELECT column1, inner(column1), 'ä' || column1, x'01' FROM (VALUES (1), (20))");
});
same("the database used within: a function calls a function", ({ db }) => {
    db.create_function("fact", n => (n <= 1 ? 1 : n * db.exec("SELECT fact(?)", [n - 1])[0].values[0][0]));
    return db.exec("SELECT fact(10)");
});
same("the database used within: an error is caught or passed on", ({ db }) => {
    db.create_function("safe", () => { try { db.exec("nonsense"); } catch (error) { return `caught ${error.message}`; } });
    db.create_function("unsafe", () => db.exec("nonsense"));
    return [db.exec("SELECT safe()"), outcome(() => db.exec("SELECT unsafe()")), db.exec("SELECT 1")];
});
same("the database used within: another database", ({ db, open }) => {
    const other = open().run("CREATE TABLE t (a); INSERT INTO t VALUES (5)");
    db.create_function("other", () => other.exec("SELECT a FROM t")[0].values[0][0]);
    return db.exec("SELECT other(), 'x', other()");
});
same("the statement that runs is stepped within", ({ db }) => {
    let statement;
    db.create_function("again", () => { const inner = outcome(() => statement.step()); return JSON.stringify(inner); });
    statement = db.prepare("SELECT 1 UNION ALL SELECT again()");
    statement.step();
    return [outcome(() => statement.step()), typeof statement.get()[0]];
});
same("a new function defined within", ({ db }) => {
    db.create_function("define", () => outcome(() => db.create_function("made", () => 42) === db).value === true ? 1 : 0);
    return [db.exec("SELECT define()"), outcome(() => db.exec("SELECT made()"))];
});
