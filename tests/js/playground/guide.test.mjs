/** The programs of docs/package.md, which are one, run and print what the guide says that they print. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const folder = `${root}target/js/guide`;

test("docs/package.md", () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(`${folder}/node_modules`, { recursive: true });
  symlinkSync(`${root}pkg`, `${folder}/node_modules/relata`);
  const blocks = [...readFileSync(`${root}docs/package.md`, "utf8").matchAll(/^```js\n(.*?)^```$/gms)];
  const program = blocks.map(([, block]) => block).join("");
  writeFileSync(`${folder}/guide.mjs`, program);
  const { stdout, stderr } = spawnSync(process.execPath, [`${folder}/guide.mjs`], { encoding: "utf8" });
  // A line in a loop promises several, between bars.
  const promised = [...program.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].flatMap(([, printed]) => printed.split(" | "));
  assert.ok(promised.length > 20, "it shows little");
  assert.equal(stdout, `${promised.join("\n")}\n`, stderr);
});
