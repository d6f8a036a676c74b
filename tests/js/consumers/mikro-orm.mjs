/**
 * MikroORM on its generic SQLite driver: a unit of work with an identity map. Its package for sql.js, which wraps
 * the database in the same way, is not on npm.
 */
import { MikroORM, UniqueConstraintViolationException, defineEntity, p } from "@mikro-orm/core";
import { SqliteDriver } from "@mikro-orm/sql";
import { SqliteDialect } from "kysely";
import { ChangedMind, DELETED, NEVER, TAGS, TWICE, UPDATE } from "./library.mjs";
import { authorsToWrite, failure, plain, sqliteWords } from "./library.mjs";
import { sqliteDatabase } from "./sqlite-database.mjs";

const Tag = defineEntity({
  name: "Tag",
  tableName: "tags",
  properties: { id: p.integer().primary(), name: p.text().unique() },
});
const Book = defineEntity({
  name: "Book",
  tableName: "books",
  properties: {
    id: p.integer().primary(),
    title: p.text(),
    price: p.double().nullable(),
    inPrint: p.boolean(),
    author: () => p.manyToOne(Author).deleteRule("cascade"),
    tags: () => p.manyToMany(Tag).owner().pivotTable("book_tags"),
  },
});
const Profile = defineEntity({
  name: "Profile",
  tableName: "profiles",
  properties: {
    id: p.integer().primary(),
    bio: p.text().nullable(),
    portrait: p.blob().nullable(),
    author: () => p.oneToOne(Author).owner().deleteRule("cascade"),
  },
});
const Author = defineEntity({
  name: "Author",
  tableName: "authors",
  properties: {
    id: p.integer().primary(),
    name: p.text().unique(),
    profile: () => p.oneToOne(Profile).mappedBy("author").nullable(),
    books: () => p.oneToMany(Book).mappedBy("author"),
  },
});

export default async function run(initSqlJs) {
  const { Database } = await initSqlJs();
  const orm = await MikroORM.init({
    driver: SqliteDriver,
    dbName: ":memory:",
    driverOptions: new SqliteDialect({ database: sqliteDatabase(new Database()) }),
    entities: [Author, Profile, Book, Tag],
  });
  await orm.schema.create();

  await orm.em.fork().transactional(write);
  const updated = await update(orm.em.fork());
  const deleted = await orm.em.fork().nativeDelete(Author, { name: DELETED });
  await failure(() =>
    orm.em.fork().transactional(async (em) => {
      await em.persist(em.create(Author, { name: NEVER })).flush();
      throw new ChangedMind();
    }),
  );
  const refused = await failure(() => orm.em.fork().insert(Author, { name: TWICE }));
  if (!(refused instanceof UniqueConstraintViolationException)) throw refused;

  const authors = await orm.em.fork().find(
    Author,
    {},
    {
      populate: ["profile", "books.tags"],
      orderBy: { name: "asc", books: { title: "asc", tags: { name: "asc" } } },
    },
  );
  await orm.close();
  return {
    updated,
    deleted,
    refused: sqliteWords(refused),
    authors: authors.map((author) => plain({ ...author, books: author.books.getItems() }, (book) => book.tags.getItems())),
  };
}

/** Not awaited calls but changes of objects: the transaction's end writes them. */
async function write(em) {
  const tags = new Map(TAGS.map((name) => [name, em.create(Tag, { name })]));
  for (const { books, ...author } of authorsToWrite()) {
    const entity = em.create(Author, author);
    for (const book of books) {
      em.create(Book, { ...book, author: entity, tags: book.tags.map((name) => tags.get(name)) });
    }
  }
}

/** The dirty object is found out by comparison, and updated alone. */
async function update(em) {
  const books = await em.find(Book, { title: UPDATE.title });
  for (const book of books) book.price = UPDATE.price;
  await em.flush();
  return books.length;
}
