/** Groups of objects by script: plain rows, as grouped by hand, and every mistake with its path. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { init, Playground, PlaygroundError } from "../../../pkg/relata.js";

before(() => init());

const BOOKS = [
  { title: "a", price: "1.5", lent: true, year: 1 },
  { title: "b", price: "2", lent: false, year: 2n ** 60n },
];

function shelf() {
  const playground = new Playground({
    models: { Author: { name: "text" }, Book: { title: "text", price: "decimal", lent: "boolean", year: "integer" } },
    relationships: ["an Author has many Books; each Book has one Author"],
  });
  playground.insert({
    Author: [{ name: "Ann", books: BOOKS }, { name: "Ben", books: [{ title: "c", price: "9", lent: true, year: 3 }] }],
    Book: [{ title: "d" }],
  });
  return playground;
}

const groups = (group, more = {}) => shelf().query({ model: "Book", group, ...more }).objects;

describe("rows", () => {
  const n = { count: true };
  const cases = [
    [{ by: "author.name", compute: { n, dearest: { max: "price" } } }, [
      { author_name: null, n: 1, dearest: null }, { author_name: "Ann", n: 2, dearest: 2 }, { author_name: "Ben", n: 1, dearest: 9 },
    ]],
    [{ by: ["lent", "-price"] }, [
      { lent: null, price: null }, { lent: false, price: "2" }, { lent: true, price: "9" }, { lent: true, price: "1.5" },
    ]],
    [{ by: "author.name", compute: { n, total: { sum: "price" } }, having: { n: { ">": 1 } } }, [{ author_name: "Ann", n: 2, total: 3.5 }]],
    [{ by: "author.name", compute: { first: { min: "year" }, n }, order: ["-n", "-first"] }, [
      { author_name: "Ann", n: 2, first: 1 }, { author_name: "Ben", n: 1, first: 3 }, { author_name: null, n: 1, first: null },
    ]],
    [{ compute: { n, years: { sum: "year" } } }, [{ n: 4, years: 2n ** 60n + 4n }]],
  ];
  for (const [group, rows] of cases) test(JSON.stringify(group), () => assert.deepEqual(groups(group), rows));

  test("with conditions, limit and offset, and their statement", () => {
    const more = { where: { author: { name: "Ann" } }, limit: 1, offset: 1 };
    assert.deepEqual(groups({ by: "title" }, more), [{ title: "b" }]);
    const { statements } = shelf().query({ model: "Book", group: { by: "year", compute: { n } } });
    assert.equal(statements.length, 1);
    const [{ sql, columns, rows, rowCount, plan }] = statements;
    assert.match(sql, /GROUP BY books\.year/);
    assert.deepEqual([columns, rowCount, rows.at(-1)], [["year", "n"], 4, [2n ** 60n, 1]]);
    assert.ok(plan.length > 0);
    assert.deepEqual(JSON.parse(JSON.stringify(statements))[0].rows.at(-1), ["1152921504606846976", 1]);
  });
});

describe("mistakes", () => {
  const n = { count: true };
  const cases = [
    [{}, "group: Nothing is asked of the groups. Choose a field to group by, or something to compute."],
    [{ by: "author.nme" }, "group.by: There is no field “nme”. Did you mean “name”?"],
    [{ compute: { n: { count: "books" } } }, "group.compute.n.count: Expected true: a group's objects are counted, not a text."],
    [{ compute: { n: { count: true, max: "price" } } }, 'group.compute.n: Expected one function, not 2. Write it as { count: true } or { max: "price" }.'],
    [{ compute: { n: { sum: "title" } } }, "group.compute.n: “title” holds no numbers, so it has no sum. Choose another field, or count, min or max."],
    [{ compute: { n }, having: { m: 1 } }, "group.having.m: There is no computed value “m”. There is n."],
    [{ compute: { n }, having: { n: { ">": 1, "<": 3 } } }, 'group.having.n["<"]: One test of it is possible here. Take one away.'],
    [{ compute: { n }, having: { n: "x" } }, "group.having.n: Expected a value of type integer, not a text."],
    [{ compute: { n }, having: { n: undefined } }, "group.having.n: There is nothing to test: undefined is no value. Write null for no value, or leave the member out."],
    [{ by: "year", compute: { year: n } }, "group.compute.year: A key is called year already. Give it another name."],
  ];
  for (const [group, message] of cases) test(message, () => assert.throws(() => groups(group), { name: "PlaygroundError", message }));

  test("what groups do not have, and who does not know them", () => {
    assert.throws(() => groups({ by: "title" }, { include: "author" }), /^PlaygroundError: include: Groups have no include: they are rows/);
    for (const act of ["compare", "measure"]) assert.throws(() => shelf()[act]({ model: "Book", group: { by: "title" } }), PlaygroundError);
    assert.throws(() => shelf().emit("django", { model: "Book", group: { by: "title" } }), /sqlalchemy only/);
    assert.match(shelf().emit("sqlalchemy", { model: "Book", group: { by: "title" } }), /\.group_by\(/);
  });

  test("what SQLite refuses", () => {
    const playground = shelf();
    playground.insert({ Book: [{ year: 2n ** 62n }, { year: 2n ** 62n }] });
    assert.throws(() => playground.query({ model: "Book", group: { compute: { n: { sum: "year" } } } }), { sqlite: "integer overflow" });
  });
});
