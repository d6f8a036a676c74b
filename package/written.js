/**
 * What a script hands over, as the engine reads it: JSON, and objects with a `$` for what JSON does not have. What is none of
 * that is found here, and told with its path.
 */

/** How deep a value may be nested; the engine reads a little more. */
const DEEPEST = 100;

/** How many steps of a path are told. */
const LONGEST = 20;

/** Something that cannot be written, and where it is: names, and numbers for places in lists. */
class Unwritable {
  steps = [];

  constructor(message, mend = "") {
    this.message = message;
    this.mend = mend;
  }

  /** The same, as a diagnostic. */
  told(before = []) {
    const { message, mend } = this;
    const steps = [...before, ...this.steps];
    // What stands within itself would have no end.
    const path = steps.length > LONGEST ? `${pathOf(steps.slice(0, LONGEST))}…` : pathOf(steps);
    return { severity: "error", path, message, mend };
  }
}

/** The path of a member of a member, as the engine writes it. */
function pathOf(steps) {
  let path = "";
  for (const step of steps) {
    if (typeof step === "number") path += `[${step}]`;
    else if (!/^[\p{L}\p{N}_$-]+$/u.test(step)) path += `[${JSON.stringify(step)}]`;
    else path += path === "" ? step : `.${step}`;
  }
  return path;
}

/** An error on its way out of a member. */
function from(step, error) {
  if (error instanceof Unwritable) error.steps.unshift(step);
  return error;
}

const isWhole =
  typeof "".isWellFormed === "function" ? (text) => text.isWellFormed() : (text) => !/\p{Surrogate}/u.test(text);

function whole(text) {
  if (!isWhole(text)) throw new Unwritable("Half of a surrogate pair is no character, and no text can hold it.");
  return text;
}

const PLAIN = { strict: false, query: false, object: null };

/**
 * A value as the engine reads it. `how.object` says what stands for an object, where it is not written in its place; inside the
 * conditions of a `how.query`, undefined is no way to leave something out: whoever has forgotten a value would get everything.
 */
function written(value, how, depth) {
  switch (typeof value) {
    case "string":
      return whole(value);
    case "number":
      return Number.isFinite(value) ? value : { $number: String(value) };
    case "bigint":
      return { $integer: String(value) };
    case "boolean":
      return value;
    case "undefined":
      if (how.strict) throw new Unwritable("There is nothing to test: undefined is no value.", "Write null for no value, or leave the member out.");
      return null;
    case "object":
      return value === null ? null : writtenObject(value, how, depth);
    default:
      throw new Unwritable(`A ${typeof value} is no value.`);
  }
}

function writtenObject(value, how, depth) {
  if (depth > DEEPEST) throw new Unwritable(`It is nested more than ${DEEPEST} deep, or stands within itself.`);
  if (Array.isArray(value)) {
    const list = new Array(value.length);
    let at = 0;
    try {
      for (; at < value.length; at += 1) list[at] = written(value[at], how, depth + 1);
    } catch (error) {
      throw from(at, error);
    }
    return list;
  }
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return { $blob: Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("") };
  }
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  switch (kind) {
    case "Object":
    case "Module":
      return how.object === null ? writtenMembers(value, how, depth) : how.object(value);
    case "ArrayBuffer":
      return written(new Uint8Array(value), how, depth);
    case "Date":
      if (Number.isNaN(value.getTime())) throw new Unwritable("This Date is none: its time is not a number.");
      return { $date: value.toISOString() };
    case "Number":
    case "String":
    case "Boolean":
    case "BigInt":
      return written(value.valueOf(), how, depth);
    default:
      throw new Unwritable(`Objects of ${kind} are no values.`);
  }
}

/** The members of an object. Those that are undefined are left out, as in JSON. */
function writtenMembers(object, how, depth) {
  const members = [];
  for (const [name, item] of Object.entries(object)) {
    if (item === undefined && !how.strict) continue;
    const inside = how.query && (name === "where" || name === "having") ? { ...how, strict: true } : how;
    try {
      members.push([whole(name), written(item, inside, depth + 1)]);
    } catch (error) {
      throw from(name, error);
    }
  }
  // A member may be called __proto__.
  return Object.fromEntries(members);
}

/** Throws what was found, as `wrong` makes an error of diagnostics. */
function telling(wrong, write, before) {
  try {
    return write();
  } catch (error) {
    throw error instanceof Unwritable ? wrong([error.told(before(error))]) : error;
  }
}

/** What a value is, for a message. */
function noun(value) {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** Text, or an object as text. `what` says what was to be handed over. */
export function specification(value, what, wrong) {
  const told = (message) => wrong([{ severity: "error", path: "", message, mend: "" }]);
  if (typeof value === "string") {
    if (!isWhole(value)) throw told("Half of a surrogate pair is no character, and no text can hold it.");
    return value;
  }
  if (value === null || typeof value !== "object") throw told(`Expected ${what}, not ${noun(value)}.`);
  const how = { ...PLAIN, query: what.startsWith("a query") };
  return JSON.stringify(telling(wrong, () => written(value, how, 0), () => []));
}

/** A key. */
export const keyText = (key) => JSON.stringify(written(key, PLAIN, 0));

/**
 * What is to be inserted as the engine reads it: each object once, however often it is written. `keyOf` gives the key of an object
 * that is linked to and in the database already.
 */
export function flattened(listed, keyOf, wrong) {
  if (listed === null || typeof listed !== "object" || Array.isArray(listed)) {
    const message = `Expected lists of objects by model, not ${noun(listed)}.`;
    throw wrong([{ severity: "error", path: "", message, mend: 'Write it as { Author: [{ name: "…" }] }.' }]);
  }
  const numbers = new Map();
  const open = [];
  const number = (object) => {
    let known = numbers.get(object);
    if (known === undefined) {
      known = numbers.size;
      numbers.set(object, known);
      open.push(object);
    }
    return { $object: known };
  };
  const there = new Map();
  const linked = (object) => {
    if (numbers.has(object)) return number(object);
    if (!there.has(object)) there.set(object, keyOf(object));
    const key = there.get(object);
    return key === undefined ? number(object) : written(key, PLAIN, 0);
  };
  const listHow = { ...PLAIN, object: number };
  const lists = telling(wrong, () => JSON.stringify(writtenMembers(listed, listHow, 0)), () => []);
  const objects = [];
  const memberHow = { ...PLAIN, object: linked };
  // More are found while these are written.
  for (let at = 0; at < open.length; at += 1) {
    objects.push(telling(wrong, () => writtenMembers(open[at], memberHow, 0), () => firstPlace(listed, open, at)));
  }
  return [lists, JSON.stringify(objects), open];
}

/** Where an object was written first: in a list, or in an object that was found before it. */
function firstPlace(listed, open, at) {
  const steps = [];
  for (let wanted = at; ; ) {
    for (const [name, list] of Object.entries(listed)) {
      const place = Array.isArray(list) ? list.indexOf(open[wanted]) : -1;
      if (place >= 0) return [name, place, ...steps];
    }
    let parent = -1;
    for (let before = 0; before < wanted && parent < 0; before += 1) {
      for (const [name, item] of Object.entries(open[before])) {
        const place = Array.isArray(item) ? item.indexOf(open[wanted]) : -1;
        if (item !== open[wanted] && place < 0) continue;
        steps.unshift(...(place < 0 ? [name] : [name, place]));
        parent = before;
        break;
      }
    }
    if (parent < 0) return steps;
    wanted = parent;
  }
}
