/** A graph of objects as text, in which the order of collections counts and every object has its number: equal graphs, equal texts. */
export function drawn(objects, ordered = false) {
  const numbers = new Map();
  const lines = [];
  const text = (value) => {
    if (typeof value === "bigint") return `${value}n`;
    if (value instanceof Uint8Array) return `bytes ${Array.from(value)}`;
    return JSON.stringify(value);
  };
  const isObject = (value) => value !== null && typeof value === "object" && !(value instanceof Uint8Array);
  const name = (object) => `${Object.keys(object).filter((key) => !isObject(object[key])).map((key) => `${key}=${text(object[key])}`)}`;
  const reach = (object) => {
    if (numbers.has(object)) return;
    numbers.set(object, numbers.size);
    const links = Object.keys(object).filter((key) => isObject(object[key]));
    const linked = links.map((key) => {
      const targets = [object[key]].flat().map(name);
      return `${key} → ${(ordered ? targets : targets.sort()).join(" & ")}`;
    });
    lines.push(`${name(object)} | ${linked.sort().join(" | ")}`);
    for (const key of links) [object[key]].flat().forEach(reach);
  };
  objects.forEach(reach);
  return lines.sort().join("\n");
}

/** All objects that can be reached. */
export function reached(objects) {
  const all = new Set();
  const open = [...objects];
  while (open.length > 0) {
    const object = open.pop();
    if (object === null || typeof object !== "object" || object instanceof Uint8Array || all.has(object)) continue;
    if (!Array.isArray(object)) all.add(object);
    open.push(...Object.values(object));
  }
  return [...all];
}
