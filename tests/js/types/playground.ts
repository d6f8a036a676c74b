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
