/** What the page of the browser test loads: the consumers as a bundler makes them, and sql.js itself. */
import "./globals.mjs";
import drizzle from "./drizzle.mjs";
import kysely from "./kysely.mjs";
import mikroOrm from "./mikro-orm.mjs";
import typeorm from "./typeorm.mjs";

export { default as initSqlJs } from "sql.js";
export const consumers = { drizzle, kysely, typeorm, mikroOrm };
