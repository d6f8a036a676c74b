"""Runs programs for Django and says what they did: one case a line on stdin, one answer a line on stdout, in JSON.

A case: {"models": source of the models,
         "tables": [name, …],
         "classes": [{"class": name, "key": [attribute, …], "columns": [attribute, …]}, …],
         "rows": [{"table": name, "columns": [name, …], "rows": [[value, …], …]}, …],
         "queries": [{"source": text that defines `query` and `main`,
                      "walk": [{"attribute": name, "many": bool, "includes": […]}, …]}, …],
         "deletes": [{"class": name, "key": value}, …]}

An answer: {"queries": [{"statements": [SQL, …], "printed": the same for the program's own loop,
                         "roots": […], "objects": […]}, …],
            "deletes": [{"rows": {table: [[value, …], …]}} or {"refused": exception}, …]}
or {"error": traceback}. A blob is {"blob": hexadecimal digits}.
"""

import contextlib
import datetime
import decimal
import importlib.machinery
import io
import json
import sys
import traceback
import types
import warnings

import django
from django.apps import apps
from django.conf import settings

APP = "case"


def set_up():
    """An application whose models are those of the case at hand, on SQLite in memory."""
    package, module = types.ModuleType(APP), types.ModuleType(f"{APP}.models")
    package.__path__ = ["."]
    package.models = module
    module.__spec__ = importlib.machinery.ModuleSpec(module.__name__, None)
    sys.modules.update({APP: package, f"{APP}.models": module})
    settings.configure(
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        INSTALLED_APPS=[APP],
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        USE_TZ=False,
    )
    django.setup()


set_up()

from django.core.exceptions import ObjectDoesNotExist  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import IntegrityError, connection, transaction  # noqa: E402
from django.db.models import ProtectedError, RestrictedError  # noqa: E402


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
    if isinstance(value, (bytes, memoryview)):
        return {"blob": bytes(value).hex()}
    return value


def stored(value):
    """A JSON value as sqlite3 takes it."""
    return bytes.fromhex(value["blob"]) if isinstance(value, dict) else value


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


class Walk:
    """Touches properties as code would, depth first, and notes the objects met and where each property led."""

    def __init__(self, classes):
        self.classes = {one["class"]: one for one in classes}
        self.objects = {}
        self.kept = []

    def identity(self, thing):
        name = type(thing).__name__
        return [name, [plain(getattr(thing, key)) for key in self.classes[name]["key"]]]

    def meet(self, thing):
        identity = self.identity(thing)
        columns = [plain(getattr(thing, column)) for column in self.classes[identity[0]]["columns"]]
        return self.objects.setdefault(
            json.dumps(identity), {"identity": identity, "columns": columns, "links": {}}
        )

    def visit(self, thing, includes):
        self.kept.append(thing)
        links = self.meet(thing)["links"]
        for include in includes:
            targets = self.targets(thing, include)
            links[include["attribute"]] = [self.identity(target) for target in targets]
            for target in targets:
                self.visit(target, include["includes"])

    def targets(self, thing, include):
        try:
            found = getattr(thing, include["attribute"])
        except ObjectDoesNotExist:
            return []
        if include["many"]:
            return list(found.all())
        return [found] if found is not None else []


@contextlib.contextmanager
def noting():
    """A list to which every statement is added."""
    sent = []

    def note(execute, sql, parameters, many, context):
        sent.append(sql)
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(note):
        yield sent


def run_query(module, query, classes):
    namespace = dict(module.__dict__)
    exec(compile(query["source"], "query", "exec"), namespace)
    walk = Walk(classes)
    with noting() as sent:
        roots = list(namespace["query"])
        for root in roots:
            walk.visit(root, query["walk"])
    # A queryset keeps what it has fetched.
    exec(compile(query["source"], "query", "exec"), namespace)
    with noting() as printed, contextlib.redirect_stdout(io.StringIO()):
        namespace["main"]()
    return {
        "statements": sent,
        "printed": printed,
        "roots": [walk.identity(root) for root in roots],
        "objects": list(walk.objects.values()),
    }


class Undo(Exception):
    """Takes back what a deletion did."""


def run_delete(module, delete, tables):
    answer = {}
    try:
        with transaction.atomic():
            getattr(module, delete["class"]).objects.get(pk=delete["key"]).delete()
            connection.check_constraints()
            answer["rows"] = {table["table"]: read(table) for table in tables}
            raise Undo
    except Undo:
        pass
    except (IntegrityError, ProtectedError, RestrictedError) as error:
        answer = {"refused": type(error).__name__}
    return answer


def read(table):
    columns = ", ".join(map(quoted, table["columns"]))
    rows = connection.connection.execute(f"SELECT {columns} FROM {quoted(table['table'])}").fetchall()
    return [[plain(value) for value in row] for row in rows]


def create(case):
    """The models as classes, their tables in a new database, and the rows."""
    if connection.connection is not None:
        connection.connection.close()
        connection.connection = None
    module = sys.modules[f"{APP}.models"]
    for name in [name for name in vars(module) if not name.startswith("__")]:
        delattr(module, name)
    apps.all_models[APP].clear()
    apps.clear_cache()
    exec(compile(case["models"], "models", "exec"), module.__dict__)
    call_command("check", stdout=io.StringIO(), stderr=io.StringIO())
    connection.ensure_connection()
    connection.disable_constraint_checking()
    with connection.schema_editor() as editor:
        for model in apps.get_app_config(APP).get_models():
            editor.create_model(model)
    connection.disable_constraint_checking()
    for table in case["rows"]:
        columns = ", ".join(map(quoted, table["columns"]))
        marks = ", ".join("?" * len(table["columns"]))
        rows = [[stored(value) for value in row] for row in table["rows"]]
        connection.connection.executemany(f"INSERT INTO {quoted(table['table'])} ({columns}) VALUES ({marks})", rows)
    connection.enable_constraint_checking()
    return module


def run(case):
    module = create(case)
    return {
        "queries": [run_query(module, query, case["classes"]) for query in case["queries"]],
        "deletes": [run_delete(module, delete, case["rows"]) for delete in case["deletes"]],
    }


def main():
    warnings.simplefilter("ignore")
    for line in sys.stdin:
        try:
            answer = run(json.loads(line))
        except (Exception, SystemExit):
            answer = {"error": traceback.format_exc()}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
