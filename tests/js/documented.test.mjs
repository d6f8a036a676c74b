/**
 * Whatever the package exports is documented: a sentence for every item and member, and for every function, class and
 * method an `@example` that runs and prints what its comments promise.
 *
 * An example sees what the package exports, `SQL` from `initSqlJs()`, and `db`, an empty database; one in kept.d.ts runs
 * in a page, and sees what that module exports.
 */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { format } from "node:util";
import ts from "typescript";
import initSqlJs from "sql.js";
import * as relata from "../../pkg/relata.js";
import { noBrowser, withPage } from "./browser.mjs";

const folder = fileURLToPath(new URL("../../package/", import.meta.url));
/** What is called, and so has an example. */
const CALLED = ["FunctionDeclaration", "ClassDeclaration", "MethodDeclaration"].map((name) => ts.SyntaxKind[name]);
const AsyncFunction = (async () => {}).constructor;
/** What is said there is true of sql.js, too. */
const SHARED = "relata.d.ts";
/** What is only for pages. */
const PAGES = "kept.d.ts";

for (const file of readdirSync(folder).filter((name) => name.endsWith(".d.ts"))) {
  const content = readFileSync(folder + file, "utf8");
  const items = documentedItems(ts.createSourceFile(file, content, ts.ScriptTarget.Latest, true));
  describe(file, () => {
    for (const { name, runs, text, examples } of items) {
      test(name, async () => {
        assert.ok(text, "it has no documentation");
        assert.ok(!runs || examples.length > 0, "it has no @example");
        if (file !== PAGES) for (const example of examples) await check(example);
      });
      if (file !== SHARED || examples.length === 0) continue;
      test(`${name}, on sql.js`, async () => {
        for (const example of examples) await check(example, initSqlJs);
      });
    }
    if (file !== PAGES) return;
    test("examples, in a page", { skip: noBrowser }, () =>
      withPage("/tests/js/blank.html", async (page) => {
        for (const example of items.flatMap(({ examples }) => examples)) {
          const logged = await page.evaluate(runInPage, "/pkg/kept.js", example);
          keepsPromise(example, logged.map((args) => format(...args)));
        }
      }),
    );
  });
}

async function check(program, initSqlJs = relata.initSqlJs) {
  const logged = [];
  const SQL = await initSqlJs();
  const console = { log: (...args) => logged.push(format(...args)) };
  const { default: _, ...exported } = relata;
  const names = { ...exported, initSqlJs, SQL, db: new SQL.Database(), console };
  await new AsyncFunction(...Object.keys(names), program)(...Object.values(names));
  keepsPromise(program, logged);
}

async function runInPage(module, program) {
  const AsyncFunction = (async () => {}).constructor;
  const exported = await import(module);
  const logged = [];
  const console = { log: (...args) => logged.push(args) };
  await new AsyncFunction(...Object.keys(exported), "console", program)(...Object.values(exported), console);
  return logged;
}

/** Compares what a program logged with the comment behind each `console.log(…);`. */
function keepsPromise(program, logged) {
  const promised = [...program.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, printed]) => printed);
  assert.deepEqual(logged, promised, program);
}

/** Everything exported and every member of it, with its documentation (read as text: an example may hold an `@`). */
function documentedItems(source) {
  const listed = source.statements.flatMap((statement) => statement.exportClause?.elements?.map(({ name }) => name.text) ?? []);
  const isExported = (node) =>
    node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) || listed.includes(node.name?.text);
  const items = source.statements.filter(isExported).flatMap((item) => {
    const declarations = item.declarationList?.declarations ?? [item];
    return declarations.flatMap((declaration) => {
      const name = declaration.name.getText(source);
      const memberName = (member) => `${name}.${member.name?.getText(source) ?? "new"}`;
      const members = (declaration.members ?? []).map((member) => documented(member, memberName(member)));
      return [documented(item, name), ...members];
    });
  });
  // What is declared for several kinds of arguments is documented at the first.
  return items.filter(({ name }, index) => items.findIndex((other) => other.name === name) === index);

  function documented(node, name) {
    const comment = node.jsDoc?.at(-1)?.getText(source) ?? "";
    const lines = comment.replace(/^\/\*\*|\*\/$/g, "").split("\n").map((line) => line.replace(/^\s*\* ?/, ""));
    const [text, ...tags] = lines.join("\n").split(/^@(?=\w)/m);
    return {
      name,
      runs: CALLED.includes(node.kind),
      text: text.trim(),
      examples: tags.filter((tag) => tag.startsWith("example")).map((tag) => tag.slice("example".length)),
    };
  }
}
