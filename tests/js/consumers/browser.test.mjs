/** The same consumers as a bundler makes them, in a browser: on sql.js and on Relata's package as it is shipped. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bundle, noBrowser, withPage } from "../browser.mjs";
import { EXPECTED } from "./library.mjs";

describe("in the browser", { skip: noBrowser }, () => {
  for (const engine of ["sql.js", "Relata"]) {
    test(`every consumer reads back what it wrote on ${engine}`, async () => {
      const path = await bundle(new URL("bundle.mjs", import.meta.url), "consumers");
      const results = await withPage("/tests/js/blank.html", (page) => page.evaluate(run, path, engine));
      assert.deepEqual(results, { drizzle: EXPECTED, kysely: EXPECTED, typeorm: EXPECTED, mikroOrm: EXPECTED });
    });
  }
});

/** Runs in the page. */
async function run(path, engine) {
  const { consumers, initSqlJs } = await import(path);
  const init = engine === "sql.js" ? initSqlJs : (await import("/pkg/relata.js")).default;
  const results = {};
  for (const [name, consumer] of Object.entries(consumers)) results[name] = await consumer(init);
  return results;
}
