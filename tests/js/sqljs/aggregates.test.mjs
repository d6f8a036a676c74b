// create_aggregate: its life, rows and no rows, groups, errors.
import { outcome, same } from "./cases.mjs";

const sum = { init: () => 0, step: (state, value) => state + value, finalize: state => state };
const rows = "(VALUES (1), (2), (3))";

same("the example of the documentation", ({ db }) => db.create_aggregate("js_sum", sum).exec(`SELECT js_sum(column1) FROM ${rows}`)[0].values, { expected: [[6]] });
same("the example of the README", ({ db }) => {
    db.create_aggregate("json_agg", { init: () => [], step: (state, val) => [...state, val], finalize: state => JSON.stringify(state) });
    return db.exec("SELECT json_agg(column1) FROM (VALUES ('hello'), ('world'))")[0].values;
}, { expected: [['["hello","world"]']] });
same("without init the state begins as null, without finalize it is the answer", ({ db }) => {
    const states = [];
    db.create_aggregate("last", { step: (state, value) => { states.push(state); return value; } });
    return [db.exec(`SELECT last(column1) FROM ${rows}`), states];
});
same("no rows", ({ db }) => {
    db.create_aggregate("s", sum).create_aggregate("n", { step: x => x }).create_aggregate("f", { init: () => "i", step: x => x, finalize: state => `${state}!` });
    return db.exec("SELECT s(column1), f(column1) FROM (VALUES (1)) WHERE 0; SELECT s(a) FROM (SELECT 1 AS a WHERE 0) GROUP BY a");
});
same("groups", ({ db }) => db.create_aggregate("s", sum).exec("SELECT column1, s(column2) FROM (VALUES ('a', 1), ('b', 10), ('a', 2)) GROUP BY column1"));
same("several in one query, nested queries", ({ db }) => {
    db.create_aggregate("s", sum).create_aggregate("list", { init: () => [], step: (state, x) => (state.push(x), state), finalize: state => state.join("-") });
    return db.exec(`SELECT s(column1), list(column1), s(column1 * 2), (SELECT s(column1) FROM ${rows}) FROM ${rows}`);
});
same("an aggregate of an aggregate", ({ db }) => [outcome(() => db.create_aggregate("s", sum).exec(`SELECT s(s(column1)) FROM ${rows}`)), db.exec(`SELECT s(t) FROM (SELECT s(column1) AS t FROM ${rows})`)]);
same("the same query twice begins anew", ({ db }) => {
    const statement = db.create_aggregate("s", sum).prepare(`SELECT s(column1) FROM ${rows}`);
    return [statement.get([]), statement.get([]), statement.step(), statement.get(), statement.step(), statement.step(), statement.get()];
});
same("DISTINCT, FILTER, ORDER BY", ({ db }) => db.create_aggregate("s", sum).exec("SELECT s(DISTINCT column1), s(column1) FILTER (WHERE column1 > 1), s(column1 ORDER BY column1 DESC) FROM (VALUES (1), (1), (5))"));
same("not as a window function", ({ db }) => outcome(() => db.create_aggregate("s", sum).exec(`SELECT s(column1) OVER () FROM ${rows}`)));
same("two arguments, none", ({ db }) => {
    db.create_aggregate("pairs", { init: () => "", step: (state, a, b) => `${state}${a}${b};` }).create_aggregate("rows", { init: () => 0, step: state => state + 1 });
    return [db.exec(`SELECT pairs(column1, 'x'), rows() FROM ${rows}`), outcome(() => db.exec("SELECT pairs(1)")), outcome(() => db.exec("SELECT rows(*) FROM (VALUES (1))"))];
});
same("step with rest arguments", ({ db }) => [outcome(() => db.create_aggregate("r", { step: (...all) => all.length }) === db), outcome(() => db.exec("SELECT r(1)")), outcome(() => db.exec("SELECT r(1, 2)"))]);
same("arguments of all kinds", ({ db }) => {
    const seen = [];
    db.create_aggregate("see", { step: (state, x) => { seen.push(x); } });
    return [db.exec("SELECT see(column1) FROM (VALUES (NULL), (1), (2.5), ('ä'), (x'01'), (9007199254740993))"), seen];
});
for (const [name, result] of Object.entries({ undefined, null: null, boolean: true, string: "ä", bytes: new Uint8Array([1]), array: [], object: {}, BigInt: 5n, NaN, symbol: Symbol("s") })) {
    same(`the answer is ${name}`, ({ db }) => outcome(() => db.create_aggregate("give", { step: () => 0, finalize: () => result }).exec("SELECT typeof(give(1)), give(1)")));
}
same("no step", ({ db }) => [outcome(() => db.create_aggregate("nostep", {})), outcome(() => db.create_aggregate("nostep", { init: () => 1, finalize: x => x }))]);
same("no step throws this string", ({ db }) => db.create_aggregate("nostep", {}), { throws: "An aggregate function must have a step function in nostep" });
same("no functions at all", ({ db }) => Object.keys(outcome(() => db.create_aggregate("nothing")).thrown));

