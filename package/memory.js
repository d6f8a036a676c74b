/**
 * The engine's memory as JavaScript sees it: parameters are written there and packed rows read (`src/engine/packed.rs` says
 * how they lie).
 */

/** A mark at the beginning is a letter like others: all texts are decoded as one, and cut by their lengths. */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/** The upper half of a slot that is no number, and what its lower bits say. */
const QUIET = 0x7ff80000;
const NULL = 0;
const TEXT = 1;
const BLOB = 2;
const BIG = 3;
const UNSET = 4;

/** Texts up to this many bytes are quicker decoded and encoded here than by the browser. */
const SHORT = 120;

/** What stands where in the header, in words. */
const SLOTS = 0;
const TEXT_AT = 1;
const TEXT_LENGTH = 2;
const BYTES = 3;
const COLUMNS = 4;
const ROWS = 5;
const WIDE = 6;
const TAIL = 7;
const CODE = 8;

export class Memory {
  constructor(wasm) {
    this.wasm = wasm;
    this.memory = wasm.memory;
    this.header = wasm.sq_header() >>> 2;
    /** Whose row was packed last and may still be read. */
    this.owner = null;
    /** Where the input is, and how many bytes it has. */
    this.input = 0;
    this.room = 0;
    /** Which parameter of those written last has the bytes that were looked at last. */
    this.blob = 0;
    /** How far the packed rows have been read, and their text. */
    this.slot = 0;
    this.bytes = 0;
    this.cut = 0;
    this.all = "";
    this.wide = false;
    this.look();
  }

  /** Takes hold of the memory again, which moves when it grows. */
  look() {
    const { buffer } = this.memory;
    this.u8 = new Uint8Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.f64 = new Float64Array(buffer);
  }

  /** Must come before each reading and writing. */
  fresh() {
    if (this.u8.length === 0) this.look();
  }

  get columns() {
    this.fresh();
    return this.u32[this.header + COLUMNS];
  }

  get rowCount() {
    this.fresh();
    return this.u32[this.header + ROWS];
  }

  get tail() {
    this.fresh();
    return this.u32[this.header + TAIL];
  }

  get code() {
    this.fresh();
    return this.u32[this.header + CODE];
  }

  /** Adds the packed rows to a list, each an array. */
  rows(into) {
    this.fresh();
    const { u32, header } = this;
    this.open();
    for (let left = u32[header + ROWS], width = u32[header + COLUMNS]; left > 0; left -= 1) into.push(this.next(width));
  }

  /** The only packed row. */
  row() {
    this.fresh();
    this.open();
    return this.next(this.u32[this.header + COLUMNS]);
  }

  /** Begins to read the packed rows. */
  open() {
    const { u32, header } = this;
    this.slot = u32[header + SLOTS] >>> 3;
    this.bytes = u32[header + BYTES];
    this.wide = u32[header + WIDE] !== 0;
    this.all = this.allText();
    this.cut = 0;
  }

  /** The next row. */
  next(width) {
    const { u32, f64 } = this;
    const row = new Array(width);
    let { slot } = this;
    for (let at = 0; at < width; at += 1, slot += 1) {
      const number = f64[slot];
      // Only what is no number is not equal to itself.
      row[at] = number === number ? number : this.other(u32[2 * slot + 1] & 7, u32[2 * slot]);
    }
    this.slot = slot;
    return row;
  }

  /** A cell that is no number. */
  other(tag, length) {
    if (tag === TEXT) {
      const start = this.cut;
      this.cut += length;
      // sql.js drops a byte order mark at the beginning of each text; behind an empty one stands the next one's.
      const marked = this.wide && length > 0 && this.all.charCodeAt(start) === 0xfeff;
      return this.all.substring(marked ? start + 1 : start, this.cut);
    }
    if (tag === NULL) return null;
    const start = this.bytes;
    this.bytes += length;
    return tag === BLOB ? this.u8.slice(start, this.bytes) : this.big(start);
  }

