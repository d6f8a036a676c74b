/** Inserting objects: nested, linked by object and by key, in rings; and what is refused leaves nothing behind. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { init, Playground, PlaygroundError } from "../../../pkg/relata.js";

before(() => init());

const LIBRARY = {
  models: {
    Author: { name: { type: "text", required: true, unique: true }, born: "date" },
    Book: { title: "text", price: "decimal", lent: "boolean", seen: "date-time", cover: "blob", isbn: "integer" },
    Tag: { name: "text" },
  },
  relationships: [
    "an Author has many Books; each Book has one Author, required",
    "a Book has many Tags; a Tag has many Books",
  ],
};

const refusal = (act) => {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof PlaygroundError, error);
    return error;
  }
  return assert.fail("nothing was refused");
};

describe("what a script's author expects", () => {
  test("objects in objects, an object in two places, and keys of all", () => {
    const playground = new Playground(LIBRARY);
    const tag = { name: "both" };
    const keys = playground.insert({
      Tag: [{ name: "first" }],
      Author: [{ name: "Ursula", books: [{ title: "one", tags: [tag] }, { title: "two", tags: [tag, 1] }] }],
    });
    assert.deepEqual(keys, { Tag: [1], Author: [1] });
    const { objects } = playground.query({ model: "Book", include: ["tags", "author"], order: "id" });
    assert.deepEqual(objects.map(({ tags }) => tags.map(({ name }) => name).sort()), [["both"], ["both", "first"]]);
    assert.equal(objects[0].tags[0], objects[1].tags.find(({ name }) => name === "both"));
    assert.equal(objects[0].author, objects[1].author);
  });

  test("a ring of objects, written from both ends", () => {
    const playground = new Playground(LIBRARY);
    const author = { name: "Ann", books: [] };
    author.books.push({ title: "hers", author });
    playground.insert({ Author: [author] });
    assert.equal(playground.query({ model: "Book" }).objects.length, 1);
  });

  test("a link by key, and an object with the key of a row that is there", () => {
    const playground = new Playground(LIBRARY);
    const [key] = playground.insert({ Author: [{ name: "Ann" }] }).Author;
    playground.insert({ Book: [{ title: "by key", author: key }, { title: "by object", author: { id: key, name: "ignored" } }] });
    const { objects } = playground.query({ model: "Author", include: "books" });
    assert.equal(objects.length, 1);
    assert.deepEqual([objects[0].name, objects[0].books.length], ["Ann", 2]);
    const [found] = playground.query({ model: "Author" }).objects;
    playground.insert({ Book: [{ title: "by an object that a query gave", author: found }] });
    assert.equal(playground.query({ model: "Book", where: { author: { name: "Ann" } } }).objects.length, 3);
  });

  test("an object that was inserted before is that row where it is linked, and another one where it is listed", () => {
    const playground = new Playground(LIBRARY);
    const tag = { name: "sf" };
    playground.insert({ Author: [{ name: "Ann", books: [{ title: "one", tags: [tag] }] }] });
    playground.insert({ Author: [{ name: "Ben", books: [{ title: "two", tags: [tag] }] }] });
    const { objects } = playground.query({ model: "Tag", include: "books" });
    assert.deepEqual(objects.map(({ books }) => books.length), [2]);
    playground.insert({ Tag: [tag] });
    assert.equal(playground.query({ model: "Tag" }).objects.length, 2);
    assert.deepEqual(tag, { name: "sf" });
  });

  test("rows that are there can be taken over", () => {
    const playground = new Playground(LIBRARY);
    playground.insert({ Author: [{ name: "Ann", books: [{ title: "hers" }] }] });
    playground.insert({ Author: [{ name: "Ben", books: [1] }] });
    assert.equal(playground.query({ model: "Book", include: "author" }).objects[0].author.name, "Ben");
  });

  test("values of every type come back as they went in", () => {
    const playground = new Playground(LIBRARY);
    const book = { title: "Ödland 🚀", price: "9.95", lent: true, seen: new Date("2026-01-31T18:30:00Z"), isbn: 9007199254740993n };
    playground.insert({ Author: [{ name: "x", born: new Date("1929-10-21"), books: [{ ...book, cover: new Uint8Array([0, 255]) }] }] });
    const [{ id, author, ...read }] = playground.query({ model: "Book", include: "author" }).objects;
    assert.deepEqual(read, { ...book, seen: "2026-01-31 18:30:00", cover: new Uint8Array([0, 255]) });
    assert.equal(author.born, "1929-10-21");
    const where = { isbn: 9007199254740993n, seen: { "<": new Date("2027-01-01") }, title: { in: ['a "quoted", one', "Ödland 🚀"] } };
    assert.equal(playground.query({ model: "Book", where }).objects.length, 1);
  });

  test("a composite key, told as a list and taken as one", () => {
    const playground = new Playground({
      models: {
        Room: { building: { type: "text", primaryKey: true }, number: { type: "integer", primaryKey: true } },
        Desk: { name: "text" },
      },
      relationships: ["a Room has many Desks; each Desk has one Room"],
    });
    assert.deepEqual(playground.insert({ Room: [{ building: "A", number: 7, desks: [{ name: "d" }] }] }), { Room: [["A", 7]] });
    playground.insert({ Desk: [{ name: "e", room: ["A", 7] }] });
    const { objects } = playground.query({ model: "Desk", include: "room" });
    assert.equal(objects[0].room, objects[1].room);
    assert.deepEqual(objects[0].room, { building: "A", number: 7 });
  });

  test("a model with itself: a tree, and friends both ways", () => {
    const tree = new Playground("Tree of categories");
    const { properties } = tree.define().models[0];
    const up = properties.find(({ kind }) => kind === "belongs-to").name;
    const down = properties.find(({ kind }) => kind === "has-many").name;
    const [field] = tree.define().models[0].fields.filter(({ primaryKey }) => !primaryKey);
    const leaf = { [field.name]: "leaf" };
    const [root] = tree.insert({ Category: [{ [field.name]: "top", [down]: [{ [field.name]: "mid", [down]: [leaf] }] }] }).Category;
    const [top] = tree.query({ model: "Category", where: { id: root }, include: { [down]: { depth: 2, include: up } } }).objects;
    assert.equal(top[down][0][down][0][field.name], "leaf");

    const friends = new Playground({
      models: { Person: { name: "text" } },
      relationships: [{ shape: "many-to-many", left: { model: "Person", name: "friends" }, right: "Person", symmetric: true }],
    });
    friends.insert({ Person: [{ name: "a", friends: [{ name: "b" }] }] });
    const { objects } = friends.query({ model: "Person", include: "friends", order: "name" });
    assert.deepEqual(objects.map((person) => person.friends[0].name), ["b", "a"]);
    assert.equal(objects[0].friends[0].friends[0], objects[0]);
  });

  test("kinds, each with a table of its own", () => {
    const playground = new Playground({
      models: {
        Publication: { fields: { title: "text" }, kindTables: "each" },
        Book: { fields: { pages: "integer" }, kindOf: "Publication" },
        Article: { fields: { journal: "text" }, kindOf: "Publication" },
        Author: { name: "text" },
      },
      relationships: ["an Author has many Publications; each Publication has one Author"],
    });
    playground.insert({
      Author: [{ name: "x", publications: [{ title: "plain" }] }],
      Book: [{ title: "b", pages: 3, author: 1 }],
      Article: [{ title: "a", journal: "J", author: 1 }],
    });
    for (const strategy of ["lazy", "joined", "select-in", "subquery", "immediate", "json"]) {
      const [author] = playground.query({ model: "Author", include: "publications", strategy }).objects;
      const told = author.publications.map(({ id: _, ...rest }) => rest).sort((a, b) => (a.title < b.title ? -1 : 1));
      assert.deepEqual(told, [
        { title: "a", type: "article", journal: "J" },
        { title: "b", type: "book", pages: 3 },
        { title: "plain", type: "publication" },
      ]);
    }
  });

  test("objects that need each other, and a chain of thousands", () => {
    const playground = new Playground({
      models: { Node: { name: "text" } },
      relationships: ["a Node has many Nodes as after; each Node has one Node as before"],
    });
    const [a, b] = [{ name: "a" }, { name: "b" }];
    [a.before, b.before] = [b, a];
    playground.insert({ Node: [a] });
    const [first] = playground.query({ model: "Node", include: "before.before", where: { name: "a" } }).objects;
    assert.equal(first.before.before, first);
    let chain = null;
    for (let at = 0; at < 5000; at += 1) chain = { name: "c", before: chain };
    playground.insert({ Node: [chain] });
    assert.equal(playground.query({ model: "Node" }).objects.length, 5002);
  });

  test("what the database is used for beside it is seen by both", () => {
    const playground = new Playground(LIBRARY);
    playground.database.run("INSERT INTO authors (name) VALUES ('by SQL')");
    const [author] = playground.query({ model: "Author" }).objects;
    assert.equal(author.name, "by SQL");
    playground.insert({ Book: [{ title: "t", author }] });
    assert.deepEqual(playground.database.exec("SELECT title FROM books")[0].values, [["t"]]);
  });
});

describe("what is refused", () => {
  const count = (playground) => playground.query({ model: "Author" }).objects.length;

  test("SQLite's refusal has model, row, field and SQLite's words; and nothing was inserted", () => {
    const playground = new Playground(LIBRARY);
    const error = refusal(() => playground.insert({ Author: [{ name: "a" }, { name: "b" }, { name: "a" }] }));
    assert.deepEqual([error.model, error.row, error.field], ["Author", "Author[2]", "name"]);
    assert.equal(error.sqlite, "UNIQUE constraint failed: authors.name");
    assert.match(error.message, /^Author\[2\]\.name: .*UNIQUE constraint failed/);
    assert.equal(count(playground), 0);
  });

  test("deep inside, and by NOT NULL", () => {
    const playground = new Playground(LIBRARY);
    const error = refusal(() => playground.insert({ Tag: [{ name: "t", books: [{ title: "no author" }] }] }));
    assert.deepEqual([error.model, error.row, error.field], ["Book", "Tag[0].books[0]", "author"]);
    assert.equal(error.sqlite, "NOT NULL constraint failed: books.author_id");
  });

  test("a key that leads nowhere", () => {
    const playground = new Playground(LIBRARY);
    const error = refusal(() => playground.insert({ Author: [{ name: "a" }], Book: [{ author: 99 }] }));
    assert.deepEqual([error.row, error.field, error.sqlite], ["Book[0]", "author", "FOREIGN KEY constraint failed"]);
    assert.equal(count(playground), 0);
    const pair = refusal(() => playground.insert({ Author: [{ name: "a", books: [{ tags: [5] }] }] }));
    assert.deepEqual([pair.row, pair.field], ["Author[0].books[0]", "tags"]);
  });

  test("two owners", () => {
    const playground = new Playground(LIBRARY);
    const book = { title: "whose?" };
    const error = refusal(() => playground.insert({ Author: [{ name: "a", books: [book] }, { name: "b", books: [book] }] }));
    assert.match(error.message, /author would lead to two objects/);
    assert.equal(count(playground), 0);
  });

  test("values that are none are found before anything is sent, each with its path", () => {
    const playground = new Playground(LIBRARY);
    const error = refusal(() => playground.insert({ Author: [{ name: "a", born: "soon", nmae: 1, books: { title: "t" } }], Tga: [] }));
    assert.deepEqual(error.diagnostics.map(({ path }) => path), ["Tga", "Author[0].born", "Author[0].nmae", "Author[0].books"]);
    assert.match(error.message, /Did you mean “name”\?/);
  });

  test("a database that cannot be written says so", () => {
    const playground = new Playground(LIBRARY);
    playground.insert({ Author: [{ name: "a" }] });
    playground.database.run("PRAGMA query_only = 1");
    assert.equal(refusal(() => playground.insert({ Author: [{ name: "b" }] })).sqlite, "attempt to write a readonly database");
    playground.database.run("PRAGMA query_only = 0");
    assert.deepEqual(playground.insert({ Author: [{ name: "b" }] }), { Author: [2] });
  });

  test("a transaction of the script's own goes on", () => {
    const playground = new Playground(LIBRARY);
    const { database } = playground;
    database.run("BEGIN");
    playground.insert({ Author: [{ name: "a" }] });
    refusal(() => playground.insert({ Author: [{ name: "a" }] }));
    assert.equal(count(playground), 1);
    database.run("ROLLBACK");
    assert.equal(count(playground), 0);
  });
});
