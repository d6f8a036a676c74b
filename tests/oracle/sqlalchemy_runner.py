"""Runs programs for SQLAlchemy and says what they did: one case a line on stdin, one answer a line on stdout, in JSON.

A case: {"models": source of the classes,
         "seconds": what a query may take,
         "ddl": [Relata's own statements that create the tables, …],
         "tables": [name, …],
         "classes": [{"class": name, "key": [attribute, …], "columns": [attribute or null, …]}, …],
         "rows": [{"table": name, "columns": [name, …], "rows": [[value, …], …]}, …],
         "queries": [{"source": text that defines `query` and `main`,
                      "walk": [{"attribute": name, "many": bool, "includes": […]}, …],
                      "loop": whether to run `main`, too}, …],
         "groups": [source of a query whose rows are the answer, …]}

An answer: {"schema": {table: what PRAGMA says of it}, "own": the same for the tables that "ddl" creates,
            "queries": [{"statements": [{"text": SQL, "rows": number fetched, "amid": whether amid reading rows}, …],
                         "printed": the same for the program's own loop, if that was run,
                         "raised": message, if a property that is not to be loaded was touched,
                         "roots": […], "computed": [values beside each root, …], "objects": […]}
                        or {"slow": true} if it was stopped, or {"failed": traceback}, …],
            "groups": [[row, …] or {"failed": traceback}, …]}
or {"error": traceback}. A blob is {"blob": hexadecimal digits}.
"""

import contextlib
import datetime
import decimal
import gc
import io
import json
import signal
import sqlite3
import sys
import traceback
import types
import warnings

from sqlalchemy import create_engine
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session, strategies
from sqlalchemy.pool import StaticPool

SUBQUERY = strategies._SubqueryLoader._SubqCollections._load.__code__


class TooSlow(BaseException):
    """A query took longer than its case allows."""


def stop(*_):
    raise TooSlow


def amid_rows():
    """Whether a statement is sent while a row is read: a subquery, or what comes of one."""
    frame = sys._getframe()
    while frame is not None and frame.f_code is not SUBQUERY:
        frame = frame.f_back
    return frame is not None


class CountingCursor(sqlite3.Cursor):
    """A cursor that notes each statement and how many rows were fetched from it."""

    def execute(self, sql, *parameters):
        self.entry = {"text": sql, "rows": 0, "amid": amid_rows()}
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
            self.objects[thing] = {"identity": self.identity(thing), "links": {}}
        return self.objects[thing]

    def described(self):
        """The objects met, with the values of those columns that were loaded, None for the others."""
        for thing, told in self.objects.items():
            columns = self.classes[type(thing).__name__]["columns"]
            told["columns"] = [plain(vars(thing).get(column) if column else None) for column in columns]
        return list(self.objects.values())

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
        result = session.execute(namespace["query"])
        rows = (result.unique() if ".unique()" in query["source"] else result).all()
        roots = [row[0] for row in rows]
        walk = Walk(classes)
        try:
            for root in roots:
                walk.visit(root, query["walk"])
        except InvalidRequestError as error:
            answer["raised"] = str(error)
        answer["statements"] = list(connection.sent)
        answer["roots"] = [walk.identity(root) for root in roots]
        answer["computed"] = [[plain(value) for value in row[1:]] for row in rows]
        answer["objects"] = walk.described()
    if not query["loop"]:
        return answer
    connection.sent.clear()
    with Session(engine) as session, contextlib.redirect_stdout(io.StringIO()):
        with contextlib.suppress(InvalidRequestError):
            namespace["main"](session)
        answer["printed"] = list(connection.sent)
    return answer


def run_groups(engine, namespace, source):
    exec(compile(source, "groups", "exec"), namespace)
    with Session(engine) as session:
        return [[plain(value) for value in row] for row in session.execute(namespace["query"])]


def attempt(work, *arguments):
    try:
        return work(*arguments)
    except Exception:
        return {"failed": traceback.format_exc(limit=-8)}


def is_open(connection):
    with contextlib.suppress(sqlite3.ProgrammingError):
        return connection.total_changes >= 0
    return False


def run_in_time(seconds, connection, *arguments):
    """A subquery load of a model with itself repeats itself at each level, in ever longer statements."""
    # SQLAlchemy closes a connection in the middle of whose statement it was stopped: what comes after has no database.
    if not is_open(connection):
        return {"slow": True}
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.5)
    try:
        return attempt(run_query, connection, *arguments)
    except TooSlow:
        return {"slow": True}
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


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
        arguments = (case["seconds"], connection, engine, module.__dict__)
        queries = [run_in_time(*arguments, query, case["classes"]) for query in case["queries"]]
        groups = case["groups"] if is_open(connection) else []
        groups = [attempt(run_groups, engine, module.__dict__, source) for source in groups]
        return {"schema": schema, "own": own_schema(case), "queries": queries, "groups": groups}
    finally:
        module.Base.registry.dispose()
        engine.dispose()
        connection.close()


def main():
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGALRM, stop)
    # Objects by the thousand: collected between cases only, now and then, which is faster; what was imported stays.
    gc.disable()
    gc.freeze()
    for number, line in enumerate(sys.stdin):
        try:
            answer = run(json.loads(line))
        except (Exception, TooSlow):
            answer = {"error": traceback.format_exc()}
        print(json.dumps(answer), flush=True)
        if number % 20 == 0:
            gc.collect()


if __name__ == "__main__":
    main()
