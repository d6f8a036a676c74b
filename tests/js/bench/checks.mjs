// What each workload must bring back, worked out from the data without SQL, and a digest to compare it by.

import { LOOKUPS, LAZY } from "./schema.mjs";
import { keys } from "./data.mjs";

/** A digest of values in order (FNV-1a over their text, with their types). */
class Digest {
  #hash = 0x811c9dc5;
  count = 0;

  add(...values) {
    for (const value of values) {
      this.count++;
      const text = value === null ? "null" : `${typeof value}:${value}`;
      for (let at = 0; at < text.length; at++) {
        this.#hash = Math.imul(this.#hash ^ text.charCodeAt(at), 0x01000193);
      }
      this.#hash = Math.imul(this.#hash ^ 31, 0x01000193);
    }
  }

  toString() {
    return `${this.count}:${(this.#hash >>> 0).toString(16)}`;
  }
}

/** Of rows, arrays or objects, with their columns in the order of the statement. */
export function digestOfRows(rows) {
  const digest = new Digest();
  for (const row of rows) digest.add(...(Array.isArray(row) ? row : Object.values(row)));
  return String(digest);
}

const byId = (one, other) => one.id - other.id;

/** Of a graph, walked from its authors; `tagsOf` where a peer has them elsewhere than in `book.tags`. */
export function digestOfGraph(authors, tagsOf = (book) => book.tags) {
  const digest = new Digest();
  for (const author of authors) {
    digest.add(author.id, author.name, author.born, author.profile.id, author.profile.bio, author.books.length);
    for (const book of [...author.books].sort(byId)) {
      const tags = [...tagsOf(book)].sort(byId);
      digest.add(book.id, book.title, book.pages, book.price, tags.length);
      for (const tag of tags) digest.add(tag.id, tag.name);
    }
  }
  return String(digest);
}

/** Whether the same row is the same object in a graph. */
export function hasIdentity(authors, tagsOf = (book) => book.tags) {
  const tags = new Map();
  for (const author of authors) {
    for (const book of author.books) {
      for (const tag of tagsOf(book)) if ((tags.get(tag.id) ?? tag) !== tag) return false;
      else tags.set(tag.id, tag);
    }
  }
  return true;
}

/** The graph of the first authors, made from the rows themselves. */
function graph(data, authors) {
  const tags = data.tags.map(([id, name]) => ({ id, name }));
  const books = data.books.map(([id, title, pages, price, author]) => ({ id, title, pages, price, author, tags: [] }));
  for (const [book, tag] of data.books_tags) books[book - 1].tags.push(tags[tag - 1]);
  const made = data.authors.slice(0, authors).map(([id, name, born]) => ({ id, name, born, books: [] }));
  for (const [id, bio, author] of data.profiles) if (author <= authors) made[author - 1].profile = { id, bio };
  for (const book of books) if (book.author <= authors) made[book.author - 1].books.push(book);
  return made;
}

function joined(data) {
  const bio = new Map(data.profiles.map(([, text, author]) => [author, text]));
  return data.books.map(([id, title, , price, author]) => [id, title, price, data.authors[author - 1][1], bio.get(author)]);
}

function grouped(data) {
  const groups = data.tags.map(([, name]) => [name, 0, 0, null]);
  for (const [book, tag] of data.books_tags) {
    const [, , pages, price] = data.books[book - 1];
    const group = groups[tag - 1];
    group[1]++;
    group[2] += pages;
    if (price !== null && (group[3] === null || price > group[3])) group[3] = price;
  }
  return groups.filter((group) => group[1] > 0);
}

/** The digest that each workload must have. */
export function expected(data) {
  const rows = (table) => digestOfRows(table);
  const whole = digestOfGraph(graph(data, data.authors.length));
  const found = digestOfRows(keys(LOOKUPS, data.books.length).map((key) => data.books[key - 1]));
  return {
    insert: digestOfRows(Object.values(data).map((table) => [table.length])),
    scan: rows(data.books),
    exec: rows(data.books),
    join: rows(joined(data)),
    lookups: found,
    lookupsInOne: found,
    groupBy: rows(grouped(data)),
    joined: whole,
    selectIn: whole,
    json: whole,
    lazy: digestOfGraph(graph(data, Math.min(LAZY, data.authors.length))),
  };
}
