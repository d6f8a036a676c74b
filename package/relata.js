/**
 * Relata's JavaScript package: SQLite with sql.js's interface, and the ORM by script.
 * Types and documentation: relata.d.ts.
 */
import load, * as engine from "./relata_engine.js";
import { PlaygroundError, makePlayground } from "./playground.js";
import { makeSqlJs } from "./sqljs.js";

/** Where the engine lies if nobody says otherwise. */
const WASM = "relata_engine_bg.wasm";

const inNode = () => typeof process === "object" && Boolean(process.versions?.node);

/** The engine's bytes, or the address that they are fetched from. */
async function source({ wasmBinary, locateFile } = {}) {
  if (wasmBinary) return wasmBinary;
  const here = new URL(WASM, import.meta.url);
  const folder = here.href.slice(0, -WASM.length);
  const place = locateFile ? String(locateFile(WASM, folder)) : here.href;
  const isFile = place.startsWith("file:") || (inNode() && !/^[a-z][a-z0-9+.-]+:/i.test(place));
  if (!isFile) return place;
  const { readFile } = await import("node:fs/promises");
  return readFile(place.startsWith("file:") ? new URL(place) : place);
}

let started;
let loaded;

/** Loads the engine, once. */
export function init(config) {
  started ??= source(config)
    .then((module_or_path) => load({ module_or_path }))
    .then((wasm) => (loaded = wasm))
    .catch((error) => {
      started = undefined;
      throw error;
    });
  return started;
}

let sqlJs;

/** Loads the engine and gives sql.js's interface to it. */
export async function initSqlJs(config) {
  const wasm = await init(config);
  sqlJs ??= makeSqlJs(wasm, engine, config);
  return sqlJs;
}

/** The ORM by script. */
export const Playground = makePlayground(() => {
  if (loaded === undefined) throw new PlaygroundError("The engine is not loaded: await init() first.");
  sqlJs ??= makeSqlJs(loaded, engine);
  return { wasm: loaded, engine, Database: sqlJs.Database };
});

export { PlaygroundError };

export default initSqlJs;
