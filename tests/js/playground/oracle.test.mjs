/** The graph against one that is made here, row by row, of what SQL gives: authors, profiles, books and tags. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { init, Playground } from "../../../pkg/relata.js";
import { allowFunctions } from "../../../pkg/graph.js";
import { drawn } from "./graph.mjs";

const SCHEMA = {
  models: {
    Author: { name: "text", born: "date", famous: "boolean" },
    Profile: { bio: "text", photo: "blob" },
    Book: { title: "text", price: "decimal", pages: "integer" },
    Tag: { name: { type: "text", unique: true } },
  },
  relationships: [
    "an Author has one Profile; each Profile has one Author, required",
    "an Author has many Books; each Book has one Author",
    "a Book has many Tags; a Tag has many Books",
  ],
};

before(() => init());

/** Fills the tables by SQL, with what is awkward: umlauts, emoji, zeros in texts, empty blobs, numbers beyond 2^53. */
function filled(authors) {
  const playground = new Playground(SCHEMA);
  const titles = ["'Ödland'", "'The Dispossessed and other long titles'", "'🚀'", "CAST(x'006e' AS TEXT)", "''", "'plain'"];
  const sql = ["BEGIN"];
  const row = (table, ...values) => sql.push(`INSERT INTO ${table} VALUES (${values.join(", ")})`);
  for (let tag = 1; tag <= 7; tag += 1) row("tags", tag, `'tag ${tag}'`);
  for (let a = 1; a <= authors; a += 1) {
    row("authors", a, `'Author ${a}'`, "'1929-10-21'", a % 3 === 0 ? "NULL" : a % 2);
    if (a % 4 !== 0) row("profiles", a, a % 5 === 0 ? "NULL" : `'bio ${a}'`, a % 7 === 0 ? "x''" : "x'00ff'", a);
    for (let b = 0; b < a % 4; b += 1) {
      const book = 10 * a + b;
      row("books", book, titles[book % titles.length], b === 1 ? 9.5 : "NULL", b === 2 ? "9007199254740993" : book, a);
      for (let t = 0; t < b + 1; t += 1) row("books_tags", book, ((book + t) % 7) + 1);
    }
  }
  row("books", 1, "'nobody''s'", "NULL", 1, "NULL");
  playground.database.exec(`${sql.join(";\n")};\nCOMMIT`);
  return playground;
}

/** The graph as SQL's rows make it, without any of the ORM. */
function byHand({ database }) {
  const rows = (sql) => database.exec(sql, null, { useBigInt: true })[0]?.values ?? [];
  const number = (value) => (typeof value === "bigint" && value === BigInt(Number(value)) && value < 2n ** 53n ? Number(value) : value);
  const all = (sql, make) => new Map(rows(sql).map((row) => row.map(number)).map((row) => [row[0], make(row)]));
  const authors = all("SELECT * FROM authors ORDER BY id", ([id, name, born, famous]) => {
    return { id, name, born, famous: famous === null ? null : famous === 1, profile: null, books: [] };
  });
  const tags = all("SELECT * FROM tags", ([id, name]) => ({ id, name }));
  for (const [id, bio, photo, author] of rows("SELECT * FROM profiles").map((row) => row.map(number))) {
    authors.get(author).profile = { id, bio, photo };
  }
  const books = new Map();
  for (const [id, title, price, pages, author] of rows("SELECT * FROM books").map((row) => row.map(number))) {
    books.set(id, { id, title, price: price === null ? null : String(price), pages, author: authors.get(author) ?? null, tags: [] });
    authors.get(author)?.books.push(books.get(id));
  }
  for (const [book, tag] of rows("SELECT * FROM books_tags").map((row) => row.map(number))) books.get(book).tags.push(tags.get(tag));
  return [...authors.values()];
}

const INCLUDE = { profile: true, books: { include: { tags: true, author: true } } };

