// What is written with kept databases, and what their types refuse.
import { deleteKept, keepForGood, keptRoom, KeptError, listKept, openKept } from "../../../pkg/kept.js";
import type { KeptDatabase, KeptStorage, SqlValue } from "../../../pkg/kept.js";

export async function notes(picked: File, stop: AbortSignal): Promise<SqlValue[][]> {
  const db: KeptDatabase = await openKept("notes", {
    file: picked,
    onProgress: ({ read, of }) => console.log(read / of),
    onStorage: (storage: KeptStorage) => console.log(storage.words),
    whenTaken: "copy",
    signal: stop,
  });
  const changed: number = await db.run("INSERT INTO notes VALUES (:text)", { ":text": "one" });
  await db.batch(["DELETE FROM notes", ["INSERT INTO notes VALUES (?)", [changed]]]);
  await db.each("SELECT * FROM notes WHERE text > ?", [1n], (row) => console.log(row.text));
  const [{ values }] = await db.exec("SELECT text FROM notes", [], { useBigInt: true });
  const file: Blob = await db.file({ onProgress: ({ read }) => console.log(read) });
  const bytes: Uint8Array = await db.export();
  console.log(file.size, bytes.length, (await db.saved()).saved, db.storage.place === "opfs");
  await db.close();
  for (const { name, bytes } of await listKept()) if (bytes > 1e9) await deleteKept(name);
  console.log((await keptRoom())?.quota, await keepForGood());
  return values;
}

export const told = (error: unknown): string => (error instanceof KeptError ? error.code : "something else");

// @ts-expect-error there are two answers
await openKept("notes", { whenTaken: "steal" });
// @ts-expect-error it has a name
await openKept();
