/** The types of the ORM by script: what they accept, and what they refuse. */
import { Playground, PlaygroundError, type QuerySpec, type SchemaSpec } from "../../../pkg/relata.js";

const schema: SchemaSpec = {
  models: {
    Author: { name: "text", born: { type: "date", required: true } },
    Book: { fields: { title: "text" }, table: "volumes" },
  },
  relationships: [
    "an Author has many Books; each Book has one Author",
    { shape: "many-to-many", left: "Author", right: { model: "Author", name: "readers" }, symmetric: false },
  ],
};
const playground = new Playground(schema);
const names: string[] = playground.define().tables.map(({ name }) => name);
const query: QuerySpec = {
  model: "Author",
  include: { books: { strategy: "joined", where: { title: { like: "%" } } } },
  where: { or: [{ name: "x" }, { books: { some: { title: ["a", "b"] }, count: { ">": 2 } } }], born: null },
  order: ["-born", { count: "books", descending: true }],
  compute: { n: { count: "books" } },
  limit: 3,
};
interface Author {
  name: string;
  books: { title: string }[];
}
const { objects, statements } = playground.query<Author>(query);
const title: string = objects[0].books[0].title;
const milliseconds: number = statements[0].ms;
const rows = playground.database.exec("SELECT 1")[0].values;
const field: string | null | undefined = new PlaygroundError("x").field;

// What is `as const`, and lists that are read only, are taken as they are.
const constant = {
  models: { Author: { name: "text", born: { type: "date", required: true } }, Editor: { kindOf: "Author" } },
  relationships: ["an Author has many Authors as readers", { sentence: "an Author has many Editors; an Editor has one Author", keyColumns: ["a"] }],
} as const;
const kept: Playground = new Playground(constant);
const authors: readonly { name: string }[] = [{ name: "x" }];
kept.insert({ Author: authors });
const constantQuery = { model: "Author", where: { name: { in: ["a", "b"] }, or: [{ born: null }] }, order: ["-n", "name"], fields: ["name"], compute: { n: { count: "readers" } } } as const;
kept.query(constantQuery);
kept.define("Author and Book");
kept.query({ model: "Book", where: { author: 1, room: ["A", 7], shelf: { isNot: { name: "x" } } } });
kept.query({ model: "Book", group: { by: ["author.name"], compute: { n: { count: true }, m: { max: "price" } }, having: { n: { ">": 1 } }, order: "-n" } });
kept[Symbol.dispose]();
new Playground(null);
new Playground({ relata: 1, name: "saved" });

// @ts-expect-error: no such part of a field
new Playground({ models: { Author: { name: { type: "text", require: true } } } });
// @ts-expect-error: no such part of a field of a model with more
new Playground({ models: { Author: { fields: { name: { type: "text", require: true } } } } });
// @ts-expect-error: no such part of a model
new Playground({ models: { Author: { fields: { name: "text" }, kindTable: "one" } } });
// @ts-expect-error: no such part of a schema
new Playground({ models: {}, relations: [] });
// @ts-expect-error: neither here
playground.define({ models: {}, relations: [] });
// @ts-expect-error: between two values
playground.query({ model: "Author", where: { born: { between: [1] } } });
// @ts-expect-error: a field has no such test
playground.query({ model: "Author", where: { born: { isNull: "yes" } } });
// @ts-expect-error: one function
playground.query({ model: "Author", order: { count: "books", max: "books.price" } });
// @ts-expect-error: one function
playground.query({ model: "Author", compute: { n: { count: "books", max: "books.price" } } });
// @ts-expect-error: a function
playground.query({ model: "Author", compute: { n: {} } });
// @ts-expect-error: no such part of an include
playground.query({ model: "Author", include: { books: { strategy: "joined", wher: {} } } });
// @ts-expect-error: a group's objects are counted
playground.query({ model: "Book", group: { compute: { n: { count: "books" } } } });
// @ts-expect-error: no such part of a group
playground.query({ model: "Book", group: { by: "title", limit: 3 } });
// @ts-expect-error: no such language
playground.emit("prisma");
// @ts-expect-error: a list
playground.insert({ Author: { name: "x" } });

// @ts-expect-error: no such type
const wrongType: SchemaSpec = { models: { Author: { born: { type: "dat" } } } };
// @ts-expect-error: no such strategy
const wrongStrategy: QuerySpec = { model: "Author", include: { books: { strategy: "eager" } } };
// @ts-expect-error: no such part
const wrongPart: QuerySpec = { model: "Author", wher: {} };
// @ts-expect-error: no model
const noModel: QuerySpec = { limit: 3 };
// @ts-expect-error: an object of lists
playground.insert([{ name: "x" }]);

export { field, milliseconds, names, noModel, rows, title, wrongPart, wrongStrategy, wrongType };
