//! What each edit does to the document, and which edits are one step of the history.

use super::action::{
    DataEdit, DiagramEdit, Edit, FieldEdit, FilterEdit, ModelEdit, OrderEdit, QueryEdit, RelationshipEdit,
    ScriptEdit,
};
use super::{parts, query_edit, script_edit};
use crate::mapping::map;
use crate::naming::{pluralise, snake};
use crate::project::{Project, RowId, next_key};
use crate::protocol::Changes;
use crate::schema::{
    self, Draft, EndOrder, FieldDraft, FieldId, FieldType, ModelDraft, ModelId, Place, RelationshipDraft,
    RelationshipId, RelationshipPart, Severity, Shape, Side,
};

/// Makes an edit. One that refers to something that is not there does nothing.
pub fn apply(project: &mut Project, edit: &Edit) {
    match edit {
        Edit::Rename(name) => project.name.clone_from(name),
        Edit::AddModel => add_model(project),
        Edit::Model(model, edit) => edit_model(project, *model, edit),
        Edit::Field(model, field, edit) => edit_field(project, *model, *field, edit),
        Edit::AddRelationship(shape, left, right) => {
            add_relationship(&mut project.draft, *shape, [*left, *right]);
        }
        Edit::Relationship(id, edit) => edit_relationship(project, *id, edit),
        Edit::Query(edit) => query_edit::apply(&mut project.query, edit),
        Edit::Sql(text) => project.sql.clone_from(text),
        Edit::Data(_) | Edit::Script(_) | Edit::Diagram(_) => {
            if let Some(part) = parts::answers() {
                (part.apply)(project, edit);
            }
        }
    }
}

/// What typing is about: edits in a row with the same key are one step of the history. `None` for an edit that is
/// a step by itself.
pub fn typing_key(edit: &Edit) -> Option<String> {
    match edit {
        Edit::Rename(_) => Some("name".into()),
        Edit::Model(id, ModelEdit::Name(_)) => Some(format!("{id} name")),
        Edit::Model(id, ModelEdit::Table(_)) => Some(format!("{id} table")),
        Edit::Field(_, id, FieldEdit::Name(_)) => Some(format!("{id} name")),
        Edit::Field(_, id, FieldEdit::Default(Some(_))) => Some(format!("{id} default")),
        Edit::Field(_, id, FieldEdit::Column(_)) => Some(format!("{id} column")),
        Edit::Relationship(id, RelationshipEdit::Name(side, _)) => Some(format!("{id} name {side:?}")),
        Edit::Relationship(id, RelationshipEdit::Polymorphic(Some(_))) => Some(format!("{id} polymorphic")),
        Edit::Relationship(id, RelationshipEdit::Column(part, at, _)) => Some(format!("{id} {part:?} {at}")),
        Edit::Data(DataEdit::Cell(_, row, field, Some(_))) => Some(format!("{row} {field}")),
        Edit::Script(ScriptEdit::Set(at, _)) => Some(format!("step {at}")),
        Edit::Sql(_) => Some("sql".into()),
        Edit::Query(QueryEdit::Filter(of, FilterEdit::Set(path, _))) => {
            Some(format!("filter {of:?} {path:?}"))
        }
        Edit::Query(QueryEdit::ComputedName(at, _)) => Some(format!("computed {at}")),
        Edit::Query(QueryEdit::GroupName(at, _)) => Some(format!("group {at}")),
        Edit::Query(QueryEdit::Having(at, _)) => Some(format!("having {at}")),
        Edit::Diagram(DiagramEdit::Nudge(thing, _)) => Some(format!("{thing} place")),
        Edit::Query(QueryEdit::Limit(_)) => Some("limit".into()),
        Edit::Query(QueryEdit::Offset(_)) => Some("offset".into()),
        _ => None,
    }
}

