/** TypeORM on its `sqljs` driver: repositories of entities, loaded with their relations. */
import { DataSource, EntitySchema } from "typeorm";
import { ChangedMind, DELETED, NEVER, TAGS, TWICE, UPDATE } from "./library.mjs";
import { authorsToWrite, failure, plain, sqliteWords } from "./library.mjs";

const id = { type: "integer", primary: true, generated: "increment" };
const author = { type: "many-to-one", target: "Author", onDelete: "CASCADE", nullable: false };
const authorKey = { name: "author_id" };

const Author = new EntitySchema({
  name: "Author",
  tableName: "authors",
  columns: { id, name: { type: "text", unique: true } },
  relations: {
    profile: { type: "one-to-one", target: "Profile", inverseSide: "author", cascade: true },
    books: { type: "one-to-many", target: "Book", inverseSide: "author", cascade: true },
  },
});
const Profile = new EntitySchema({
  name: "Profile",
  tableName: "profiles",
  columns: { id, bio: { type: "text", nullable: true }, portrait: { type: "blob", nullable: true } },
  relations: { author: { ...author, type: "one-to-one", inverseSide: "profile", joinColumn: authorKey } },
});
const Book = new EntitySchema({
  name: "Book",
  tableName: "books",
  columns: {
    id,
    title: { type: "text" },
    price: { type: "real", nullable: true },
    inPrint: { type: "boolean", name: "in_print" },
  },
  relations: {
    author: { ...author, inverseSide: "books", joinColumn: authorKey },
    tags: { type: "many-to-many", target: "Tag", joinTable: { name: "book_tags" } },
  },
});
const Tag = new EntitySchema({
  name: "Tag",
  tableName: "tags",
  columns: { id, name: { type: "text", unique: true } },
});

export default async function run(initSqlJs) {
  const source = new DataSource({
    type: "sqljs",
    driver: initSqlJs,
    entities: [Author, Profile, Book, Tag],
    synchronize: true,
  });
  await source.initialize();

  await source.transaction(write);
  const { affected: updated } = await source
    .getRepository(Book)
    .update({ title: UPDATE.title }, { price: UPDATE.price });
  const { affected: deleted } = await source.getRepository(Author).delete({ name: DELETED });
  await failure(() =>
    source.transaction(async (manager) => {
      await manager.save(Author, { name: NEVER });
      throw new ChangedMind();
    }),
  );
  const refused = await failure(() => source.getRepository(Author).insert({ name: TWICE }));

  // Loaded from a copy that went through bytes, as an application does it that keeps its database in a file.
  const bytes = source.sqljsManager.exportDatabase();
  await source.destroy();
  const copy = await new DataSource({ ...source.options, database: bytes, synchronize: false }).initialize();
  const authors = await copy.getRepository(Author).find({
    relations: { profile: true, books: { tags: true } },
    order: { name: "ASC", books: { title: "ASC", tags: { name: "ASC" } } },
  });
  await copy.destroy();
  return { updated, deleted, refused: sqliteWords(refused), authors: authors.map((author) => plain(author)) };
}

async function write(manager) {
  const tags = await manager.save(Tag, TAGS.map((name) => ({ name })));
  const named = (names) => tags.filter(({ name }) => names.includes(name));
  const entities = authorsToWrite().map(({ books, ...author }) => ({
    ...author,
    books: books.map((book) => ({ ...book, tags: named(book.tags) })),
  }));
  await manager.save(Author, entities);
}
