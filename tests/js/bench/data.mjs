// The data that every peer is given: the same from the same seed, on every machine.

/** Numbers in [0, 1) from a seed (mulberry32). */
function numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const FIRST = ["Ada", "Björn", "Chinua", "Doris", "Émile", "Françoise", "Gabriel", "Haruki", "Italo", "Jorge"];
const LAST = ["Achebe", "Borges", "Calvino", "Lessing", "Murakami", "Sagan", "Zola", "Márquez", "Lovelace", "Olsson"];
const WORDS = ["the", "sea", "of", "glass", "and", "a", "garden", "winter", "letter", "from", "north", "house", "last", "year"];

export const TAGS = 200;
export const BOOKS_EACH = 3;
export const TAGS_EACH = 2;
export const SEED = 20260101;

/**
 * The rows of every table, as arrays in the order of the columns. One author in ten has no year of birth, one book in
 * twenty no price.
 */
export function make(authors, seed = SEED) {
  const random = numbers(seed);
  const below = (limit) => Math.floor(random() * limit);
  const words = (count) => Array.from({ length: count }, () => WORDS[below(WORDS.length)]).join(" ");
  const data = { authors: [], profiles: [], tags: [], books: [], books_tags: [] };
  for (let id = 1; id <= TAGS; id++) data.tags.push([id, `${WORDS[id % WORDS.length]} ${id}`]);
  let book = 0;
  for (let id = 1; id <= authors; id++) {
    const born = random() < 0.1 ? null : 1850 + below(150);
    data.authors.push([id, `${FIRST[below(10)]} ${LAST[below(10)]} ${id}`, born]);
    data.profiles.push([id, words(4 + below(8)), id]);
    for (let nth = 0; nth < BOOKS_EACH; nth++) {
      book++;
      const price = random() < 0.05 ? null : (100 + below(4900)) / 100;
      data.books.push([book, `${words(2 + below(4))} ${book}`, 40 + below(900), price, id]);
      const one = 1 + below(TAGS);
      const other = 1 + ((one + below(TAGS - 1)) % TAGS);
      data.books_tags.push([book, Math.min(one, other)], [book, Math.max(one, other)]);
    }
  }
  return data;
}

/** The keys that are looked up: as many as asked for, in no order. */
export function keys(count, books, seed = SEED + 1) {
  const random = numbers(seed);
  return Array.from({ length: count }, () => 1 + Math.floor(random() * books));
}