/// The `id` of the page's element that an edit leaves the focus to, if it made or removed something.
pub fn focus_after(edit: &Edit, project: &Project) -> Option<String> {
    let added = project.draft.last_id;
    match edit {
        Edit::AddModel => Some(format!("m{added}-name")),
        Edit::Model(_, ModelEdit::AddField) => Some(format!("f{added}-name")),
        Edit::Model(_, ModelEdit::Delete) => Some("add-model".into()),
        Edit::Field(model, _, FieldEdit::Delete) => Some(format!("{model}-add-field")),
        Edit::AddRelationship(..) => Some(format!("r{added}-left")),
        Edit::Relationship(_, RelationshipEdit::Delete) => Some("add-relationship".into()),
        Edit::Relationship(id, RelationshipEdit::Order(side, OrderEdit::Add(_))) => {
            let order = &project.draft.relationship(*id)?.end(*side).order;
            Some(format!("{id}-order-{}-{}", side_key(*side), order.len().checked_sub(1)?))
        }
        Edit::Relationship(id, RelationshipEdit::Order(side, OrderEdit::Remove(_))) => {
            Some(format!("{id}-order-{}-add", side_key(*side)))
        }
        Edit::Data(DataEdit::AddRow(model)) => {
            let row = RowId(project.data.last_id);
            let keyed = next_key(project, *model).map(|(field, _)| field);
            let fields = project.draft.fields_of(*model);
            let first = fields.iter().find(|field| Some(field.id) != keyed).or(fields.first())?;
            Some(format!("{row}-{}", first.id))
        }
        Edit::Script(edit) => script_edit::focus_after(edit, &project.script),
        _ => None,
    }
}

/// The `id` of the page's element that gets the focus instead of something that one document has and the next has not.
pub fn focus_instead(before: &Project, after: &Project) -> Option<String> {
    let (was, is) = (&before.draft, &after.draft);
    let fields = |draft: &Draft, id| draft.model(id).map_or(0, |model| model.fields.len());
    let with_fewer = is.models.iter().find(|model| model.fields.len() < fields(was, model.id));
    match () {
        () if is.relationships.len() < was.relationships.len() => Some("add-relationship".into()),
        () if is.models.len() < was.models.len() => Some("add-model".into()),
        () if with_fewer.is_some() => with_fewer.map(|model| format!("{}-add-field", model.id)),
        () if after.data.row_count() < before.data.row_count() => Some("add-row".into()),
        () if after.script != before.script => Some(script_edit::ADD.into()),
        () if after.query != before.query => Some("query-root".into()),
        () => None,
    }
}

/// An end in the `id`s of the page.
pub fn side_key(side: Side) -> &'static str {
    if side == Side::Left { "left" } else { "right" }
}

fn add_model(project: &mut Project) {
    let taken: Vec<&str> = project.draft.models.iter().map(|model| model.name.as_str()).collect();
    let name = free_name("Model", &taken);
    let key = FieldDraft::key(FieldId(project.draft.fresh_id()));
    // The model's id is the last one given, which is how the page finds it again to focus it.
    let id = ModelId(project.draft.fresh_id());
    project.draft.models.push(ModelDraft::new(id, &name, vec![key]));
    project.query.root.get_or_insert(id);
}

/// `wanted`, or with the first number behind it that nobody has.
fn free_name(wanted: &str, taken: &[&str]) -> String {
    let free = |name: &String| !taken.iter().any(|other| other.trim().eq_ignore_ascii_case(name));
    std::iter::once(wanted.to_owned())
        .chain((2..).map(|number| format!("{wanted}{number}")))
        .find(free)
        .unwrap_or_default()
}

fn edit_model(project: &mut Project, id: ModelId, edit: &ModelEdit) {
    match edit {
        ModelEdit::Delete => return project.delete_model(id),
        ModelEdit::Move(by) => return shift(&mut project.draft.models, |model| model.id == id, *by),
        ModelEdit::AddField => return add_field(&mut project.draft, id),
        ModelEdit::Parent(parent) => return project.set_parent(id, *parent),
        _ => {}
    }
    if let Some(model) = project.draft.model_mut(id) {
        match edit {
            ModelEdit::Name(name) => model.name.clone_from(name),
            ModelEdit::Table(name) => model.table.clone_from(name),
            ModelEdit::Kind(name) => model.kind.name.clone_from(name),
            ModelEdit::KindColumn(name) => model.kind.column.clone_from(name),
            ModelEdit::KindTables(tables) => model.kind.tables = *tables,
            ModelEdit::Move(_) | ModelEdit::AddField | ModelEdit::Delete | ModelEdit::Parent(_) => {}
        }
    }
}

