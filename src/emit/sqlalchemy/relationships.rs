//! `relationship(…)`: what SQLAlchemy cannot find out from the foreign keys is said.

use super::kinds;
use crate::emit::python::{Names, call, is_identifier, string};
use crate::emit::source::Imports;
use crate::mapping::{Discriminator, ForeignKey, Placement, Relational, Table, TableId, TableOrigin};
use crate::schema::{End, EndKind, PassiveDeletes, Side};

/// One attribute of a class.
pub(super) fn line(end: &End<'_>, relational: &Relational, names: &Names, imports: &mut Imports) -> String {
    let target = names.class(end.target.id);
    let annotation = match relational.placement(end.id.relationship) {
        _ if end.kind.is_collection() => format!("list[\"{target}\"]"),
        Some(placement) if end.kind == EndKind::BelongsTo && is_required(relational, placement) => {
            format!("\"{target}\"")
        }
        _ => format!("\"{target} | None\""),
    };
    let mut arguments = Vec::new();
    if let Some(placement) = relational.placement(end.id.relationship) {
        arguments = placed(end, placement, relational, names, imports);
    }
    arguments.extend(order_by(end, relational, names));
    let read_only = arguments.iter().any(|argument| argument == READ_ONLY);
    if !read_only {
        arguments.extend(cascades(end));
    }
    let back = names.end(end.id.reverse());
    if !back.is_empty() {
        arguments.push(format!("back_populates={}", string(back)));
    }
    let annotated = format!("{}: Mapped[{annotation}]", names.end(end.id));
    let before = annotated.chars().count() + 3;
    format!("    {annotated} = {}\n", call("relationship", &arguments, 4, before))
}

/// What the program may only read.
const READ_ONLY: &str = "viewonly=True";

/// What the session does with the objects behind the property, where that is not what it does by itself.
fn cascades(end: &End<'_>) -> Vec<String> {
    let cascades = end.cascades;
    let mut words = match (cascades.save_update, cascades.delete) {
        (true, true) => vec!["all"],
        (true, false) => vec!["save-update", "merge"],
        (false, true) => vec!["merge", "delete"],
        (false, false) => vec!["merge"],
    };
    words.extend(cascades.delete_orphan.then_some("delete-orphan"));
    let mut arguments = Vec::new();
    if words != ["save-update", "merge"] {
        arguments.push(format!("cascade={}", string(&words.join(", "))));
    }
    arguments.extend(match cascades.passive_deletes {
        PassiveDeletes::Off => None,
        PassiveDeletes::Unloaded => Some("passive_deletes=True".to_owned()),
        PassiveDeletes::All => Some("passive_deletes=\"all\"".to_owned()),
    });
    arguments.extend(cascades.single_parent.then(|| "single_parent=True".to_owned()));
    let later = cascades.post_update && end.kind != EndKind::ManyToMany;
    arguments.extend(later.then(|| "post_update=True".to_owned()));
    arguments
}

/// A key that may point to rows of other tables: what it leads to is told by its type, and nothing but reading is safe.
fn shared(
    end: &End<'_>,
    names: &Names,
    imports: &mut Imports,
    (table, column, target, key, kind): (TableId, usize, TableId, usize, &Discriminator),
) -> Vec<String> {
    imports.from("sqlalchemy", &["and_"]);
    imports.from("sqlalchemy.orm", &["foreign"]);
    let holds = end.kind == EndKind::BelongsTo;
    let (holder, pointed) = if holds { (end.model.id, end.target.id) } else { (end.target.id, end.model.id) };
    let attribute = |model, table, at: usize| format!("{}.{}", names.class(model), names.columns(table)[at]);
    let mut id = format!("foreign({})", attribute(holder, table, column));
    let mut wanted = attribute(pointed, target, key);
    let mut says = attribute(holder, table, kind.column);
    if table == target {
        imports.from("sqlalchemy.orm", &["remote"]);
        let far = |text: &str| format!("remote({text})");
        if holds {
            wanted = far(&wanted);
        } else {
            (id, says) = (far(&id), far(&says));
        }
    }
    let conditions = [format!("{wanted} == {id}"), format!("{says} == {}", string(&kind.value))];
    vec![format!("primaryjoin={}", call("lambda: and_", &conditions, 8, 12)), READ_ONLY.into()]
}

fn order_by(end: &End<'_>, relational: &Relational, names: &Names) -> Option<String> {
    let table = relational.table(relational.table_of(end.target.id)?);
    let terms: Vec<String> = end
        .order
        .iter()
        .filter_map(|term| {
            let attribute = &names.columns(table.id)[table.field_column(term.field)?];
            let descending = if term.descending { ".desc()" } else { "" };
            Some(format!("{}.{attribute}{descending}", names.class(end.target.id)))
        })
        .collect();
    (!terms.is_empty()).then(|| format!("order_by={}", string(&format!("[{}]", terms.join(", ")))))
}

