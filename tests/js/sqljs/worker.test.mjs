// The worker protocol: the same messages to both workers, the same answers in the same order.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { packageFolder } from "./engines.mjs";

const theirs = createRequire(import.meta.url).resolve("sql.js/dist/worker.sql-wasm.js");
const ours = fileURLToPath(new URL("worker.js", packageFolder));

/** All that a worker answers to messages, each sent when the one before is answered, or all `atOnce`; a function makes a message of the answers so far. */
async function answers(script, messages, atOnce = false) {
    const worker = new Worker(script, { stderr: true });
    const all = [];
    let wake = () => {};
    worker.on("message", answer => { all.push(answer); wake(); });
    worker.on("error", error => { all.push({ died: error.message }); wake(); });
    const answered = async count => {
        while (all.filter(({ finished }) => finished !== false).length < count) await new Promise(resolve => { wake = resolve; });
    };
    for (const [at, message] of messages.entries()) {
        if (!atOnce) await answered(at);
        worker.postMessage(typeof message === "function" ? message(all) : message);
    }
    await answered(messages.length);
    await worker.terminate();
    return all;
}

function same(title, messages, expected, atOnce) {
    test(title, { timeout: 30_000 }, async () => {
        const [real, relata] = await Promise.all([answers(theirs, messages, atOnce), answers(ours, messages, atOnce)]);
        if (expected) assert.deepEqual(real, expected, "sql.js is not as documented");
        assert.deepEqual(relata, real);
    });
}

const setUp = { id: "set up", action: "exec", sql: "CREATE TABLE test (id INTEGER PRIMARY KEY, age, name); INSERT INTO test VALUES (1, 20, 'Ling'), (2, 18, 'Paul')" };

same("the example of the README", [
    { id: 1, action: "open" }, setUp, { id: 2, action: "exec", sql: "SELECT age,name FROM test WHERE id=$id", params: { $id: 1 } },
], [{ id: 1, ready: true }, { id: "set up", results: [] }, { id: 2, results: [{ columns: ["age", "name"], values: [[20, "Ling"]] }] }]);
same("exec opens a database if there is none", [{ id: 1, action: "exec", sql: "SELECT 1 AS a; SELECT 2 AS b" }]);
same("each: a message a row, and one at the end", [setUp, { id: 5, action: "each", sql: "SELECT name, age FROM test WHERE age > ?", params: [1] }],
    [{ id: "set up", results: [] }, { id: 5, row: { name: "Ling", age: 20 }, finished: false }, { id: 5, row: { name: "Paul", age: 18 }, finished: false }, { id: 5, finished: true }]);
same("each without a database, without rows, without parameters", [{ id: 1, action: "each", sql: "SELECT 1 AS a WHERE 0" }, { id: 2, action: "each", sql: "SELECT x'01' AS a, NULL AS b" }]);
same("getRowsModified", [setUp, { id: 1, action: "getRowsModified" }, { id: 2, action: "exec", sql: "UPDATE test SET age = 1 WHERE id = 1" }, { id: 3, action: "getRowsModified" }]);
same("config: useBigInt", [
    { id: 1, action: "exec", sql: "SELECT 9223372036854775807, 1", config: { useBigInt: true } }, { id: 2, action: "exec", sql: "SELECT 9007199254740993" },
    { id: 3, action: "each", sql: "SELECT 9007199254740993 AS a", config: { useBigInt: true } },
]);
same("config: without the added functions", [
    { id: 1, action: "open", config: { useOldExtensionFunctions: false } }, { id: 2, action: "exec", sql: "SELECT ceil(1.5), typeof(ceil(1.5)), log(100)" },
    { id: 3, action: "exec", sql: "SELECT reverse('abc')" }, { id: 4, action: "exec", sql: "SELECT reverse('abc')", config: { useOldExtensionFunctions: true } },
]);
same("the added functions", [{ id: 1, action: "exec", sql: "SELECT reverse('abc'), typeof(ceil(1.5)), median(1)" }]);
same("errors in the SQL", [
    { id: 1, action: "exec", sql: "nonsense" }, { id: 2, action: "each", sql: "SELECT * FROM nowhere" }, { id: 3, action: "exec", sql: "SELECT 1; nonsense" }, { id: 4, action: "exec", sql: "SELECT 1" },
], [{ id: 1, error: 'near "nonsense": syntax error' }, { id: 2, error: "no such table: nowhere" }, { id: 3, error: 'near "nonsense": syntax error' }, { id: 4, results: [{ columns: ["1"], values: [[1]] }] }]);
same("exec without SQL: the string that is thrown has no words", [{ id: 1, action: "exec" }, { id: 2, action: "exec", sql: "" }, { id: 3, action: "each", sql: "" }]);
same("wrong parameters", [{ id: 1, action: "exec", sql: "SELECT ?", params: [{}] }, { id: 2, action: "exec", sql: "SELECT ?", params: [1, 2] }, { id: 3, action: "exec", sql: "SELECT ?", params: [new Uint8Array([1])] }]);
same("no such action", [{ id: 1, action: "dance" }, { id: 2 }, { action: "toString" }, {}, { id: { any: "thing" }, action: "close" }],
    [{ id: 1, error: "Invalid action : dance" }, { id: 2, error: "Invalid action : undefined" }, { id: undefined, error: "Invalid action : toString" }, { id: undefined, error: "Invalid action : undefined" }, { id: { any: "thing" } }]);
same("open again begins anew", [setUp, { id: 1, action: "open" }, { id: 2, action: "exec", sql: "SELECT * FROM test" }]);
same("close, and on", [{ id: 0, action: "close" }, setUp, { id: 1, action: "close" }, { id: 2, action: "close" }, { id: 3, action: "exec", sql: "SELECT count(*) FROM sqlite_schema" }]);
same("bytes that are no database", [{ id: 1, action: "open", buffer: new TextEncoder().encode("no database ".repeat(99)).buffer }, { id: 2, action: "exec", sql: "SELECT * FROM sqlite_schema" }]);
same("many at once come back in order", Array.from({ length: 50 }, (_, id) => ({ id, action: id % 2 ? "each" : "exec", sql: `SELECT ${id} AS a` })), undefined, true);

for (const [name, script] of [["sql.js", theirs], ["Relata", ours]]) {
    test(`${name}: an exported database opens again`, { timeout: 30_000 }, async () => {
        const all = await answers(script, [
            setUp, { id: 1, action: "export" }, answered => ({ id: 2, action: "open", buffer: answered.find(({ id }) => id === 1).buffer }),
            { id: 3, action: "exec", sql: "SELECT name FROM test" }, { id: 4, action: "exec", sql: "BEGIN; DELETE FROM test" }, { id: 5, action: "export" },
        ]);
        const answer = wanted => all.find(({ id }) => id === wanted);
        assert.ok(answer(1).buffer instanceof Uint8Array);
        assert.deepEqual(answer(2), { id: 2, ready: true });
        assert.deepEqual(answer(3).results[0].values, [["Ling"], ["Paul"]]);
        assert.match(answer(5).error, /^Unable to export: SQLite is busy or locked/);
    });
    test(`${name}: without a database there is nothing to export or count`, { timeout: 30_000 }, async () => {
        const all = await answers(script, [{ id: 1, action: "export" }, { id: 2, action: "getRowsModified" }]);
        assert.match(all[0].error, /Cannot read properties of null/);
        assert.match(all[1].error, /Cannot read properties of null/);
    });
    test(`${name}: a message that is nothing`, { timeout: 30_000 }, async () => {
        const [answer] = await answers(script, [null]);
        assert.match(answer.error, /Cannot (read|destructure) propert/);
    });
}