const failing = { step: { step: () => { throw new Error("in step"); } }, finalize: { init: () => 0, step: x => x, finalize: () => { throw new Error("in finalize"); } },
    "step, later": { init: () => 0, step: (n, x) => { if (x === 2) throw "at two"; return n + x; } } };
for (const [name, functions] of Object.entries(failing)) {
    same(`it throws in ${name}`, ({ db }) => {
        db.create_aggregate("fail", functions);
        return [outcome(() => db.exec(`SELECT fail(column1) FROM ${rows}`)), outcome(() => db.exec("SELECT fail(column1) FROM (VALUES (1)) WHERE 0")), outcome(() => db.exec(`SELECT fail(column1) FROM ${rows}`)), db.exec("SELECT 1")];
    });
}
same("how often each is called", ({ db }) => {
    const calls = [];
    db.create_aggregate("c", { init: () => (calls.push("init"), 0), step: (n, x) => (calls.push(`step ${n} ${x}`), n + x), finalize: n => (calls.push(`finalize ${n}`), n) });
    db.exec(`SELECT c(column1) FROM ${rows}; SELECT column1 % 2, c(column1) FROM ${rows} GROUP BY 1; SELECT c(1) FROM (VALUES (1)) WHERE 0`);
    return calls;
});
same("a statement left in the middle of its groups", ({ db }) => {
    const statement = db.create_aggregate("s", sum).prepare("SELECT column1, s(column2) FROM (VALUES (1, 1), (2, 2), (2, 3)) GROUP BY column1");
    return [statement.step(), statement.get(), statement.reset(), statement.step(), statement.get(), statement.step(), statement.get(), statement.free()];
});
same("redefinition, and one name for function and aggregate", ({ db }) => {
    db.create_aggregate("s", sum).create_aggregate("s", { ...sum, finalize: x => -x });
    const negative = db.exec(`SELECT s(column1) FROM ${rows}`);
    db.create_function("s", x => `row ${x}`);
    return [negative, db.exec(`SELECT s(column1) FROM ${rows}`)];
});
same("SQLite's own aggregates can be replaced", ({ db }) => db.create_aggregate("sum", { ...sum, init: () => 100 }).exec(`SELECT sum(column1), total(column1) FROM ${rows}`));
same("the database used within", ({ db }) => {
    db.create_aggregate("s", { init: () => 0, step: (n, x) => n + db.exec("SELECT ? * 10", [x])[0].values[0][0], finalize: n => db.exec("SELECT ? + 1", [n])[0].values[0][0] });
    return db.exec(`SELECT s(column1) FROM ${rows}`);
});
same("an aggregate within an aggregate", ({ db }) => {
    db.create_aggregate("inner", sum).create_aggregate("outer", { init: () => 0, step: (n, x) => n + db.exec(`SELECT inner(column1) + ? FROM ${rows}`, [x])[0].values[0][0] });
    return db.exec(`SELECT outer(column1) FROM ${rows}`);
});
same("the state is the object that step gave", ({ db }) => {
    const first = { n: 0 };
    let last;
    db.create_aggregate("o", { init: () => first, step: state => { state.n += 1; return state; }, finalize: state => { last = state; return state.n; } });
    return [db.exec(`SELECT o() FROM ${rows}`), last === first];
});
same("members as methods of an object", ({ db }) => {
    class Sum { init() { return 0; } step(n, x) { return n + x; } finalize(n) { return n; } }
    return db.create_aggregate("s", new Sum()).exec(`SELECT s(column1) FROM ${rows}`);
});
