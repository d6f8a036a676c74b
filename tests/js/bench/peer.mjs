// A peer in its own tab: prepares the data, runs one workload at a time under the clock, and checks what it brought
// back, outside of it.

import * as checks from "./checks.mjs";
import { make } from "./data.mjs";

/** The memory of each WebAssembly module that this page has loaded: peers do not show theirs. */
const memories = new Set();
for (const name of ["instantiate", "instantiateStreaming"]) {
  const real = WebAssembly[name];
  WebAssembly[name] = async (source, imports, ...rest) => {
    const made = await real.call(WebAssembly, source, imports, ...rest);
    const exported = (made.instance ?? made).exports;
    const imported = Object.values(imports ?? {}).flatMap((module) => Object.values(module));
    for (const one of [...Object.values(exported), ...imported]) {
      if (one instanceof WebAssembly.Memory) memories.add(one);
    }
    return made;
  };
}

/** What gives nothing back but its time. */
const MEASURED = new Set(["limit", "keptSelectIn", "keptJoined", "keptJson"]);
const GRAPHS = new Set(["joined", "selectIn", "json", "lazy"]);

/**
 * Offers a peer to whoever drives this page, as `window.bench`. A peer has a `name`, `load()` that gives its versions,
 * `open(data)` that gives a context with the data in a database, `close(context)`, and `works`: functions of a context
 * by the name of the workload. `insert` is given the data and makes a database of its own.
 */
export function offer(peer) {
  let data, wanted, context, held;

  async function timed(work) {
    const run = peer.works[work];
    // A task of its own, as what a page does is. Called straight by the driver, each exception that sql.js throws inside
    // would have its stack written down for the debugger, at ten times the cost.
    await new Promise((next) => setTimeout(next));
    const start = performance.now();
    const result = await run(context, data);
    const clock = performance.now() - start;
    // Some time a part of what they do themselves: `insert` makes its tables first.
    return { clock, ms: result?.ms ?? clock, result: result?.result ?? result };
  }

  function digest(work, result) {
    if (GRAPHS.has(work)) return checks.digestOfGraph(result, peer.tagsOf);
    return checks.digestOfRows(result);
  }

  globalThis.bench = {
    works: Object.keys(peer.works),

    /** How many authors at most a workload is run with, where it would take hours with more. */
    most: peer.most ?? {},

    load: () => peer.load(),

    /** Fills a database with this many authors. */
    async prepare(authors) {
      if (context) await peer.close(context);
      data = make(authors);
      wanted = checks.expected(data);
      context = await peer.open(data);
    },

    /** Collects garbage, so that nobody pays for another's. */
    collect() {
      globalThis.gc?.();
    },

    /** How long one run took in milliseconds: what counts, and everything. */
    async run(work) {
      const { ms, clock } = await timed(work);
      return { ms, clock };
    },

    /** Runs a workload and says what is wrong with what it brought back, if anything; of a graph, whether it keeps identity. */
    async check(work) {
      const { result } = await timed(work);
      if (MEASURED.has(work)) return { wrong: null };
      const got = digest(work, result);
      const wrong = got === wanted[work] ? null : `${peer.name}, ${work}: ${got} instead of ${wanted[work]}`;
      return { wrong, identity: GRAPHS.has(work) ? checks.hasIdentity(result, peer.tagsOf) : undefined };
    },

    /** Keeps what a workload brings back, for its memory to be measured. */
    async hold(work) {
      held = (await timed(work)).result;
      return held?.length ?? 0;
    },

    release() {
      held = undefined;
    },

    /** The bytes of WebAssembly memory. */
    wasmBytes: () => [...memories].reduce((sum, memory) => sum + memory.buffer.byteLength, 0),
  };
}
