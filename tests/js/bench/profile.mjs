// Where the time of one workload goes, by function: for those who want it faster. Not part of the benchmark.
// node profile.mjs <peer> <work> [authors] [seconds]; the environment is that of run.mjs.

import { Field } from "./measure.mjs";
import { Browser } from "./webdriver.mjs";

const [peer, work, authors = "10000", seconds = "3"] = process.argv.slice(2);
const browser = await Browser.open(process.env.WEBDRIVER_URL, { binary: process.env.CHROME_PATH, args: ["--js-flags=--expose-gc"] });
try {
  const field = new Field(browser, process.env.BENCH_PEERS, () => {});
  await field.enter([peer]);
  await field.prepare(Number(authors));
  await field.check([{ peer, work }]);
  await field.ask(peer, "run", work);
  await field.devtools(peer, "Profiler.enable");
  await field.devtools(peer, "Profiler.setSamplingInterval", { interval: 200 });
  await field.devtools(peer, "Profiler.start");
  const end = Date.now() + Number(seconds) * 1000;
  while (Date.now() < end) await field.ask(peer, "run", work);
  const { profile } = await field.devtools(peer, "Profiler.stop");
  const self = new Map();
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  let all = 0;
  profile.samples.forEach((id, at) => {
    const { functionName: name, url } = nodes.get(id).callFrame;
    if (["(idle)", "(program)"].includes(name)) return;
    const delta = profile.timeDeltas[at];
    all += delta;
    const key = `${name || "(anonymous)"} ${url.split("/").pop()}`;
    self.set(key, (self.get(key) ?? 0) + delta);
  });
  const sorted = [...self].sort((one, other) => other[1] - one[1]).slice(0, 40);
  for (const [name, time] of sorted) console.log(`${((100 * time) / all).toFixed(1).padStart(5)} %  ${name}`);
} finally {
  await browser.close();
}
