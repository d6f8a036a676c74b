/** What goes wrong in a script: nothing is lost without a word, nothing is taken for everything, and all is told with its path. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { init, Playground, PlaygroundError } from "../../../pkg/relata.js";
import { makePlayground } from "../../../pkg/playground.js";

before(() => init());

/** Ann, who has one book, and Ben. */
function library() {
  const playground = new Playground({
    models: { Author: { name: "text", born: "integer" }, Book: { title: "text", price: "decimal" } },
    relationships: ["an Author has many Books; each Book has one Author"],
  });
  playground.insert({ Author: [{ name: "Ann", born: 1900, books: [{ title: "A", price: "1.5" }] }, { name: "Ben" }] });
  return playground;
}

/** What an act is refused with. */
function refusal(act) {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof PlaygroundError, error);
    assert.ok(Array.isArray(error.diagnostics));
    return error.message;
  }
  return assert.fail("nothing was refused");
}

const names = (where) => library().query({ model: "Author", where, order: "name" }).objects.map(({ name }) => name).join();
const refusedWhere = (where) => refusal(() => names(where));

describe("tables that are no longer as they were made", () => {
  const cases = [
    ["ALTER TABLE authors DROP COLUMN name", "authors", "it has no column “name”"],
    ["ALTER TABLE books DROP COLUMN price", "books", "it has no column “price”"],
    ["ALTER TABLE books ADD COLUMN extra", "books", "it was made without the column “extra”"],
    ["ALTER TABLE books RENAME COLUMN title TO named", "books", "it has no column “title”"],
    ["DROP TABLE books", "books", "it is gone"],
    ["DROP TABLE books; CREATE VIEW books AS SELECT 1 AS id", "books", "it has no column “title”"],
    ["DROP TABLE books; CREATE TABLE books (id, title, price, author_id)", "books", "its primary key is another one, by “id”"],
  ];
  for (const [sql, table, difference] of cases) {
    test(sql, () => {
      const playground = library();
      playground.database.exec(sql);
      assert.equal(refusal(() => playground.project()), `The table ${table} is no longer as it was made: ${difference}.`);
      // The playground goes on.
      playground.insert(table === "authors" ? {} : { Author: [{ name: "Cal" }] });
      assert.equal(playground.define().models.length, 2);
    });
  }

  test("the same columns in another order are the same table, and tables beside are passed over", () => {
    const playground = library();
    playground.database.exec("CREATE TABLE mine (x); DROP TABLE books; CREATE TABLE books (author_id, price, title, id INTEGER PRIMARY KEY)");
    playground.database.run("INSERT INTO books VALUES (2, 3, 'T', 9)");
    const { objects } = new Playground(playground.project()).query({ model: "Book", include: "author" });
    assert.deepEqual(objects, [{ id: 9, title: "T", price: "3", author: { id: 2, name: "Ben", born: null } }]);
  });

  test("a key that leads nowhere", () => {
    const playground = library();
    playground.database.exec("PRAGMA foreign_keys = OFF; UPDATE books SET author_id = 99");
    assert.match(refusal(() => playground.project()), /^The row 1 of books points to a row of authors that is not there/);
  });
});

