/** Kept databases in whichever browser the package is tested with: Firefox has its own ways with files and with locks. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { noBrowser, withPage } from "../browser.mjs";

for (const [keep, sentence] of [
  ["opfs", "Kept in this browser."],
  ["snapshot", "Kept in this browser, as a copy made after each change."],
]) {
  test(`a database is opened again and given as a copy (${keep})`, { skip: noBrowser }, () =>
    withPage("/tests/js/blank.html", async (page) => {
      const found = await page.evaluate(async (keep) => {
        const { deleteKept, keptRoom, listKept, openKept } = await import("/pkg/kept.js");
        const db = await openKept("anywhere", { keep });
        await db.batch(["CREATE TABLE t (x)", ["INSERT INTO t VALUES (?)", ["kept"]]]);
        const { place, words } = await db.saved();
        const rows = async (database) => (await database.exec("SELECT x FROM t"))[0].values;
        const taken = await openKept("anywhere").catch(({ code }) => code);
        const copy = await openKept("anywhere", { whenTaken: "copy" });
        const copied = [await rows(copy), copy.storage.place];
        await db.close();
        const again = await openKept("anywhere");
        const found = [await rows(again), again.storage.place, again.storage.saved];
        const { quota } = await keptRoom();
        await again.close();
        const names = (await listKept()).map(({ name }) => name);
        await deleteKept("anywhere");
        return { place, words, taken, copied, found, names, left: await listKept(), quota: quota > 1e6 };
      }, keep);
      assert.deepEqual(found, {
        place: keep,
        words: sentence,
        taken: "taken",
        copied: [[["kept"]], "memory"],
        found: [[["kept"]], keep, true],
        names: ["anywhere"],
        left: [],
        quota: true,
      });
    }));
}

test("in Node, where there are no such workers, nothing is opened", async () => {
  const { KeptError, deleteKept, keepForGood, keptRoom, listKept, openKept } = await import("../../../pkg/kept.js");
  for (const ask of [() => openKept("anywhere"), () => listKept(), () => deleteKept("anywhere"), () => keptRoom()]) {
    await assert.rejects(ask, (error) => error instanceof KeptError && error.code === "worker" && /browser/.test(error.message));
  }
  assert.equal(await keepForGood(), false);
});
