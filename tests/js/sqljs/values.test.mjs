// What becomes of a value on its way into the database and back.
import { outcome, same } from "./cases.mjs";

/** What a bound value is in SQLite, and what is read of it. */
const round = value => ({ db }) => {
    const [{ values: [row] }] = db.exec("SELECT typeof(?1), quote(?1), ?1", [value]);
    return row;
};

const numbers = {
    "0": 0, "1": 1, "-1": -1, "-0": -0, "0.5": 0.5, "2^31 - 1": 2 ** 31 - 1, "2^31": 2 ** 31, "-2^31": -(2 ** 31), "-2^31 - 1": -(2 ** 31) - 1,
    "2^32": 2 ** 32, "2^53": 2 ** 53, "2^53 + 2": 2 ** 53 + 2, "2^63": 2 ** 63, "2^64": 2 ** 64, "1e308": 1e308, "5e-324": 5e-324,
    "0.1": 0.1, "1/3": 1 / 3, "Infinity": Infinity, "-Infinity": -Infinity, "NaN": NaN,
};
for (const [name, number] of Object.entries(numbers)) same(`number ${name}`, round(number));

same("an integer of 32 bits is INTEGER, any other number REAL", ({ db }) =>
    db.exec("SELECT typeof(?), typeof(?), typeof(?)", [1, 1.5, 2 ** 31])[0].values[0], { expected: ["integer", "real", "real"] });

same("booleans are 1 and 0", ({ db }) => db.exec("SELECT ?, ?, typeof(?1)", [true, false])[0].values[0], { expected: [1, 0, "integer"] });
same("null", round(null), { expected: ["null", "NULL", null] });
same("undefined", round(undefined));
same("undefined among others", ({ db }) => db.exec("SELECT ?, ?", [1, undefined]));
same("a hole in the array", ({ db }) => db.exec("SELECT ?, ?", [1, , 3]));
for (const big of [0n, 5n, -7n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 64n]) same(`BigInt ${big}`, round(big));
same("BigInt into an INTEGER column", ({ db }) => {
    db.run("CREATE TABLE t (i INTEGER); INSERT INTO t VALUES (0)");
    db.run("UPDATE t SET i = ?", [2n ** 62n]);
    return [db.exec("SELECT i, typeof(i) FROM t"), db.exec("SELECT i FROM t", null, { useBigInt: true })];
});

const strings = {
    "empty": "", "plain": "abc", "quotes": "it's \"so\"", "umlauts": "äöüß", "kanji": "日本語", "emoji": "😀👩‍👩‍👧", "zero byte": "a\0b",
    "zero byte at the end": "ab\0", "only a zero byte": "\0", "lone high surrogate": "a\ud800b", "lone low surrogate": "\udc00", "swapped surrogates": "\udc00\ud800",
    "byte order mark": "\ufeffa", "line ends": "a\r\nb\n", "last code point": "\u{10ffff}", "non-character": "\uffff", "C1": "\u0085\u009f",
};
for (const [name, string] of Object.entries(strings)) {
    same(`string: ${name}`, ({ db }) => db.exec("SELECT typeof(?1), hex(?1), length(?1), ?1", [string])[0].values[0]);
    same(`string literal: ${name}`, ({ db }) => outcome(() => db.exec(`SELECT hex('${string.replaceAll("'", "''")}'), 'x'`)));
}
same("text is UTF-8", ({ db }) => db.exec("SELECT hex(?)", ["ä"])[0].values[0][0], { expected: "C3A4" });

const blobs = {
    "Uint8Array": new Uint8Array([0, 1, 255]), "empty Uint8Array": new Uint8Array(), "array": [1, 2, 3], "empty array": [], "array beyond bytes": [256, -1, 300.7],
    "array of strings": ["1", "2", "x"], "Uint8ClampedArray": new Uint8ClampedArray([1, 2]), "Int8Array": new Int8Array([-1, 1]),
    "Uint16Array": new Uint16Array([1, 258]), "Float64Array": new Float64Array([1.5, 2]), "Buffer": Buffer.from("abc"),
    "view into a buffer": new Uint8Array(new Uint8Array([9, 8, 7, 6]).buffer, 1, 2), "array-like": { length: 2, 0: 65, 1: 66 }, "length alone": { length: 0 },
};
for (const [name, blob] of Object.entries(blobs)) same(`blob: ${name}`, round(blob));
same("a blob comes back as a Uint8Array of its own", ({ db }) => {
    const [[blob]] = db.exec("SELECT x'010203'")[0].values;
    const again = db.exec("SELECT zeroblob(3)")[0].values[0][0];
    return [blob.constructor.name, [...blob], blob.byteOffset, blob.buffer.byteLength, [...again]];
}, { expected: ["Uint8Array", [1, 2, 3], 0, 3, [0, 0, 0]] });
same("a blob that was read can be kept and changed", ({ db }) => {
    const statement = db.prepare("SELECT x'0102' UNION ALL SELECT x'0304'");
    const read = [];
    while (statement.step()) read.push(statement.get()[0]);
    read[0][0] = 9;
    return read.map(blob => [...blob]);
}, { expected: [[9, 2], [3, 4]] });
same("a blob is copied when it is bound", ({ db }) => {
    const bytes = new Uint8Array([1, 2]);
    const statement = db.prepare("SELECT ?", [bytes]);
    bytes[0] = 9;
    statement.step();
    return statement.get();
}, { expected: [new Uint8Array([1, 2])] });