describe("an object is known as long as its row is there", () => {
  const authorOf = (playground, title) => playground.query({ model: "Book", include: "author", where: { title } }).objects[0].author.name;
  const ways = {
    "after a rollback": ["BEGIN", "ROLLBACK"],
    "after a rollback to a savepoint": ["SAVEPOINT here", "ROLLBACK TO here"],
    "after it was deleted": ["SELECT 1", "DELETE FROM authors WHERE name = 'gone'"],
    "after it got another key": ["SELECT 1", "UPDATE authors SET id = 77 WHERE name = 'gone'"],
  };
  for (const [way, [begin, end]] of Object.entries(ways)) {
    test(way, () => {
      const playground = library();
      const author = { name: "gone" };
      playground.database.run(begin);
      playground.insert({ Author: [author] });
      playground.database.run(end);
      playground.insert({ Author: [{ name: "stranger" }] });
      playground.insert({ Book: [{ title: "new", author }] });
      assert.equal(authorOf(playground, "new"), "gone");
      playground.insert({ Book: [{ title: "newer", author }] });
      assert.equal(authorOf(playground, "newer"), "gone");
      assert.equal(playground.query({ model: "Author", where: { name: "stranger" } }).objects.length, 1);
    });
  }

  test("a deletion that is rolled back was none, and what is changed is the same row", () => {
    const playground = library();
    const author = { name: "kept" };
    const [key] = playground.insert({ Author: [author] }).Author;
    playground.database.exec("BEGIN; DELETE FROM authors WHERE name = 'kept'; ROLLBACK; UPDATE authors SET name = 'changed' WHERE name = 'kept'");
    playground.insert({ Book: [{ title: "new", author }] });
    assert.equal(authorOf(playground, "new"), "changed");
    assert.equal(playground.query({ model: "Author", where: { id: key } }).objects.length, 1);
  });

  test("what keeps account of it is seen neither by hooks nor in files", () => {
    const playground = library();
    const seen = [];
    playground.database.updateHook((...told) => seen.push(told.slice(0, 3)));
    playground.insert({ Author: [{ name: "x" }] });
    assert.deepEqual(seen, [["insert", "main", "authors"]]);
    playground.database.updateHook(null);
    const { Database } = { Database: playground.database.constructor };
    const copy = new Database(playground.database.export());
    assert.deepEqual(copy.exec("SELECT name FROM sqlite_master WHERE type <> 'index'")[0].values, [["authors"], ["books"]]);
  });

  test("a key of which a part is another object's", () => {
    const playground = new Playground({
      models: { Room: { building: { type: "text", primaryKey: true }, number: { type: "integer", primaryKey: true } }, Desk: { fields: { place: { type: "integer", primaryKey: true } } }, Lamp: { name: "text" } },
      relationships: [{ sentence: "a Room has many Desks; each Desk has one Room, required", identifies: true }, "a Desk has many Lamps; each Lamp has one Desk"],
    });
    const desk = { place: 3, room: { building: "A", number: 7 } };
    const [key] = playground.insert({ Desk: [desk] }).Desk;
    playground.insert({ Lamp: [{ name: "by key", desk: key }, { name: "by object", desk }] });
    assert.equal(playground.query({ model: "Desk", include: "lamps" }).objects[0].lamps.length, 2);
    assert.match(refusal(() => playground.insert({ Lamp: [{ desk: 3 }] })), /a key \(place, room_building, room_number\), not the number 3/);
    assert.equal(playground.query({ model: "Desk", where: { room: ["A", 7] } }).objects.length, 1);
    assert.equal(playground.query({ model: "Desk", where: { room: ["A", 8] } }).objects.length, 0);
  });
});

