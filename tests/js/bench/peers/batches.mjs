// Rows as objects, so many in a statement as SQLite's limit of parameters comfortably allows.

import { COLUMNS } from "../schema.mjs";

/** Of 1, 50, 100, 500, 1000 and 2000 rows a statement, the query builders were fastest with about this many. */
const ROWS = 100;

export function* inBatches(table, rows) {
  const columns = COLUMNS[table];
  const object = (row) => Object.fromEntries(columns.map((column, at) => [column, row[at]]));
  for (let at = 0; at < rows.length; at += ROWS) yield rows.slice(at, at + ROWS).map(object);
}
