/** The page in the README that embeds the playground shows what it should, in a browser. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { noBrowser, withPage } from "../browser.mjs";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const [, page] = readFileSync(`${root}README.md`, "utf8").match(/^```html\n(<!doctype html>.*?)^```$/ms);

test("it has ten lines at most", () => assert.ok(page.trim().split("\n").length <= 10));

test("it shows the statement and the objects", { skip: noBrowser }, async () => {
  mkdirSync(`${root}target/js`, { recursive: true });
  // The page lies beside `pkg/`; this copy of it does not.
  writeFileSync(`${root}target/js/embedded.html`, page.replace("./pkg/", "/pkg/"));
  const shown = await withPage("/target/js/embedded.html", (browser) =>
    browser.evaluate(async () => {
      const out = document.querySelector("#out");
      for (let waits = 0; out.textContent === "" && waits < 200; waits += 1) await new Promise((go) => setTimeout(go, 100));
      return out.textContent;
    }),
  );
  assert.match(shown, /^SELECT authors\.id/);
  assert.match(shown, /LEFT OUTER JOIN books/);
  assert.match(shown, /: .+, .+/);
});