describe("conditions that ask for nothing, for anything, or for less than was meant", () => {
  test("by logic", () => {
    const cases = [
      [{ or: [] }, ""],
      [{ not: {} }, ""],
      [{ not: [] }, ""],
      [{ not: { books: { every: {} } } }, ""],
      [{ and: [{ or: [] }] }, ""],
      [{ books: { some: { or: [] } } }, ""],
      [{ not: { or: [] } }, "Ann,Ben"],
      [{}, "Ann,Ben"],
      [{ and: [] }, "Ann,Ben"],
      [{ or: [{}, { name: "Ann" }] }, "Ann,Ben"],
      [{ or: [{ name: "Ann" }, { born: null }] }, "Ann,Ben"],
      [{ books: { count: { ">": 0, "<": 5 } } }, "Ann"],
      [{ books: { count: { ">=": 0, "<": 1, where: { title: "A" } } } }, "Ben"],
      [{ born: { like: "19%" } }, "Ann"],
      [{ name: [" Ann"] }, ""],
      [{ name: ['A"nn', "Ben"] }, "Ben"],
    ];
    for (const [where, found] of cases) assert.equal(names(where), found, JSON.stringify(where));
    const { objects } = library().query({ model: "Author", include: { books: { where: { or: [] } } } });
    assert.deepEqual(objects.map(({ books }) => books.length), [0, 0]);
  });

  test("a model whose key is made of others' keys alone", () => {
    const playground = new Playground({
      models: { User: { name: "text" }, Profile: { fields: { bio: "text" } } },
      relationships: [{ sentence: "a User has one Profile; each Profile has one User, required", identifies: true }],
    });
    assert.deepEqual(playground.define().tables[1].columns.map(({ name, primaryKey }) => [name, primaryKey]), [["bio", false], ["user_id", true]]);
    playground.insert({ User: [{ name: "u", profile: { bio: "b" } }] });
    const found = (where) => playground.query({ model: "Profile", where }).objects.length;
    assert.deepEqual([found({}), found({ or: [] }), found({ user: 1 })], [1, 0, 1]);
  });

  const refused = [
    [[], "where: Expected an object of conditions, not an empty list. Write { and: […] } or { or: […] }."],
    [new Map([["name", "Ann"]]), "where: Objects of Map are no values."],
    [{ id: undefined }, "where.id: There is nothing to test: undefined is no value. Write null for no value, or leave the member out."],
    [{ books: { some: { title: undefined } } }, "where.books.some.title: There is nothing to test: undefined is no value. Write null for no value, or leave the member out."],
    [{ name: {} }, 'where.name: Nothing is tested here. Write a value, null for none, or tests like { ">": 1 }.'],
    [{ name: [] }, "where.name: The list is empty. Write a value into it, or { or: [] } for no object at all."],
    [{ books: {} }, "where.books: Nothing is asked here. Write true for any, null for none, or one of some, every, none, count."],
    [{ books: { title: "A" } }, "where.books.title: books leads to many objects, and it is not said which of them are meant. Write { some: { title: … } }, or every, none or count instead of some."],
    [{ books: { isNot: {} } }, "where.books.isNot: There is no test of many objects “isNot”. There is some, every, none, count."],
    [{ books: { count: { where: {} } } }, 'where.books.count: It is not said how many. Write it as { ">": 2, where: { … } }.'],
    [{ books: { count: -1 } }, "where.books.count: Expected a number of objects, not the number -1."],
    [{ born: { between: [1] } }, "where.born.between: Expected a list of two values, not a list of 1."],
    [{ born: NaN }, "where.born: Expected a value of type integer, not NaN."],
    [{ born: -Infinity }, "where.born: Expected a value of type integer, not -Infinity."],
    [{ born: 2n ** 63n }, "where.born: Expected a value of type integer, not 9223372036854775808."],
    [{ born: 1.5 }, "where.born: Expected a value of type integer, not the number 1.5."],
    [{ name: "a\ud83d" }, "where.name: Half of a surrogate pair is no character, and no text can hold it."],
    [{ name: () => 1 }, "where.name: A function is no value."],
    [{ or: 5 }, "where.or: Expected conditions, or a list of them, not the number 5."],
  ];
  for (const [where, message] of refused) test(message, () => assert.equal(refusedWhere(where), message));

  test("a property to one by key", () => {
    const playground = library();
    const titles = (where) => playground.query({ model: "Book", where }).objects.map(({ title }) => title).join();
    assert.equal(titles({ author: 1 }), "A");
    assert.equal(titles({ author: 2 }), "");
    assert.equal(titles({ author: [1, 2] }), "A");
    assert.equal(refusal(() => titles({ author: "x" })), "where.author: Expected a value of type integer, not a text.");
    assert.equal(refusal(() => titles({ author: [] })), "where.author: Expected conditions on Author, or its key (id), not an empty list.");
    assert.match(refusal(() => titles({ author: { some: {} } })), /^where.author.some: There is no field or relationship “some”. There is id, name/);
  });
});

