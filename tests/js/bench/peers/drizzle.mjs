// Drizzle on sql.js: its relational queries (one statement, JSON), and joins as its documentation has them.

import initSqlJs from "sql.js";
import { asc, count, eq, max, relations, sql, sum } from "drizzle-orm";
import { PreparedQuery, SQLJsSession, drizzle } from "drizzle-orm/sql-js";
import { index, integer, primaryKey, real, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { offer } from "../peer.mjs";
import { LAZY, LOOKUPS, TABLES } from "../schema.mjs";
import { keys } from "../data.mjs";
import { counts, create } from "./raw.mjs";
import { inBatches } from "./batches.mjs";

const authors = sqliteTable("authors", {
  id: integer("id").primaryKey(),
  name: text("name").notNull(),
  born: integer("born"),
});
const profiles = sqliteTable("profiles", {
  id: integer("id").primaryKey(),
  bio: text("bio"),
  author_id: integer("author_id").notNull().unique().references(() => authors.id),
});
const tags = sqliteTable("tags", { id: integer("id").primaryKey(), name: text("name").notNull() });
const books = sqliteTable(
  "books",
  {
    id: integer("id").primaryKey(),
    title: text("title").notNull(),
    pages: integer("pages"),
    price: real("price"),
    author_id: integer("author_id").notNull().references(() => authors.id),
  },
  (table) => [index("ix_books_author_id").on(table.author_id)],
);
const books_tags = sqliteTable(
  "books_tags",
  {
    book_id: integer("book_id").notNull().references(() => books.id),
    tag_id: integer("tag_id").notNull().references(() => tags.id),
  },
  (table) => [primaryKey({ columns: [table.book_id, table.tag_id] })],
);
const schema = {
  authors, profiles, books, tags, books_tags,
  authorsTo: relations(authors, ({ one, many }) => ({ profile: one(profiles), books: many(books) })),
  profilesTo: relations(profiles, ({ one }) => ({
    author: one(authors, { fields: [profiles.author_id], references: [authors.id] }),
  })),
  booksTo: relations(books, ({ one, many }) => ({
    author: one(authors, { fields: [books.author_id], references: [authors.id] }),
    links: many(books_tags),
  })),
  linksTo: relations(books_tags, ({ one }) => ({
    book: one(books, { fields: [books_tags.book_id], references: [books.id] }),
    tag: one(tags, { fields: [books_tags.tag_id], references: [tags.id] }),
  })),
};

// Drizzle's session for sql.js does not hand on what makes objects of a relational query's JSON, and gives the JSON's
// text instead; all of its other sessions do this.
SQLJsSession.prototype.prepareQuery = function (query, fields, method, arrays, mapper) {
  return new PreparedQuery(this.client, query, this.logger, fields, method, arrays, mapper);
};

let SQL_;

function fill(db, data) {
  db.transaction((tx) => {
    for (const name of TABLES) {
      for (const batch of inBatches(name, data[name])) tx.insert(schema[name]).values(batch).run();
    }
  });
}

function lookups({ db, wanted }) {
  const statement = db.select().from(books).where(eq(books.id, sql.placeholder("id"))).prepare();
  return wanted.map((id) => statement.get({ id }));
}

offer({
  name: "Drizzle",
  async load() {
    SQL_ = await initSqlJs({ locateFile: (file) => `./${file}` });
    return {};
  },
  open(data) {
    const raw = create(SQL_);
    const db = drizzle(raw, { schema });
    fill(db, data);
    return { raw, db, wanted: keys(LOOKUPS, data.books.length) };
  },
  close: ({ raw }) => raw.close(),
  tagsOf: (book) => book.tags ?? book.links.map((link) => link.tag),
  works: {
    insert(_, data) {
      const raw = create(SQL_);
      const db = drizzle(raw, { schema });
      const start = performance.now();
      fill(db, data);
      const ms = performance.now() - start;
      const result = counts(raw);
      raw.close();
      return { ms, result };
    },
    scan: ({ db }) => db.select().from(books).orderBy(asc(books.id)).all(),
    join: ({ db }) =>
      db.select({ id: books.id, title: books.title, price: books.price, author: authors.name, bio: profiles.bio })
        .from(books)
        .innerJoin(authors, eq(authors.id, books.author_id))
        .innerJoin(profiles, eq(profiles.author_id, authors.id))
        .orderBy(asc(books.id))
        .all(),
    lookups,
    lookupsInOne: ({ db, wanted }) => db.transaction((tx) => lookups({ db: tx, wanted })),
    groupBy: ({ db }) =>
      db.select({ name: tags.name, books: count(), pages: sum(books.pages).mapWith(Number), dearest: max(books.price) })
        .from(tags)
        .innerJoin(books_tags, eq(books_tags.tag_id, tags.id))
        .innerJoin(books, eq(books.id, books_tags.book_id))
        .groupBy(tags.id)
        .orderBy(asc(tags.id))
        .all(),
    json: ({ db }) =>
      db.query.authors.findMany({ with: { profile: true, books: { with: { links: { with: { tag: true } } } } } }).sync(),
    joined({ db }) {
      const rows = db.select().from(authors)
        .leftJoin(profiles, eq(profiles.author_id, authors.id))
        .leftJoin(books, eq(books.author_id, authors.id))
        .leftJoin(books_tags, eq(books_tags.book_id, books.id))
        .leftJoin(tags, eq(tags.id, books_tags.tag_id))
        .all();
      const made = new Map(), known = new Map();
      for (const row of rows) {
        let author = made.get(row.authors.id);
        if (!author) made.set(row.authors.id, (author = { ...row.authors, profile: row.profiles, books: [] }));
        if (!row.books) continue;
        let book = known.get(row.books.id);
        if (!book) {
          known.set(row.books.id, (book = { ...row.books, tags: [] }));
          author.books.push(book);
        }
        if (row.tags) book.tags.push(row.tags);
      }
      return [...made.values()];
    },
    lazy({ db }) {
      const found = db.select().from(authors).orderBy(asc(authors.id)).limit(LAZY).all();
      for (const author of found) {
        author.profile = db.select().from(profiles).where(eq(profiles.author_id, author.id)).get();
        author.books = db.select().from(books).where(eq(books.author_id, author.id)).all();
        for (const book of author.books) {
          book.tags = db.select({ id: tags.id, name: tags.name }).from(tags)
            .innerJoin(books_tags, eq(books_tags.tag_id, tags.id))
            .where(eq(books_tags.book_id, book.id))
            .all();
        }
      }
      return found;
    },
  },
});