fn add_field(draft: &mut Draft, model: ModelId) {
    let id = FieldId(draft.fresh_id());
    if let Some(model) = draft.model_mut(model) {
        let taken: Vec<&str> = model.fields.iter().map(|field| field.name.as_str()).collect();
        let name = free_name("field", &taken);
        model.fields.push(FieldDraft::new(id, &name, FieldType::Text));
    }
}

fn edit_field(project: &mut Project, model: ModelId, id: FieldId, edit: &FieldEdit) {
    if *edit == FieldEdit::Delete {
        return project.delete_field(model, id);
    }
    let Some(model) = project.draft.model_mut(model) else { return };
    if let FieldEdit::Move(by) = edit {
        return shift(&mut model.fields, |field| field.id == id, *by);
    }
    let Some(field) = model.fields.iter_mut().find(|field| field.id == id) else { return };
    match edit {
        FieldEdit::Name(name) => field.name.clone_from(name),
        FieldEdit::Type(field_type) => field.field_type = *field_type,
        FieldEdit::PrimaryKey(yes) => field.primary_key = *yes,
        FieldEdit::Required(yes) => field.required = *yes,
        FieldEdit::Unique(yes) => field.unique = *yes,
        FieldEdit::Indexed(yes) => field.indexed = *yes,
        FieldEdit::Default(default) => field.default.clone_from(default),
        FieldEdit::Column(name) => field.column.clone_from(name),
        FieldEdit::Move(_) | FieldEdit::Delete => {}
    }
}

/// Adds a relationship whose names are free, so that it breaks nothing.
fn add_relationship(draft: &mut Draft, shape: Shape, [left, right]: [ModelId; 2]) {
    let id = RelationshipId(draft.fresh_id());
    draft.relationships.push(RelationshipDraft::new(id, shape, left, right));
    draft.name_freely(id);
    let diagnostics = schema::check(draft).and_then(|schema| map(&schema)).diagnostics;
    let table = Place::Relationship(id, RelationshipPart::JoinTable);
    let taken = diagnostics.iter().any(|found| found.severity == Severity::Error && found.place == table);
    if let (true, Some(added)) = (taken, draft.relationship(id)) {
        let model = draft.model(left).map_or("", |model| &model.name);
        let name = format!("{}_{}", pluralise(&snake(model)), draft.property_name(added, Side::Left));
        if let Some(added) = draft.relationship_mut(id) {
            added.join.table = name;
        }
    }
}

fn edit_relationship(project: &mut Project, id: RelationshipId, edit: &RelationshipEdit) {
    match edit {
        RelationshipEdit::Shape(shape) => return project.set_shape(id, *shape),
        RelationshipEdit::Many(side, many) => return project.set_many(id, *side, *many),
        RelationshipEdit::Model(side, model) => return project.set_end(id, *side, *model),
        RelationshipEdit::Through(through) => return project.set_through(id, *through),
        RelationshipEdit::Symmetric(yes) => return project.set_symmetric(id, *yes),
        RelationshipEdit::Polymorphic(name) => return project.set_polymorphic(id, name.clone()),
        RelationshipEdit::Index(yes) => return set_index(&mut project.draft, id, *yes),
        RelationshipEdit::KeySide(side) => return project.set_key_side(id, *side),
        RelationshipEdit::Turn => return project.turn(id),
        RelationshipEdit::Delete => return project.delete_relationship(id),
        RelationshipEdit::Move(by) => {
            return shift(&mut project.draft.relationships, |relationship| relationship.id == id, *by);
        }
        _ => {}
    }
    let Some(relationship) = project.draft.relationship_mut(id) else { return };
    match edit {
        RelationshipEdit::Name(side, name) => relationship.end_mut(*side).name.clone_from(name),
        RelationshipEdit::Required(yes) => relationship.required = *yes,
        RelationshipEdit::OnDelete(on_delete) => relationship.on_delete = *on_delete,
        RelationshipEdit::OnUpdate(on_update) => relationship.on_update = *on_update,
        RelationshipEdit::References(fields) => relationship.references.clone_from(fields),
        RelationshipEdit::Identifies(yes) => relationship.identifies = *yes,
        RelationshipEdit::Order(side, order) => edit_order(&mut relationship.end_mut(*side).order, *order),
        RelationshipEdit::Cascades(side, cascades) => relationship.end_mut(*side).cascades = *cascades,
        RelationshipEdit::Column(part, at, name) => name_column(relationship, *part, *at, name),
        _ => {}
    }
}

