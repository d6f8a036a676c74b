// Makes the folders that are served: each peer bundled by esbuild, with what it loads beside it.
// node bundle.mjs <node_modules> <out> <pkg>

import { cpSync, copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [modules, out, pkg] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const { build } = createRequire(join(modules, "none.js"))("esbuild");

/** What several peers share. */
const SHARED = ["raw.mjs", "batches.mjs"];

const WASM = {
  "sql-wasm-browser.wasm": join(modules, "sql.js/dist/sql-wasm-browser.wasm"),
  "sqlite3.wasm": join(modules, "@sqlite.org/sqlite-wasm/dist/sqlite3.wasm"),
};

/** Bundles each file of a folder into a page of its own. */
async function pages(folder, minify) {
  const files = readdirSync(join(here, folder)).filter((file) => !SHARED.includes(file));
  const target = join(out, folder);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  await build({
    entryPoints: files.map((file) => join(here, folder, file)),
    outdir: target,
    nodePaths: [modules],
    bundle: true,
    minify,
    format: "esm",
    target: "es2022",
    platform: "browser",
    mainFields: ["browser", "module", "main"],
    // The package is loaded as it is shipped. The others belong to Node and are never asked for in a browser.
    external: ["./pkg/*", "fs", "path", "crypto", "module"],
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "warning",
  });
  for (const file of files) {
    const name = basename(file, ".mjs");
    writeFileSync(
      join(target, `${name}.html`),
      `<!doctype html><html lang="en"><meta charset="utf-8"><title>${name}</title><script type="module" src="./${name}.js"></script></html>\n`,
    );
  }
  for (const [file, from] of Object.entries(WASM)) copyFileSync(from, join(target, file));
  cpSync(pkg, join(target, "pkg"), { recursive: true });
}

await pages("peers", false);
await pages("start", true);