describe("queries", () => {
  const cases = [
    [undefined, 'Expected a query such as { model: "Author" }, not undefined.'],
    [5, 'Expected a query such as { model: "Author" }, not a number.'],
    ["Author", "It is not JSON: expected value at line 1 column 1."],
    [{ model: "Author", limit: 1.5 }, "limit: Expected a number of objects, not the number 1.5."],
    [{ model: "Author", limit: NaN }, "limit: Expected a number of objects, not NaN."],
    [{ model: "Author", include: { books: { depth: -1 } } }, "include.books.depth: Expected a depth from 1 to 10, not the number -1."],
    [{ model: "Author", include: ["books", "boks"] }, "include[1]: There is no relationship “boks”. Did you mean “books”?"],
    [{ model: "Author", include: { books: { strategy: "joined", inner: true } } }, "include.books: An inner join would leave out each Author without books: another result, not another way to load it. Do without the inner join."],
    [{ model: "Author", order: { count: "books", max: "books.price" } }, 'order: Expected one function, not 2. Write it as { count: "books" } or { max: "books.price" }.'],
    [{ model: "Author", compute: { n: { count: "books", max: "books.price" } } }, 'compute.n: Expected one function, not 2. Write it as { count: "books" } or { max: "books.price" }.'],
    [{ model: "Author", compute: { n: { count: "books.price" } } }, 'compute.n.count: A count is of objects, not of a field. Write it as { count: "books" }.'],
    [{ model: "Author", compute: { n: { max: "books" } } }, 'compute.n.max: It is not said of which field max is. Write it as { max: "books.field" }.'],
    [{ model: "Author", order: {} }, 'order: Expected one function, not 0. Write it as { count: "books" } or { max: "books.price" }.'],
  ];
  for (const [spec, message] of cases) {
    test(message, () => {
      const playground = library();
      for (const act of ["query", "compare", "measure"]) assert.equal(refusal(() => playground[act](spec)), message);
      if (spec !== undefined) assert.equal(refusal(() => playground.emit("django", spec)), message);
    });
  }

  test("what SQLite refuses is told in its words", () => {
    const playground = library();
    const many = Array.from({ length: 40_000 }, (_, at) => at);
    assert.equal(refusal(() => playground.query({ model: "Author", where: { born: many } })), "SQLite refused the statement: too many SQL variables.");
    assert.throws(() => playground.measure({ model: "Author", where: { born: many } }), /too many SQL variables/);
    playground.database.run("ALTER TABLE books DROP COLUMN price");
    assert.throws(() => playground.query({ model: "Book" }), (error) => error.sqlite === "no such column: books.price");
  });

  test("an order by what is computed", () => {
    const { objects } = library().query({ model: "Author", order: ["-n", "name"], compute: { n: { count: "books" } } });
    assert.deepEqual(objects.map(({ name, n }) => [name, n]), [["Ann", 1], ["Ben", 0]]);
  });

  test("statements are JSON, with digits and bytes as text", () => {
    const playground = new Playground({ models: { Item: { big: "integer", bytes: "blob" } } });
    playground.insert({ Item: [{ big: 2n ** 62n, bytes: new Uint8Array([0, 255]) }] });
    const { statements } = playground.query({ model: "Item", where: { big: 2n ** 62n } });
    const [{ params, rows }] = JSON.parse(JSON.stringify(statements));
    assert.deepEqual([params, rows], [["4611686018427387904"], [[1, "4611686018427387904", "00ff"]]]);
    assert.deepEqual(statements[0].params, [2n ** 62n]);
  });

  test("how deep is too deep", () => {
    let where = { name: "Ann" };
    for (let at = 0; at < 50; at += 1) where = { not: where };
    assert.equal(names(where), "Ann");
    for (let at = 0; at < 3000; at += 1) where = { not: where };
    assert.match(refusedWhere(where), /…: It is nested more than 100 deep, or stands within itself\.$/);
    const text = `{"model":"Author","where":${'{"not":'.repeat(200)}{}${"}".repeat(200)}}`;
    assert.equal(refusal(() => library().query(text)), "It is nested more than 127 deep.");
  });
});

