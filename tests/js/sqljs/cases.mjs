// A case is a piece of a script that gives plain data. It runs on both engines, and what comes out must be the same:
// the value that it returns, or what it throws (a string, or an error with its class and words).
import assert from "node:assert/strict";
import { test } from "node:test";
import { relata, sqlJs } from "./engines.mjs";

/** What a piece of a script comes to: `{ value }` or `{ thrown }`. */
export function outcome(run) {
    try {
        return { value: run() };
    } catch (error) {
        return { thrown: thrown(error) };
    }
}

/** What was thrown, as data: a string stays one, an error becomes its class and words. */
export function thrown(error) {
    return error instanceof Error ? { [error.constructor.name]: error.message } : error;
}

/** How an `Error` with these words looks in an outcome. */
export const errorOf = words => ({ thrown: { Error: words } });

function runOn({ SQL }, run) {
    const opened = [];
    const open = bytes => {
        const db = new SQL.Database(bytes);
        opened.push(db);
        return db;
    };
    const result = outcome(() => run({ db: open(), open, SQL }));
    for (const db of opened) outcome(() => db.close());
    return result;
}

/**
 * Runs a case on both engines.
 * - `run({ db, open, SQL })` gets an empty database, and `open(bytes?)` for more; all are closed after it.
 * - `expected`: what the documentation promises, for both.
 * - `differs: { because, relata }`: the outcome is another one in Relata, and why. Then it must be: an excuse that is no
 *   longer needed fails.
 */
export function same(title, run, { expected, throws, differs } = {}) {
    test(title, () => {
        const theirs = runOn(sqlJs, run);
        const ours = runOn(relata, run);
        if (expected !== undefined) assert.deepEqual(theirs, { value: expected }, "sql.js is not as documented");
        if (throws !== undefined) assert.deepEqual(theirs, { thrown: throws }, "sql.js does not throw as documented");
        if (differs === undefined) return assert.deepEqual(ours, theirs);
        assert.notDeepEqual(ours, theirs, `no difference any more: ${differs.because}`);
        assert.deepEqual(ours, differs.relata, differs.because);
    });
}
