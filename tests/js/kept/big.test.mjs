/** Files of 100 MB: opened and saved with progress, stopped half-way, and cut off half-way. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Chromium, forget, profile, serve } from "./chromium.mjs";

const MEGABYTES = 100;

describe("a file of 100 MB", { concurrency: false, timeout: 180_000 }, () => {
  let browser, folder, server, tab;

  before(async () => {
    folder = await profile();
    server = await serve();
    browser = await Chromium.start(folder);
    tab = await browser.open(server.home);
  });
  after(async () => {
    await browser.close();
    server.close();
    await forget(folder);
  });

  test("is saved with progress", async () => {
    const saved = await tab.call(async (megabytes) => {
      const made = await openKept("made");
      await made.run("CREATE TABLE big (id INTEGER PRIMARY KEY, payload)");
      await made.run(`WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < ?)
        INSERT INTO big SELECT id, randomblob(250000) FROM n`, [megabytes * 4]);
      const told = [];
      globalThis.file = await made.file({ onProgress: ({ read, of }) => told.push(read / of) });
      await made.close();
      await deleteKept("made");
      return { size: file.size, bytes: made.storage.bytes, told };
    }, MEGABYTES);
    assert.ok(saved.size >= MEGABYTES * 1e6 && saved.size === saved.bytes, `${saved.size} of ${saved.bytes} bytes`);
    assert.ok(saved.told.length > 20 && saved.told.every((part, at) => at === 0 || part > saved.told[at - 1]));
  });

  test("is opened with progress, and kept", async () => {
    const opened = await tab.call(async () => {
      const told = [];
      const db = await openKept("big", { file, onProgress: ({ read, of }) => told.push(read / of) });
      const count = (await db.exec("SELECT count(*), sum(length(payload)) FROM big"))[0].values[0];
      const check = (await db.exec("PRAGMA quick_check"))[0].values[0][0];
      await db.run("INSERT INTO big (payload) VALUES (1)");
      await db.close();
      return { told, count, check, again: await openKept("big", { file }).catch(({ code }) => code) };
    });
    assert.deepEqual(opened.count, [MEGABYTES * 4, MEGABYTES * 1e6]);
    assert.equal(opened.check, "ok");
    assert.equal(opened.again, "exists");
    assert.ok(opened.told.length > 20 && opened.told.at(-1) === 1);
  });

  test("can be stopped on its way, which leaves nothing", async () => {
    const stopped = await tab.call(async () => {
      const stop = new AbortController();
      const onProgress = ({ read }) => read > 20e6 && stop.abort();
      const error = await openKept("stopped", { file, onProgress, signal: stop.signal }).catch(({ code }) => code);
      const db = await openKept("big");
      const saving = new AbortController();
      const options = { onProgress: ({ read }) => read > 20e6 && saving.abort(), signal: saving.signal };
      const unsaved = await db.file(options).catch(({ code }) => code);
      await db.close();
      return { error, unsaved, names: (await listKept()).map(({ name }) => name) };
    });
    assert.deepEqual(stopped, { error: "cancelled", unsaved: "cancelled", names: ["big"] });
  });

  test("that was half read when the page went is not taken for a database", async () => {
    await tab.call(() => new Promise((half) => {
      openKept("half", { file, onProgress: ({ read }) => read > 40e6 && half() });
    }));
    await tab.reload();
    const found = await tab.call(async () => {
      const before = (await listKept()).map(({ name, bytes }) => [name, bytes > 100e6]);
      const db = await openKept("half");
      const tables = (await db.exec("SELECT count(*) FROM sqlite_schema"))[0].values[0][0];
      const big = await openKept("big");
      const rows = (await big.exec("SELECT count(*) FROM big"))[0].values[0][0];
      return { before, tables, bytes: db.storage.bytes, rows };
    });
    assert.deepEqual(found, { before: [["big", true]], tables: 0, bytes: 0, rows: MEGABYTES * 4 + 1 });
  });

  test("that is something else is told to be", async () => {
    const codes = await tab.call(async () => {
      const broken = async (file) => (await openKept("broken", { file }).catch(({ code }) => code));
      const start = "SQLite format 3\0" + "x".repeat(496);
      return [await broken(new Blob(["hello"])), await broken(new Blob([start])), (await listKept()).length];
    });
    assert.deepEqual(codes, ["not-a-database", "not-a-database", 1]);
  });
});
