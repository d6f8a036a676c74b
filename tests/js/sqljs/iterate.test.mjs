// iterateStatements: one statement at a time, and what is left of the text.
import { outcome, same } from "./cases.mjs";

same("the example of the documentation", ({ db }) => {
    const found = [];
    for (const statement of db.iterateStatements("SELECT 1 AS x; SELECT '2' as y")) found.push([statement.getSQL(), statement.getAsObject({})]);
    return found;
}, { expected: [["SELECT 1 AS x;", { x: 1 }], [" SELECT '2' as y", { y: "2" }]] });

same("what is left after each", ({ db }) => {
    const text = "SELECT 1; -- c\nSELECT 'ä😀';\n\nSELECT 3  ; -- end";
    const iterator = db.iterateStatements(text);
    const found = [iterator.getRemainingSQL()];
    for (const statement of iterator) found.push([statement.getSQL(), iterator.getRemainingSQL()]);
    return [...found, outcome(() => typeof iterator.getRemainingSQL())];
});
for (const text of ["", " ", ";", "-- c", ";;SELECT 1", "SELECT 1;;SELECT 2", "SELECT 1; /* open", "SELECT 1\0; SELECT 2"]) {
    same(`of ${JSON.stringify(text)}`, ({ db }) => {
        const iterator = db.iterateStatements(text);
        return [1, 2, 3, 4].map(() => outcome(() => {
            const { done, value } = iterator.next();
            return [done, value && value.getSQL()];
        }));
    });
}
same("a syntax error in the middle", ({ db }) => {
    const iterator = db.iterateStatements("SELECT 1; SELECT 2; nonsense 3; SELECT 4");
    const found = [];
    const thrown = outcome(() => {
        for (const statement of iterator) found.push([statement.step(), statement.get()]);
    });
    return [found, thrown, iterator.getRemainingSQL(), outcome(() => iterator.next()), iterator.getRemainingSQL()];
}, { expected: [[[true, [1]], [true, [2]]], { thrown: { Error: 'near "nonsense": syntax error' } }, " nonsense 3; SELECT 4", { value: { done: true } }, " nonsense 3; SELECT 4"] });
same("a table that the statement before makes", ({ db }) => {
    const found = [];
    for (const statement of db.iterateStatements("CREATE TABLE t (a); INSERT INTO t VALUES (7); SELECT a FROM t")) found.push([statement.step(), statement.get()]);
    return found;
});
same("a statement that is not stepped does nothing", ({ db }) => {
    for (const statement of db.iterateStatements("CREATE TABLE t (a); SELECT 1")) statement.getSQL();
    return db.exec("SELECT count(*) FROM sqlite_schema");
});
same("an error when stepped", ({ db }) => {
    const iterator = db.iterateStatements("CREATE TABLE t (a UNIQUE); INSERT INTO t VALUES (1), (1); SELECT 3");
    const thrown = outcome(() => {
        for (const statement of iterator) statement.step();
    });
    return [thrown, outcome(() => iterator.next())];
});
same("each statement is freed when the next is asked for", ({ db }) => {
    const kept = [...db.iterateStatements("SELECT 1; SELECT 2")];
    return kept.map(statement => [outcome(() => statement.step()), statement.get(), statement.getSQL()]);
});
same("leaving the loop frees the statement", ({ db }) => {
    let kept;
    const iterator = db.iterateStatements("SELECT 1; SELECT 2");
    for (const statement of iterator) {
        kept = statement;
        break;
    }
    return [outcome(() => kept.step()), outcome(() => iterator.next())];
});
same("freeing it oneself", ({ db }) => {
    const found = [];
    for (const statement of db.iterateStatements("SELECT 1; SELECT 2")) {
        statement.step();
        found.push(statement.get());
        statement.free();
    }
    return found;
});
same("next after the end", ({ db }) => {
    const iterator = db.iterateStatements("SELECT 1");
    iterator.next();
    return [iterator.next(), iterator.next(), Object.keys(iterator.next())];
}, { expected: [{ done: true }, { done: true }, ["done"]] });
same("return", ({ db }) => {
    const iterator = db.iterateStatements("SELECT 1; SELECT 2");
    const { value } = iterator.next();
    return [iterator.return(), outcome(() => value.step()), iterator.next()];
});
same("it is its own iterator", ({ db }) => {
    const iterator = db.iterateStatements("SELECT 1");
    return [iterator[Symbol.iterator]() === iterator, typeof iterator.next, typeof iterator.return, iterator.throw];
});
same("parameters are bound by hand", ({ db }) => {
    const found = [];
    for (const statement of db.iterateStatements("SELECT $a; SELECT $a + 1")) found.push(statement.get({ $a: 1 }));
    return found;
});
same("a database closed on the way", ({ db }) => {
    const iterator = db.iterateStatements("SELECT 1; SELECT 2");
    const { value } = iterator.next();
    db.close();
    return [outcome(() => value.step()), outcome(() => iterator.next()), outcome(() => iterator.next())];
});
same("two iterators in turn", ({ db }) => {
    const [one, other] = [db.iterateStatements("SELECT 1; SELECT 2; SELECT 3"), db.iterateStatements("SELECT 'a'; SELECT 'b'; SELECT 'c'")];
    return [1, 2, 3].map(() => [one, other].map(iterator => iterator.next().value.get([])).concat(one.getRemainingSQL(), other.getRemainingSQL()));
});
