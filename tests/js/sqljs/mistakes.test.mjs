// Things of the wrong type in every place: nothing ends the engine, and what is taken for a text, a file or a function is what sql.js
// takes for one.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { outcome, same } from "./cases.mjs";

const things = {
    "0": 0, "5": 5, "NaN": NaN, "true": true, "false": false, "a BigInt": 5n, "a symbol": Symbol("s"), "an object": {}, "an object without words": Object.create(null), "an empty array": [],
    "an array of a text": ["SELECT 1"], "a function": () => 1, "a date": new Date(0), "bytes": new Uint8Array([65, 66]), "a boxed text": Object("SELECT 7"), "an object with words": { toString: () => "SELECT 7" },
    "an object whose words throw": { toString() { throw new RangeError("no words"); } }, "a map": new Map([[1, 2]]), "null": null, "undefined": undefined,
};

/** The outcome; of JavaScript's own errors only the class, since sql.js's names are shortened in their words. */
const alike = run => {
    const { value, thrown } = outcome(run);
    const [name] = thrown !== null && typeof thrown === "object" ? Object.keys(thrown) : [];
    return thrown === undefined ? { value } : { thrown: name === undefined || name === "Error" ? thrown : name };
};

for (const [name, thing] of Object.entries(things)) {
    same(`${name} as SQL`, ({ db }) => [
        alike(() => db.exec(thing)), alike(() => db.run(thing) === db), alike(() => db.prepare(thing).getSQL()), alike(() => db.each(thing, () => 1)),
        alike(() => [...db.iterateStatements(thing)].length), alike(() => db.run("CREATE TABLE IF NOT EXISTS t (a)").run(thing, [1]) === db),
    ]);
    same(`${name} as a file`, ({ open }) => {
        const db = alike(() => open(thing));
        return db.value === undefined ? db : [alike(() => db.value.exec("SELECT count(*) FROM sqlite_master")), alike(() => db.value.export().length)];
    });
    same(`${name} as the name of a function`, ({ db }) => [
        alike(() => db.create_function(thing, () => 1) === db), alike(() => db.create_aggregate(thing, { step: () => 1 }) === db), alike(() => db.create_aggregate(thing, {})), db.exec("SELECT 1"),
    ]);
    same(`${name} as a function`, ({ db }) => [
        outcome(() => db.create_function("f", thing) === db).value, outcome(() => db.exec("SELECT f()")).thrown === undefined, outcome(() => db.exec("SELECT f(1)")).thrown === undefined, db.exec("SELECT 1"),
    ]);
    same(`${name} as init and finalize`, ({ db }) => [
        alike(() => db.create_aggregate("i", { init: thing, step: (state, x) => `${state}${x}` }).exec("SELECT i(column1) FROM (VALUES (1), (2))")),
        outcome(() => db.create_aggregate("z", { step: (state, x) => x, finalize: thing }).exec("SELECT z(column1) FROM (VALUES (1), (2))")).value, db.exec("SELECT 1"),
    ]);
    same(`${name} as the words of an error`, ({ db }) => {
        const fail = () => { throw Object.assign(new Error("words"), { message: thing }); };
        db.create_function("f", fail);
        return [alike(() => db.exec("SELECT f()")), db.exec("SELECT 1"), outcome(() => db.create_function("f", () => 2).exec("SELECT f()"))];
    });
}
same("names of functions: case, boxed, with a zero byte, with half a pair", ({ db }) => ["F", Object("boxed"), "cut\0off", "\ud800", "", "a b"].map(name => [
    outcome(() => db.create_function(name, () => 1) === db), outcome(() => db.exec(`SELECT "${String(name).split("\0")[0]}"()`)[0].values),
]));
same("a file as a shared buffer, or a view of one", ({ open }) => {
    const file = open().run("CREATE TABLE t (a); INSERT INTO t VALUES (42)").export();
    const shared = new SharedArrayBuffer(file.length);
    new Uint8Array(shared).set(file);
    return [shared, new Uint8Array(shared), file.slice().buffer, Array.from(file), new Int8Array(file.slice().buffer)].map(each => open(each).exec("SELECT a FROM t")[0].values);
});
same("a file as a text", ({ open }) => ["SQLite format 3", "", "ä", "\0", "0"].map(text => outcome(() => open(text).exec("SELECT count(*) FROM sqlite_master"))));
same("a class called as a function", ({ SQL }) => {
    const { Database } = SQL;
    const before = Object.keys(SQL).includes("db");
    return [alike(() => SQL.Database()), alike(() => Database()), alike(() => Database.call({})), alike(() => Reflect.construct(Database, [], Object)), before, Object.keys(SQL).includes("db")];
});
same("the old way of inheritance", ({ SQL }) => {
    function Mine() { SQL.Database.call(this); }
    Mine.prototype = Object.create(SQL.Database.prototype);
    const mine = new Mine();
    return [mine.exec("SELECT 1"), mine.close()];
});

const odd = { "a BigInt in an array": [1n], "a symbol in an array": [Symbol("s")], "a length that throws": { get length() { throw new RangeError("no length"); } } };
for (const [name, value] of Object.entries(odd)) {
    same(`${name}: bound, what stands before it is`, ({ db }) => {
        const three = db.prepare("SELECT ?, ?, ?");
        const named = db.prepare("SELECT $a, $b, $c");
        const list = alike(() => three.bind([1, value, 3]));
        const object = alike(() => named.bind({ $c: 3, $b: value, $a: 1 }));
        return [list, three.step(), three.get(), object, named.step(), named.get(), alike(() => db.exec("SELECT ?, ?", [value, 1])), alike(() => db.run("SELECT ?", [1, 2, value]))];
    });
    same(`${name}: the result of a function`, ({ db }) => [
        alike(() => db.create_function("f", () => value).exec("SELECT f()")), alike(() => db.create_aggregate("g", { step: () => 1, finalize: () => value }).run("SELECT g(1)")), db.exec("SELECT 1"),
    ]);
}
same("a parameter that is nothing: what stands before it in the object is bound", ({ db }) => {
    const statement = db.prepare("SELECT $a, $b, $c");
    return [alike(() => statement.bind({ $c: 3, $a: Symbol("s"), $b: 2 })), statement.step(), statement.get()];
});
test("Relata: parameters of all kinds, again and again, do not end the process", () => {
    // V8 of Node 20 did so, once it had compiled what measures them.
    const { stdout, signal } = spawnSync(process.execPath, [fileURLToPath(new URL("bind-much.mjs", import.meta.url))], { encoding: "utf8" });
    assert.deepEqual([signal, stdout], [null, "x,1\n"]);
});
