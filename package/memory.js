/**
 * The engine's memory as JavaScript sees it: parameters are written there and packed rows read (`src/engine/packed.rs` says
 * how they lie).
 */

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** The upper half of a slot that is no number, and what its lower bits say. */
const QUIET = 0x7ff80000;
const TEXT = 1;
const BLOB = 2;
const BIG = 3;
const UNSET = 4;

/** Texts up to this many bytes are quicker put together here than by the decoder. */
const SHORT = 24;

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

  /** The packed rows, each an array. */
  rows(into) {
    this.fresh();
    const { u32, f64, header } = this;
    const count = u32[header + ROWS];
    const width = u32[header + COLUMNS];
    const text = this.allText();
    let slot = u32[header + SLOTS] >>> 3;
    let cut = 0;
    let bytes = u32[header + BYTES];
    for (let n = 0; n < count; n += 1) {
      const row = new Array(width);
      for (let at = 0; at < width; at += 1, slot += 1) {
        const number = f64[slot];
        if (number === number) {
          row[at] = number;
          continue;
        }
        const tag = u32[2 * slot + 1] & 7;
        if (tag === TEXT) {
          const end = cut + u32[2 * slot];
          row[at] = text.substring(cut, end);
          cut = end;
        } else if (tag === 0) {
          row[at] = null;
        } else {
          const end = bytes + u32[2 * slot];
          row[at] = tag === BLOB ? this.u8.slice(bytes, end) : this.big(bytes);
          bytes = end;
        }
      }
      into.push(row);
    }
  }

  /** All text of the packed rows. */
  allText() {
    const { u8, u32, header } = this;
    const length = u32[header + TEXT_LENGTH];
    if (length === 0) return "";
    const at = u32[header + TEXT_AT];
    if (length > SHORT || u32[header + WIDE] !== 0) return decoder.decode(u8.subarray(at, at + length));
    let text = "";
    for (let end = at + length, i = at; i < end; i += 1) text += String.fromCharCode(u8[i]);
    return text;
  }

  big(at) {
    return new DataView(this.memory.buffer).getBigInt64(at, true);
  }

  /** Writes a text to the input and gives its length in bytes. */
  write(text) {
    const pointer = this.wasm.sq_input(text.length * 3) >>> 0;
    this.fresh();
    return encoder.encodeInto(text, this.u8.subarray(pointer, pointer + text.length * 3)).written;
  }

  /** A statement's text as SQLite reads it: up to the first zero. */
  text(sql) {
    const text = String(sql);
    const end = text.indexOf("\0");
    return end < 0 ? text : text.slice(0, end);
  }

  /** Writes parameters to the input, and gives how many there are; `undefined` for those that stay. */
  parameters(values) {
    const count = values.length;
    let room = 8 * count;
    for (let i = 0; i < count; i += 1) {
      const value = values[i];
      if (typeof value === "string") room += 3 * value.length;
      else if (typeof value === "bigint") room += 3 * value.toString().length;
      else if (value !== null && typeof value === "object") room += value.length;
    }
    const pointer = this.wasm.sq_input(room) >>> 0;
    this.fresh();
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
        tag = 0;
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
        length = value.length;
        u8.set(value, content);
      }
      u32[2 * slot] = length;
      u32[2 * slot + 1] = QUIET | tag;
      content += length;
    }
    return count;
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
    return encoder.encodeInto(text, u8.subarray(at, at + 3 * length)).written;
  }
}
