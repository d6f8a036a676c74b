"""Runs scripts of a session with the real SQLAlchemy and prints what they left.

Each line of the input is a case as JSON: tables, rows, models, relationships with their cascades, and a script. Each line of
the output says what came of it: the rows of all tables, the class of the error, and the statements that were sent.
"""

import itertools
import json
import os
import random
import sys
import traceback
import warnings

from sqlalchemy import Column, FetchedValue, ForeignKeyConstraint, Integer, MetaData, Table, Text, and_
from sqlalchemy import create_engine, event
from sqlalchemy.orm import Session, clear_mappers, registry, relationship
from sqlalchemy.orm.state import InstanceState
from sqlalchemy.orm.unitofwork import _PostSortRec
from sqlalchemy.pool import StaticPool

warnings.simplefilter("ignore")
TYPES = {"INTEGER": Integer, "TEXT": Text}


ORDER = {"number": 0, "count": itertools.count(), "random": random.Random(0)}


def in_order(number):
    """SQLAlchemy keeps objects in sets, whose order is chance. 0 makes it that of their making, others shuffle it."""
    ORDER.update(number=number, count=itertools.count(), random=random.Random(number))


def state_hash(state):
    if "order_hash" not in state.__dict__:
        at = next(ORDER["count"])
        state.__dict__["order_hash"] = at if ORDER["number"] == 0 else ORDER["random"].getrandbits(30)
    return state.__dict__["order_hash"]


def record_hash(record):
    return hash((ORDER["number"], getattr(record, "sort_key", None), getattr(record, "state", None)))


InstanceState.__hash__ = state_hash
_PostSortRec.__hash__ = record_hash


def make_table(metadata, described):
    columns = [
        Column(
            column["name"],
            TYPES[column["type"]],
            primary_key=column["key"],
            server_default=FetchedValue() if column["default"] else None,
        )
        for column in described["columns"]
    ]
    keys = [
        ForeignKeyConstraint(key["columns"], [f'{key["target"]}.{name}' for name in key["target_columns"]])
        for key in described["keys"]
    ]
    return Table(described["name"], metadata, *columns, *keys)


def column(tables, name):
    return tables[name[0]].c[name[1]]


def make_end(tables, classes, relation, at):
    end, other = relation["ends"][at], relation["ends"][1 - at]
    settings = dict(
        back_populates=other["name"],
        cascade=end["cascade"],
        passive_deletes={"Off": False, "Unloaded": True, "All": "all"}[end["passive_deletes"]],
        single_parent=end["single_parent"],
        post_update=end["post_update"],
        uselist=end["many"],
    )
    target = classes[other["model"]]
    if relation["join"]:
        join = tables[relation["join"]]

        def pairs(end):
            return and_(*[column(tables, own) == column(tables, held) for held, own in end["pairs"]])

        return relationship(
            target, secondary=join, primaryjoin=pairs(end), secondaryjoin=pairs(other), **settings
        )
    held = [column(tables, name) for name, _ in relation["pairs"]]
    own = [column(tables, name) for _, name in relation["pairs"]]
    remote = own if at == relation["holder"] else held
    joined = and_(*[one == two for one, two in zip(held, own)])
    return relationship(target, primaryjoin=joined, foreign_keys=held, remote_side=remote, **settings)


def kind_settings(case, classes, tables, model):
    """What tells a mapper of the kinds that its table, or its class, has."""
    if model["mark"] is None:
        return {}
    settings = {"polymorphic_identity": model["mark"]}
    if model["has_kinds"]:
        settings["with_polymorphic"] = "*"
    names = {name for _, name in model["columns"]}
    table = tables[model["table"]]
    settings["exclude_properties"] = [name for name in table.c.keys() if name not in names]
    if model["parent"] is None:
        settings["polymorphic_on"] = table.c[model["on"]]
        return settings
    parent = case["models"][model["parent"]]
    settings["inherits"] = classes[model["parent"]]
    if model["own_table"]:
        above = tables[parent["table"]]
        pairs = zip(table.primary_key.columns, above.primary_key.columns)
        settings["inherit_condition"] = and_(*[own == other for own, other in pairs])
    return settings


