"""Runs programs for SQLAlchemy and says what they did: one case a line on stdin, one answer a line on stdout, in JSON.

A case: {"models": source of the classes,
         "ddl": [Relata's own statements that create the tables, …],
         "tables": [name, …],
         "classes": [{"class": name, "key": [attribute, …], "columns": [attribute or null, …]}, …],
         "rows": [{"table": name, "columns": [name, …], "rows": [[value, …], …]}, …],
         "queries": [{"source": text that defines `query` and `main`,
                      "walk": [{"attribute": name, "many": bool, "includes": […]}, …],
                      "loop": whether to run `main`, too}, …]}

An answer: {"schema": {table: what PRAGMA says of it}, "own": the same for the tables that "ddl" creates,
            "queries": [{"statements": [{"text": SQL, "rows": number fetched}, …],
                         "printed": the same for the program's own loop, if that was run,
                         "raised": message, if a property that is not to be loaded was touched,
                         "roots": […], "objects": […]}
                        or {"slow": true} if it was stopped, …]}
or {"error": traceback}. A blob is {"blob": hexadecimal digits}.
"""

import contextlib
import datetime
import decimal
import io
import json
import signal
import sqlite3
import sys
import time
import traceback
import types
import warnings

from sqlalchemy import create_engine
from sqlalchemy.exc import InvalidRequestError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool


# A subquery load of a model with itself repeats itself at each level, in ever longer statements.
MOST_SECONDS = 2


class TooSlow(BaseException):
    """A query took more than MOST_SECONDS."""


def stop(*_):
    raise TooSlow


class CountingCursor(sqlite3.Cursor):
    """A cursor that notes each statement and how many rows were fetched from it."""

    def execute(self, sql, *parameters):
        self.entry = {"text": sql, "rows": 0}
        self.connection.sent.append(self.entry)
        return super().execute(sql, *parameters)

    def executemany(self, sql, *parameters):
        self.entry = {"text": sql, "rows": 0}
        self.connection.sent.append(self.entry)
        return super().executemany(sql, *parameters)

    def fetchone(self):
        row = super().fetchone()
        self.entry["rows"] += row is not None
        return row

    def fetchmany(self, *size):
        rows = super().fetchmany(*size)
        self.entry["rows"] += len(rows)
        return rows

    def fetchall(self):
        rows = super().fetchall()
        self.entry["rows"] += len(rows)
        return rows


class CountingConnection(sqlite3.Connection):
    """A connection whose cursors note what they send in `sent`."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.sent = []

    def cursor(self, *_):
        return super().cursor(CountingCursor)


def plain(value):
    """A Python value as SQLite stores it, in JSON."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, bytes):
        return {"blob": value.hex()}
    return value


def stored(value):
    """A JSON value as sqlite3 takes it."""
    return bytes.fromhex(value["blob"]) if isinstance(value, dict) else value


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def describe(connection, table):
    """Columns, keys and indexes of a table as PRAGMA reports them."""
    name = quoted(table)

    def ask(pragma):
        cursor = sqlite3.Connection.cursor(connection)
        rows = cursor.execute(pragma).fetchall()
        return [dict(zip([column[0] for column in cursor.description], row)) for row in rows]

    indexes = ask(f"PRAGMA index_list({name})")
    for index in indexes:
        index["columns"] = [column["name"] for column in ask(f"PRAGMA index_info({quoted(index['name'])})")]
    return {
        "columns": ask(f"PRAGMA table_info({name})"),
        "keys": ask(f"PRAGMA foreign_key_list({name})"),
        "indexes": indexes,
    }


def own_schema(case):
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        for statement in case["ddl"]:
            connection.execute(statement)
        return {table: describe(connection, table) for table in case["tables"]}


class Walk:
    """Touches properties as code would, depth first, and notes the objects met and where each property led."""

    def __init__(self, classes):
        self.classes = {one["class"]: one for one in classes}
        self.objects = {}
        self.walked = set()

    def identity(self, thing):
        name = type(thing).__name__
        return [name, [plain(getattr(thing, key)) for key in self.classes[name]["key"]]]

    def meet(self, thing):
        name = type(thing).__name__
        if thing not in self.objects:
            columns = [plain(column and getattr(thing, column)) for column in self.classes[name]["columns"]]
            self.objects[thing] = {"identity": self.identity(thing), "columns": columns, "links": {}}
        return self.objects[thing]

    def visit(self, thing, includes, path=()):
        links = self.meet(thing)["links"]
        if (path, thing) in self.walked:
            return
        self.walked.add((path, thing))
        for number, include in enumerate(includes):
            found = getattr(thing, include["attribute"])
            targets = list(found) if include["many"] else [found] if found is not None else []
            links[include["attribute"]] = [self.identity(target) for target in targets]
            for target in targets:
                self.visit(target, include["includes"], (*path, number))


def run_query(connection, engine, namespace, query, classes):
    exec(compile(query["source"], "query", "exec"), namespace)
    answer = {}
    connection.sent.clear()
    with Session(engine) as session:
        result = session.scalars(namespace["query"])
        roots = (result.unique() if ".unique()" in query["source"] else result).all()
        walk = Walk(classes)
        try:
            for root in roots:
                walk.visit(root, query["walk"])
        except InvalidRequestError as error:
            answer["raised"] = str(error)
        answer["statements"] = list(connection.sent)
        answer["roots"] = [walk.identity(root) for root in roots]
        answer["objects"] = list(walk.objects.values())
    if not query["loop"]:
        return answer
    connection.sent.clear()
    with Session(engine) as session, contextlib.redirect_stdout(io.StringIO()):
        with contextlib.suppress(InvalidRequestError):
            namespace["main"](session)
        answer["printed"] = list(connection.sent)
    return answer


def run_in_time(connection, *arguments):
    end = time.monotonic() + MOST_SECONDS
    connection.set_progress_handler(lambda: time.monotonic() > end, 10_000)
    signal.setitimer(signal.ITIMER_REAL, MOST_SECONDS)
    try:
        return run_query(connection, *arguments)
    except (TooSlow, OperationalError):
        return {"slow": True}
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        connection.set_progress_handler(None, 0)


def run(case):
    connection = sqlite3.connect(":memory:", factory=CountingConnection, check_same_thread=False)
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    module = types.ModuleType("case")
    sys.modules["case"] = module
    exec(compile(case["models"], "models", "exec"), module.__dict__)
    try:
        module.Base.metadata.create_all(engine)
        schema = {table: describe(connection, table) for table in case["tables"]}
        for table in case["rows"]:
            columns = ", ".join(map(quoted, table["columns"]))
            marks = ", ".join("?" * len(table["columns"]))
            rows = [[stored(value) for value in row] for row in table["rows"]]
            connection.executemany(f"INSERT INTO {quoted(table['table'])} ({columns}) VALUES ({marks})", rows)
        connection.commit()
        queries = [run_in_time(connection, engine, module.__dict__, query, case["classes"]) for query in case["queries"]]
        return {"schema": schema, "own": own_schema(case), "queries": queries}
    finally:
        module.Base.registry.dispose()
        engine.dispose()
        connection.close()


def main():
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGALRM, stop)
    for line in sys.stdin:
        try:
            answer = run(json.loads(line))
        except Exception:
            answer = {"error": traceback.format_exc()}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
