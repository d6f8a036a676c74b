/**
 * The library of authors, books and tags that every consumer writes, and what each must read back: the same data,
 * whatever the ORM and whichever SQLite is behind it.
 */

/** Two bytes that are no number when read as text, then plain letters. */
const PORTRAIT = Uint8Array.of(0x41, 0x00, 0x42);

const AUTHORS = [
  {
    name: "Ursula K. Le Guin",
    profile: { bio: "Wrote “The Dispossessed”.", portrait: PORTRAIT },
    books: [
      { title: "The Left Hand of Darkness", price: 9.5, inPrint: true, tags: ["classic", "science fiction"] },
      { title: "A Wizard of Earthsea", price: 8, inPrint: true, tags: ["classic", "fantasy"] },
    ],
  },
  {
    name: "Stanisław Lem",
    profile: { bio: null, portrait: null },
    books: [{ title: "Solaris", price: null, inPrint: false, tags: ["science fiction"] }],
  },
  { name: "Anonymous", profile: null, books: [{ title: "Beowulf", price: 1, inPrint: true, tags: ["classic"] }] },
];

/** What is written first, in one transaction: a copy, since libraries write keys into what they are given. */
export const authorsToWrite = () => structuredClone(AUTHORS);

/** Each tag once. */
export const TAGS = [...new Set(AUTHORS.flatMap(({ books }) => books.flatMap(({ tags }) => tags)))];

/** What a consumer changes after that: one book updated, one author deleted with what hangs on him. */
export const UPDATE = { title: "Solaris", price: 12.25 };
export const DELETED = "Anonymous";

/** The author of a transaction that is rolled back. */
export const NEVER = "Nobody";

/** What ends that transaction. */
export class ChangedMind extends Error {}

/** An author who is there already, whom the UNIQUE constraint refuses. */
export const TWICE = "Stanisław Lem";

/** What a consumer returns. */
export const EXPECTED = {
  updated: 1,
  deleted: 1,
  refused: "UNIQUE constraint failed: authors.name",
  authors: [
    {
      name: "Stanisław Lem",
      profile: { bio: null, portrait: null },
      books: [{ title: "Solaris", price: 12.25, inPrint: false, tags: ["science fiction"] }],
    },
    {
      name: "Ursula K. Le Guin",
      profile: { bio: "Wrote “The Dispossessed”.", portrait: [...PORTRAIT] },
      books: [
        { title: "A Wizard of Earthsea", price: 8, inPrint: true, tags: ["classic", "fantasy"] },
        { title: "The Left Hand of Darkness", price: 9.5, inPrint: true, tags: ["classic", "science fiction"] },
      ],
    },
  ],
};

/** SQLite's own words, below whatever a library has wrapped around them. */
export function sqliteWords(error) {
  while (error.cause ?? error.driverError) error = error.cause ?? error.driverError;
  return error.message.match(/UNIQUE constraint failed: [\w.]+/)?.[0] ?? `something else: ${error.message}`;
}

/** The error that `work` ends with, whether it throws or rejects. */
export async function failure(work) {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error("it should have failed");
}

/** Plain numbers for a blob, in whichever of JavaScript's types a library hands it over. */
export function bytes(blob) {
  if (blob === null) return null;
  return [...(typeof blob === "string" ? new TextEncoder().encode(blob) : blob)];
}

/** One author's data without ids and without the classes of a library; `tags` gives the tags of a book. */
export function plain({ name, profile, books }, tags = (book) => book.tags) {
  return {
    name,
    profile: profile && { bio: profile.bio, portrait: bytes(profile.portrait) },
    books: books.map((book) => ({
      title: book.title,
      price: book.price,
      inPrint: Boolean(book.inPrint),
      tags: tags(book).map((tag) => tag.name),
    })),
  };
}
