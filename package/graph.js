/**
 * A query's outcome, read out of the engine's memory: its objects at once, its statements when somebody looks at them.
 *
 * Cells lie packed as in `memory.js`, and the cells of the objects that were read in one place are a table. For each table a
 * function is made that builds its objects in one shape, which is several times as fast as giving them one member after another.
 * Where a page's content security policy forbids that, they are given one after another.
 */

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

const TEXT = 1;
const BLOB = 2;
const UNLOADED = 0xffffffff;
const NOTHING = 0xfffffffe;
const NO_OBJECT = 0xffffffff;
const ELSEWHERE = 0x80000000;

/** Packed values: where they lie in a memory, and their text. */
class Cells {
  constructor(buffer, [slots, count, textAt, textLength, bytes, byteCount]) {
    this.buffer = buffer;
    this.slots = slots;
    this.count = count;
    this.bytes = bytes;
    this.byteCount = byteCount;
    this.text = textLength === 0 ? "" : decoder.decode(new Uint8Array(buffer, textAt, textLength));
  }

  /** The same values in memory of their own, so that the engine's may go. */
  kept() {
    if (this.count === 0) return new Cells(new ArrayBuffer(0), [0, 0, 0, 0, 0, 0]);
    const kept = Object.create(Cells.prototype);
    const room = new ArrayBuffer(this.count * 8 + this.byteCount);
    const all = new Uint8Array(room);
    all.set(new Uint8Array(this.buffer, this.slots, this.count * 8));
    all.set(new Uint8Array(this.buffer, this.bytes, this.byteCount), this.count * 8);
    return Object.assign(kept, {
      buffer: room,
      slots: 0,
      count: this.count,
      bytes: this.count * 8,
      byteCount: this.byteCount,
      text: this.text,
    });
  }

  /** All values in order. */
  values() {
    const { text, count } = this;
    const f64 = new Float64Array(this.buffer, this.slots, count);
    const u32 = new Uint32Array(this.buffer, this.slots, 2 * count);
    const values = new Array(count);
    let cut = 0;
    let at = this.bytes;
    for (let i = 0; i < count; i += 1) {
      const number = f64[i];
      if (number === number) {
        values[i] = number;
        continue;
      }
      const tag = u32[2 * i + 1] & 7;
      const length = u32[2 * i];
      if (tag === TEXT) {
        values[i] = text.substring(cut, (cut += length));
      } else if (tag === 0) {
        values[i] = null;
      } else {
        values[i] = special(this.buffer, tag, at, length);
        at += length;
      }
    }
    return values;
  }
}

/** Bytes, or a whole number beyond 2^53. */
function special(buffer, tag, at, length) {
  return tag === BLOB ? new Uint8Array(buffer.slice(at, at + length)) : new DataView(buffer).getBigInt64(at, true);
}

/** A value as it is shown: a truth, a decimal as text, or as it is. */
export function shown(value, how) {
  if (value === null || how === "") return value;
  return how === "b" ? (typeof value === "number" ? value !== 0 : value) : String(value);
}

/** The functions that were made, by their text: the same query makes none anew. */
const made = new Map();
let mayMake = true;

/** Makes a function of a text; null where that is forbidden. */
function make(parameters, text) {
  if (!mayMake) return null;
  const key = `${parameters}\n${text}`;
  let known = made.get(key);
  if (known === undefined) {
    try {
      known = new Function(...parameters, text);
    } catch {
      mayMake = false;
      return null;
    }
    if (made.size > 500) made.clear();
    made.set(key, known);
  }
  return known;
}

/** For tests: whether functions may be made. */
export function allowFunctions(allowed) {
  mayMake = allowed;
}

/** A member's name in an object literal. */
const literal = (name) => (name === "__proto__" ? '["__proto__"]' : JSON.stringify(name));

const TABLE = ["f64", "u32", "text", "bytes", "special", "ids", "kinds", "out", "slot"];