/// Relationships that share a key share its index.
fn set_index(draft: &mut Draft, id: RelationshipId, yes: bool) {
    let Some(relationship) = draft.relationship(id) else { return };
    let sharing: Vec<RelationshipId> = draft.sharing_key(relationship).map(|sharing| sharing.id).collect();
    for relationship in &mut draft.relationships {
        if relationship.id == id || sharing.contains(&relationship.id) {
            relationship.index = yes;
        }
    }
}

fn edit_order(order: &mut Vec<EndOrder>, edit: OrderEdit) {
    match edit {
        OrderEdit::Add(field) => order.push(EndOrder { field, descending: false }),
        OrderEdit::Set(at, term) => order.iter_mut().skip(at).take(1).for_each(|place| *place = term),
        OrderEdit::Remove(at) if at < order.len() => drop(order.remove(at)),
        OrderEdit::Remove(_) => {}
    }
}

fn name_column(relationship: &mut RelationshipDraft, part: RelationshipPart, at: usize, name: &str) {
    let names = match part {
        RelationshipPart::JoinTable => {
            name.clone_into(&mut relationship.join.table);
            return;
        }
        RelationshipPart::KeyColumns => &mut relationship.key_columns,
        RelationshipPart::JoinColumns(Side::Left) => &mut relationship.join.left_columns,
        RelationshipPart::JoinColumns(Side::Right) => &mut relationship.join.right_columns,
        _ => return,
    };
    if names.len() <= at {
        names.resize(at + 1, String::new());
    }
    name.clone_into(&mut names[at]);
    // A list of empty names says the same as none.
    while names.last().is_some_and(String::is_empty) {
        names.pop();
    }
}

/// Moves the item that `is` finds by so many places, as far as there are any.
fn shift<T>(items: &mut [T], is: impl Fn(&T) -> bool, by: i32) {
    if let Some(from) = items.iter().position(is) {
        let last = items.len().saturating_sub(1);
        let to = from.saturating_add_signed(by as isize).min(last);
        if from < to {
            items[from..=to].rotate_left(1);
        } else {
            items[to..=from].rotate_right(1);
        }
    }
}

pub(super) fn edit_data(project: &mut Project, edit: &DataEdit) {
    match edit {
        DataEdit::AddRow(model) => {
            if project.draft.model(*model).is_some() {
                let key = next_key(project, *model);
                let row = project.data.add_row(*model);
                if let Some((field, key)) = key {
                    project.data.set_cell(*model, row, field, Some(key));
                }
            }
        }
        DataEdit::Cell(model, row, field, text) => project.data.set_cell(*model, *row, *field, text.clone()),
        DataEdit::Link(end, row, target) => project.set_link(*end, *row, *target),
        DataEdit::Toggle(end, row, target) => project.toggle_link(*end, *row, *target),
        DataEdit::Apply(changes) => delete_rows(project, changes),
        DataEdit::Discard(rows) => project.remove_rows(rows),
        DataEdit::Adopt(data) => project.data = (**data).clone(),
        DataEdit::Generate(recipe) => project.data.generated.clone_from(recipe),
    }
}

fn delete_rows(project: &mut Project, changes: &Changes) {
    for (relationship, row) in changes.unlinked.iter().chain(&changes.dangling) {
        let holder = project.draft.relationship(*relationship).and_then(RelationshipDraft::holder);
        if let Some(side) = holder {
            project.data.unlink(*relationship, |pair| pair.at(side) == *row);
        }
    }
    project.remove_rows(&changes.deleted);
}
