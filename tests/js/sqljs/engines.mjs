// The two engines that every case runs on: sql.js from npm, and Relata's package in its place.
import initSqlJs from "sql.js";

/** Where Relata's package lies: `pkg/`, as `cargo xtask pack` makes it, unless RELATA_PKG names another folder (with a slash at its end). */
export const packageFolder = process.env.RELATA_PKG
    ? new URL(process.env.RELATA_PKG, "file:///")
    : new URL("../../../pkg/", import.meta.url);

// sql.js warns at each call of a function that it means to drop; see docs/sqljs.md.
const { warn } = console;
console.warn = (...words) => String(words[0]).startsWith("sql.js: legacy function") || warn(...words);

const { default: initRelata } = await import(new URL("relata.js", packageFolder));

export const sqlJs = { name: "sql.js", init: initSqlJs, SQL: await initSqlJs() };
export const relata = { name: "Relata", init: initRelata, SQL: await initRelata() };