/** The text of the function that builds the objects of a table. */
function tableSource({ width, kinds, properties }) {
  const lines = ["let n, t, e, cut = 0;", "for (let i = 0; i < ids.length; i += 1) {"];
  for (let at = 0; at < width; at += 1) {
    const how = kinds.map(({ fields }) => fields[at]).find((field) => field !== null)?.[1];
    const used = how !== undefined;
    const v = `v${at}`;
    const number = how === "b" ? "n !== 0" : how === "d" ? "String(n)" : "n";
    lines.push(
      `let ${v} = null; n = f64[slot]; if (n === n) ${v} = ${number}; else { t = u32[2 * slot + 1] & 7; ` +
        `if (t === 1) { e = cut + u32[2 * slot]; ${used ? `${v} = text.substring(cut, e);` : ""} cut = e; } ` +
        `else if (t !== 0) { e = u32[2 * slot]; ${v} = special(t, bytes, e); bytes += e; ` +
        `${how === "d" ? `${v} = String(${v});` : ""} } } slot += 1;`,
    );
  }
  const object = ({ fields }) => {
    const members = fields.map((field, at) => (field === null ? null : `${literal(field[0])}: v${at}`));
    const links = properties.map((name) => `${literal(name)}: null`);
    return `out[ids[i]] = { ${[...members, ...links].filter(Boolean).join(", ")} };`;
  };
  if (kinds.length === 1) lines.push(object(kinds[0]));
  else {
    const cases = kinds.map((kind, at) => `case ${at}: ${object(kind)} break;`);
    lines.push(`switch (kinds[i]) { ${cases.join(" ")} }`);
  }
  lines.push("}");
  return lines.join("\n");
}

/** Builds the objects of a table one member after another. */
function buildSlowly(node, cells, ids, kinds, out) {
  const { width } = node;
  const values = cells.values();
  const templates = node.kinds.map(({ fields }) => {
    const names = fields.filter((field) => field !== null).map(([name]) => [name, null]);
    return Object.fromEntries([...names, ...node.properties.map((name) => [name, null])]);
  });
  for (let i = 0; i < ids.length; i += 1) {
    const kind = kinds.length === 0 ? 0 : kinds[i];
    const object = { ...templates[kind] };
    const { fields } = node.kinds[kind];
    for (let at = 0; at < width; at += 1) {
      const field = fields[at];
      if (field !== null) set(object, field[0], shown(values[i * width + at], field[1]));
    }
    out[ids[i]] = object;
  }
}

/** Sets an own member, whatever its name. */
function set(object, name, value) {
  if (name !== "__proto__") object[name] = value;
  else Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
}

const LINK = ["heads", "targets", "next", "out"];

/** The text of the function that sets a property of all objects that have it. */
function linkSource(name, many) {
  const target = `out[p][${JSON.stringify(name)}]`;
  const one = `const h = heads[p]; if (h === ${UNLOADED}) continue;`;
  const end = `=== ${NOTHING}`;
  const list = `
    if (h ${end}) { ${target} = []; continue; }
    const b = next[h];
    if (b ${end}) { ${target} = [out[targets[h]]]; continue; }
    const c = next[b];
    if (c ${end}) { ${target} = [out[targets[h]], out[targets[b]]]; continue; }
    const l = [out[targets[h]], out[targets[b]], out[targets[c]]];
    for (let e = next[c]; e !== ${NOTHING}; e = next[e]) l.push(out[targets[e]]);
    ${target} = l;`;
  const single = `${target} = h ${end} ? null : out[h];`;
  return `for (let p = 0; p < heads.length; p += 1) { ${one} ${many ? list : single} }`;
}

function linkSlowly(name, many, heads, targets, next, out) {
  for (let p = 0; p < heads.length; p += 1) {
    const head = heads[p];
    if (head === UNLOADED) continue;
    if (!many) {
      set(out[p], name, head === NOTHING ? null : out[head]);
      continue;
    }
    const list = [];
    for (let edge = head; edge !== NOTHING; edge = next[edge]) list.push(out[targets[edge]]);
    set(out[p], name, list);
  }
}

