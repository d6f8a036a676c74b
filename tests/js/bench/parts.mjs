// The parts of the benchmark: what is asked of which peers, and the tables that come of it.

import { geometricMean, median, short, table } from "./figures.mjs";

/** How each peer is called in the tables. */
export const NAMES = {
  relata: "Relata, `initSqlJs`",
  playground: "Relata, `Playground`",
  sqljs: "sql.js",
  "sqlite-wasm": "sqlite-wasm",
  drizzle: "Drizzle",
  kysely: "Kysely",
  typeorm: "TypeORM",
};
export const PEERS = Object.keys(NAMES);

export const RAW = {
  insert: "insert, one transaction",
  scan: "scan, row by row",
  exec: "scan, `exec`",
  join: "join to objects",
  lookups: "10,000 look-ups, autocommit",
  lookupsInOne: "the same, one transaction",
  groupBy: "group by",
};

export const GRAPH = {
  joined: "graph, joined",
  selectIn: "graph, select-in",
  json: "graph, JSON",
  lazy: "graph of 1,000, lazy",
};

/** What only the playground has: the bare statements, and the graph that stays where it is. */
export const KEPT = {
  limit: "statements alone (limit)",
  keptSelectIn: "graph kept, select-in",
  keptJoined: "graph kept, joined",
  keptJson: "graph kept, JSON",
};

export const WORKS = { ...RAW, ...GRAPH, ...KEPT };

/** All figures of a part by workload and peer. */
export class Figures {
  #all = new Map();

  constructor(results) {
    for (const result of results) this.#all.set(`${result.work} ${result.peer}`, result);
  }

  get(work, peer) {
    return this.#all.get(`${work} ${peer}`);
  }

  /** The median in milliseconds. */
  ms(work, peer) {
    return this.get(work, peer)?.median;
  }

  /** A median as a multiple of another's. */
  ratio(work, peer, of = "sqljs", ofWork = work) {
    const [one, other] = [this.ms(work, peer), this.ms(ofWork, of)];
    return one && other ? one / other : undefined;
  }

  get results() {
    return [...this.#all.values()];
  }

  /** The geometric mean of the raw workloads. */
  mean(peer) {
    const ratios = Object.keys(RAW).map((work) => this.ratio(work, peer)).filter(Boolean);
    return ratios.length ? geometricMean(ratios) : undefined;
  }

  /** The fastest way to the whole graph. */
  best(peer) {
    const times = ["joined", "selectIn", "json"].map((work) => this.ms(work, peer)).filter(Boolean);
    return times.length ? Math.min(...times) : undefined;
  }
}

/** A row for each workload, a column for each peer: medians, and in brackets multiples of sql.js's. */
export function workTable(figures, works, peers) {
  const cell = (work, peer) => {
    const ms = figures.ms(work, peer);
    if (ms === undefined) return "";
    const ratio = peer === "sqljs" ? undefined : figures.ratio(work, peer);
    return ratio === undefined ? short(ms) : `${short(ms)} (${short(ratio)})`;
  };
  const shown = Object.keys(works).filter((work) => peers.some((peer) => figures.get(work, peer)));
  const there = peers.filter((peer) => shown.some((work) => figures.get(work, peer)));
  const rows = shown.map((work) => [works[work], ...there.map((peer) => cell(work, peer))]);
  return table(["ms (× sql.js)", ...there.map((peer) => NAMES[peer])], rows);
}

/** Least times, for those who distrust medians on a busy machine. */
export function leastTable(figures, works, peers) {
  const shown = Object.keys(works).filter((work) => peers.some((peer) => figures.get(work, peer)));
  const there = peers.filter((peer) => shown.some((work) => figures.get(work, peer)));
  const cell = (found) => (found ? `${short(found.least)} of ${found.runs}` : "");
  const rows = shown.map((work) => [works[work], ...there.map((peer) => cell(figures.get(work, peer)))]);
  return table(["least ms of runs", ...there.map((peer) => NAMES[peer])], rows);
}

/** The start of a page over the slow line, several times; each file is fetched anew. */
export async function start(browser, url, rounds, watch) {
  const taken = [];
  for (let round = 0; round < rounds; round++) {
    const tab = await browser.newTab();
    await browser.goTo(tab);
    const script = watch && (await browser.devtools("Page.addScriptToEvaluateOnNewDocument", { source: watch }));
    await browser.visit(url);
    const times = await browser.call(async () => {
      for (let turn = 0; globalThis.answered === undefined; turn++) {
        if (turn > 3000) throw new Error(`no answer from ${location.href}: usable ${globalThis.usable}, run at ${globalThis.pressed}, ${document.visibilityState}`);
        await new Promise((next) => setTimeout(next, 10));
      }
      return { answered: globalThis.answered, usable: globalThis.usable ?? null };
    });
    taken.push(times);
    if (script) await browser.devtools("Page.removeScriptToEvaluateOnNewDocument", script);
    await browser.closeTab();
    await browser.goTo((await browser.tabs())[0]);
  }
  const of = (name) => ({
    median: median(taken.map((one) => one[name])),
    least: Math.min(...taken.map((one) => one[name])),
    runs: taken.length,
  });
  return { answered: of("answered"), usable: taken[0].usable === null ? undefined : of("usable") };
}

/**
 * Watches Relata's page from its first moment: when its form can be typed into, and, the button being pressed as soon as it
 * can be, when the answer is there.
 */
export const WATCH = `(() => {
  const buttons = () => [...document.querySelectorAll("section[aria-label=Query] button")];
  const says = (text) => document.querySelector("section[aria-label=Query]")?.textContent.includes(text);
  const look = () => {
    const field = document.querySelector("section[aria-label=Define] input");
    if (globalThis.usable === undefined && field && !field.disabled) {
      // Usable is what has been painted, and answers.
      requestAnimationFrame(() => setTimeout(() => (globalThis.usable ??= performance.now())));
    }
    if (!globalThis.pressed) {
      const run = buttons().find((one) => /^\\W*Run$/.test(one.textContent.trim()) && !one.disabled);
      if (run) {
        run.click();
        globalThis.pressed = performance.now();
      }
    } else if (globalThis.usable !== undefined && !says("Run the query to see") && !buttons().some((one) => /^\\W*Stop\\b/.test(one.textContent.trim()))) {
      globalThis.answered = performance.now();
      return;
    }
    setTimeout(look, 4);
  };
  look();
})()`;
