// What initSqlJs gives: the module, its classes, their members.
import assert from "node:assert/strict";
import { test } from "node:test";
import { outcome, same } from "./cases.mjs";
import { packageFolder, relata, sqlJs } from "./engines.mjs";

const documented = {
    Database: ["run", "exec", "each", "prepare", "iterateStatements", "export", "close", "handleError", "getRowsModified", "create_function", "create_aggregate", "updateHook"],
    Statement: ["bind", "step", "get", "getColumnNames", "getAsObject", "getSQL", "getNormalizedSQL", "run", "reset", "freemem", "free"],
    StatementIterator: ["next", "getRemainingSQL"],
};

same("Database has every documented method", ({ db }) => documented.Database.map(name => typeof db[name]), { expected: documented.Database.map(() => "function") });
same("Statement has every documented method", ({ db }) => {
    const statement = db.prepare("SELECT 1");
    return documented.Statement.map(name => typeof statement[name]);
}, { expected: documented.Statement.map(() => "function") });
same("the iterator has every documented method", ({ db }) => {
    const iterator = db.iterateStatements("SELECT 1");
    return documented.StatementIterator.map(name => typeof iterator[name]);
}, { expected: documented.StatementIterator.map(() => "function") });
same("methods can be replaced on the prototype", ({ db, SQL, open }) => {
    const { exec } = SQL.Database.prototype;
    SQL.Database.prototype.exec = function (...args) { return ["wrapped", exec.apply(this, args)]; };
    try {
        return open().exec("SELECT 1");
    } finally {
        SQL.Database.prototype.exec = exec;
    }
});
same("Database can be subclassed", ({ SQL }) => {
    class Mine extends SQL.Database { first(sql) { return this.exec(sql)[0].values[0]; } }
    const db = new Mine();
    return [db instanceof SQL.Database, db.first("SELECT 1, 2"), db.close()];
});
same("instanceof", ({ db, SQL }) => db instanceof SQL.Database);
same("db.db tells whether it is open", ({ db }) => {
    const open = Boolean(db.db);
    db.close();
    return [open, db.db];
});
for (const { name, init } of [sqlJs, relata]) {
    test(`${name}: initSqlJs gives the same module each time`, async () => {
        assert.equal(await init(), await init({ locateFile: file => `nowhere/${file}` }));
        assert.ok(init() instanceof Promise);
    });
}
test("Relata: the package's other names", async () => {
    const made = await import(new URL("relata.js", packageFolder));
    assert.equal(made.default, made.initSqlJs);
    assert.equal(typeof made.init, "function");
});
