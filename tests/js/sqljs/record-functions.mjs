// Writes to tests/functions.tsv what real sql.js makes of the calls in expressions.mjs: node tests/js/sqljs/record-functions.mjs
import { writeFileSync } from "node:fs";
import initSqlJs from "sql.js";
import { answer, queries } from "./expressions.mjs";

console.warn = () => {}; // sql.js warns at each call
const { Database } = await initSqlJs();
const db = new Database();
const lines = queries.map(query => `${query}\t${answer(db, query)}\n`);
writeFileSync(new URL("../../functions.tsv", import.meta.url), lines.join(""));
