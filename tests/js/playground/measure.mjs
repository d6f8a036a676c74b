/**
 * What a graph costs: `node tests/js/playground/measure.mjs [authors] [rounds]`, after `cargo xtask pack`.
 *
 * Authors with a profile and three books each, two of 200 tags for each book. The limit is the select-in statements with every
 * column read and nothing made of it. Medians of rounds in turn.
 */
import initSqlJs from "sql.js";
import { init, Playground } from "../../../pkg/relata.js";

const [authors = 10_000, rounds = 15] = process.argv.slice(2).map(Number);
await init();

const DATA = [
  "INSERT INTO tags SELECT value, 'tag ' || value FROM numbers WHERE value <= 200",
  "INSERT INTO authors SELECT value, 'Author number ' || value, 1900 + value % 100 FROM numbers",
  "INSERT INTO profiles SELECT value, 'The life and letters of author ' || value, value FROM numbers",
  "INSERT INTO books SELECT 3 * value + n.column1 - 2, 'Book ' || n.column1 || ' of author ' || value, 100 + value % 400, value FROM numbers, (VALUES (0), (1), (2)) AS n",
  "INSERT INTO books_tags SELECT id, id % 200 + 1 FROM books UNION ALL SELECT id, (id * 7 + 3) % 200 + 1 FROM books WHERE id % 200 <> (id * 7 + 3) % 200",
];

const playground = new Playground({
  models: {
    Author: { name: "text", born: "integer" },
    Profile: { bio: "text" },
    Book: { title: "text", pages: "integer" },
    Tag: { name: "text" },
  },
  relationships: [
    "an Author has one Profile; each Profile has one Author, required",
    "an Author has many Books; each Book has one Author, required",
    "a Book has many Tags; a Tag has many Books",
  ],
});
fill(playground.database);

function fill(database) {
  database.run("CREATE TEMP TABLE numbers (value INTEGER PRIMARY KEY)");
  database.run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) INSERT INTO numbers SELECT i FROM n", [authors]);
  for (const sql of DATA) database.run(sql);
}

const median = (times) => times.sort((a, b) => a - b)[times.length >> 1];
const include = { profile: true, books: { include: { tags: true } } };
const timed = (act) => {
  const start = performance.now();
  act();
  return performance.now() - start;
};

const times = { limit: [], graph: [], objects: [] };
const ways = ["joined", "subquery", "json"];
for (const way of ways) times[way] = [];
for (let round = 0; round < rounds; round += 1) {
  const { sqlite, graph, objects } = playground.measure({ model: "Author", include });
  times.limit.push(sqlite);
  times.graph.push(graph);
  times.objects.push(objects);
  for (const strategy of ways) times[strategy].push(timed(() => playground.query({ model: "Author", include, strategy })));
}
const limit = median(times.limit);
for (const [name, all] of Object.entries(times)) console.log(name.padEnd(10), `${median(all).toFixed(1)} ms`.padStart(10), (median(all) / limit).toFixed(2));

/** Lazy loading as a script does it on sql.js: prepared once, a statement for each object. */
const SQL = await initSqlJs();
const peer = new SQL.Database();
for (const sql of playground.define().ddl) peer.run(sql);
fill(peer);
const lazily = (database, count) => {
  const statement = (sql) => database.prepare(sql);
  const all = statement("SELECT id, name, born FROM authors ORDER BY id LIMIT ?");
  const profile = statement("SELECT id, bio FROM profiles WHERE author_id = ?");
  const books = statement("SELECT id, title, pages FROM books WHERE author_id = ?");
  const tags = statement("SELECT tags.id, tags.name FROM tags, books_tags WHERE books_tags.book_id = ? AND tags.id = books_tags.tag_id");
  const rows = (prepared, key) => {
    const found = [];
    prepared.bind([key]);
    while (prepared.step()) found.push(prepared.getAsObject());
    return found;
  };
  const known = new Map();
  const objects = rows(all, count);
  for (const author of objects) {
    [author.profile = null] = rows(profile, author.id);
    author.books = rows(books, author.id);
    for (const book of author.books) {
      book.tags = rows(tags, book.id).map((tag) => known.get(tag.id) ?? (known.set(tag.id, tag), tag));
    }
  }
  for (const prepared of [all, profile, books, tags]) prepared.free();
  return objects;
};
const lazy = { "sql.js": [], Relata: [] };
for (let round = 0; round < rounds; round += 1) {
  lazy["sql.js"].push(timed(() => lazily(peer, 1000)));
  lazy.Relata.push(timed(() => playground.query({ model: "Author", include, strategy: "lazy", order: "id", limit: 1000 })));
}
const [theirs, ours] = [median(lazy["sql.js"]), median(lazy.Relata)];
console.log("lazy".padEnd(10), `${ours.toFixed(1)} ms against ${theirs.toFixed(1)}`, (ours / theirs).toFixed(2));
if (globalThis.gc) {
  let kept = null;
  gc();
  const before = process.memoryUsage();
  kept = playground.query({ model: "Author", include }).objects;
  gc();
  const after = process.memoryUsage();
  console.log(`heap kept ${((after.heapUsed - before.heapUsed) / 2 ** 20).toFixed(1)} MiB, buffers ${((after.arrayBuffers - before.arrayBuffers) / 2 ** 20).toFixed(1)} MiB`, kept.length);
}
