// Binds parameters of all kinds in turn, 20,000 times; run by mistakes.test.mjs as a process of its own.
import { packageFolder } from "./engines.mjs";

const { default: init } = await import(new URL("relata.js", packageFolder));
const { Database } = await init();
const db = new Database();
const statements = ["SELECT 1", "SELECT ? AS a, ?2 AS b", "SELECT :a, @b, $c"];
const parameters = [
    [], [1], [1, "b"], [null, 2.5], [1, 2, 3], {}, { ":a": 1 }, { ":a": "x", "@b": null, $c: 2 }, [undefined], [Symbol("s")], [1, {}], { ":a": 5, "@b": {} },
    [new Uint8Array([1, 2])], [[1, 2]], [true, 5n], [1, undefined], [2 ** 40, -0],
];
let last = 1;
const below = bound => {
    last = (last * 1103515245 + 12345) & 0x7fffffff;
    return (last >> 8) % bound;
};
for (let i = 0; i < 20_000; i++) {
    try {
        db.exec(statements[below(3)], parameters[below(parameters.length)]);
    } catch {
        // Some are too many, some cannot be bound.
    }
}
console.log(db.exec("SELECT ?, ?", ["x", 1])[0].values[0].join());
