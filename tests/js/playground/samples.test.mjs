/** Every sample, every model of it, everything two relationships deep, under every strategy: the same graph, each object once. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { init, Playground } from "../../../pkg/relata.js";
import { drawn, reached } from "./graph.mjs";

const TITLES = [
  ...["User and Profile", "Author and Book", "Student and Course", "Enrollment with a grade", "Author and Editor"],
  ...["Tree of categories", "Followers", "Friends", "Room and Desk", "Country and City", "Playlist in order"],
  ...["Comments on anything", "Kinds of employees", "Kinds of publications"],
];
const STRATEGIES = ["lazy", "joined", "select-in", "subquery", "immediate", "json"];

before(() => init());

/** Everything that a model's objects lead to, so many relationships deep. */
function everything(models, name, depth) {
  if (depth === 0) return {};
  const { properties } = models.find((model) => model.name === name);
  const include = properties.map((property) => [property.name, { include: everything(models, property.model, depth - 1) }]);
  return Object.fromEntries(include);
}

for (const title of TITLES) {
  describe(title, () => {
    for (const depth of [1, 2]) {
      test(`${depth} deep`, () => {
        const playground = new Playground(title);
        const { models, diagnostics } = playground.define();
        assert.deepEqual(diagnostics.filter(({ severity }) => severity === "error"), []);
        for (const { name: model } of models) {
          const include = everything(models, model, depth);
          const graphs = STRATEGIES.map((strategy) => playground.query({ model, include, strategy }).objects);
          const [first, ...others] = graphs.map((objects) => drawn(objects));
          for (const [at, other] of others.entries()) assert.equal(other, first, `${model}, ${STRATEGIES[at + 1]}`);
          for (const objects of graphs) eachOnce(objects, model, playground);
        }
        playground.close();
      });
    }

    test("the page's own query of it runs, and opens again", () => {
      const playground = new Playground(title);
      const text = playground.project();
      assert.deepEqual(JSON.parse(new Playground(text).project()), JSON.parse(text));
      assert.deepEqual(JSON.parse(new Playground(JSON.parse(text)).project()), JSON.parse(text));
    });

    test("everything that is in the database is in the project", () => {
      const playground = new Playground(title);
      const { models } = playground.define();
      for (const { name, properties, fields } of models) {
        const [text] = fields.filter(({ type, primaryKey }) => type === "text" && !primaryKey);
        const needs = properties.some(({ kind }) => kind === "belongs-to");
        if (text && !needs) playground.insert({ [name]: [{ [text.name]: ' "new", ' }].map((object) => withKey(object, fields)) });
      }
      const again = new Playground(playground.project());
      assert.deepEqual(again.create(), { refused: [] });
      for (const { name: model } of models) {
        const include = everything(models, model, 1);
        assert.equal(drawn(again.query({ model, include }).objects), drawn(playground.query({ model, include }).objects), model);
      }
    });

    test("a comparison brings one graph", () => {
      const playground = new Playground(title);
      const { models } = playground.define();
      const [{ name: model }] = models;
      const ways = playground.compare({ model, include: everything(models, model, 1) });
      const brought = ways.filter(({ strategy }) => strategy !== "raise");
      assert.ok(brought.every(({ graph, error }) => graph === 0 && error === null));
      assert.equal(brought.length, STRATEGIES.length + 1);
      const json = brought.find(({ strategy }) => strategy === "json");
      assert.equal(json.statements.length, 1);
    });
  });
}

/** The same object, with a key where the database gives none. */
function withKey(object, fields) {
  const keys = fields.filter(({ primaryKey, name, type }) => primaryKey && !(name === "id" && type === "integer"));
  return { ...object, ...Object.fromEntries(keys.map(({ name, type }) => [name, type === "text" ? "new" : 77])) };
}

/** No row is two objects; and there are as many as the table has. */
function eachOnce(objects, model, playground) {
  assert.equal(new Set(objects).size, objects.length);
  const { objects: bare } = playground.query({ model });
  assert.equal(objects.length, bare.length);
  for (const object of reached(objects)) assert.equal(Object.getPrototypeOf(object), Object.prototype);
}
