// Runs workloads of several peers in turn, each peer in a tab of its own of one browser.

import { median } from "./figures.mjs";

/** A workload that takes longer than this is run less often: its figure wavers less, and there are others to run. */
const SLOW_MS = 1500;
const SLOW_ROUNDS = 3;
export class Field {
  #tabs = new Map();

  constructor(browser, site, log) {
    Object.assign(this, { browser, site, log });
  }

  /** Opens each peer in its tab; gives what it says of itself. */
  async enter(peers) {
    const versions = {};
    for (const peer of peers) {
      const tab = await this.browser.newTab();
      this.#tabs.set(peer, tab);
      await this.browser.goTo(tab);
      await this.browser.visit(`${this.site}${peer}.html`);
      await this.browser.devtools("Performance.enable");
      versions[peer] = await this.browser.call(async () => {
        for (let turn = 0; !globalThis.bench; turn++) {
          if (turn > 600) throw new Error("the peer did not load");
          await new Promise((next) => setTimeout(next, 50));
        }
        return { ...(await bench.load()), works: bench.works, most: bench.most };
      });
    }
    return versions;
  }

  async leave() {
    for (const tab of this.#tabs.values()) {
      await this.browser.goTo(tab);
      await this.browser.closeTab();
    }
    this.#tabs.clear();
    await this.browser.goTo((await this.browser.tabs())[0]);
  }

  get peers() {
    return [...this.#tabs.keys()];
  }

  /** Calls something of a peer's `bench`. */
  async ask(peer, method, ...values) {
    await this.browser.goTo(this.#tabs.get(peer));
    return this.browser.call((name, given) => bench[name](...given), method, values);
  }

  async devtools(peer, command, params) {
    await this.browser.goTo(this.#tabs.get(peer));
    return this.browser.devtools(command, params);
  }

  async prepare(authors) {
    for (const peer of this.peers) {
      this.log(`${peer}: ${authors} authors`);
      await this.ask(peer, "prepare", authors);
    }
  }

  /** Every workload of every peer once, its result compared with what it must be. Gives who keeps identity. */
  async check(entries) {
    const wrong = [];
    const identity = new Map();
    for (const { peer, work } of entries) {
      const checked = await this.ask(peer, "check", work);
      if (checked.wrong) wrong.push(checked.wrong);
      identity.set(`${peer} ${work}`, checked.identity);
    }
    if (wrong.length) throw new Error(`what came back is wrong:\n${wrong.join("\n")}`);
    return identity;
  }

  /** The processor time of a peer's main thread so far, in milliseconds. */
  async #worked(peer) {
    const { metrics } = await this.devtools(peer, "Performance.getMetrics");
    return metrics.find(({ name }) => name === "ThreadTime").value * 1000;
  }

  /**
   * One run in milliseconds: how long it took, less what the tab waited for a processor that others had. The processor's time
   * holds the calls themselves, too, so that a run which did not wait is just as long as the clock said.
   */
  async #run({ peer, work }) {
    await this.ask(peer, "collect");
    const before = await this.#worked(peer);
    const { ms, clock } = await this.ask(peer, "run", work);
    const worked = (await this.#worked(peer)) - before;
    return { ms: ms * Math.min(1, worked / clock), waited: clock > worked };
  }

  /** The times of each entry, taken in turn: all entries once, then all once more, each round from another start. */
  async measure(entries, rounds) {
    const taken = new Map(entries.map((entry) => [entry, []]));
    for (let round = 0; round < rounds; round++) {
      this.log(`round ${round + 1} of ${rounds}`);
      for (let nth = 0; nth < entries.length; nth++) {
        const entry = entries[(nth + round) % entries.length];
        const runs = taken.get(entry);
        if (runs.length >= SLOW_ROUNDS && median(runs.map((run) => run.ms)) > SLOW_MS) continue;
        runs.push(await this.#run(entry));
      }
    }
    return entries.map((entry) => {
      const runs = taken.get(entry);
      const times = runs.map((run) => run.ms);
      const disturbed = runs.filter((run) => run.waited).length;
      return { ...entry, median: median(times), least: Math.min(...times), runs: runs.length, disturbed };
    });
  }

  /** The memory that a workload's result takes while it is kept, in bytes. */
  async memory({ peer, work }) {
    const heap = async () => {
      await this.devtools(peer, "HeapProfiler.collectGarbage");
      await this.devtools(peer, "HeapProfiler.collectGarbage");
      return (await this.devtools(peer, "Runtime.getHeapUsage")).usedSize;
    };
    await this.ask(peer, "release");
    const before = await heap();
    await this.ask(peer, "hold", work);
    const after = await heap();
    const wasm = await this.ask(peer, "wasmBytes");
    await this.ask(peer, "release");
    return { peer, work, heap: after - before, wasm };
  }
}
