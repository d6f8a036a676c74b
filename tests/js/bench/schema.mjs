// The tables, as Relata's mapping makes them of the models, and the SQL of the raw workloads.

export const COLUMNS = {
  authors: ["id", "name", "born"],
  profiles: ["id", "bio", "author_id"],
  tags: ["id", "name"],
  books: ["id", "title", "pages", "price", "author_id"],
  books_tags: ["book_id", "tag_id"],
};

/** Parents before what refers to them. */
export const TABLES = Object.keys(COLUMNS);

export const DDL = [
  "CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL, born INTEGER)",
  "CREATE TABLE profiles (id INTEGER PRIMARY KEY, bio TEXT, author_id INTEGER NOT NULL UNIQUE REFERENCES authors (id))",
  "CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL)",
  "CREATE TABLE books (id INTEGER PRIMARY KEY, title TEXT NOT NULL, pages INTEGER, price REAL, author_id INTEGER NOT NULL REFERENCES authors (id))",
  "CREATE TABLE books_tags (book_id INTEGER NOT NULL REFERENCES books (id), tag_id INTEGER NOT NULL REFERENCES tags (id), PRIMARY KEY (book_id, tag_id))",
  "CREATE INDEX ix_books_author_id ON books (author_id)",
  "CREATE INDEX ix_books_tags_tag_id ON books_tags (tag_id)",
];

export const insertInto = (table) =>
  `INSERT INTO ${table} (${COLUMNS[table].join(", ")}) VALUES (${COLUMNS[table].map(() => "?").join(", ")})`;

export const SQL = {
  scan: "SELECT id, title, pages, price, author_id FROM books ORDER BY id",
  join:
    "SELECT b.id, b.title, b.price, a.name AS author, p.bio AS bio FROM books b JOIN authors a ON a.id = b.author_id " +
    "JOIN profiles p ON p.author_id = a.id ORDER BY b.id",
  lookup: "SELECT id, title, pages, price, author_id FROM books WHERE id = ?",
  groupBy:
    "SELECT t.name, count(*) AS books, sum(b.pages) AS pages, max(b.price) AS dearest FROM tags t " +
    "JOIN books_tags bt ON bt.tag_id = t.id JOIN books b ON b.id = bt.book_id GROUP BY t.id ORDER BY t.id",
};

export const LOOKUPS = 10_000;
/** How many authors are loaded lazily: one statement for each property of each object. */
export const LAZY = 1_000;
/** Keys in one `IN (…)`, as SQLAlchemy and Relata send them. */
export const CHUNK = 500;
