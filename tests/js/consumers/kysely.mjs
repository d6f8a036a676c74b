/** Kysely on its own SQLite dialect: a typed query builder; nested data come as JSON that SQLite makes. */
import { Kysely, ParseJSONResultsPlugin, SqliteDialect, sql } from "kysely";
import { jsonArrayFrom, jsonObjectFrom } from "kysely/helpers/sqlite";
import { ChangedMind, DELETED, NEVER, TAGS, TWICE, UPDATE } from "./library.mjs";
import { authorsToWrite, failure, plain, sqliteWords } from "./library.mjs";
import { sqliteDatabase } from "./sqlite-database.mjs";

export default async function run(initSqlJs) {
  const { Database } = await initSqlJs();
  const db = new Kysely({
    dialect: new SqliteDialect({ database: sqliteDatabase(new Database()) }),
    plugins: [new ParseJSONResultsPlugin()],
  });
  await create(db);

  await db.transaction().execute(write);
  const { numUpdatedRows } = await db
    .updateTable("books")
    .set({ price: UPDATE.price })
    .where("title", "=", UPDATE.title)
    .executeTakeFirst();
  const { numDeletedRows } = await db.deleteFrom("authors").where("name", "=", DELETED).executeTakeFirst();
  await failure(() =>
    db.transaction().execute(async (trx) => {
      await trx.insertInto("authors").values({ name: NEVER }).execute();
      throw new ChangedMind();
    }),
  );
  const refused = await failure(() => db.insertInto("authors").values({ name: TWICE }).execute());

  const authors = await graph(db);
  await db.destroy();
  return {
    updated: Number(numUpdatedRows),
    deleted: Number(numDeletedRows),
    refused: sqliteWords(refused),
    authors: authors.map((author) => plain(author)),
  };
}

async function create(db) {
  await sql`PRAGMA foreign_keys = ON`.execute(db);
  const table = (name) => db.schema.createTable(name).addColumn("id", "integer", (column) => column.primaryKey());
  const key = (target) => (column) => column.notNull().references(`${target}.id`).onDelete("cascade");
  const word = (column) => column.notNull().unique();
  const tables = [
    table("authors").addColumn("name", "text", word),
    table("profiles")
      .addColumn("bio", "text")
      .addColumn("portrait", "blob")
      .addColumn("author_id", "integer", (column) => key("authors")(column).unique()),
    table("books")
      .addColumn("title", "text", (column) => column.notNull())
      .addColumn("price", "real")
      .addColumn("in_print", "integer", (column) => column.notNull())
      .addColumn("author_id", "integer", key("authors")),
    table("tags").addColumn("name", "text", word),
    db.schema
      .createTable("book_tags")
      .addColumn("book_id", "integer", key("books"))
      .addColumn("tag_id", "integer", key("tags"))
      .addPrimaryKeyConstraint("book_tags_key", ["book_id", "tag_id"]),
  ];
  for (const each of tables) await each.execute();
}

async function write(trx) {
  const tags = await trx.insertInto("tags").values(TAGS.map((name) => ({ name }))).returningAll().execute();
  const tagIds = new Map(tags.map((tag) => [tag.name, tag.id]));
  for (const { name, profile, books } of authorsToWrite()) {
    const { insertId } = await trx.insertInto("authors").values({ name }).executeTakeFirst();
    const author_id = Number(insertId);
    if (profile) await trx.insertInto("profiles").values({ ...profile, author_id }).execute();
    for (const { tags: names, inPrint, ...book } of books) {
      const { id: book_id } = await trx
        .insertInto("books")
        .values({ ...book, in_print: Number(inPrint), author_id })
        .returning("id")
        .executeTakeFirstOrThrow();
      await trx
        .insertInto("book_tags")
        .values(names.map((tag) => ({ book_id, tag_id: tagIds.get(tag) })))
        .execute();
    }
  }
}

/** JSON has no blobs: the portrait is read as a column of the joined profile. */
async function graph(db) {
  const tags = (book) =>
    book
      .selectFrom("tags")
      .innerJoin("book_tags", "book_tags.tag_id", "tags.id")
      .select("tags.name")
      .whereRef("book_tags.book_id", "=", "books.id")
      .orderBy("tags.name");
  const books = (author) =>
    author
      .selectFrom("books")
      .select((book) => ["title", "price", "in_print as inPrint", jsonArrayFrom(tags(book)).as("tags")])
      .whereRef("books.author_id", "=", "authors.id")
      .orderBy("title");
  const profile = (author) =>
    author.selectFrom("profiles").select("bio").whereRef("profiles.author_id", "=", "authors.id");
  const rows = await db
    .selectFrom("authors")
    .leftJoin("profiles", "profiles.author_id", "authors.id")
    .select((author) => [
      "authors.name",
      "profiles.portrait",
      jsonObjectFrom(profile(author)).as("profile"),
      jsonArrayFrom(books(author)).as("books"),
    ])
    .orderBy("authors.name")
    .execute();
  return rows.map(({ portrait, ...author }) => ({
    ...author,
    profile: author.profile && { ...author.profile, portrait },
  }));
}
