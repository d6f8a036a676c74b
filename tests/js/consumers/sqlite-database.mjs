/**
 * A sql.js `Database` in the shape that Kysely's own SQLite dialect asks for (better-sqlite3's). MikroORM's generic
 * SQLite driver takes such a dialect too.
 */

/** Takes the database over: closing the result closes it. */
export function sqliteDatabase(database) {
  return {
    close: () => database.close(),
    prepare(sql) {
      const statement = database.prepare(sql);
      return {
        reader: statement.getColumnNames().length > 0,
        all: (parameters) => [...rows(statement, parameters)],
        iterate: (parameters) => rows(statement, parameters),
        run(parameters) {
          try {
            statement.run(parameters);
          } finally {
            statement.free();
          }
          const [{ values: [[lastInsertRowid]] }] = database.exec("SELECT last_insert_rowid()");
          return { changes: database.getRowsModified(), lastInsertRowid };
        },
      };
    },
  };
}

function* rows(statement, parameters) {
  try {
    statement.bind(parameters);
    while (statement.step()) yield statement.getAsObject();
  } finally {
    statement.free();
  }
}
