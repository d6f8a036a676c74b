// The package against its peers in one headless browser: `cargo xtask bench` calls this once all is built and served.
//
//   BENCH_SITE    where the peers are served, WEBDRIVER_URL a running chromedriver, CHROME_PATH the browser
//   --quick       1,000 authors and few rounds     --rounds n    how often each workload is run
//   --authors n   another size than 10,000         --only a,b    only these workloads or peers
//   --smoke       every workload once, for its result alone

import { parseArgs } from "node:util";
import { Field } from "./measure.mjs";
import { Browser } from "./webdriver.mjs";
import { short, table } from "./figures.mjs";

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    smoke: { type: "boolean", default: false },
    rounds: { type: "string" },
    authors: { type: "string" },
    only: { type: "string" },
  },
});
const only = options.only?.split(",");
const authors = Number(options.authors ?? (options.quick || options.smoke ? 1000 : 10_000));
const rounds = Number(options.rounds ?? (options.quick ? 3 : 11));
const log = (line) => process.stderr.write(`${line}\n`);

const PEERS = ["relata", "sqljs", "sqlite-wasm", "drizzle", "kysely", "typeorm"];
const wanted = (name) => !only || only.includes(name);
const named = PEERS.filter(wanted);
const peers = named.length ? named : PEERS;

const browser = await Browser.open(process.env.WEBDRIVER_URL, {
  binary: process.env.CHROME_PATH,
  args: ["--js-flags=--expose-gc"],
});
try {
  const field = new Field(browser, process.env.BENCH_SITE, log);
  const versions = await field.enter(peers);
  await field.prepare(authors);
  const works = new Set(Object.values(versions).flatMap((one) => one.works));
  const some = [...works].filter(wanted);
  const entries = (some.length ? some : [...works]).flatMap((work) =>
    peers.filter((peer) => versions[peer].works.includes(work)).map((peer) => ({ peer, work })),
  );
  await field.check(entries);
  log("results are right");
  if (!options.smoke) {
    const results = await field.measure(entries, rounds);
    const rows = results.map((one) => [`${one.work}`, one.peer, short(one.median), short(one.least), one.runs]);
    console.log(table(["work", "peer", "median", "least", "runs"], rows));
  }
} finally {
  await browser.close();
}
