/**
 * Drizzle on its driver for sql.js: a typed query builder, all synchronous. The graph is put together from joined
 * rows, as its documentation shows: its relational queries come back as unparsed JSON from this driver (0.45.4).
 */
import { asc, eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/sql-js";
import { customType, integer, primaryKey, real, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { ChangedMind, DELETED, NEVER, TAGS, TWICE, UPDATE } from "./library.mjs";
import { authorsToWrite, failure, plain, sqliteWords } from "./library.mjs";

// Drizzle's own blob column needs Node's Buffer, which a browser does not have.
const blob = customType({ dataType: () => "blob" });

const authors = sqliteTable("authors", { id: integer().primaryKey(), name: text().notNull().unique() });
const profiles = sqliteTable("profiles", {
  id: integer().primaryKey(),
  bio: text(),
  portrait: blob(),
  authorId: integer("author_id").notNull().unique().references(() => authors.id, { onDelete: "cascade" }),
});
const books = sqliteTable("books", {
  id: integer().primaryKey(),
  title: text().notNull(),
  price: real(),
  inPrint: integer("in_print", { mode: "boolean" }).notNull(),
  authorId: integer("author_id").notNull().references(() => authors.id, { onDelete: "cascade" }),
});
const tags = sqliteTable("tags", { id: integer().primaryKey(), name: text().notNull().unique() });
const bookTags = sqliteTable(
  "book_tags",
  {
    bookId: integer("book_id").notNull().references(() => books.id, { onDelete: "cascade" }),
    tagId: integer("tag_id").notNull().references(() => tags.id, { onDelete: "cascade" }),
  },
  (table) => [primaryKey({ columns: [table.bookId, table.tagId] })],
);

// Drizzle makes tables by a program of its own, not at run time.
const DDL = `
  PRAGMA foreign_keys = ON;
  CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE profiles (
    id INTEGER PRIMARY KEY, bio TEXT, portrait BLOB,
    author_id INTEGER NOT NULL UNIQUE REFERENCES authors (id) ON DELETE CASCADE
  );
  CREATE TABLE books (
    id INTEGER PRIMARY KEY, title TEXT NOT NULL, price REAL, in_print INTEGER NOT NULL,
    author_id INTEGER NOT NULL REFERENCES authors (id) ON DELETE CASCADE
  );
  CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE book_tags (
    book_id INTEGER NOT NULL REFERENCES books (id) ON DELETE CASCADE,
    tag_id INTEGER NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    PRIMARY KEY (book_id, tag_id)
  );`;

export default async function run(initSqlJs) {
  const { Database } = await initSqlJs();
  const client = new Database();
  client.run(DDL);
  const db = drizzle(client);

  db.transaction(write);
  const updated = db.update(books).set({ price: UPDATE.price }).where(eq(books.title, UPDATE.title)).returning().all();
  const deleted = db.delete(authors).where(eq(authors.name, DELETED)).returning({ id: authors.id }).all();
  await failure(() =>
    db.transaction((tx) => {
      tx.insert(authors).values({ name: NEVER }).run();
      throw new ChangedMind();
    }),
  );
  const refused = await failure(() => db.insert(authors).values({ name: TWICE }).run());

  const found = graph(db);
  client.close();
  return {
    updated: updated.length,
    deleted: deleted.length,
    refused: sqliteWords(refused),
    authors: found.map((author) => plain(author)),
  };
}

function write(tx) {
  const tagIds = new Map(
    tx.insert(tags).values(TAGS.map((name) => ({ name }))).returning().all().map((tag) => [tag.name, tag.id]),
  );
  for (const { name, profile, books: written } of authorsToWrite()) {
    const { id: authorId } = tx.insert(authors).values({ name }).returning().get();
    if (profile) tx.insert(profiles).values({ ...profile, authorId }).run();
    for (const { tags: names, ...book } of written) {
      const { id: bookId } = tx.insert(books).values({ ...book, authorId }).returning().get();
      tx.insert(bookTags).values(names.map((tag) => ({ bookId, tagId: tagIds.get(tag) }))).run();
    }
  }
}

/** Each author and each book once, whatever the join repeats. */
function graph(db) {
  const rows = db
    .select()
    .from(authors)
    .leftJoin(profiles, eq(profiles.authorId, authors.id))
    .leftJoin(books, eq(books.authorId, authors.id))
    .leftJoin(bookTags, eq(bookTags.bookId, books.id))
    .leftJoin(tags, eq(tags.id, bookTags.tagId))
    .orderBy(asc(authors.name), asc(books.title), asc(tags.name))
    .all();
  const authorsById = new Map();
  const booksById = new Map();
  for (const { authors: author, profiles: profile, books: book, tags: tag } of rows) {
    if (!authorsById.has(author.id)) authorsById.set(author.id, { ...author, profile, books: [] });
    if (book && !booksById.has(book.id)) {
      booksById.set(book.id, { ...book, tags: [] });
      authorsById.get(author.id).books.push(booksById.get(book.id));
    }
    if (tag) booksById.get(book.id).tags.push(tag);
  }
  return [...authorsById.values()];
}
