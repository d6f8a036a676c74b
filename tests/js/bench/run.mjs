// The package against its peers in one headless browser: `cargo xtask bench` calls this once all is built and served.
//
//   BENCH_PEERS, BENCH_START, BENCH_PAGE   where the peers, the pages that start, and Relata's page are served
//   BENCH_OUT, BENCH_ROOT                  where the figures go, and the repository
//   WEBDRIVER_URL, CHROME_PATH             a running chromedriver, and the browser
//
// The options are those of `cargo xtask bench`.

import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Field } from "./measure.mjs";
import { Figures, NAMES, PEERS, WATCH, WORKS, start } from "./parts.mjs";
import { intoReadme, report } from "./report.mjs";
import { Browser } from "./webdriver.mjs";

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    smoke: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    rounds: { type: "string" },
    authors: { type: "string" },
    only: { type: "string" },
  },
});
const { env } = process;
const only = options.only?.split(",") ?? [];
const small = options.quick || options.smoke;
const AUTHORS = Number(options.authors ?? (options.smoke ? 100 : small ? 1000 : 10_000));
const ROUNDS = Number(options.rounds ?? (options.quick ? 3 : 15));
const PARTS = ["work", "sizes", "memory", "start"];
const parts = chosen(PARTS, small ? ["work"] : PARTS);
const peers = chosen(PEERS, PEERS);
const works = chosen(Object.keys(WORKS), Object.keys(WORKS));

/** Peers that are measured at every size; for the others it would take hours. */
const SIZED = ["relata", "playground", "sqljs"];
const SIZES = [1000, 10_000, 100_000];
const SIZE_ROUNDS = 5;
const START_ROUNDS = 9;
/** What each peer's graph is loaded by where its memory is measured. */
const HELD = { relata: "selectIn", playground: "selectIn", sqljs: "selectIn", drizzle: "json", kysely: "selectIn", typeorm: "joined" };

/** Those of `all` that were asked for, or the usual ones if none of this kind was. */
function chosen(all, usual) {
  const named = all.filter((one) => only.includes(one));
  return named.length ? named : usual;
}

const log = (line) => process.stderr.write(`${line}\n`);

/** What is run with so many authors. */
function entriesOf(versions, authors) {
  const can = (peer, work) => versions[peer].works.includes(work) && !(versions[peer].most[work] < authors);
  return works.flatMap((work) => Object.keys(versions).filter((peer) => can(peer, work)).map((peer) => ({ peer, work })));
}

const PART = {
  /** Every workload of every peer. */
  async work(browser, found) {
    const field = new Field(browser, env.BENCH_PEERS, log);
    found.versions = await field.enter(peers);
    await field.prepare(AUTHORS);
    const entries = entriesOf(found.versions, AUTHORS);
    found.identity = await field.check(entries);
    log(`${entries.length} results are right`);
    if (!options.smoke) found.work = new Figures(await field.measure(entries, ROUNDS));
    await field.leave();
  },

  /** The cost at ten and a hundred times as much. */
  async sizes(browser, found) {
    const field = new Field(browser, env.BENCH_PEERS, log);
    const versions = await field.enter(peers.filter((peer) => SIZED.includes(peer)));
    found.sizes = new Map();
    for (const authors of SIZES) {
      await field.prepare(authors);
      const entries = entriesOf(versions, authors).filter(({ work }) => !work.startsWith("lookups") && work !== "lazy");
      await field.check(entries);
      found.sizes.set(authors, new Figures(await field.measure(entries, SIZE_ROUNDS)));
    }
    await field.leave();
  },

  /** What stays in memory while a graph is kept. */
  async memory(browser, found) {
    const field = new Field(browser, env.BENCH_PEERS, log);
    await field.enter(peers.filter((peer) => HELD[peer]));
    await field.prepare(AUTHORS);
    found.memory = [];
    for (const peer of field.peers) found.memory.push(await field.memory({ peer, work: HELD[peer] }));
    await field.leave();
  },

  /** How soon a page answers on a slow line. */
  async start(browser, found) {
    found.start = new Map();
    for (const peer of ["relata", "sqljs", "sqlite-wasm"].filter((one) => peers.includes(one))) {
      found.start.set(NAMES[peer], await start(browser, `${env.BENCH_START}${peer}.html`, START_ROUNDS));
    }
    if (!env.BENCH_PAGE) return;
    // The figures of all that was measured before are not to be lost with it.
    await start(browser, env.BENCH_PAGE, START_ROUNDS, WATCH).then(
      (times) => found.start.set("Relata's page", times),
      (error) => log(`Relata's page was not measured: ${error.message}`),
    );
  },
};

const browser = await Browser.open(env.WEBDRIVER_URL, { binary: env.CHROME_PATH, args: ["--js-flags=--expose-gc"] });
const found = { authors: AUTHORS, rounds: ROUNDS, browser: browser.version, cpu: cpus(), load: [loadavg()[0]], date: new Date() };
try {
  for (const part of parts) {
    log(`part: ${part}`);
    await PART[part](browser, found);
  }
} finally {
  await browser.close();
}
found.load.push(loadavg()[0]);
if (!options.smoke) {
  const text = report(found);
  console.log(text);
  if (options.write) {
    writeFileSync(join(env.BENCH_ROOT, "docs/bench.md"), text);
    const readme = join(env.BENCH_ROOT, "README.md");
    writeFileSync(readme, intoReadme(readFileSync(readme, "utf8"), found));
  }
}
