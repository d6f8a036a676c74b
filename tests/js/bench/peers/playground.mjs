// Relata's ORM by script: the graph as objects by each strategy, and what its statements and its graph cost in wasm alone.

import { Playground, init } from "./pkg/relata.js";
import { offer } from "../peer.mjs";
import { LAZY } from "../schema.mjs";
import { counts, fill } from "./raw.mjs";

const SCHEMA = {
  models: {
    Author: { name: { type: "text", required: true }, born: "integer" },
    Profile: { bio: "text" },
    Book: { title: { type: "text", required: true }, pages: "integer", price: "real" },
    Tag: { name: { type: "text", required: true } },
  },
  relationships: [
    "an Author has one Profile; each Profile has one Author, required",
    "an Author has many Books; each Book has one Author, required",
    "a Book has many Tags; each Tag has many Books",
  ],
};

const query = (strategy, more) => ({
  model: "Author",
  include: { profile: strategy, books: { strategy, include: { tags: strategy } } },
  ...more,
});

/** What the package itself measures of a query, in wasm: SQLite alone, or with the graph that is made. */
const part = (name, strategy) => ({ playground }) => ({ ms: playground.measure(query(strategy))[name] });

const load = (strategy, more) => ({ playground }) => playground.query(query(strategy, more)).objects;

function open(data) {
  const playground = new Playground(SCHEMA);
  playground.create();
  return { playground, db: playground.database, data };
}

offer({
  name: "Relata, Playground",
  async load() {
    await init();
    return {};
  },
  open(data) {
    const context = open(data);
    fill(context.db, data);
    return context;
  },
  close: ({ playground }) => playground.close(),
  works: {
    insert(_, data) {
      const { playground, db } = open(data);
      const lists = objects(data);
      const start = performance.now();
      playground.insert(lists);
      const ms = performance.now() - start;
      const result = counts(db);
      playground.close();
      return { ms, result };
    },
    joined: load("joined"),
    selectIn: load("select-in"),
    json: load("json"),
    lazy: load("lazy", { order: "id", limit: LAZY }),
    limit: part("sqlite", "select-in"),
    keptSelectIn: part("graph", "select-in"),
    keptJoined: part("graph", "joined"),
    keptJson: part("graph", "json"),
  },
});

/** The data as objects that are linked to each other. */
function objects(data) {
  const Tag = data.tags.map(([id, name]) => ({ id, name }));
  const Book = data.books.map(([id, title, pages, price]) => ({ id, title, pages, price, tags: [] }));
  for (const [book, tag] of data.books_tags) Book[book - 1].tags.push(Tag[tag - 1]);
  const Author = data.authors.map(([id, name, born]) => ({ id, name, born, books: [] }));
  data.books.forEach((row, at) => Author[row[4] - 1].books.push(Book[at]));
  for (const [id, bio, author] of data.profiles) Author[author - 1].profile = { id, bio };
  // Not every tag need have a book.
  return { Tag, Author };
}
