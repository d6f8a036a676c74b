// The worker in a browser, as a page starts it: the same answers as in Node, where they are compared with sql.js's own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { noBrowser, withPage } from "../browser.mjs";

const messages = [
    { id: 1, action: "open" },
    { id: 2, action: "exec", sql: "CREATE TABLE test (id INTEGER PRIMARY KEY, name); INSERT INTO test VALUES (1, 'Ling'), (2, 'Päul')" },
    { id: 3, action: "getRowsModified" },
    { id: 4, action: "exec", sql: "SELECT name, reverse(name) AS r FROM test WHERE id = $id", params: { $id: 2 } },
    { id: 5, action: "each", sql: "SELECT id FROM test" },
    { id: 6, action: "exec", sql: "nonsense" },
    { id: 7, action: "export" },
    { id: 8, action: "close" },
    { id: 9, action: "dance" },
];

const expected = [
    { id: 1, ready: true },
    { id: 2, results: [] },
    { id: 3, rowsModified: 2 },
    { id: 4, results: [{ columns: ["name", "r"], values: [["Päul", "luäP"]] }] },
    { id: 5, row: { id: 1 }, finished: false },
    { id: 5, row: { id: 2 }, finished: false },
    { id: 5, finished: true },
    { id: 6, error: 'near "nonsense": syntax error' },
    { id: 7, buffer: "Uint8Array, SQLite format 3" },
    { id: 8 },
    { id: 9, error: "Invalid action : dance" },
];

test("the worker answers in a browser", { skip: noBrowser }, async () => {
    assert.deepEqual(await withPage("/tests/js/blank.html", page => page.evaluate(answers, messages)), expected);
});

/** Runs in the page: sends all at once, and gives the answers ordered by their id, the file as its type and first letters. */
function answers(messages) {
    return new Promise((resolve, reject) => {
        const worker = new Worker("/pkg/worker.js", { type: "module" });
        const all = [];
        worker.onerror = ({ message }) => reject(new Error(message));
        worker.onmessage = ({ data }) => {
            const { buffer } = data;
            all.push(buffer ? { ...data, buffer: `${buffer.constructor.name}, ${String.fromCharCode(...buffer.slice(0, 15))}` } : data);
            if (all.length === messages.length + 2) resolve(all.sort((one, other) => one.id - other.id));
        };
        for (const message of messages) worker.postMessage(message);
    });
}
