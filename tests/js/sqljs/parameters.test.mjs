// Parameters: by place, by number and by name; too few, too many, wrong ones.
import { outcome, same } from "./cases.mjs";

const values = (sql, params) => ({ db }) => outcome(() => db.exec(sql, params));

same("? in order", values("SELECT ?, ?, ?", [1, "b", null]));
same("too few stay NULL", ({ db }) => db.exec("SELECT ?, ?", [1])[0].values, { expected: [[1, null]] });
same("too many", values("SELECT ?", [1, 2]));
same("parameters for a statement that has none", values("SELECT 1", [1]));
same("an empty array", values("SELECT ?", []));
same("?NNN", values("SELECT ?2, ?1, ?3, ?1", ["a", "b", "c"]));
same("?NNN with gaps", values("SELECT ?5, ?2", [1, 2, 3, 4, 5]));
same("? after ?NNN", values("SELECT ?3, ?, ?1", [1, 2, 3, 4]));
same("?NNN too high", values("SELECT ?32767", [1]));
same("the highest ?NNN", values("SELECT ?32766", [1]));
same("?0", values("SELECT ?0", [1]));
same("too many parameters in a statement", values(`SELECT ${Array(32767).fill("?").join(" + ")}`, [1]));

same("names with their sign", ({ db }) => db.exec("SELECT :a, @b, $c", { ":a": 1, "@b": 2, "$c": 3 })[0].values[0], { expected: [1, 2, 3] });
same("names without a sign do not bind", ({ db }) => db.exec("SELECT :a, @b, $c", { a: 1, b: 2, c: 3 })[0].values[0], { expected: [null, null, null] });
same("names with another sign do not bind", values("SELECT :a, @b, $c", { $a: 1, ":b": 2, "@c": 3 }));
same("unknown names are let be", values("SELECT :a", { ":a": 1, ":z": 2 }));
same("unknown names may hold anything", values("SELECT :a", { ":a": 1, ":z": {} }));
same("missing names are NULL", values("SELECT :a, :b", { ":b": 1 }));
same("the same name twice is one parameter", values("SELECT :a, :a, @a", { ":a": 1, "@a": 2 }));
same("?NNN by name", values("SELECT ?2, ?1, ?", { "?2": "two", "?1": "one", "?": "none", "?3": "three" }));
same("numbers as names", values("SELECT ?, ?", { 1: "a", 2: "b" }));
same("a name with ::", values("SELECT $a::b, $c(d e)", { "$a::b": 1, "$c(d e)": 2 }));
same("names with digits and letters beyond ASCII", values("SELECT :ä, $1, @日本", { ":ä": 1, "$1": 2, "@日本": 3 }));
same("names are case-sensitive", values("SELECT :Name", { ":name": 1 }));
same("names and places together, by array", values("SELECT :a, ?, @b", [1, 2, 3]));
same("names and places together, by object", values("SELECT :a, ?, @b", { ":a": 1, "@b": 3, "?2": 2 }));
same("an empty object", values("SELECT :a", {}));
same("the empty name", values("SELECT ?", { "": 1 }));
same("a name with a zero byte", values("SELECT :a", { ":a\0b": 1 }), {
    differs: { because: "sql.js reads a name to its first zero byte; here it is another name", relata: { value: { value: [{ columns: [":a"], values: [[null]] }] } } },
});
same("inherited names do not bind", values("SELECT :a", Object.create({ ":a": 1 })));
same("names that cannot be listed do not bind", values("SELECT :a", Object.defineProperty({}, ":a", { value: 1 })));
same("an object without a prototype", values("SELECT :a", Object.assign(Object.create(null), { ":a": 1 })));
same("a Map", values("SELECT :a", new Map([[":a", 1]])));
same("a typed array in place of the array", values("SELECT ?, ?", new Uint8Array([1, 2])));
same("a Date in place of the array", values("SELECT ?", new Date(0)));
same("a getter that throws", values("SELECT :a", { get ":a"() { throw new RangeError("from the getter"); } }));
same("a proxy", values("SELECT :a", new Proxy({ ":a": 1 }, {})));
same("__proto__ as a name", values("SELECT $__proto__", { "$__proto__": 1 }));

for (const params of ["text", 5, true, 0, "", false, null, undefined, 1n]) {
    same(`parameters that are no list: ${typeof params} ${params}`, ({ db }) => ({
        exec: outcome(() => db.exec("SELECT ?", params)),
        run: outcome(() => db.run("SELECT ?", params) === db),
        prepare: outcome(() => db.prepare("SELECT ?", params).step()),
        bind: outcome(() => db.prepare("SELECT ?").bind(params)),
        get: outcome(() => db.prepare("SELECT ?").get(params)),
        each: outcome(() => db.each("SELECT ?", params, () => 1)),
    }));
}

same("bind gives true and begins anew", ({ db }) => {
    const statement = db.prepare("SELECT ? UNION ALL SELECT 'second'");
    return [statement.bind(["a"]), statement.step(), statement.step(), statement.get(), statement.bind(["b"]), statement.step(), statement.get()];
}, { expected: [true, true, true, ["second"], true, true, ["b"]] });
same("bind lets go of what was bound before", ({ db }) => {
    const statement = db.prepare("SELECT ?, ?", [1, 2]);
    statement.bind([3]);
    statement.step();
    return statement.get();
}, { expected: [3, null] });
same("bind without values resets", ({ db }) => {
    const statement = db.prepare("SELECT ?", [1]);
    return [statement.bind(), statement.step(), statement.get(), statement.bind(null), statement.step(), statement.get()];
});
same("reset lets go of what was bound", ({ db }) => {
    const statement = db.prepare("SELECT ?", [1]);
    statement.reset();
    statement.step();
    return statement.get();
}, { expected: [null] });
same("several statements share named parameters", ({ db }) =>
    db.exec("CREATE TABLE t (a, b); INSERT INTO t VALUES ($a, $b); SELECT * FROM t WHERE a = $a; SELECT $b", { $a: 1, $b: "x" }));
same("several statements and an array", ({ db }) => db.exec("SELECT ?, ?; SELECT ?", [1, 2]));
same("several statements and an array too long for the second", ({ db }) => {
    db.run("CREATE TABLE t (a)");
    return [outcome(() => db.exec("INSERT INTO t VALUES (?), (?); INSERT INTO t VALUES (?)", [1, 2])), db.exec("SELECT * FROM t")];
});
same("too many for a prepared statement", ({ db }) => {
    const statement = db.prepare("SELECT ?");
    return [outcome(() => statement.bind([1, 2])), statement.step(), statement.get()];
});
same("run with parameters takes only the first statement", ({ db }) => {
    db.run("CREATE TABLE t (a)");
    db.run("INSERT INTO t VALUES (?); INSERT INTO t VALUES (2)", [1]);
    return db.exec("SELECT * FROM t");
});
same("run with an empty array is run with parameters", ({ db }) => {
    db.run("CREATE TABLE t (a)");
    db.run("INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)", []);
    return db.exec("SELECT * FROM t");
});
same("run with an empty object is run with parameters", ({ db }) => outcome(() => db.run("", {})));
same("parameters in DDL are refused", values("CREATE TABLE t (a DEFAULT (?))", [1]));
same("parameters in LIMIT and IN", values("SELECT column1 FROM (VALUES (1), (2), (3), (4)) WHERE column1 IN (?, ?, ?) LIMIT ?", [2, 3, 4, 2]));
same("a bound text is no SQL", ({ db }) => db.exec("SELECT ?", ["1; DROP TABLE t --"])[0].values[0][0], { expected: "1; DROP TABLE t --" });