/** Builds the objects of an outcome, and gives them by number. */
function buildObjects(buffer, told, tables) {
  const u32s = ([at, length]) => new Uint32Array(buffer, at, length);
  const f64 = new Float64Array(buffer, 0, buffer.byteLength >>> 3);
  const u32 = new Uint32Array(buffer);
  const out = new Array(told.objects);
  told.nodes.forEach((node, at) => {
    const ids = u32s(node.objects);
    if (ids.length === 0) return;
    const cells = tables[at];
    const kinds = new Uint16Array(buffer, ...node.kindOf);
    const build = make(TABLE, tableSource(node));
    const read = (tag, place, length) => special(buffer, tag, place, length);
    if (build === null) buildSlowly(node, cells, ids, kinds, out);
    else build(f64, u32, cells.text, cells.bytes, read, ids, kinds, out, cells.slots >>> 3);
  });
  const isLoaded = new Map();
  for (const { name, many, heads, targets, next } of told.links) {
    const [h, t, n] = [u32s(heads), u32s(targets), u32s(next)];
    const link = name === "__proto__" ? null : make(LINK, linkSource(name, many));
    if (link === null) linkSlowly(name, many, h, t, n, out);
    else link(h, t, n, out);
    const known = isLoaded.get(name) ?? [];
    known.push(h);
    isLoaded.set(name, known);
  }
  forgetUnloaded(buffer, told, isLoaded, out);
  const { names, for: computedFor, cells } = told.computed;
  if (computedFor[1] > 0) {
    const values = new Cells(buffer, cells).values();
    u32s(computedFor).forEach((object, row) => {
      names.forEach((name, at) => set(out[object], name, values[row * names.length + at]));
    });
  }
  return out;
}

/** Takes away the properties that an object was to have and that were not loaded. */
function forgetUnloaded(buffer, told, isLoaded, out) {
  for (const { properties, objects } of told.nodes) {
    for (const name of properties) {
      const all = isLoaded.get(name) ?? [];
      const ids = new Uint32Array(buffer, ...objects);
      for (let i = 0; i < ids.length; i += 1) {
        const id = ids[i];
        let loaded = false;
        for (const heads of all) loaded ||= id < heads.length && heads[id] !== UNLOADED;
        if (!loaded) delete out[id][name];
      }
    }
  }
}

/** The statements of an outcome, in memory of their own; their parts are made when they are asked for. */
class Sent {
  constructor(buffer, told, tables, explain) {
    const copy = ([at, length]) => new Uint32Array(buffer, at, length).slice();
    const packed = (cells) => new Cells(buffer, cells).kept();
    this.explain = explain;
    this.texts = told.texts;
    this.steps = told.steps.map((step) => ({ ...step, cells: packed(step.cells), values: null }));
    this.nodes = told.nodes.map((node, at) => ({
      width: node.width,
      cells: tables[at].kept(),
      others: packed(node.others),
      objects: copy(node.objects),
      values: null,
      otherValues: null,
    }));
    this.count = told.objects;
    this.runs = copy(told.runs);
    this.params = packed(told.params);
    this.entries = copy(told.entries);
    this.homes = null;
  }

  /** The statements, in the order in which they were sent. */
  statements() {
    const statements = new Array(this.runs.length / 5);
    const loose = this.steps.map(() => 0);
    let param = 0;
    for (let at = 0; at < statements.length; at += 1) {
      const [step, text, rows] = this.runs.subarray(5 * at, 5 * at + 3);
      statements[at] = new Statement(this, at, param, loose[step]);
      param += this.texts[text][1];
      loose[step] += rows;
    }
    return statements;
  }

  allParams() {
    this.paramValues ??= this.params.values();
    return this.paramValues;
  }

  /** Of each object, its table and its place there. */
  places() {
    if (this.homes === null) {
      this.homes = new Array(this.count);
      for (const node of this.nodes) node.objects.forEach((object, at) => (this.homes[object] = [node, at]));
    }
    return this.homes;
  }