fn is_required(relational: &Relational, placement: &Placement) -> bool {
    match placement {
        Placement::Key { table, columns, .. } => {
            columns.iter().all(|&at| relational.table(*table).columns[at].not_null)
        }
        Placement::Join { .. } => false,
    }
}

fn placed(
    end: &End<'_>,
    placement: &Placement,
    relational: &Relational,
    names: &Names,
    imports: &mut Imports,
) -> Vec<String> {
    let mut arguments = Vec::new();
    match placement {
        Placement::Key { table, columns, target, target_columns, discriminator: Some(kind), .. } => {
            if let ([column], [key]) = (columns.as_slice(), target_columns.as_slice()) {
                return shared(end, names, imports, (*table, *column, *target, *key, kind));
            }
        }
        Placement::Key { table, columns, target, target_columns, .. } => {
            let attributes = |table: &Table, model, columns: &[usize]| {
                let attribute =
                    |&at: &usize| format!("{}.{}", names.class(model), names.columns(table.id)[at]);
                let list: Vec<String> = columns.iter().map(attribute).collect();
                string(&match list.as_slice() {
                    [one] => one.clone(),
                    many => format!("[{}]", many.join(", ")),
                })
            };
            let (holder, pointed) = match end.kind {
                EndKind::BelongsTo => (end.model.id, end.target.id),
                _ => (end.target.id, end.model.id),
            };
            // The key by which rows of a kind go on in another table is a way, too.
            let goes_on = table == target && relational.table(*table).whole.is_some();
            if goes_on || paths(relational, *table, *target) > 1 {
                let keys = attributes(relational.table(*table), holder, columns);
                arguments.push(format!("foreign_keys={keys}"));
            }
            if table == target && end.kind == EndKind::BelongsTo {
                let remote = attributes(relational.table(*target), pointed, target_columns);
                arguments.push(format!("remote_side={remote}"));
            }
        }
        Placement::Join { table, columns, targets, target_columns } => {
            let join = relational.table(*table);
            let through = match join.origin {
                TableOrigin::Model(model) => Some(model),
                TableOrigin::Join(_) => None,
            };
            arguments.push(match through {
                None => format!("secondary={}", names.join_table(*table)),
                Some(model) => format!("secondary=lambda: {}.__table__", names.class(model)),
            });
            if targets[0] == targets[1] || targets.iter().any(|target| paths(relational, *table, *target) > 1)
            {
                let side = |side: Side, model| {
                    let at = side as usize;
                    condition(
                        relational,
                        names,
                        (targets[at], model, &target_columns[at]),
                        (*table, &columns[at]),
                    )
                };
                let conditions = [side(end.id.side, end.model.id), side(end.id.side.other(), end.target.id)];
                if columns.iter().any(|columns| columns.len() > 1) {
                    imports.from("sqlalchemy", &["and_"]);
                }
                arguments.push(format!("primaryjoin=lambda: {}", conditions[0]));
                arguments.push(format!("secondaryjoin=lambda: {}", conditions[1]));
            }
            if through.is_some() {
                arguments.push(READ_ONLY.into());
            }
        }
    }
    arguments
}

/// How many foreign keys tie two tables, in either direction: with more than one it has to be said which.
fn paths(relational: &Relational, one: TableId, other: TableId) -> usize {
    let leads = |key: &ForeignKey, to| relational.in_whole(key.target, 0).0 == to;
    let keys = |from, to| relational.table(from).foreign_keys.iter().filter(|key| leads(key, to)).count();
    keys(one, other) + if one == other { 0 } else { keys(other, one) }
}

/// `Person.id == follows.c.from_person_id`, for each column of the key.
fn condition(
    relational: &Relational,
    names: &Names,
    (target, model, keys): (TableId, crate::schema::ModelId, &[usize]),
    (join, columns): (TableId, &[usize]),
) -> String {
    let pairs = keys.iter().zip(columns).map(|(&key, &at)| {
        let attribute = &names.columns(target)[key];
        let column = match relational.table(join).origin {
            TableOrigin::Model(model) => {
                let owner = kinds::owner(relational, model, at);
                format!("{}.{}", names.class(owner), names.columns(join)[at])
            }
            TableOrigin::Join(_) => column(names.join_table(join), &relational.table(join).columns[at].name),
        };
        format!("{}.{attribute} == {column}", names.class(model))
    });
    match pairs.collect::<Vec<_>>().as_slice() {
        [one] => one.clone(),
        many => format!("and_({})", many.join(", ")),
    }
}

/// A column of a table: `pairs.c.left_id`, in brackets where its name is no identifier or that of a method.
fn column(table: &str, name: &str) -> String {
    const METHODS: [&str; 12] = [
        "add",
        "as_readonly",
        "clear",
        "compare",
        "contains_column",
        "corresponding_column",
        "extend",
        "get",
        "items",
        "keys",
        "remove",
        "values",
    ];
    if is_identifier(name) && !METHODS.contains(&name) && !name.starts_with('_') {
        return format!("{table}.c.{name}");
    }
    format!("{table}.c[{}]", string(name))
}