def make_classes(case, metadata):
    tables = {table["name"]: make_table(metadata, table) for table in case["tables"]}
    classes = []
    for model in case["models"]:
        # A kind comes after what it is a kind of.
        base = () if model["parent"] is None else (classes[model["parent"]],)
        classes.append(type(model["name"], base, {}))
    mapped = registry()
    attributes = []
    for number, model in enumerate(case["models"]):
        table = tables[model["table"]]
        properties = {}
        for relation in case["relationships"]:
            for at in (0, 1):
                if relation["ends"][at]["model"] == number:
                    name = relation["ends"][at]["name"]
                    properties[name] = make_end(tables, classes, relation, at)
        inherited = {} if model["parent"] is None else attributes[model["parent"]]
        own = {f"c{at}": [table.c[name]] for at, name in model["columns"]}
        if model["own_table"]:
            own = {name: columns + inherited.get(name, []) for name, columns in own.items()}
        else:
            own = {name: columns for name, columns in own.items() if name not in inherited}
        attributes.append({**inherited, **own})
        properties.update({name: columns if len(columns) > 1 else columns[0] for name, columns in own.items()})
        mapped.map_imperatively(
            classes[number],
            table if model["own_table"] else None,
            properties=properties,
            **kind_settings(case, classes, tables, model),
        )
    mapped.configure()
    return classes


class Runner:
    def __init__(self, classes, session):
        self.classes, self.session, self.news = classes, session, {}

    def object(self, reference):
        if "new" in reference:
            return self.news[reference["new"]]
        key = reference["key"]
        found = self.session.get(self.classes[reference["model"]], key[0] if len(key) == 1 else tuple(key))
        if found is None:
            raise LookupError(reference)
        return found

    def step(self, step):
        operation = step["op"]
        if operation in ("flush", "commit", "rollback"):
            getattr(self.session, operation)()
            return
        if operation == "new":
            made = self.news[step["name"]] = self.classes[step["model"]]()
            for column, value in step["values"]:
                setattr(made, f"c{column}", value)
            if step["add"]:
                self.session.add(made)
            return
        subject = self.object(step["object"])
        if operation in ("add", "delete"):
            getattr(self.session, operation)(subject)
        elif operation == "set":
            setattr(subject, f'c{step["column"]}', step["value"])
        elif operation == "load":
            getattr(subject, step["end"])
        elif operation == "clear":
            setattr(subject, step["end"], None)
        else:
            target = self.object(step["target"])
            if operation == "remove":
                getattr(subject, step["end"]).remove(target)
            elif step["many"]:
                getattr(subject, step["end"]).append(target)
            else:
                setattr(subject, step["end"], target)


def where(raised):
    """The function that raised an error, with its file."""
    frame = traceback.extract_tb(raised.__traceback__)[-1]
    return f"{os.path.basename(frame.filename)} {frame.name}"


def run(case):
    in_order(case["order"])
    engine = create_engine("sqlite://", poolclass=StaticPool)
    raw = engine.raw_connection()
    cursor = raw.cursor()
    cursor.execute("PRAGMA foreign_keys = OFF")
    for statement in case["ddl"]:
        cursor.execute(statement)
    for row in case["rows"]:
        marks = ", ".join("?" for _ in row["values"])
        cursor.execute(f'INSERT INTO {row["table"]} VALUES ({marks})', row["values"])
    raw.commit()
    cursor.execute("PRAGMA foreign_keys = ON")
    sent = []

    @event.listens_for(engine, "before_cursor_execute")
    def note(connection, cursor, statement, parameters, context, many):
        words = statement.split()
        table = {"SELECT": words[words.index("FROM") + 1] if "FROM" in words else "", "UPDATE": words[1]}
        name = table.get(words[0], words[2] if len(words) > 2 else "").rstrip(",")
        if many and "RETURNING" in words:
            # Rows that give something back: one by one, or, where they bring their keys, several in one statement.
            rows = statement[statement.index("VALUES") :].count("(?")
            sent.extend([words[0], name, 1] for _ in range(max(rows, 1)))
        else:
            sent.append([words[0], name, len(parameters) if many else 1])

    classes = make_classes(case, MetaData())
    error = place = None
    kept = []
    with Session(engine) as session:
        event.listen(session, "loaded_as_persistent", lambda _, instance: kept.append(instance))
        runner = Runner(classes, session)
        failed = None
        for number, step in enumerate(case["steps"]):
            try:
                runner.step(step)
            except Exception as raised:
                error, failed = f"{type(raised).__name__}", [number, str(raised)]
                place = where(raised)
                break
    clear_mappers()
    tables = {}
    for table in case["tables"]:
        rows = cursor.execute(f'SELECT * FROM {table["name"]}').fetchall()
        tables[table["name"]] = sorted((list(row) for row in rows), key=repr)
    raw.close()
    engine.dispose()
    return {"tables": tables, "error": error, "failed": failed, "place": place, "sent": sent}


for line in sys.stdin:
    print(json.dumps(run(json.loads(line))), flush=True)
