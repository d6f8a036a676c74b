// The raw workloads, and the graph by hand, on whatever has the interface of sql.js.

import { CHUNK, DDL, LAZY, LOOKUPS, SQL, TABLES, insertInto } from "../schema.mjs";
import { keys } from "../data.mjs";

export function fill(db, data) {
  db.run("BEGIN");
  for (const table of TABLES) {
    const statement = db.prepare(insertInto(table));
    for (const row of data[table]) statement.run(row);
    statement.free();
  }
  db.run("COMMIT");
}

export function create(SQL_) {
  const db = new SQL_.Database();
  for (const statement of DDL) db.run(statement);
  return db;
}

/** How many rows each table has. */
export const counts = (db) => TABLES.map((table) => db.exec(`SELECT count(*) FROM ${table}`)[0].values[0]);

function lookups({ db, wanted }) {
  const statement = db.prepare(SQL.lookup);
  const found = [];
  for (const key of wanted) {
    statement.bind([key]);
    if (statement.step()) found.push(statement.get());
    statement.reset();
  }
  statement.free();
  return found;
}

export const raw = {
  insert({ SQL_ }, data) {
    const db = create(SQL_);
    const start = performance.now();
    fill(db, data);
    const ms = performance.now() - start;
    const result = counts(db);
    db.close();
    return { ms, result };
  },

  scan({ db }) {
    const statement = db.prepare(SQL.scan);
    const rows = [];
    while (statement.step()) rows.push(statement.get());
    statement.free();
    return rows;
  },

  exec: ({ db }) => db.exec(SQL.scan)[0].values,

  join({ db }) {
    const statement = db.prepare(SQL.join);
    const rows = [];
    while (statement.step()) rows.push(statement.getAsObject());
    statement.free();
    return rows;
  },

  lookups,

  lookupsInOne(context) {
    context.db.run("BEGIN");
    const found = lookups(context);
    context.db.run("COMMIT");
    return found;
  },

  groupBy: ({ db }) => db.exec(SQL.groupBy)[0].values,
};

/** All rows of a statement. */
function rows(db, sql, params) {
  const statement = db.prepare(sql);
  if (params) statement.bind(params);
  const found = [];
  while (statement.step()) found.push(statement.get());
  statement.free();
  return found;
}

/** The rows for these keys, in chunks, as an ORM asks for them. */
function* inChunks(db, sql, ids) {
  let statement, size;
  for (let at = 0; at < ids.length; at += CHUNK) {
    const chunk = ids.slice(at, at + CHUNK);
    if (chunk.length !== size) {
      statement?.free();
      statement = db.prepare(sql(chunk.map(() => "?").join(", ")));
      size = chunk.length;
    }
    statement.bind(chunk);
    while (statement.step()) yield statement.get();
    statement.reset();
  }
  statement?.free();
}

/** The statements of select-in loading, each after the one that feeds it. */
const SELECT_IN = {
  authors: "SELECT id, name, born FROM authors",
  profiles: (keys) => `SELECT id, bio, author_id FROM profiles WHERE author_id IN (${keys})`,
  books: (keys) => `SELECT id, title, pages, price, author_id FROM books WHERE author_id IN (${keys})`,
  tags: (keys) =>
    "SELECT bt.book_id, t.id, t.name FROM books_tags bt JOIN tags t ON t.id = bt.tag_id " + `WHERE bt.book_id IN (${keys})`,
};

const author = ([id, name, born]) => ({ id, name, born, profile: null, books: [] });
const book = ([id, title, pages, price]) => ({ id, title, pages, price, tags: [] });