const refused = {
    "object": {}, "Date": new Date(0), "ArrayBuffer": new ArrayBuffer(2), "Map": new Map(), "function": () => 1, "function with arguments": (a, b) => a + b,
    "symbol": Symbol("s"), "boxed number": Object(1), "DataView": new DataView(new ArrayBuffer(1)), "regular expression": /a/, "class": class A {},
};
for (const [name, value] of Object.entries(refused)) {
    same(`refused: ${name}`, ({ db }) => db.exec("SELECT ?", [value]));
    same(`refused by name: ${name}`, ({ db }) => db.exec("SELECT $a", { $a: value }));
    same(`refused, statement left usable: ${name}`, ({ db }) => {
        const statement = db.prepare("SELECT ?, ?");
        const bound = outcome(() => statement.bind([1, value]));
        return [bound, statement.step(), statement.get(), statement.get([3, 4])];
    });
}
same("a value of an unknown type throws this string", ({ db }) => db.exec("SELECT ?", [{}]), {
    throws: "Wrong API use : tried to bind a value of an unknown type ([object Object]).",
});
same("boxed string", round(Object("ab")));

const read = {
    "integers": "SELECT 1, -1, 0, 2147483648, 9007199254740991", "beyond 2^53": "SELECT 9007199254740993, 9223372036854775807, -9223372036854775808",
    "reals": "SELECT 1.0, 1.5, -0.0, 1e300, 9e999, -9e999, 5e-324", "texts": "SELECT '', 'a', 'ä😀', 'a' || char(0) || 'b', char(0)",
    "not UTF-8": "SELECT CAST(x'ff' AS TEXT), CAST(x'61c328' AS TEXT), CAST(x'eda080' AS TEXT), CAST(x'f0908d' AS TEXT), CAST(x'6100ff' AS TEXT)",
    "blobs": "SELECT x'', x'00', x'ff00ff', zeroblob(4)", "null": "SELECT NULL",
};
for (const [name, sql] of Object.entries(read)) {
    same(`read ${name}`, ({ db }) => db.exec(sql));
    same(`read ${name}, useBigInt`, ({ db }) => db.exec(sql, null, { useBigInt: true }));
    same(`read ${name} as an object`, ({ db }) => {
        const statement = db.prepare(sql);
        statement.step();
        return [statement.getAsObject(), statement.getAsObject(null, { useBigInt: true }), statement.get(null, { useBigInt: true }), statement.get()];
    });
}
same("not UTF-8, where one cell's end and the next one's beginning would make a letter", ({ db }) =>
    db.exec("SELECT CAST(x'61e6' AS TEXT), CAST(x'97a562' AS TEXT), 'after', CAST(x'f09f' AS TEXT), CAST(x'9880' AS TEXT), 'end'"));
same("a byte order mark is lost where a text begins with it", ({ db }) => {
    const statement = db.prepare("SELECT char(65279) || 'a' AS a, 'a' || char(65279) AS b, char(65279) AS c, char(65279, 65279) AS d, 'ä' AS e");
    statement.step();
    return [statement.get(), statement.getAsObject(), db.exec("SELECT 'x', char(65279) || 'yz'"), db.exec("SELECT '', char(65279) || 'yz'")];
});
same("a byte order mark in front of a column's name", ({ db }) => db.exec("SELECT 1 AS \"\ufeffname\"")[0].columns, {
    differs: { because: "sql.js loses it there, too", relata: { value: ["\ufeffname"] } },
});
same("useBigInt gives every INTEGER as a BigInt and leaves the rest", ({ db }) =>
    db.exec("SELECT 9223372036854775807, 1, 1.0, '1'", null, { useBigInt: true })[0].values[0], { expected: [9223372036854775807n, 1n, 1, "1"] });
same("useBigInt in the place of the parameters is none", ({ db }) => db.exec("SELECT 1", { useBigInt: true }));
for (const config of [{ useBigInt: 1 }, { useBigInt: "" }, { useBigInt: false }, {}, null, undefined, true, "x"]) {
    same(`config ${JSON.stringify(config)}`, ({ db }) => outcome(() => db.exec("SELECT 1", [], config)));
}
same("affinity", ({ db }) => {
    db.run("CREATE TABLE t (i INTEGER, r REAL, t TEXT, b BLOB, n NUMERIC)");
    const insert = db.prepare("INSERT INTO t VALUES (?1, ?1, ?1, ?1, ?1)");
    for (const value of [1, 1.5, "2", "x", true, null, new Uint8Array([51]), 3n, 2 ** 40]) insert.run([value]);
    return db.exec("SELECT typeof(i), typeof(r), typeof(t), typeof(b), typeof(n), * FROM t");
});
same("STRICT tables refuse", ({ db }) => {
    db.run("CREATE TABLE t (i INTEGER, t TEXT, b BLOB) STRICT");
    return [[1, "a", [1]], [2n ** 60n, "a", null], [1.5, null, null], [null, 1, null], [null, null, "x"], ["12", 5n, null]].map(row =>
        outcome(() => db.run("INSERT INTO t VALUES (?, ?, ?)", row).exec("SELECT * FROM t").at(-1).values.at(-1)));
});