describe("what is no schema, and no objects", () => {
  test("schemas", () => {
    const ring = { models: {} };
    ring.models.A = { name: ring };
    assert.match(refusal(() => new Playground(ring)), /stands within itself/);
    assert.match(refusal(() => new Playground().define(ring)), /stands within itself/);
    assert.equal(refusal(() => new Playground(5)), "Expected a schema, a project or the title of a sample, not a number.");
    assert.equal(refusal(() => new Playground({ models: new Map() })), "models: Objects of Map are no values.");
    assert.match(refusal(() => new Playground({ models: { A: { X: "text", x: "text" } } })), /A already has something called “X”, which is the same but for capitals/);
    assert.match(refusal(() => new Playground({ models: { A: { n: "text" } }, relationships: [{}] })), /^relationships\[0\]: A relationship needs/);
    assert.match(refusal(() => new Playground({ models: { A: { fields: { n: { type: "blob", default: "zz" } } } } })), /Write a value like cafe01, or remove the default\.$/);
    assert.equal(new Playground().define("author and book").models.length, 2);
  });

  const objects = [
    [null, 'Expected lists of objects by model, not null. Write it as { Author: [{ name: "…" }] }.'],
    [[], 'Expected lists of objects by model, not a list. Write it as { Author: [{ name: "…" }] }.'],
    [{ Author: new Set() }, "Author: Objects of Set are no values."],
    [{ Author: [{ name: () => 1 }] }, "Author[0].name: A function is no value."],
    [{ Author: [{}, { books: [{}, { title: "\udc00" }] }] }, "Author[1].books[1].title: Half of a surrogate pair is no character, and no text can hold it."],
    [{ Book: [{ author: { name: new Date(NaN) } }] }, "Book[0].author.name: This Date is none: its time is not a number."],
    [{ Author: [{ born: NaN }] }, "Author[0].born: Expected a value of type integer, not NaN."],
    [{ Author: [{ books: { title: "x" } }] }, "Author[0].books: Expected a list of objects or keys, not an object."],
  ];
  for (const [listed, message] of objects) {
    test(message, () => {
      const playground = library();
      assert.equal(refusal(() => playground.insert(listed)), message);
      assert.equal(playground.query({ model: "Author" }).objects.length, 2);
    });
  }

  test("what is undefined is left out of an object", () => {
    const playground = library();
    playground.insert({ Author: [{ name: "Cal", born: undefined }], Book: undefined });
    assert.equal(playground.query({ model: "Author", where: { name: "Cal", born: null } }).objects.length, 1);
  });

  test("only what SQLite refused has its words", () => {
    const playground = new Playground({ models: { A: { fields: { name: { type: "text", required: true } } } } });
    assert.throws(() => playground.insert({ A: [{}] }), { message: "A[0].name: name is required: give it a value. (SQLite: NOT NULL constraint failed: as.name)" });
    const lent = library();
    const book = { title: "whose?" };
    assert.throws(() => lent.insert({ Author: [{ books: [book] }, { books: [book] }] }), (error) => !("sqlite" in error));
  });
});

test("a playground whose engine failed says so, whatever it is asked", () => {
  const engine = {
    pg_new: () => 1,
    pg_free: () => {},
    pg_project: () => {
      throw new WebAssembly.RuntimeError("unreachable");
    },
  };
  const Failing = makePlayground(() => ({ wasm: { memory: null }, engine, Database: class {} }));
  const playground = new Failing();
  for (const act of ["project", "create", "define"]) {
    assert.equal(refusal(() => playground[act]()), "The engine has failed (unreachable): make another playground.");
  }
  playground.close();
});

test("a function that SQLite calls must not use the playground that is at work", () => {
  const playground = library();
  let said;
  playground.database.create_function("ask", () => {
    try {
      playground.query({ model: "Author" });
    } catch (error) {
      said = error.message;
    }
    return 1;
  });
  playground.database.run("CREATE TRIGGER asking AFTER INSERT ON authors BEGIN SELECT ask(); END");
  playground.insert({ Author: [{ name: "Cal" }] });
  assert.match(said, /^The playground is at work/);
  assert.equal(playground.query({ model: "Author" }).objects.length, 3);
});

test("a playground can be disposed of", () => {
  const playground = library();
  playground[Symbol.dispose ?? Symbol.for("Symbol.dispose")]();
  assert.equal(refusal(() => playground.project()), "The playground is closed.");
});
