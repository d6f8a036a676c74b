// Kysely on sql.js, which it has no dialect for: a driver of its smallest interface.

import initSqlJs from "sql.js";
import { CompiledQuery, Kysely, ParseJSONResultsPlugin, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from "kysely";
import { jsonArrayFrom, jsonObjectFrom } from "kysely/helpers/sqlite";
import { offer } from "../peer.mjs";
import { CHUNK, LAZY, LOOKUPS, TABLES } from "../schema.mjs";
import { keys } from "../data.mjs";
import { counts, create } from "./raw.mjs";
import { inBatches } from "./batches.mjs";

class Connection {
  constructor(db) {
    this.db = db;
  }

  async executeQuery({ sql, parameters }) {
    const statement = this.db.prepare(sql);
    try {
      statement.bind(parameters);
      const rows = [];
      while (statement.step()) rows.push(statement.getAsObject());
      return { rows };
    } finally {
      statement.free();
    }
  }
}

class Driver {
  constructor(db) {
    this.connection = new Connection(db);
  }
  async init() {}
  acquireConnection = async () => this.connection;
  beginTransaction = (connection) => connection.executeQuery(CompiledQuery.raw("begin"));
  commitTransaction = (connection) => connection.executeQuery(CompiledQuery.raw("commit"));
  rollbackTransaction = (connection) => connection.executeQuery(CompiledQuery.raw("rollback"));
  async releaseConnection() {}
  async destroy() {}
}

const dialect = (db) => ({
  createAdapter: () => new SqliteAdapter(),
  createDriver: () => new Driver(db),
  createIntrospector: (kysely) => new SqliteIntrospector(kysely),
  createQueryCompiler: () => new SqliteQueryCompiler(),
});

let SQL_;
const connect = (raw) => new Kysely({ dialect: dialect(raw) });

const fill = (db, data) =>
  db.transaction().execute(async (tx) => {
    for (const name of TABLES) {
      for (const batch of inBatches(name, data[name])) await tx.insertInto(name).values(batch).execute();
    }
  });

async function lookups({ db, wanted }) {
  const found = [];
  for (const id of wanted) {
    found.push(await db.selectFrom("books").selectAll().where("id", "=", id).executeTakeFirst());
  }
  return found;
}

/** The rows for these keys, in chunks. */
async function inChunks(query, column, ids) {
  const found = [];
  for (let at = 0; at < ids.length; at += CHUNK) {
    found.push(...(await query.where(column, "in", ids.slice(at, at + CHUNK)).execute()));
  }
  return found;
}

const tagsOfBooks = (db) =>
  db.selectFrom("books_tags").innerJoin("tags", "tags.id", "books_tags.tag_id").select(["book_id", "tags.id", "tags.name"]);

offer({
  name: "Kysely",
  async load() {
    SQL_ = await initSqlJs({ locateFile: (file) => `./${file}` });
    return {};
  },
  async open(data) {
    const raw = create(SQL_);
    const db = connect(raw);
    await fill(db, data);
    return { raw, db, wanted: keys(LOOKUPS, data.books.length) };
  },
  close: ({ raw }) => raw.close(),
  works: {
    async insert(_, data) {
      const raw = create(SQL_);
      const db = connect(raw);
      const start = performance.now();
      await fill(db, data);
      const ms = performance.now() - start;
      const result = counts(raw);
      raw.close();
      return { ms, result };
    },
    scan: ({ db }) => db.selectFrom("books").select(["id", "title", "pages", "price", "author_id"]).orderBy("id").execute(),
    join: ({ db }) =>
      db.selectFrom("books as b").innerJoin("authors as a", "a.id", "b.author_id").innerJoin("profiles as p", "p.author_id", "a.id")
        .select(["b.id", "b.title", "b.price", "a.name as author", "p.bio"]).orderBy("b.id").execute(),
    lookups,
    lookupsInOne: ({ db, wanted }) => db.transaction().execute((tx) => lookups({ db: tx, wanted })),
    groupBy: ({ db }) =>
      db.selectFrom("tags as t").innerJoin("books_tags as bt", "bt.tag_id", "t.id").innerJoin("books as b", "b.id", "bt.book_id")
        .select((on) => ["t.name", on.fn.countAll().as("books"), on.fn.sum("b.pages").as("pages"), on.fn.max("b.price").as("dearest")])
        .groupBy("t.id").orderBy("t.id").execute(),
    json: ({ db }) =>
      db.withPlugin(new ParseJSONResultsPlugin()).selectFrom("authors as a").select((author) => [
        "a.id", "a.name", "a.born",
        jsonObjectFrom(author.selectFrom("profiles as p").select(["p.id", "p.bio"]).whereRef("p.author_id", "=", "a.id")).as("profile"),
        jsonArrayFrom(
          author.selectFrom("books as b").select((book) => [
            "b.id", "b.title", "b.pages", "b.price",
            jsonArrayFrom(
              book.selectFrom("books_tags as bt").innerJoin("tags as t", "t.id", "bt.tag_id").select(["t.id", "t.name"])
                .whereRef("bt.book_id", "=", "b.id"),
            ).as("tags"),
          ]).whereRef("b.author_id", "=", "a.id"),
        ).as("books"),
      ]).execute(),
    async selectIn({ db }) {
      const authors = await db.selectFrom("authors").select(["id", "name", "born"]).execute();
      const byAuthor = new Map(), byBook = new Map(), tags = new Map();
      for (const author of authors) {
        author.books = [];
        byAuthor.set(author.id, author);
      }
      const ids = [...byAuthor.keys()];
      const profiles = db.selectFrom("profiles").select(["id", "bio", "author_id"]);
      for (const profile of await inChunks(profiles, "author_id", ids)) byAuthor.get(profile.author_id).profile = profile;
      const books = db.selectFrom("books").select(["id", "title", "pages", "price", "author_id"]);
      for (const book of await inChunks(books, "author_id", ids)) {
        book.tags = [];
        byBook.set(book.id, book);
        byAuthor.get(book.author_id).books.push(book);
      }
      for (const { book_id, id, name } of await inChunks(tagsOfBooks(db), "book_id", [...byBook.keys()])) {
        let tag = tags.get(id);
        if (!tag) tags.set(id, (tag = { id, name }));
        byBook.get(book_id).tags.push(tag);
      }
      return authors;
    },
    async lazy({ db }) {
      const authors = await db.selectFrom("authors").selectAll().orderBy("id").limit(LAZY).execute();
      for (const author of authors) {
        author.profile = await db.selectFrom("profiles").selectAll().where("author_id", "=", author.id).executeTakeFirst();
        author.books = await db.selectFrom("books").selectAll().where("author_id", "=", author.id).execute();
        for (const book of author.books) book.tags = await tagsOfBooks(db).where("book_id", "=", book.id).execute();
      }
      return authors;
    },
  },
});
