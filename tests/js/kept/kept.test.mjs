/** Kept databases in a real browser: what stays, where, and what is said of it. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Chromium, forget, profile, serve } from "./chromium.mjs";

describe("kept databases", { concurrency: false, timeout: 120_000 }, () => {
  let browser, folder, home, server;

  before(async () => {
    folder = await profile();
    server = await serve();
    home = server.home;
    browser = await Chromium.start(folder);
  });
  after(async () => {
    await browser.close();
    server.close();
    await forget(folder);
  });

  const fill = async (name, options = {}) => {
    globalThis.db = await openKept(name, options);
    await db.run("CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text)");
    await db.run("INSERT INTO notes (text) VALUES (?)", ["one"]);
    return db.storage;
  };
  const rows = async (name, options) => {
    globalThis.db = await openKept(name, options);
    return (await db.exec("SELECT text FROM notes"))[0].values;
  };

  test("are there after a reload", async () => {
    const tab = await browser.open(home);
    const storage = await tab.call(fill, "plain");
    assert.deepEqual([storage.place, storage.saved, storage.words], ["opfs", true, "Kept in this browser."]);
    await tab.reload();
    assert.deepEqual(await tab.call(rows, "plain"), [["one"]]);
    assert.deepEqual(await tab.call(async () => (await listKept()).map(({ name }) => name)), ["plain"]);
    await tab.close();
  });

  test("are kept as a snapshot where there are no files", async () => {
    const tab = await browser.open(home);
    const storage = await tab.call(fill, "snap", { keep: "snapshot" });
    assert.equal(storage.place, "snapshot");
    const saved = await tab.call(async () => {
      const before = db.storage.saved;
      await db.saved();
      return [before, db.storage.saved, db.storage.words];
    });
    assert.deepEqual(saved, [false, true, "Kept in this browser, as a copy made after each change."]);
    await tab.reload();
    assert.deepEqual(await tab.call(rows, "snap"), [["one"]]);
    // Whoever waits a little need not ask.
    await tab.call(async () => {
      await db.run("INSERT INTO notes (text) VALUES ('two')");
      await new Promise((resume) => setTimeout(resume, 1500));
    });
    assert.equal(await tab.run("db.storage.saved"), true);
    await tab.reload();
    assert.deepEqual(await tab.call(rows, "snap"), [["one"], ["two"]]);
    await tab.close();
  });

  test("are open in one tab, and a copy in others", async () => {
    const tab = await browser.open(home);
    await tab.call(fill, "shared");
    const other = await browser.open(home);
    const refused = await other.call(() => openKept("shared").catch(({ code, message }) => ({ code, message })));
    assert.equal(refused.code, "taken");
    assert.match(refused.message, /open in another tab/);
    const copied = await other.call(rows, "shared", { whenTaken: "copy" });
    assert.deepEqual(copied, [["one"]]);
    assert.deepEqual(await other.run("[db.storage.place, db.storage.why]"), [
      "memory",
      "it is a copy, for another tab has the database open",
    ]);
    await other.run(`db.run("DELETE FROM notes")`);
    assert.equal(await other.run(`deleteKept("shared").catch(({ code }) => code)`), "taken");
    // In the middle of a transaction that is being written there is no copy to give.
    await tab.call(async () => {
      await db.run("PRAGMA cache_size = 1");
      await db.run("BEGIN");
      await db.run("INSERT INTO notes (text) SELECT hex(randomblob(4000)) FROM json_each('[1,2,3,4,5,6,7,8]')");
    });
    assert.equal(await tab.run("db.file().catch(({ code }) => code)"), "transaction");
    const busy = await other.run(`openKept("shared", { whenTaken: "copy" }).catch(({ code }) => code)`);
    assert.equal(busy, "busy");
    await tab.run(`db.run("ROLLBACK")`);
    assert.equal((await tab.call(async () => (await db.exec("SELECT * FROM notes"))[0].values.length)), 1);
    // With the first tab gone, the second may have it.
    await tab.close();
    assert.deepEqual(await other.call(rows, "shared"), [["one"]]);
    await other.close();
  });

  test("can be deleted, and their names can be anything", async () => {
    const tab = await browser.open(home);
    for (const name of ["../other/№1.sqlite", ".", "%2e", "con"]) {
      await tab.call(fill, name);
      await tab.run("db.close()");
      await assert.rejects(tab.call(rows, name + " "), /no such table/);
      await tab.run("db.close()");
      const names = await tab.call(async () => (await listKept()).map(({ name }) => name));
      assert.ok(names.includes(name), `${name} is listed among ${names}`);
      await tab.call((name) => deleteKept(name), name);
      assert.ok(!(await tab.call(async () => (await listKept()).map(({ name }) => name))).includes(name));
    }
    assert.equal(await tab.run(`openKept(" ").catch(({ code }) => code)`), "name");
    await tab.close();
  });

  test("say what a script gets wrong as sql.js does", async () => {
    const tab = await browser.open(home);
    const errors = await tab.call(async () => {
      globalThis.db = await openKept("errors", { keep: "memory" });
      const why = (promise) => promise.then(() => "nothing", (error) => error.message ?? error);
      return [
        await why(db.exec("SELEC 1")),
        await why(db.run("SELECT 1", [() => 1].map(String).map(Symbol.for).map(String))),
        await why(db.batch(["CREATE TABLE t (x NOT NULL)", ["INSERT INTO t VALUES (?)", [null]]])),
        await why(db.exec("SELECT * FROM t")),
        (await db.batch([["SELECT ? AS x", [1n]], "SELECT 2"]).then((all) => all.flat())).map(({ values }) => values),
        await db.close().then(() => why(db.exec("SELECT 1"))),
      ];
    });
    assert.match(errors[0], /near "SELEC": syntax error/);
    assert.match(errors[2], /NOT NULL constraint failed/);
    assert.match(errors[3], /no such table/);
    assert.equal(errors[5], "The database is closed.");
    await tab.close();
  });

  test("in a private window they are in a place of their own", async () => {
    const tab = await browser.open(home, { secret: true });
    const storage = await tab.call(fill, "private");
    assert.notEqual(storage.words, "");
    assert.deepEqual((await tab.call(async () => (await listKept()).map(({ name }) => name))), ["private"]);
    await tab.close();
  });

  test("where the browser denies storage the work is in memory, and can be saved", async () => {
    const tab = await browser.open(home);
    const found = await tab.call(async () => {
      // What a browser does whose user allows no storage.
      const script = `
        import "${location.origin}/pkg/kept-worker.js";
        const denied = () => Promise.reject(new DOMException("storage is denied", "SecurityError"));
        Object.defineProperty(navigator.storage.constructor.prototype, "getDirectory", { value: denied });
        Object.defineProperty(self, "indexedDB", { get() { throw new DOMException("denied", "SecurityError"); } });`;
      const worker = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
      const early = [];
      globalThis.db = await openKept("denied", { worker, onStorage: (storage) => early.push(storage.words) });
      await db.run("CREATE TABLE t AS SELECT 42 AS x");
      const again = await openKept("saved", { file: await db.export(), keep: "memory" });
      return [db.storage.place, db.storage.words, early, (await again.exec("SELECT x FROM t"))[0].values];
    });
    assert.equal(found[0], "memory");
    assert.match(found[1], /^Only in memory: the browser does not let this page keep files .* Save it as a file to keep it\.$/);
    assert.deepEqual(found[2], [found[1]]);
    assert.deepEqual(found[3], [[42]]);
    await tab.close();
  });

  test("a full disk leaves the work in memory, whole, and what was committed before in the browser", async () => {
    const tab = await browser.open(home);
    await tab.call(fill, "full");
    const origin = new URL(home).origin;
    const { usage } = await tab.ask("Storage.getUsageAndQuota", { origin });
    await tab.ask("Storage.overrideQuotaForOrigin", { origin, quotaSize: usage + 6_000_000 });
    const found = await tab.call(async () => {
      const heard = [];
      for (let at = 0; at < 40; at += 1) {
        await db.run("INSERT INTO notes (text) VALUES (hex(randomblob(250000)))");
        heard.push(db.storage.place);
      }
      const count = (await db.exec("SELECT count(*), sum(length(text)) FROM notes"))[0].values[0];
      const check = (await db.exec("PRAGMA integrity_check"))[0].values[0][0];
      const copy = await openKept("copy of full", { file: await db.export(), keep: "memory" });
      const copied = (await copy.exec("SELECT count(*), sum(length(text)) FROM notes"))[0].values[0];
      return { heard, count, copied, check, words: db.storage.words };
    });
    await tab.ask("Storage.overrideQuotaForOrigin", { origin });
    assert.deepEqual(found.count, [41, 20_000_003]);
    assert.deepEqual(found.copied, found.count);
    assert.equal(found.check, "ok");
    const kept = found.heard.indexOf("memory");
    assert.ok(kept > 2 && kept < 30, `after ${kept} commits it was full`);
    assert.match(found.words, /^Only in memory: the browser has no more room for this page; what was committed before/);
    await tab.reload();
    const there = await tab.call(async () => {
      globalThis.db = await openKept("full");
      return [(await db.exec("SELECT count(*) FROM notes"))[0].values[0][0], db.storage.place];
    });
    assert.deepEqual(there, [1 + kept, "opfs"], "each commit that was told to be kept is there");
    await tab.close();
  });
});
