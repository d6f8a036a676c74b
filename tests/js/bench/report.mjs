// The figures as text: tables in Markdown, and each goal as reached or not.

import { GRAPH, KEPT, NAMES, PEERS, RAW, leastTable, workTable } from "./parts.mjs";
import { short, table } from "./figures.mjs";

const MIB = 1024 * 1024;

/** A goal: what it is about, the figure, and the most that it may be. */
function goals(found) {
  const { work, sizes, memory, start } = found;
  const all = [];
  const goal = (name, figure, most, unit = "") => {
    if (figure !== undefined && !Number.isNaN(figure)) all.push({ name, figure, most, unit });
  };
  if (work) {
    const of = (ofWork) => work.ratio(ofWork, "playground", "playground", "limit");
    goal("graph kept in wasm, × limit", of("keptSelectIn"), 1.15);
    goal("graph as JavaScript objects, × limit", of("selectIn"), 1.6);
    for (const [name, title] of Object.entries(RAW)) goal(`${title}, × sql.js`, work.ratio(name, "relata"), 0.9);
    goal("raw workloads together (geometric mean), × sql.js", work.mean("relata"), 0.6);
    goal("lazy loading, × by hand on sql.js", work.ratio("lazy", "playground"), 0.1);
  }
  if (sizes) {
    const worst = steepest(sizes);
    if (worst) goal(`dearest tenfold (${worst.name})`, worst.ratio, 12, "×");
  }
  const kept = memory?.find((one) => one.peer === "playground");
  if (kept) goal("JavaScript heap kept", kept.heap / MIB, 8, "MiB");
  const page = start?.get("Relata's page");
  if (page) {
    goal("page: first answer on the slow line", page.answered.median, 650, "ms");
    goal("page: form usable on the slow line", page.usable?.median, 400, "ms");
  }
  return all;
}

/** Of Relata's workloads the one whose cost grew most from one size to ten times as much. */
function steepest(sizes) {
  let worst;
  const [...counts] = sizes.keys();
  for (let at = 1; at < counts.length; at++) {
    for (const { peer, work, median } of sizes.get(counts[at]).results) {
      if (peer !== "relata" && peer !== "playground") continue;
      const ratio = median / sizes.get(counts[at - 1]).ms(work, peer);
      if (!worst || ratio > worst.ratio) worst = { ratio, name: `${work}, ${NAMES[peer]}, ${counts[at - 1]} → ${counts[at]}` };
    }
  }
  return worst;
}

function goalTable(found) {
  const rows = goals(found).map(({ name, figure, most, unit }) => [
    name, `${short(figure)} ${unit}`.trim(), `≤ ${most} ${unit}`.trim(), figure <= most ? "reached" : "**missed**",
  ]);
  return rows.length ? table(["goal", "figure", "at most", ""], rows) : "";
}

/** Each peer's fastest whole graph, beside the limit and sql.js by hand. */
function bestTable({ work, identity }) {
  const limit = work.ms("limit", "playground");
  const rows = PEERS.filter((peer) => work.best(peer)).map((peer) => {
    const best = work.best(peer);
    const way = ["joined", "selectIn", "json"].find((one) => work.ms(one, peer) === best);
    return [
      peer === "sqljs" || peer === "relata" ? `by hand on ${NAMES[peer]}` : NAMES[peer],
      way, short(best), limit ? short(best / limit) : "", short(best / work.best("sqljs")),
      identity.get(`${peer} ${way}`) ? "yes" : "no",
    ];
  });
  return table(["whole graph, fastest way", "by", "ms", "× limit", "× sql.js by hand", "one object a row"], rows);
}

function sizeTable(sizes) {
  const counts = [...sizes.keys()];
  const rows = sizes.get(counts[0]).results.map(({ peer, work }) => {
    const ms = counts.map((count) => sizes.get(count).ms(work, peer));
    return [
      work, NAMES[peer], ...ms.map((one) => (one === undefined ? "" : short(one))),
      ...ms.slice(1).map((one, at) => (one && ms[at] ? short(one / ms[at]) : "")),
    ];
  });
  return table(["ms", "peer", ...counts.map((count) => `${count}`), ...counts.slice(1).map((count) => `→ ${count}`)], rows);
}

