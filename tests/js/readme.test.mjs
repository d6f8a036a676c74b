/** What the README shows of the package runs, and prints what the README says that it prints. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = `${root}target/js/readme`;

// As `npm install ./pkg` leaves it.
rmSync(folder, { recursive: true, force: true });
mkdirSync(`${folder}/node_modules`, { recursive: true });
symlinkSync(`${root}pkg`, `${folder}/node_modules/relata`);

describe("README", () => {
  const programs = [...readFileSync(`${root}README.md`, "utf8").matchAll(/^```js\n(.*?)^```$/gms)];
  for (const [number, [, program]] of programs.entries()) {
    test(`program ${number + 1}`, () => {
      const file = `${folder}/${number + 1}.mjs`;
      writeFileSync(file, program);
      const { stdout, stderr } = spawnSync(process.execPath, [file], { encoding: "utf8" });
      const promised = [...program.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, printed]) => printed);
      assert.notEqual(promised.length, 0, "it shows nothing");
      assert.equal(stdout, `${promised.join("\n")}\n`, stderr);
    });
  }
  test("there are programs", () => assert.notEqual(programs.length, 0));
});
