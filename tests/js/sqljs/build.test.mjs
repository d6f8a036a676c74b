// What SQLite was built with: settings, functions and modules that a script may count on, and where the builds differ.
import assert from "node:assert/strict";
import { test } from "node:test";
import { outcome, same } from "./cases.mjs";
import { relata, sqlJs } from "./engines.mjs";

const list = (SQL, sql) => {
    const db = new SQL.Database();
    const [result] = db.exec(sql);
    db.close();
    return (result?.values ?? []).map(([first]) => first);
};
const lacking = (sql, mine, yours) => {
    const has = new Set(list(mine.SQL, sql));
    return [...new Set(list(yours.SQL, sql))].filter(one => !has.has(one)).sort();
};

for (const pragma of ["foreign_keys", "recursive_triggers", "page_size", "encoding", "auto_vacuum", "case_sensitive_like", "journal_size_limit", "defer_foreign_keys", "ignore_check_constraints", "legacy_alter_table", "locking_mode",
    "max_page_count", "query_only", "read_uncommitted", "reverse_unordered_selects", "secure_delete", "synchronous", "trusted_schema", "user_version", "application_id", "wal_autocheckpoint", "writable_schema", "busy_timeout", "automatic_index",
    "cell_size_check", "checkpoint_fullfsync", "count_changes", "data_version", "freelist_count", "hard_heap_limit", "page_count", "soft_heap_limit", "threads"]) {
    same(`PRAGMA ${pragma}`, ({ db }) => db.exec(`PRAGMA ${pragma}`));
}
same("PRAGMA journal_mode", ({ db }) => db.exec("PRAGMA journal_mode"), {
    differs: { because: "a database is memory, not a file in a file system of memory", relata: { value: [{ columns: ["journal_mode"], values: [["memory"]] }] } },
});
same("limits", ({ db }) => [
    outcome(() => db.exec(`SELECT ${"(".repeat(998)}1${")".repeat(998)}`).length), outcome(() => db.exec(`SELECT ${"(".repeat(1001)}1${")".repeat(1001)}`)),
    outcome(() => db.exec(Array(501).fill("SELECT 1").join(" UNION ALL "))[0].values.length), outcome(() => db.exec(`SELECT 'a' LIKE '${"%a".repeat(25001)}'`)),
    outcome(() => Array.from({ length: 11 }, (_, i) => db.run(`ATTACH ':memory:' AS a${i}`)).length),
    Object.keys(outcome(() => db.exec("CREATE TABLE r (a); CREATE TRIGGER rt AFTER INSERT ON r BEGIN INSERT INTO r VALUES (new.a + 1); END; PRAGMA recursive_triggers = ON; INSERT INTO r VALUES (1)")).thrown),
]);
for (const sql of ["SELECT json_extract('{\"a\":[1,2.5]}', '$.a[1]'), json('[1 , 2]'), '{\"a\":1}' -> 'a', jsonb('[1]')", "SELECT ln(2.718281828459045), log2(8), mod(7, 3), trunc(1.9), ceiling(1.2), pow(2, 10), radians(180)",
    "SELECT date('2024-02-29', '+1 year'), strftime('%Y-%j', '2024-12-31'), unixepoch('2024-01-01'), timediff('2024-03-01', '2024-02-01')", "SELECT printf('%05.2f|%x|%s|%q', 1.5, 255, 'ä', 'it''s'), format('%,d', 1234567)",
    "SELECT row_number() OVER (ORDER BY column1 DESC), sum(column1) OVER (ROWS UNBOUNDED PRECEDING) FROM (VALUES (1), (2))", "SELECT group_concat(column1, '-'), string_agg(column1, '+' ORDER BY column1 DESC) FROM (VALUES (1), (2))",
    "SELECT iif(1, 'a', 'b'), if(0, 'a', 'b'), concat('a', NULL, 'b'), concat_ws('-', 'a', 'b'), unhex('4142'), octet_length('ä'), substring('abc', 2)", "SELECT 'abc' REGEXP 'a'", "SELECT 'abc' GLOB 'a*', 'ä' LIKE 'Ä', upper('ä'), 'ss' = 'SS' COLLATE NOCASE",
    "SELECT value FROM json_each('[1,2]')", "SELECT value FROM generate_series(1, 3)", "SELECT soundex('Robert')", "SELECT sqlite_compileoption_used('ENABLE_FTS3')", "SELECT unistr('\\0041'), subtype('a')", "SELECT 1 IS DISTINCT FROM 2, 0x10, 1_000",
    "SELECT * FROM (VALUES (1)) RIGHT JOIN (VALUES (2)) ON 0", "SELECT likelihood(1, 0.5), nullif(1, 1), quote('a''b'), typeof(random())", "SELECT 'a' \"b\"", "SELECT \"a\"", "SELECT * FROM pragma_table_info('sqlite_schema')",
    "SELECT round(2.5), round(-0.5), round(1.005, 2), 0.1 + 0.2, 1e15, 1e16, 123456789.123456789, 1/3.0, 1e-5", "SELECT CAST(0.1 + 0.2 AS TEXT), 1e23 || '', 5e-324 || '', 1.7976931348623157e308 || ''", "SELECT datetime('nonsense'), date(NULL), julianday('2000-01-01 12:00')"]) {
    same(sql, ({ db }) => outcome(() => db.exec(sql)));
}
same("FTS4", ({ db }) => db.exec("CREATE VIRTUAL TABLE f USING fts4(a, b); INSERT INTO f VALUES ('one two', 'three'), ('two', 'four five'); SELECT rowid, a, snippet(f), offsets(f) FROM f WHERE f MATCH 'two NOT five'; SELECT a FROM f WHERE b MATCH 'fo*'"));
same("FTS3 with parentheses", ({ db }) => db.exec("CREATE VIRTUAL TABLE f USING fts3(a); INSERT INTO f VALUES ('one two'), ('one three'), ('four'); SELECT a FROM f WHERE f MATCH 'one AND (two OR three)'"));

test("what sql.js's SQLite has, Relata's has: functions", () => {
    assert.deepEqual(lacking("SELECT DISTINCT name FROM pragma_function_list", relata, sqlJs), []);
});
test("what sql.js's SQLite has, Relata's has: modules of tables", () => {
    // Table-valued pragmas are listed once they have been used.
    const used = "SELECT name FROM pragma_module_list WHERE name NOT LIKE 'pragma%'";
    assert.deepEqual(lacking(used, relata, sqlJs), []);
});
test("what sql.js's SQLite has, Relata's has: collations and pragmas", () => {
    assert.deepEqual(lacking("SELECT name FROM pragma_pragma_list", relata, sqlJs), []);
    assert.deepEqual(lacking("SELECT name FROM pragma_collation_list", relata, sqlJs), []);
});
same("ATTACH and VACUUM INTO in a folder that is there", ({ db, open }) => {
    db.run("CREATE TABLE t (a); INSERT INTO t VALUES (7); VACUUM INTO '/tmp/build.db'");
    return [open().run("ATTACH '/tmp/build.db' AS a").exec("SELECT * FROM a.t"), outcome(() => db.run("VACUUM INTO '/tmp/build.db'"))];
});
same("ATTACH in a folder that is not there", ({ db }) => outcome(() => db.run("ATTACH '/no/such/folder/x.db' AS a").exec("SELECT count(*) FROM a.sqlite_master")[0].values),
    { differs: { because: "a whole name is the name of a database: there are no folders", relata: { value: { value: [[0]] } } } });