const memoryTable = (memory) =>
  table(
    ["kept", "by", "JavaScript heap MiB", "wasm memory MiB"],
    memory.map(({ peer, work, heap, wasm }) => [NAMES[peer], work, short(heap / MIB), short(wasm / MIB)]),
  );

const startTable = (start) =>
  table(
    ["start", "usable ms", "first answer ms", "least"],
    [...start].map(([name, { answered, usable }]) => [
      name, usable ? usable.median.toFixed(0) : "", answered.median.toFixed(0), answered.least.toFixed(0),
    ]),
  );

/** In how many of the runs the tab had to wait for a processor. */
function disturbed(found) {
  const results = found.work?.results ?? [];
  const sum = (name) => results.reduce((all, one) => all + one[name], 0);
  return results.length ? `; ${sum("disturbed")} of ${sum("runs")} runs had to wait for a processor, which is not counted` : "";
}

function conditions(found) {
  const { browser, cpu, load, date, versions, rounds } = found;
  const sqlite = Object.entries(versions ?? {}).filter(([, one]) => one.sqlite).map(([peer, one]) => `${NAMES[peer]} ${one.sqlite}`);
  return (
    `Chrome ${browser}, headless; ${cpu.length} × ${cpu[0].model.trim()}; load ${load.map((one) => one.toFixed(1)).join(" at the beginning, ")} at the end; ` +
    `${sqlite.length ? `SQLite: ${sqlite.join(", ")}; ` : ""}${date.toISOString().slice(0, 10)}; medians of up to ${rounds} runs, taken in turn, each peer in a tab of its own${disturbed(found)}.`
  );
}

const METHOD = `Every peer is given the same rows, made from one seed: so many authors, each with a profile and three books, each book with
two of 200 tags. Each has a tab of its own in one headless Chrome, and the workloads of all are run in turn, round by round. What comes
back is compared with what the rows themselves make, outside the clock. Work runs in a task of its own, as in a page: called
straight by a driver, every exception that sql.js throws inside would have its stack written down, at ten times the cost of look-ups.
Where others kept a tab waiting for a processor, the figure is the processor's time of the tab's main thread: threads that help to
collect garbage or compile are not in it, and about 1 ms of calls is, which flatters the step from 1,000 authors to ten times as many. The
limit and what is kept are timed by the package itself; of a run that waited they are the same share as of the whole call.

The *limit* is what the statements of select-in loading take in wasm alone, every column read and nothing built. *Kept* is the graph that
stays in wasm; the other rows give JavaScript objects. *By hand* is a loader written for this graph alone, on prepared statements.
Drizzle, Kysely and TypeORM run on sql.js. Drizzle has no select-in and Kysely no joined graph of its own; TypeORM's \`query\` strategy takes
a hundred times as long for ten times as many, and is run with 1,000 authors at most.`;

/** The whole report. */
export function report(found) {
  const parts = [];
  const part = (title, ...texts) => parts.push(`## ${title}`, ...texts);
  if (goals(found).length) part("Goals", goalTable(found));
  if (found.work) {
    const { work } = found;
    part(`Work: ${found.authors} authors`, "Milliseconds; in brackets multiples of sql.js.", workTable(work, RAW, PEERS));
    part("The whole graph", bestTable(found), workTable(work, { ...GRAPH, ...KEPT }, PEERS));
    part("The least times", leastTable(work, { ...RAW, ...GRAPH, ...KEPT }, PEERS));
  }
  if (found.sizes) part("Ten and a hundred times as much", sizeTable(found.sizes));
  if (found.memory) part("Memory", memoryTable(found.memory));
  if (found.start) part("Start, at 10 Mbit/s and 40 ms", startTable(found.start));
  return ["# Benchmark", "Made by `cargo xtask bench --write`.", METHOD, ...parts, conditions(found)].join("\n\n") + "\n";
}

const BEGIN = "<!-- bench -->";
const END = "<!-- /bench -->";

/** The README with the tables that matter most between its markers. */
export function intoReadme(readme, found) {
  const [before, rest] = readme.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined || !found.work) return readme;
  const text = [goalTable(found), workTable(found.work, RAW, PEERS), bestTable(found), conditions(found)].join("\n\n");
  return `${before}${BEGIN}\n${text}\n${END}${after}`;
}
