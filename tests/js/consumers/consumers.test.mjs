/** ORMs and query builders that people use with sql.js, on sql.js and on Relata. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { engines } from "../engines.mjs";
import { EXPECTED } from "./library.mjs";
import { transcribed } from "./transcript.mjs";
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

    test("makes the same calls on both, and is given the same answers", async () => {
      const transcripts = await Promise.all(Object.values(engines).map((initSqlJs) => transcript(run, initSqlJs)));
      assert.notEqual(transcripts[0].length, 0);
      assert.deepEqual(transcripts[1], transcripts[0]);
    });
  });
}

async function transcript(run, initSqlJs) {
  const calls = [];
  await run(transcribed(initSqlJs, calls));
  return calls;
}
