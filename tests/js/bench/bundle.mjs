// Bundles each peer with esbuild into the folder that is served, and puts beside it what it loads.
// node bundle.mjs <node_modules> <out> [<pkg>]

import { createRequire } from "node:module";
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [modules, out, pkg] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const { build } = createRequire(join(modules, "none.js"))("esbuild");

mkdirSync(out, { recursive: true });
const peers = readdirSync(join(here, "peers")).filter((file) => !["raw.mjs", "batches.mjs"].includes(file));
await build({
  entryPoints: peers.map((file) => join(here, "peers", file)),
  bundle: true,
  format: "esm",
  platform: "browser",
  conditions: ["browser"],
  mainFields: ["browser", "module", "main"],
  target: "es2022",
  outdir: out,
  nodePaths: [modules],
  // The package is loaded as it is shipped, not bundled.
  external: ["./pkg/*", "fs", "path", "crypto", "module"],
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "warning",
});
for (const file of ["sql-wasm.wasm", "sql-wasm-browser.wasm"]) copyFileSync(join(modules, "sql.js/dist", file), join(out, file));
copyFileSync(join(modules, "@sqlite.org/sqlite-wasm/dist/sqlite3.wasm"), join(out, "sqlite3.wasm"));
for (const file of readdirSync(here).filter((file) => file.endsWith(".html"))) copyFileSync(join(here, file), join(out, file));
if (pkg && existsSync(pkg)) cpSync(pkg, join(out, "pkg"), { recursive: true });
