// Calls of the functions that sql.js adds to SQLite's, as SQL expressions and as aggregates over rows.
// record-functions.mjs writes what real sql.js makes of them to tests/functions.tsv, which the native test reads;
// functions.test.mjs compares both engines on these and on many more.

const numbers = [
    "NULL", "0", "1", "-1", "2", "0.5", "-0.5", "1.5", "-1.5", "2.5", "1e300", "-1e300", "9e999", "-9e999", "0.0", "-0.0",
    "9223372036854775807", "-9223372036854775808", "4611686018427387904", "3037000500", "100000.5", "1e-320",
    "'abc'", "'1.5x'", "'3'", "''", "x'312e35'", "x''", "-423793.1673415005",
];

const texts = [
    "NULL", "''", "'a'", "'abc'", "'Hello World'", "'hello wORLD 9abc d-e'", "'日本語'", "'a😀b😀'", "'é É ß'", "12", "1.5", "1e20",
    "x'616263'", "x'ff41'", "'ab'||char(0)||'cd'", "9e999", "char(9)||'a'||char(10)||'b'||char(11)||'c d'", "' lead  two'",
];

const counts = ["NULL", "1", "2", "3", "5", "10", "'2'", "2.9", "x'32'"];

const of = (names, ...lists) =>
    names.flatMap(name =>
        lists.reduce((rows, list) => rows.flatMap(row => list.map(value => [...row, value])), [[]])
            .map(row => `${name}(${row.join(", ")})`));

export const oneNumber = [
    "acos", "acosh", "asin", "asinh", "atan", "atanh", "ceil", "cos", "cosh", "cot", "coth", "degrees", "exp", "floor",
    "log", "log10", "radians", "sign", "sin", "sinh", "sqrt", "square", "tan", "tanh",
];
export const twoNumbers = ["atan2", "atn2", "power"];
export const oneText = ["reverse", "proper"];
export const twoTexts = ["charindex", "strfilter", "difference"];
export const textAndCount = ["leftstr", "rightstr", "padl", "padr", "padc"];

export const expressions = [
    "pi()",
    ...of(oneNumber, numbers),
    ...of(twoNumbers, ["NULL", "0", "1", "-1", "-2", "0.5", "9e999", "'1.5x'"], ["NULL", "0", "-1", "2", "-0.5", "1024", "-9e999", "''"]),
    ...of(oneText, texts),
    ...of(["charindex"], ["NULL", "''", "'b'", "'本'", "'😀'", "12"], ["NULL", "''", "'abcabc'", "'日本語日本'", "'a😀b😀'", "12312", "'a'||char(0)||'b'"]),
    ...of(["charindex"], ["'b'", "'本'", "''"], ["'abcabc'", "'日本語日本'"], ["NULL", "0", "1", "2", "3", "7", "-1", "4294967298", "'3'"]),
    ...of(["strfilter"], ["NULL", "'abcba'", "'日本語a'", "'a😀b'", "12321", "''"], ["NULL", "'ab'", "'語a'", "'😀'", "1", "''"]),
    ...of(["difference"], ["NULL", "'Robert'", "'tymczak'", "'Jackson'", "'lloyd'", "'12'", "'aé'"], ["'Rupert'", "'pfister'", "'Jaxon'", "'lade'", "''", "'ac'"]),
    ...of(["leftstr", "rightstr"], texts, [...counts, "0", "''", "4294967297", "2147483648"]),
    ...of(["padl", "padr", "padc"], texts.filter(text => text !== "x'ff41'"), [...counts, "0", "-1"]),
    ...of(["replicate"], texts, counts.filter(count => count !== "NULL")),
    "rightstr('abc', -1)", "rightstr('', -5)", "rightstr('abc', -2147483647)", "rightstr('abc', -2147483648)", "leftstr('abc', -1)",
    "replicate('a', -1)", "replicate(NULL, -1)", "padc(NULL, -1)", "length(padl('a', 100000))", "length(replicate('ab', 100000))",
    "length(padl('a', 1000000001))", "length(replicate('a', 1000000001))",
];

const rows = [
    "SELECT 1 AS column1 WHERE 0", "VALUES (NULL), (NULL)", "VALUES (1)", "VALUES (1.5)", "VALUES ('a')", "VALUES (1), (2)",
    "VALUES (3), (1), (2)", "VALUES (1), (2), (3), (4)", "VALUES (5), (4), (3), (2), (1)", "VALUES (1), (2), (3), (4), (5), (6), (7), (8)",
    "VALUES (1), (1), (2), (2), (3)", "VALUES (3), (3), (1), (2)", "VALUES (1), (2.0), (2)", "VALUES (1.5), (2.5), (NULL)",
    "VALUES ('1'), ('2'), ('3')", "VALUES (x'31'), (x'32')", "VALUES (1), ('x'), (2.5)", "VALUES (9223372036854775807), (9223372036854775806)",
    "VALUES (9e999), (-9e999)", "VALUES (1e300), (-1e300)", "VALUES (1), (1.0), (2)", "VALUES (1.0), (1), (2)",
    "VALUES (5), (3), (1), (4), (2), (2)", "VALUES (0.0), (-0.0)", "VALUES (10), (20), (30.0), (40), (50), (60), (70)",
    "VALUES ('12abc'), (2)", "VALUES (-3), (-1), (-1), (-3)", "VALUES (2.5), (1.5), (1.5), (2.5)",
];

export const aggregates = ["stdev", "variance", "mode", "median", "lower_quartile", "upper_quartile"];

/** Every query: one column and one row, what is computed. */
export const queries = [
    ...expressions.map(expression => `SELECT ${expression}`),
    ...aggregates.flatMap(name => rows.map(values => `SELECT ${name}(column1) FROM (${values})`)),
];

/** What a query gives on an engine of sql.js's kind, on one line: the type and the value as SQLite writes it, or the error. */
export function answer(db, query) {
    try {
        const [{ values: [[type, value]] }] = db.exec(`WITH one(x) AS (${query}) SELECT typeof(x), quote(x) FROM one`);
        return `${type} ${value}`.replaceAll("\n", "\\n");
    } catch (error) {
        return `error ${error.message ?? error}`;
    }
}