  rows(run, firstLoose) {
    const [at, , count, firstEntry] = this.runs.subarray(5 * run, 5 * run + 4);
    const step = this.steps[at];
    step.values ??= step.cells.values();
    const places = this.places();
    let entry = firstEntry;
    let cell = firstLoose * step.loose.length;
    const rows = new Array(count);
    for (let n = 0; n < count; n += 1) {
      const row = new Array(step.columns.length).fill(null);
      for (const [node, first] of step.parts) {
        this.fill(row, first, this.nodes[node], this.entries[entry], places);
        entry += 1;
      }
      for (const column of step.loose) {
        row[column] = step.values[cell];
        cell += 1;
      }
      rows[n] = row;
    }
    return rows;
  }

  fill(row, first, node, entry, places) {
    if (entry === NO_OBJECT) return;
    let [from, at] = [node, entry - ELSEWHERE];
    let values;
    if (entry >= ELSEWHERE) {
      node.otherValues ??= node.others.values();
      values = node.otherValues;
    } else {
      [from, at] = places[entry];
      from.values ??= from.cells.values();
      ({ values } = from);
    }
    for (let i = 0; i < node.width; i += 1) row[first + i] = values[at * from.width + i];
  }
}

/** A value in JSON, which has neither whole numbers beyond 2^53 nor bytes: the digits, decimal or hexadecimal. */
function jsonValue(value) {
  if (typeof value === "bigint") return String(value);
  return value instanceof Uint8Array ? Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join("") : value;
}

/** A statement that was sent. */
class Statement {
  #sent;
  #run;
  #param;
  #loose;
  #rows;
  #plan;

  constructor(sent, run, param, loose) {
    this.#sent = sent;
    this.#run = run;
    this.#param = param;
    this.#loose = loose;
  }

  #number(at) {
    return this.#sent.runs[5 * this.#run + at];
  }

  get sql() {
    return this.#sent.texts[this.#number(1)][0];
  }

  get params() {
    const [, count] = this.#sent.texts[this.#number(1)];
    return this.#sent.allParams().slice(this.#param, this.#param + count);
  }

  get columns() {
    return this.#sent.steps[this.#number(0)].columns.slice();
  }

  get rowCount() {
    return this.#number(2);
  }

  get rows() {
    this.#rows ??= this.#sent.rows(this.#run, this.#loose);
    return this.#rows;
  }

  get ms() {
    return this.#number(4) / 1000;
  }

  get plan() {
    this.#plan ??= this.#sent.explain(this.sql, this.params);
    return this.#plan;
  }

  toJSON() {
    return toJson(this);
  }

  [Symbol.for("nodejs.util.inspect.custom")]() {
    const { sql, params, columns, rowCount, ms } = this;
    return { sql, params, columns, rowCount, ms };
  }
}

/** The parts of a statement, as for `JSON.stringify`. */
function toJson({ sql, params, columns, rows, ms, plan }) {
  return { sql, params: params.map(jsonValue), columns, rows: rows.map((row) => row.map(jsonValue)), ms, plan };
}

/** A statement whose parts are there: but for its plan, which `explain` is asked for. */
export function statementOf(parts, explain) {
  let plan;
  return {
    ...parts,
    rowCount: parts.rows.length,
    get plan() {
      plan ??= explain(parts.sql, parts.params);
      return plan;
    },
    toJSON() {
      return toJson(this);
    },
  };
}

/**
 * Reads an outcome. `told` says where it lies in `buffer`; `explain(sql, params)` asks SQLite how it goes about a statement. What
 * is given holds nothing of the engine's memory. The objects are null where `wanted` says so.
 */
export function readOutcome(buffer, told, explain, wanted = true) {
  const tables = told.nodes.map((node) => new Cells(buffer, node.cells));
  const all = wanted ? buildObjects(buffer, told, tables) : null;
  const roots = new Uint32Array(buffer, ...told.roots);
  const objects = all && Array.from(roots, (root) => all[root]);
  const sent = new Sent(buffer, told, tables, explain);
  let statements;
  return { objects, count: told.objects, statements: () => (statements ??= sent.statements()) };
}
