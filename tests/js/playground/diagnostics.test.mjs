/** Every mistake in a schema or a query is told with its path; and nothing unknown is passed over. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { init, Playground, PlaygroundError } from "../../../pkg/relata.js";

before(() => init());

const paths = (schema) => new Playground().define(schema).diagnostics.filter(({ severity }) => severity === "error").map(({ path }) => path);

describe("schemas", () => {
  const A = { A: { name: "text" } };
  const cases = [
    [{}, "models"],
    [{ models: A, relationship: [] }, "relationship"],
    [{ models: { A: { born: "dat" } } }, "models.A.born"],
    [{ models: { A: { fields: { born: { type: "date", requird: true } } } } }, "models.A.fields.born.requird"],
    [{ models: { A: { fields: { born: { required: true } } } } }, "models.A.fields.born"],
    [{ models: { A: { fields: { n: { type: "integer", default: "many" } } } } }, "models.A.fields.n.default"],
    [{ models: { "": { name: "text" } } }, 'models[""]'],
    [{ models: { A: { fields: {}, kindOf: "B" } } }, "models.A.kindOf"],
    [{ models: A, relationships: ["an A has many Bs; each B has one A"] }, "relationships[0]"],
    [{ models: A, relationships: ["an A owns many As"] }, "relationships[0]"],
    [{ models: A, relationships: [{ shape: "one-to-few", left: "A", right: "A" }] }, "relationships[0].shape"],
    [{ models: A, relationships: [{ shape: "one-to-many", left: "A", right: "B" }] }, "relationships[0].right"],
    [{ models: A, relationships: [{ sentence: "an A has many As; an A has one A", onDelete: "explode" }] }, "relationships[0].onDelete"],
    [{ models: A, relationships: [{ sentence: "an A has many As", order: "nme" }] }, "relationships[0].order"],
  ];
  for (const [schema, path] of cases) test(path + JSON.stringify(schema).slice(0, 60), () => assert.equal(paths(schema)[0], path));

  test("with an error there are no tables, and no database", () => {
    const playground = new Playground();
    const { tables, ddl, models } = playground.define({ models: { A: { born: "dat" } } });
    assert.deepEqual([tables, ddl, models], [[], [], []]);
    assert.throws(() => playground.create(), /The schema has errors/);
    assert.throws(() => new Playground({ models: { A: { born: "dat" } } }), PlaygroundError);
  });

  test("what cannot be opened at all is told", () => {
    assert.throws(() => new Playground("Author and Bock"), /There is no sample “Author and Bock”.*Author and Book/);
    assert.throws(() => new Playground({ relata: 99 }), /newer Relata/);
    assert.throws(() => new Playground('{"name": 1}'), /says no version/);
    assert.throws(() => new Playground().define("{"), PlaygroundError);
  });

  test("every part of a schema is understood", () => {
    const { diagnostics, ddl, models } = new Playground().define({
      models: {
        Country: { fields: { code: { type: "text", unique: true, required: true } }, table: "nations" },
        City: { fields: { name: { type: "text", column: "label", default: "nowhere", indexed: true } } },
        Person: { id: "integer", name: "text" },
      },
      relationships: [
        { sentence: "a Country has many Cities; each City has one Country, required, on delete cascade", references: "code", keyColumns: "country" },
        { shape: "one-to-one", left: "City", right: { model: "Person", name: "rules" }, key: "left", onDelete: "set null" },
        { sentence: "a Person has many Cities as visited; a City has many Persons as visitors", joinTable: "visits", order: "-name" },
      ],
    });
    assert.deepEqual(diagnostics.filter(({ severity }) => severity === "error"), []);
    const text = ddl.join("\n");
    assert.match(text, /CREATE TABLE nations/);
    assert.match(text, /label TEXT DEFAULT 'nowhere'/);
    assert.match(text, /country TEXT NOT NULL REFERENCES nations \(code\) ON DELETE CASCADE/);
    assert.match(text, /CREATE TABLE visits/);
    assert.match(text, /ON DELETE SET NULL/);
    const person = models.find(({ name }) => name === "Person");
    assert.deepEqual(person.properties.map(({ name, kind }) => [name, kind]), [["rules", "has-one"], ["visited", "many-to-many"]]);
  });

  test("a many-to-many through a model's rows", () => {
    const playground = new Playground({
      models: { Student: { name: "text" }, Course: { title: "text" }, Enrollment: { grade: "text" } },
      relationships: [
        { shape: "many-to-many", left: "Student", right: "Course", through: "Enrollment" },
        "a Student has many Enrollments; each Enrollment has one Student, required",
        "a Course has many Enrollments; each Enrollment has one Course, required",
      ],
    });
    playground.insert({ Enrollment: [{ grade: "A", student: { name: "s" }, course: { title: "c" } }] });
    assert.equal(playground.query({ model: "Student", include: "courses" }).objects[0].courses[0].title, "c");
    assert.throws(() => playground.insert({ Student: [{ courses: [1] }] }), /insert objects of Enrollment instead/);
  });
});

describe("queries", () => {
  const cases = [
    [{}, "model"],
    [{ model: "Auther" }, "model"],
    [{ model: "Author", wher: {} }, "wher"],
    [{ model: "Author", include: { bokks: true } }, "include.bokks"],
    [{ model: "Author", include: "books.auther" }, "include"],
    [{ model: "Author", include: { books: "eager" } }, "include.books"],
    [{ model: "Author", include: { books: { where: { titel: "x" } } } }, "include.books.where.titel"],
    [{ model: "Book", where: { author: { nam: "x" } } }, "where.author.nam"],
    [{ model: "Author", where: { books: { sume: {} } } }, "where.books.sume"],
    [{ model: "Author", where: { books: { some: { id: { ">": "x" } } } } }, 'where.books.some.id[">"]'],
    [{ model: "Author", where: { or: [{ name: "x" }, { nme: 1 }] } }, "where.or[1].nme"],
    [{ model: "Author", where: { id: { between: [1] } } }, "where.id.between"],
    [{ model: "Author", fields: ["name", "nme"] }, "fields[1]"],
    [{ model: "Author", order: ["name", "-nme"] }, "order[1]"],
    [{ model: "Author", compute: { n: { count: "name" } } }, "compute.n.count"],
    [{ model: "Author", limit: -1 }, "limit"],
    [{ model: "Author", offset: "x" }, "offset"],
    [{ model: "Author", strategy: "eager" }, "strategy"],
  ];
  for (const [spec, path] of cases) {
    test(path + JSON.stringify(spec).slice(0, 80), () => {
      const playground = new Playground("Author and Book");
      assert.throws(() => playground.query(spec), (error) => {
        assert.equal(error.diagnostics[0]?.path, path, error.message);
        assert.ok(error.message.startsWith(`${path}: `));
        return true;
      });
      assert.throws(() => playground.compare(spec), PlaygroundError);
    });
  }

  test("conditions, orders and computed values do what they say", () => {
    const playground = new Playground({
      models: { Author: { name: "text", born: "integer" }, Book: { title: "text", price: "real" } },
      relationships: ["an Author has many Books; each Book has one Author"],
    });
    playground.insert({
      Author: [
        { name: "Ann", born: 1900, books: [{ title: "x", price: 3 }, { title: "y", price: 9 }] },
        { name: "Ben", born: 1950, books: [{ title: "x", price: 1 }] },
        { name: "Cal", born: null },
      ],
    });
    const names = (where, more = {}) => playground.query({ model: "Author", where, order: "name", ...more }).objects.map(({ name }) => name).join();
    assert.equal(names({ born: { ">=": 1900, "<": 1950 } }), "Ann");
    assert.equal(names({ born: null }), "Cal");
    assert.equal(names({ born: { isNull: false } }), "Ann,Ben");
    assert.equal(names({ name: ["Ann", "Cal"] }), "Ann,Cal");
    assert.equal(names({ name: { notIn: ["Ann", "Cal"] } }), "Ben");
    assert.equal(names({ name: { notLike: "%n" } }), "Cal");
    assert.equal(names({ born: { between: [1940, 1960] } }), "Ben");
    assert.equal(names({ or: [{ name: "Ann" }, { born: null }] }), "Ann,Cal");
    assert.equal(names({ not: { name: "Ann" } }), "Ben,Cal");
    assert.equal(names({ books: { some: { price: { ">": 5 } } } }), "Ann");
    assert.equal(names({ books: { none: { title: "y" } } }), "Ben,Cal");
    assert.equal(names({ books: { every: { title: "x" } } }), "Ben,Cal");
    assert.equal(names({ books: { count: 2 } }), "Ann");
    assert.equal(names({ books: { count: { ">=": 1, where: { title: "x" } } } }), "Ann,Ben");
    assert.equal(names({ books: true }), "Ann,Ben");
    assert.equal(names({}, { order: ["-born", "name"], limit: 2, offset: 1 }), "Ann,Cal");
    assert.equal(names({}, { order: [{ count: "books", descending: true }, "name"] }), "Ann,Ben,Cal");
    const computed = playground.query({ model: "Author", compute: { n: { count: "books" }, top: { max: "books.price" } }, order: "name" });
    assert.deepEqual(computed.objects.map(({ n, top }) => [n, top]), [[2, 9], [1, 1], [0, null]]);
    const cheap = playground.query({ model: "Author", include: { books: { where: { price: { "<": 5 } } } }, order: "name" });
    assert.deepEqual(cheap.objects.map(({ books }) => books.length), [1, 1, 0]);
    const books = (where) => playground.query({ model: "Book", where, order: ["author.name", "-price"] }).objects.map(({ price }) => price);
    assert.deepEqual(books({ author: { name: "Ann" } }), [9, 3]);
    assert.deepEqual(books({ author: { isNot: { name: "Ann" } } }), [1]);
    assert.deepEqual(books({ author: null }), []);
  });

  test("a property that must not be touched is an error; one that is not asked for is not there", () => {
    const playground = new Playground("Author and Book");
    assert.throws(() => playground.query({ model: "Author", include: { books: "raise" } }), /lazy='raise'/);
    assert.ok(!("books" in playground.query({ model: "Author" }).objects[0]));
  });

  test("names that mean something to JavaScript are names like others", () => {
    const playground = new Playground({ models: { Odd: { constructor: "text", __proto__x: "text", toString: "text", 'a"b': "text" } } });
    const { diagnostics } = playground.define();
    if (diagnostics.length > 0) return;
    playground.insert({ Odd: [{ constructor: "c", toString: "t" }] });
    assert.equal(playground.query({ model: "Odd" }).objects[0].constructor, "c");
  });
});

test("a closed playground says so, and the engine that is not loaded does, too", async () => {
  const playground = new Playground("Author and Book");
  playground.close();
  playground.close();
  assert.throws(() => playground.query({ model: "Author" }), /closed/);
});
