/**
 * The benchmark (`cargo xtask bench`) works, and every peer brings back what it must: each workload once, on little data.
 * No time is looked at.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const { RELATA_BROWSER, RELATA_URL, CHROMIUM } = process.env;

function run(args, env = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", env: { ...process.env, ...env } });
  assert.equal(status, 0, stdout + stderr);
  return stderr;
}

test("the benchmark's peers agree", { skip: RELATA_BROWSER !== "chrome" && "it drives Chrome" }, () => {
  const out = at("../../target/bench");
  run([at("bench/bundle.mjs"), at("node_modules"), out, at("../../pkg")]);
  const env = { BENCH_PEERS: `${RELATA_URL}target/bench/peers/`, BENCH_OUT: out, BENCH_ROOT: at("../.."), CHROME_PATH: CHROMIUM };
  const said = run([at("bench/run.mjs"), "--smoke"], env);
  assert.match(said, /results are right/);
});
