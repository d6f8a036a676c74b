// The functions that sql.js adds to SQLite's: the recorded calls, and thousands more with arguments made from a seed.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { relata, sqlJs } from "./engines.mjs";
import { aggregates, answer, oneNumber, oneText, queries, textAndCount, twoNumbers, twoTexts } from "./expressions.mjs";

const [real, own] = [sqlJs, relata].map(({ SQL }) => new SQL.Database());

// Where two good libraries of mathematics round differently, in the last digit.
const ROUNDED = /^SELECT (exp|cosh)\(/;

function agree(query, one, other) {
    if (one === other || !ROUNDED.test(query)) return one === other;
    const [x, y] = [one, other].map(answer => (answer.startsWith("real ") ? Number(answer.slice(5)) : NaN));
    return Math.abs(x - y) <= 2 * Number.EPSILON * Math.abs(x);
}

function compare(all) {
    const different = all.flatMap(query => {
        const [theirs, ours] = [answer(real, query), answer(own, query)];
        return agree(query, theirs, ours) ? [] : [`${query}: sql.js ${theirs}, Relata ${ours}`];
    });
    assert.deepEqual(different, []);
}

/** Numbers from a seed, evenly between 0 and 1 (mulberry32). */
function dice(seed) {
    return () => {
        seed = (seed + 0x6d2b79f5) | 0;
        let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
    };
}

const roll = dice(20261122);
const below = bound => Math.floor(roll() * bound);
const pick = list => list[below(list.length)];
const letters = [..."aAbBzZ eE09._-\tßéÉ日本😀'"];
const number = () => pick([
    () => String(below(41) - 20), () => String((roll() - 0.5) * 4), () => String((roll() - 0.5) * 2e6), () => `${roll()}e${below(600) - 300}`, () => `'${below(100)}x'`,
    () => String(BigInt.asIntN(64, BigInt(Math.floor(roll() * 2 ** 53)) * 2049n)), () => "NULL",
])();
const text = () => (roll() < 0.05 ? number() : `'${Array.from({ length: below(12) }, () => pick(letters)).join("").replaceAll("'", "''")}'`);
const count = () => (roll() < 0.1 ? "NULL" : String(below(20)));
const times = (many, make) => Array.from({ length: many }, make);

test("the recorded answers are still those of sql.js", () => {
    const recorded = readFileSync(new URL("../../functions.tsv", import.meta.url), "utf8");
    assert.equal(recorded, queries.map(query => `${query}\t${answer(real, query)}\n`).join(""));
});
test("the recorded calls", () => compare(queries));
test("functions of a number", () => compare(oneNumber.flatMap(name => times(200, () => `SELECT ${name}(${number()})`))));
test("functions of two numbers", () => compare(twoNumbers.flatMap(name => times(300, () => `SELECT ${name}(${number()}, ${number()})`))));
test("functions of a text", () => compare(oneText.flatMap(name => times(300, () => `SELECT ${name}(${text()})`))));
test("functions of two texts", () => compare(twoTexts.flatMap(name => times(300, () => `SELECT ${name}(${text()}, ${text()})`))));
test("functions of a text and a count", () => compare(textAndCount.flatMap(name => times(200, () => `SELECT ${name}(${text()}, ${count()})`))));
test("charindex from a place", () => compare(times(500, () => `SELECT charindex(${pick(["NULL", ...letters.slice(0, -1).map(letter => `'${letter}'`)])}, ${text()}, ${count()})`)));
test("replicate", () => compare(times(200, () => `SELECT replicate(${text()}, ${1 + below(9)})`)));
test("aggregates", () => compare(aggregates.flatMap(name => times(200, () => {
    const make = pick([number, () => String(below(6)), () => String(below(6) / 2), () => String((roll() - 0.5) * 100)]);
    return `SELECT ${name}(column1) FROM (VALUES ${times(1 + below(15), () => `(${make()})`)})`;
}))));
test("a part that is found in a text", () => {
    for (let i = 0; i < 300; i++) {
        const whole = times(1 + below(30), () => pick(letters.slice(0, -1))).join("");
        const points = [...whole];
        const start = below(points.length);
        const part = points.slice(start, start + 1 + below(3)).join("");
        const query = "SELECT charindex(?1, ?2), charindex(?1, ?2, ?3)";
        const [theirs, ours] = [real, own].map(db => db.exec(query, [part, whole, start + 1])[0].values[0]);
        assert.deepEqual(ours, theirs);
        assert.equal(ours[1], start + 1);
    }
});
test("every added function is there", () => {
    const names = db => new Set(db.exec("SELECT name FROM pragma_function_list")[0].values.flat());
    for (const name of [...oneNumber, ...twoNumbers, ...oneText, ...twoTexts, ...textAndCount, ...aggregates, "pi", "replicate"]) {
        assert.ok(names(real).has(name) && names(own).has(name), name);
    }
});
