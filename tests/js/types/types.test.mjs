/** The package's types compile, accept what they should, and refuse what they should. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

test("an example is typed", () => {
  const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  const project = fileURLToPath(new URL("tsconfig.json", import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [tsc, "--project", project], { encoding: "utf8" });
  assert.equal(status, 0, stdout);
});
