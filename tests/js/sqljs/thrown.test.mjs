// What a script's own functions throw: it is thrown by the call that they ran in, and by no other.
import assert from "node:assert/strict";
import { test } from "node:test";
import { outcome, same, errorOf } from "./cases.mjs";
import { packageFolder, relata } from "./engines.mjs";

const rows = "(VALUES (1), (2), (3))";
const watched = (db, hook) => db.run("CREATE TABLE t (id INTEGER PRIMARY KEY, a)").updateHook(hook);
/** A hook that throws once. */
const once = (at = 1, error = new RangeError("in the hook")) => {
    let calls = 0;
    return () => {
        calls += 1;
        if (calls === at) throw error;
    };
};
const content = db => db.exec("SELECT id FROM t")[0]?.values.flat() ?? [];
const unspeakable = { "an object without words": () => Object.create(null), "words that throw": () => ({ toString() { throw new RangeError("no words"); } }),
    "a message that throws": () => Object.defineProperty(new Error(), "message", { get() { throw new RangeError("no message"); } }) };
const middle = "sql.js leaves the statement in the middle; here SQLite ends it first";

for (const [name, error] of Object.entries({ "an error": new RangeError("r"), "a text": "text", "null": null, "undefined": undefined, "an object": { a: 1 } })) {
    same(`a hook throws ${name}`, ({ db, open }) => {
        watched(db, once(1, error));
        const statement = db.prepare("INSERT INTO t VALUES (?, 'x')");
        return [outcome(() => statement.run([1])), outcome(() => open().exec("SELECT 1")), outcome(() => statement.run([2])), content(db)];
    });
}
for (const [name, write] of Object.entries({ run: (db, sql) => db.run(sql, [1]), exec: (db, sql) => db.exec(sql), each: (db, sql) => db.each(sql, () => {}), "a statement": (db, sql) => db.prepare(sql).step() })) {
    same(`a hook throws in ${name}: the one row is there`, ({ db, open }) => {
        watched(db, once());
        const sql = name === "run" ? "INSERT INTO t VALUES (?, 'a')" : "INSERT INTO t VALUES (1, 'a')";
        return [outcome(() => write(db, sql)), outcome(() => open().exec("SELECT 1")), content(db)];
    });
}
same("a hook throws: no more of the statement's rows are told", ({ db }) => {
    let calls = 0;
    watched(db, () => { calls += 1; throw new Error("each time"); });
    return [outcome(() => db.exec("INSERT INTO t (a) VALUES (1), (2), (3)")), calls];
});
same("a hook throws in the midst of several statements: those after it do not run", ({ db }) => {
    watched(db, once(2));
    return [outcome(() => db.exec("INSERT INTO t VALUES (1, 1); INSERT INTO t VALUES (2, 2); INSERT INTO t VALUES (3, 3)")), content(db)];
});
same("the same of run", ({ db }) => {
    watched(db, once(2));
    return [outcome(() => db.run("INSERT INTO t VALUES (1, 1); INSERT INTO t VALUES (2, 2); INSERT INTO t VALUES (3, 3)")), content(db)];
});
same("a hook throws in the midst of a statement", ({ db }) => {
    watched(db, once());
    return [outcome(() => db.exec("INSERT INTO t (id) VALUES (1), (2), (3)")), content(db), db.getRowsModified()];
}, { differs: { because: middle, relata: { value: [{ thrown: { RangeError: "in the hook" } }, [1, 2, 3], 3] } } });
same("a hook throws in run: the transaction is over", ({ db }) => {
    watched(db, once());
    return [outcome(() => db.run("INSERT INTO t (id) VALUES (1)")), outcome(() => db.export().length)];
}, { differs: { because: middle, relata: { value: [{ thrown: { RangeError: "in the hook" } }, { value: 8192 }] } } });
same("a statement with rows whose hook has thrown", ({ db }) => {
    watched(db, once());
    const statement = db.prepare("INSERT INTO t (id) VALUES (1) RETURNING id");
    return [outcome(() => statement.step()), statement.get(), content(db)];
}, { differs: { because: middle, relata: { value: [{ thrown: { RangeError: "in the hook" } }, [1], [1]] } } });
same("a hook throws, and a function of the same statement runs others", ({ db, open }) => {
    const inner = [];
    const other = open();
    db.create_function("f", x => { inner.push(outcome(() => other.exec("SELECT 1")[0].values)); return x; });
    watched(db, once());
    return [outcome(() => db.exec(`INSERT INTO t (id) SELECT f(column1) FROM ${rows}`)).thrown, inner];
}, { differs: { because: middle, relata: { value: [{ RangeError: "in the hook" }, Array(3).fill({ value: [[1]] })] } } });
same("a hook whose own statement's hook throws", ({ db, open }) => {
    const other = open();
    watched(other, once());
    watched(db, () => other.run("INSERT INTO t VALUES (1, 1)", [1].slice(1)));
    return [outcome(() => db.exec("INSERT INTO t (id) VALUES (1)")), outcome(() => db.exec("SELECT 1")), content(db), content(other)];
});
same("a function whose statement's hook throws: it is the function's error", ({ db, open }) => {
    const other = open();
    watched(other, once());
    db.create_function("write", () => { other.exec("INSERT INTO t (id) VALUES (1)"); return 1; });
    return [outcome(() => db.exec("SELECT write()")), outcome(() => open().exec("SELECT 1"))];
}, { expected: [errorOf("in the hook"), { value: [{ columns: ["1"], values: [[1]] }] }] });
same("a hook closes its database", ({ db, open }) => {
    watched(db, () => db.close());
    outcome(() => db.exec("INSERT INTO t (id) VALUES (1), (2)"));
    return [outcome(() => db.exec("SELECT 1")), outcome(() => open().exec("SELECT 1"))];
});
test("Relata: a hook that closes its database is not called again, and nothing fails", () => {
    const db = new relata.SQL.Database();
    let calls = 0;
    watched(db, () => { calls += 1; db.close(); });
    assert.deepEqual([db.exec("INSERT INTO t (id) VALUES (1), (2)"), calls], [[], 1]);
});