/** The whole graph as one would write it by hand: each row one object. */
export const byHand = {
  joined({ db }) {
    const authors = new Map(), books = new Map(), tags = new Map(), profiles = new Map();
    const statement = db.prepare(
      "SELECT a.id, a.name, a.born, p.id, p.bio, b.id, b.title, b.pages, b.price, t.id, t.name FROM authors a " +
        "LEFT JOIN profiles p ON p.author_id = a.id LEFT JOIN books b ON b.author_id = a.id " +
        "LEFT JOIN books_tags bt ON bt.book_id = b.id LEFT JOIN tags t ON t.id = bt.tag_id",
    );
    while (statement.step()) {
      const row = statement.get();
      let one = authors.get(row[0]);
      if (!one) authors.set(row[0], (one = author(row)));
      if (row[3] !== null && !profiles.has(row[3])) {
        one.profile = { id: row[3], bio: row[4] };
        profiles.set(row[3], one.profile);
      }
      if (row[5] === null) continue;
      let other = books.get(row[5]);
      if (!other) {
        books.set(row[5], (other = book(row.slice(5, 9))));
        one.books.push(other);
      }
      if (row[9] === null) continue;
      let tag = tags.get(row[9]);
      if (!tag) tags.set(row[9], (tag = { id: row[9], name: row[10] }));
      other.tags.push(tag);
    }
    statement.free();
    return [...authors.values()];
  },

  selectIn({ db }) {
    const authors = new Map(), books = new Map(), tags = new Map();
    for (const row of rows(db, SELECT_IN.authors)) authors.set(row[0], author(row));
    const ids = [...authors.keys()];
    for (const [id, bio, owner] of inChunks(db, SELECT_IN.profiles, ids)) authors.get(owner).profile = { id, bio };
    for (const row of inChunks(db, SELECT_IN.books, ids)) {
      const one = book(row);
      books.set(one.id, one);
      authors.get(row[4]).books.push(one);
    }
    for (const [owner, id, name] of inChunks(db, SELECT_IN.tags, [...books.keys()])) {
      let tag = tags.get(id);
      if (!tag) tags.set(id, (tag = { id, name }));
      books.get(owner).tags.push(tag);
    }
    return [...authors.values()];
  },

  /** One statement; what it brings back is made of JSON, and knows no identity. */
  json({ db }) {
    const sql =
      "SELECT a.id, a.name, a.born, " +
      "(SELECT json_object('id', p.id, 'bio', p.bio) FROM profiles p WHERE p.author_id = a.id), " +
      "(SELECT json_group_array(json_object('id', b.id, 'title', b.title, 'pages', b.pages, 'price', b.price, 'tags', " +
      "json((SELECT json_group_array(json_object('id', t.id, 'name', t.name)) FROM books_tags bt JOIN tags t " +
      "ON t.id = bt.tag_id WHERE bt.book_id = b.id)))) FROM books b WHERE b.author_id = a.id) FROM authors a";
    return rows(db, sql).map(([id, name, born, profile, books]) => ({
      id, name, born, profile: JSON.parse(profile), books: JSON.parse(books),
    }));
  },

  /** A statement for each property of each object, all prepared once. */
  lazy({ db }) {
    const tags = new Map();
    const all = (statement, id) => {
      const found = [];
      statement.bind([id]);
      while (statement.step()) found.push(statement.get());
      statement.reset();
      return found;
    };
    const profileOf = db.prepare("SELECT id, bio FROM profiles WHERE author_id = ?");
    const booksOf = db.prepare("SELECT id, title, pages, price FROM books WHERE author_id = ?");
    const tagsOf = db.prepare(
      "SELECT t.id, t.name FROM books_tags bt JOIN tags t ON t.id = bt.tag_id WHERE bt.book_id = ?",
    );
    const authors = rows(db, `SELECT id, name, born FROM authors ORDER BY id LIMIT ${LAZY}`).map(author);
    for (const one of authors) {
      const [profile] = all(profileOf, one.id);
      if (profile) one.profile = { id: profile[0], bio: profile[1] };
      one.books = all(booksOf, one.id).map(book);
      for (const other of one.books) {
        other.tags = all(tagsOf, other.id).map(([id, name]) => {
          let tag = tags.get(id);
          if (!tag) tags.set(id, (tag = { id, name }));
          return tag;
        });
      }
    }
    for (const statement of [profileOf, booksOf, tagsOf]) statement.free();
    return authors;
  },
};

/** A peer with the interface of sql.js. */
export function peer(name, load) {
  let SQL_;
  return {
    name,
    async load() {
      SQL_ = await load();
      const db = new SQL_.Database();
      const version = db.exec("SELECT sqlite_version()")[0].values[0][0];
      db.close();
      return { sqlite: version };
    },
    open(data) {
      const db = create(SQL_);
      fill(db, data);
      return { SQL_, db, wanted: keys(LOOKUPS, data.books.length) };
    },
    close: ({ db }) => db.close(),
    works: { ...raw, ...byHand },
  };
}
