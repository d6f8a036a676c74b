/** The package's types: what an editor knows of it. Only compiled, by types.test.mjs. */
import type { Database as SqlJsDatabase, SqlJsStatic, SqlValue } from "sql.js";
import initSqlJs, { init, initSqlJs as sameByName } from "../../../pkg/relata.js";

await init();
const SQL = await initSqlJs({ locateFile: (file: string) => `/assets/${file}` });
const db = new SQL.Database();

const [result] = db.exec("SELECT 1 AS one, x'00' AS blob", []);
const columns: string[] = result?.columns ?? [];
const value: SqlValue = result?.values[0]?.[0] ?? null;
const statement = db.prepare("SELECT :id", { ":id": 1 });
const stepped: boolean = statement.step();
const row: Record<string, SqlValue> = statement.getAsObject();
db.create_function("half", (number: number) => number / 2).updateHook((operation, database, table, rowId) =>
  console.log(operation, database, table, rowId),
);
const image: Uint8Array = db.export();
console.log(columns, value, stepped, row, image.length, sameByName === initSqlJs);

// As in sql.js, whatever its own types say: the result of the last function, not the database.
const counted: number = db.each("SELECT 1", [], (each) => console.log(each.one), () => 5);
const nothing: undefined = db.each("SELECT 1", (each) => console.log(each.one));
const exact: undefined = db.each("SELECT 1 AS a", undefined, (each) => console.log(typeof each.a === "bigint"), null, { useBigInt: true });
// @ts-expect-error there is no database to go on with
db.each("SELECT 1", [], () => {}).run("SELECT 2");
console.log(counted, nothing, exact, new SQL.Database(new ArrayBuffer(0)), new SQL.Database(image.buffer), new SQL.Database([1, 2]));

// Whoever has written a type of sql.js's into their code need not take it out.
const dropIn: SqlJsDatabase = db;
const whole: SqlJsStatic = SQL;
dropIn.close();
whole.Database.prototype.close.call(dropIn);

// @ts-expect-error SQL is text
db.exec(1);
// @ts-expect-error there is no such method
db.query("SELECT 1");
