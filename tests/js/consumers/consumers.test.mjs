/** ORMs and query builders that people use with sql.js, on sql.js and on Relata. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { engines } from "../engines.mjs";
import { EXPECTED } from "./library.mjs";
import drizzle from "./drizzle.mjs";
import kysely from "./kysely.mjs";
import mikroOrm from "./mikro-orm.mjs";
import typeorm from "./typeorm.mjs";

for (const [name, run] of Object.entries({ drizzle, kysely, typeorm, mikroOrm })) {
  describe(name, () => {
    for (const [engine, initSqlJs] of Object.entries(engines)) {
      test(`reads back what it wrote on ${engine}`, async () => {
        assert.deepEqual(await run(initSqlJs), EXPECTED);
      });
    }
  });
}
