/**
 * Kills the whole browser in the middle of writing, again and again, and looks each time whether everything is there that
 * it had told to be committed. KILLS says how often: 10 times if it does not, 50 by `KILLS=50 node --test tests/js/kept/`.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Chromium, forget, profile, serve } from "./chromium.mjs";

const KILLS = Number(process.env.KILLS ?? 10);

/** Writes one numbered commit after the other, each of some hundred pages, and tells each that is done. */
const write = async (name, keep, from) => {
  globalThis.db = await openKept(name, { keep });
  await db.exec("CREATE TABLE IF NOT EXISTS log (number, place, payload); CREATE INDEX IF NOT EXISTS places ON log (place)");
  const rows = `INSERT INTO log SELECT ?, value, randomblob(3000) FROM json_each('[${[...Array(100).keys()]}]')`;
  const touch = "UPDATE log SET payload = randomblob(2000) WHERE number % 7 = ? % 7";
  for (let number = from; ; number += 1) {
    await db.batch([[rows, [number]], [touch, [number]], ["DELETE FROM log WHERE number < ? - 20", [number]]]);
    if (keep === "snapshot") await db.saved();
    told(String(number));
  }
};

/** The last number that is there by all its rows, the soundness of the database, and whether it was being written. */
const read = async (name) => {
  const one = async (sql) => (await db.exec(sql))[0].values[0];
  const size = async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("relata-kept");
    return (await (await (await folder.getDirectoryHandle(`db-${name}`)).getFileHandle("journal")).getFile()).size;
  };
  const within = (await size().catch(() => 0)) > 0;
  globalThis.db = await openKept(name);
  const [last] = await one("SELECT coalesce(max(number), 0) FROM log");
  const [uneven] = await one("SELECT count(*) FROM (SELECT 1 FROM log GROUP BY number HAVING count(DISTINCT place) <> 100)");
  const [sound] = await one("PRAGMA integrity_check");
  const { place } = db.storage;
  await db.close();
  return { last, uneven, sound, place, within };
};

/** Writes from this number on, and kills the browser some time after its first commit; gives what was told by then. */
async function writeAndKill(browser, tab, name, from, delay) {
  await tab.ask("Runtime.enable");
  await tab.ask("Runtime.addBinding", { name: "told" });
  let last = from - 1;
  const begun = new Promise((resolve) => {
    browser.onEvent = ({ method, params }) => {
      if (method !== "Runtime.bindingCalled") return;
      last = Number(params.payload);
      resolve();
    };
  });
  // It ends with the browser.
  tab.call(write, name, name, from).catch(() => {});
  await begun;
  await new Promise((resume) => setTimeout(resume, delay));
  await browser.kill();
  return last;
}

for (const [keep, kills] of [["opfs", KILLS], ["snapshot", Math.ceil(KILLS / 5)]]) {
  test(`${kills} kills in mid-write lose nothing that was committed (${keep})`, { timeout: 600_000 }, async (context) => {
    const folder = await profile();
    const server = await serve();
    let [told, last, within] = [0, 0, 0];
    for (let kill = 0; ; kill += 1) {
      const browser = await Chromium.start(folder);
      const tab = await browser.open(server.home);
      if (kill > 0) {
        const found = await tab.call(read, keep);
        assert.equal(found.sound, "ok", `after kill ${kill}`);
        assert.equal(found.uneven, 0, `after kill ${kill} a commit is there by half`);
        assert.equal(found.place, keep);
        assert.ok(found.last >= told, `kill ${kill}: ${told} was told, ${found.last} is there`);
        assert.ok(found.last <= told + 1, `kill ${kill}: ${found.last} is there, only ${told} was told`);
        within += found.within;
        last = found.last;
      }
      if (kill === kills) {
        await browser.kill();
        break;
      }
      told = await writeAndKill(browser, tab, keep, last + 1, (kill * 137) % 400);
    }
    context.diagnostic(`${last} commits; ${within} of ${kills} kills found a transaction half written`);
    assert.ok(last >= kills, "there was something to lose");
    server.close();
    await forget(folder);
  });
}
