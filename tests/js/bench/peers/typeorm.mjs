// TypeORM on its `sqljs` driver: relations joined, by further queries, and lazy.

import initSqlJs from "sql.js";
import { DataSource, EntitySchema } from "typeorm";
import { offer } from "../peer.mjs";
import { LAZY, LOOKUPS } from "../schema.mjs";
import { keys } from "../data.mjs";
import { inBatches } from "./batches.mjs";

const key = { type: "integer", primary: true };

/** The same entities, their relations lazy or not. */
function entities(lazy) {
  const join = { name: "author_id", referencedColumnName: "id" };
  return {
    authors: new EntitySchema({
      name: "Author", tableName: "authors",
      columns: { id: key, name: { type: "text" }, born: { type: "integer", nullable: true } },
      relations: {
        profile: { type: "one-to-one", target: "Profile", inverseSide: "author", lazy },
        books: { type: "one-to-many", target: "Book", inverseSide: "author", lazy },
      },
    }),
    profiles: new EntitySchema({
      name: "Profile", tableName: "profiles",
      columns: { id: key, bio: { type: "text", nullable: true }, author_id: { type: "integer" } },
      relations: { author: { type: "one-to-one", target: "Author", inverseSide: "profile", joinColumn: join, lazy } },
    }),
    tags: new EntitySchema({ name: "Tag", tableName: "tags", columns: { id: key, name: { type: "text" } } }),
    books: new EntitySchema({
      name: "Book", tableName: "books",
      columns: {
        id: key, title: { type: "text" }, pages: { type: "integer", nullable: true },
        price: { type: "real", nullable: true }, author_id: { type: "integer" },
      },
      indices: [{ columns: ["author_id"] }],
      relations: {
        author: { type: "many-to-one", target: "Author", inverseSide: "books", joinColumn: join, lazy },
        tags: {
          type: "many-to-many", target: "Tag", lazy,
          joinTable: { name: "books_tags", joinColumn: { name: "book_id" }, inverseJoinColumn: { name: "tag_id" } },
        },
      },
    }),
  };
}

let SQL_;
const EAGER = entities(false);
const LATE = entities(true);

const connect = (kinds, database) =>
  new DataSource({ type: "sqljs", driver: SQL_, entities: Object.values(kinds), synchronize: !database, database }).initialize();

const fill = (source, data) =>
  source.transaction(async (manager) => {
    for (const name of Object.keys(data)) {
      const into = EAGER[name] ?? source.getRepository("Book").metadata.relations.find((one) => one.isManyToMany).junctionEntityMetadata.target ?? "books_tags";
      for (const batch of inBatches(name, data[name])) {
        await manager.createQueryBuilder().insert().into(into).values(batch).updateEntity(false).execute();
      }
    }
  });

async function lookups({ books, wanted }) {
  const found = [];
  for (const id of wanted) found.push(await books.findOneBy({ id }));
  return found;
}

const RELATIONS = { profile: true, books: { tags: true } };

offer({
  name: "TypeORM",
  // Its `relationLoadStrategy: "query"` takes a hundred times as long for ten times as many.
  most: { selectIn: 1000 },
  async load() {
    SQL_ = await initSqlJs({ locateFile: (file) => `./${file}` });
    return {};
  },
  async open(data) {
    const source = await connect(EAGER);
    await fill(source, data);
    const late = await connect(LATE, source.driver.export());
    return { source, late, books: source.getRepository("Book"), wanted: keys(LOOKUPS, data.books.length) };
  },
  async close({ source, late }) {
    await source.destroy();
    await late.destroy();
  },
  works: {
    async insert(_, data) {
      const source = await connect(EAGER);
      const start = performance.now();
      await fill(source, data);
      const ms = performance.now() - start;
      const result = await Promise.all(
        Object.keys(data).map(async (table) => Object.values((await source.query(`SELECT count(*) FROM ${table}`))[0])),
      );
      await source.destroy();
      return { ms, result };
    },
    scan: ({ books }) => books.find({ order: { id: "ASC" } }),
    join: ({ source }) =>
      source.createQueryBuilder().from("Book", "b").innerJoin("b.author", "a").innerJoin("a.profile", "p")
        .select(["b.id AS id", "b.title AS title", "b.price AS price", "a.name AS author", "p.bio AS bio"])
        .orderBy("b.id").getRawMany(),
    lookups,
    lookupsInOne: ({ source, wanted }) =>
      source.transaction((manager) => lookups({ books: manager.getRepository("Book"), wanted })),
    groupBy: ({ source }) =>
      source.createQueryBuilder().from("Book", "b").innerJoin("b.tags", "t")
        .select(["t.name AS name", "count(*) AS books", "sum(b.pages) AS pages", "max(b.price) AS dearest"])
        .groupBy("t.id").orderBy("t.id").getRawMany(),
    joined: ({ source }) => source.getRepository("Author").find({ relations: RELATIONS }),
    selectIn: ({ source }) => source.getRepository("Author").find({ relations: RELATIONS, relationLoadStrategy: "query" }),
    async lazy({ late }) {
      const authors = await late.getRepository("Author").find({ order: { id: "ASC" }, take: LAZY });
      const made = [];
      for (const author of authors) {
        const { id, name, born } = author;
        const profile = await author.profile;
        const books = [];
        for (const book of await author.books) {
          const { id, title, pages, price } = book;
          books.push({ id, title, pages, price, tags: await book.tags });
        }
        made.push({ id, name, born, profile, books });
      }
      return made;
    },
  },
});