  /** All text of the packed rows. */
  allText() {
    const { u8, u32, header } = this;
    const length = u32[header + TEXT_LENGTH];
    if (length === 0) return "";
    const at = u32[header + TEXT_AT];
    if (length > SHORT || u32[header + WIDE] !== 0) return decoder.decode(u8.subarray(at, at + length));
    let text = "";
    let i = at;
    for (const end = at + length - 8; i <= end; i += 8) {
      text += String.fromCharCode(u8[i], u8[i + 1], u8[i + 2], u8[i + 3], u8[i + 4], u8[i + 5], u8[i + 6], u8[i + 7]);
    }
    for (const end = at + length; i < end; i += 1) text += String.fromCharCode(u8[i]);
    return text;
  }

  big(at) {
    return new DataView(this.memory.buffer).getBigInt64(at, true);
  }

  /** Makes sure that the input has room for so many bytes, and gives where it is. */
  reserve(bytes) {
    if (bytes > this.room) {
      this.input = this.wasm.sq_input(bytes) >>> 0;
      this.room = bytes;
    }
    this.fresh();
    return this.input;
  }

  /** Writes a text to the input and gives its length in bytes. */
  write(text) {
    const at = this.reserve(text.length * 3);
    return this.encode(text, at);
  }

  /** A text as SQLite reads it: up to the first zero. As in sql.js, what has no length is an empty one. */
  text(value) {
    if (typeof value !== "string" && !(value instanceof String)) {
      if (value == null || value.length > 0) throw new TypeError("There must be a text, not " + typeof value);
      return "";
    }
    const text = String(value);
    const end = text.indexOf("\0");
    return end < 0 ? text : text.slice(0, end);
  }

  /** Writes parameters to the input, and gives how many there are; `undefined` for those that stay. */
  parameters(values) {
    const count = values.length;
    let room = 8 * count;
    for (let i = 0; i < count; i += 1) {
      const value = values[i];
      // First, or V8 (seen in Node 20) reads the length of a text before it knows that there is one, and the process ends.
      if (typeof value === "number") continue;
      if (typeof value === "string") room += 3 * value.length;
      else if (typeof value === "bigint") room += 3 * value.toString().length;
      else if (value !== null && typeof value === "object") room += this.sized(value, i).length;
    }
    const pointer = this.reserve(room);
    const { u8, u32, f64 } = this;
    let slot = pointer >>> 3;
    let content = pointer + 8 * count;
    for (let i = 0; i < count; i += 1, slot += 1) {
      const value = values[i];
      if (typeof value === "number") {
        f64[slot] = value;
        continue;
      }
      let tag = UNSET;
      let length = 0;
      if (value === null) {
        tag = NULL;
      } else if (typeof value === "string") {
        tag = TEXT;
        length = this.encode(value, content);
      } else if (typeof value === "boolean") {
        f64[slot] = value ? 1 : 0;
        continue;
      } else if (typeof value === "bigint") {
        tag = TEXT;
        length = this.encode(value.toString(), content);
      } else if (value !== undefined) {
        tag = BLOB;
        length = this.sized(value, i).length;
        u8.set(value, content);
      }
      u32[2 * slot] = length;
      u32[2 * slot + 1] = QUIET | tag;
      content += length;
    }
    return count;
  }

  /** Notes which parameter's bytes are looked at: they may be anything with a length, and throw. */
  sized(value, at) {
    this.blob = at;
    return value;
  }

  /** Writes a text there as UTF-8 and gives its length in bytes. */
  encode(text, at) {
    const { u8 } = this;
    const { length } = text;
    if (length <= SHORT) {
      let i = 0;
      for (; i < length; i += 1) {
        const unit = text.charCodeAt(i);
        if (unit > 127) break;
        u8[at + i] = unit;
      }
      if (i === length) return length;
    }
    if (text.isWellFormed?.() === false) return this.encodeHalves(text, at);
    return encoder.encodeInto(text, u8.subarray(at, at + 3 * length)).written;
  }

  /** The same for a text with half a surrogate pair, of which sql.js makes three bytes: no UTF-8, but what was there. */
  encodeHalves(text, start) {
    const { u8 } = this;
    let at = start;
    for (const character of text) {
      const point = character.codePointAt(0);
      if (point < 0xd800 || point > 0xdfff) {
        at += encoder.encodeInto(character, u8.subarray(at, at + 4)).written;
      } else {
        u8[at] = 0xe0 | (point >> 12);
        u8[at + 1] = 0x80 | ((point >> 6) & 63);
        u8[at + 2] = 0x80 | (point & 63);
        at += 3;
      }
    }
    return at - start;
  }
}