for (const [name, error] of Object.entries(unspeakable)) {
    same(`${name}: thrown by a function, which can be made anew`, ({ db }) => {
        db.create_function("f", () => { throw error(); });
        const first = Object.keys(outcome(() => db.exec("SELECT f()")).thrown);
        return [first, db.exec("SELECT 1"), outcome(() => db.create_function("f", () => 1).exec("SELECT f()"))];
    });
    same(`${name}: thrown by a step`, ({ db }) => {
        const aggregate = { step: () => { throw error(); } };
        const first = Object.keys(outcome(() => db.create_aggregate("g", aggregate).exec("SELECT g(1)")).thrown);
        return [first, db.exec("SELECT 1"), outcome(() => db.create_aggregate("g", { step: () => 2 }).exec("SELECT g(1)"))];
    });
    same(`${name}: thrown by finalize`, ({ db }) => {
        const aggregate = { step: () => 1, finalize: () => { throw error(); } };
        return [Object.keys(outcome(() => db.create_aggregate("g", aggregate).exec("SELECT g(1)")).thrown), outcome(() => db.exec("SELECT 1"))];
    });
    same(`${name}: thrown by a function in the midst of a change`, ({ db }) => {
        db.run("CREATE TABLE t (id)").create_function("f", x => { if (x === 2) throw error(); return x; });
        const thrown = Object.keys(outcome(() => db.exec(`INSERT INTO t SELECT f(column1) FROM ${rows}`)).thrown);
        return [thrown.length, content(db)];
    }, { differs: { because: middle, relata: { value: [1, []] } } });
    test(`Relata: ${name}, thrown when a statement is reset, is thrown there`, () => {
        const [db, other] = [new relata.SQL.Database(), new relata.SQL.Database()];
        let broken = false;
        db.create_aggregate("g", { step: (state, x) => x, finalize: state => { if (broken) throw error(); return state; } });
        const statement = db.prepare(`SELECT column1, g(column1) FROM ${rows} GROUP BY column1`);
        statement.step();
        broken = true;
        outcome(() => statement.reset());
        assert.deepEqual(outcome(() => other.exec("SELECT 1")[0].values), { value: [[1]] });
        db.close();
        other.close();
    });
}

same("what init throws goes on as it is", ({ db }) => {
    db.create_aggregate("g", { init: () => { throw new RangeError("in init"); }, step: (state, x) => x });
    return [outcome(() => db.exec(`SELECT g(column1) FROM ${rows}`)), outcome(() => db.exec("SELECT g(1) WHERE 0")), db.exec("SELECT 1"), outcome(() => db.create_aggregate("g", { step: (state, x) => x }).exec("SELECT g(1)"))];
});
for (const error of ["text", null, undefined, 5]) {
    same(`init throws ${error}`, ({ db }) => outcome(() => db.create_aggregate("g", { init: () => { throw error; }, step: (state, x) => x }).exec("SELECT g(1)")));
}
same("init throws for the second group", ({ db }) => {
    let groups = 0;
    db.create_aggregate("g", { init: () => { groups += 1; if (groups === 2) throw new RangeError("in init"); return 0; }, step: (state, x) => state + x });
    const statement = db.prepare(`SELECT g(column1) FROM ${rows} GROUP BY column1`);
    return [statement.step(), statement.get(), outcome(() => statement.step()), outcome(() => statement.free())];
}, { differs: { because: "free() tells whether the last run went well; sql.js's does not know that it failed", relata: { value: [true, [1], { thrown: { RangeError: "in init" } }, { value: false }] } } });
same("a function that is made anew while a statement uses it: the one that runs", ({ db }) => {
    db.create_function("f", x => `old ${x}`);
    const statement = db.prepare(`SELECT f(column1) FROM ${rows}`);
    statement.step();
    const refused = outcome(() => db.create_function("f", x => `new ${x}`));
    return [refused, statement.step() && statement.get(), statement.free(), db.exec("SELECT f(1)")[0].values];
}, { differs: { because: "what is refused is not done; sql.js calls the new function from then on",
    relata: { value: [errorOf("unable to delete/modify user-function due to active statements"), ["old 2"], true, [["old 1"]]] } } });

test("Relata: a hook's error is thrown by the playground's call", async () => {
    const { Playground } = await import(new URL("relata.js", packageFolder));
    const playground = new Playground({ models: { Author: { name: "text" } } });
    playground.database.updateHook(once());
    const author = { name: "Ann" };
    const other = new relata.SQL.Database();
    assert.throws(() => playground.insert({ Author: [author] }), { name: "RangeError", message: "in the hook" });
    assert.deepEqual(outcome(() => other.exec("SELECT 1")[0].values), { value: [[1]] });
    assert.deepEqual(playground.query({ model: "Author" }).objects.map(({ name }) => name), ["Ann"]);
    other.close();
    playground.close();
});