describe("the graph is what the rows make", () => {
  for (const strategy of ["lazy", "joined", "select-in", "subquery", "immediate", "json"]) {
    for (const functions of [true, false]) {
      test(`${strategy}${functions ? "" : ", where functions must not be made of text"}`, () => {
        const playground = filled(60);
        allowFunctions(functions);
        const { objects } = playground.query({ model: "Author", include: INCLUDE, strategy, order: "id" });
        allowFunctions(true);
        assert.deepEqual(objects.map(({ id }) => id), Array.from({ length: 60 }, (_, at) => at + 1));
        assert.equal(drawn(objects), drawn(byHand(playground)));
        for (const { books } of objects) assert.ok(books.every(({ author }) => objects.includes(author)));
        playground.close();
      });
    }
  }
});

test("a byte order mark is a letter like others, and shifts nothing", () => {
  const playground = new Playground({ models: { Note: { text: "text" } } });
  playground.database.exec("INSERT INTO notes (text) VALUES (char(0xfeff) || 'mark'), (''), ('ä'), (char(0xfeff)), ('end')");
  assert.deepEqual(playground.query({ model: "Note", order: "id" }).objects.map(({ text }) => text), ["\uFEFFmark", "", "ä", "\uFEFF", "end"]);
});

test("chunks: more parents than one statement takes", () => {
  const playground = filled(1300);
  const { objects, statements } = playground.query({ model: "Author", include: INCLUDE, order: "id" });
  assert.equal(drawn(objects), drawn(byHand(playground)));
  const profiles = statements.filter(({ sql }) => sql.includes("FROM profiles"));
  assert.deepEqual(profiles.map(({ params }) => params.length), [500, 500, 300]);
});

describe("statements", () => {
  for (const strategy of ["lazy", "joined", "select-in", "subquery", "immediate", "json"]) {
    test(`${strategy}: their rows are what SQLite gives for their SQL and parameters`, () => {
      const playground = filled(30);
      const { statements } = playground.query({ model: "Author", include: INCLUDE, strategy, order: "id" });
      for (const { sql, params, rows, columns, rowCount, ms, plan } of statements) {
        const [again] = playground.database.exec(sql, params, { useBigInt: true });
        const plain = (value) => (typeof value === "bigint" && value <= 2n ** 53n ? Number(value) : value);
        assert.deepEqual(rows, (again?.values ?? []).map((row) => row.map(plain)));
        if (again) assert.deepEqual(columns, again.columns);
        assert.equal(rowCount, rows.length);
        assert.ok(ms >= 0 && plan.length > 0);
      }
      playground.close();
    });
  }

  test("they outlive the playground and later queries", () => {
    const playground = filled(10);
    const { statements } = playground.query({ model: "Book", include: "tags" });
    playground.query({ model: "Author" });
    playground.database.run("DELETE FROM books_tags");
    playground.close();
    assert.ok(statements[0].rows.some((row) => row.includes("Ödland")));
    assert.equal(JSON.parse(JSON.stringify(statements[1].columns))[0], "book_id");
  });

  test("of an object that comes again, chosen fields only are there, and in the rows", () => {
    const playground = filled(6);
    const { objects, statements } = playground.query({ model: "Author", fields: ["name"], include: { books: { include: { author: "joined" } } } });
    const author = objects.find(({ books }) => books.length > 0);
    assert.deepEqual(Object.keys(author), ["id", "name", "books"]);
    assert.equal(author.books[0].author, author);
    const { sql, params, rows } = statements[1];
    const again = playground.database.exec(sql, params, { useBigInt: true })[0].values;
    assert.deepEqual(rows.map((row) => row.map(String)), again.map((row) => row.map(String)));
  });
});

test("100,000 objects come by in a memory that stays", () => {
  const playground = new Playground({ models: { Number: { twice: "integer" } } });
  playground.database.run(
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) INSERT INTO numbers SELECT i, 2 * i FROM n",
  );
  for (let round = 0; round < 3; round += 1) {
    const { objects } = playground.query({ model: "Number" });
    assert.equal(objects.length, 100_000);
    assert.deepEqual(objects.at(-1), { id: 100_000, twice: 200_000 });
  }
});
