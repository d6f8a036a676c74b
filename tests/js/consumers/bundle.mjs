/** What the page of the browser test loads: the consumers as a bundler makes them, and sql.js itself. */
import "./globals.mjs";
import drizzle from "./drizzle.mjs";
import kysely from "./kysely.mjs";
import mikroOrm from "./mikro-orm.mjs";
import typeorm from "./typeorm.mjs";
import init from "sql.js";
import wasm from "sql.js/dist/sql-wasm-browser.wasm";

export const initSqlJs = () => init({ locateFile: () => wasm });
export const consumers = { drizzle, kysely, typeorm, mikroOrm };
