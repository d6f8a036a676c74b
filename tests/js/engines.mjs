/** sql.js itself, and the package that takes its place: what runs on one must run on the other, and end the same. */
import initSqlJs from "sql.js";
import initRelata from "../../pkg/relata.js";

export const engines = { "sql.js": initSqlJs, Relata: initRelata };
