//! What editing the document entails: what goes with a deletion, and how rows are called.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::data::{Pair, Row, RowId};
use super::file::Project;
use crate::query::IncludeDraft;
use crate::schema::{
    Draft, EndId, FieldId, FieldType, ModelDraft, ModelId, RelationshipDraft, RelationshipId, Side,
};

/// What a deletion would take with it, to be said beforehand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Losses {
    /// Names of the relationships' properties that go, as `Author.books`.
    pub relationships: Vec<String>,
    /// How many rows go.
    pub rows: usize,
    /// How many values of rows that stay go.
    pub values: usize,
    /// How many links between rows go.
    pub links: usize,
}

impl Losses {
    /// Whether nothing but the thing itself goes.
    pub fn is_empty(&self) -> bool {
        *self == Losses::default()
    }

    /// The losses in words: `2 relationships (Author.books), 4 rows and 3 links`. Empty if there are none.
    pub fn sentence(&self) -> String {
        let mut parts = Vec::new();
        if !self.relationships.is_empty() {
            let noun = plural(self.relationships.len(), "relationship");
            parts.push(format!("{noun} ({})", self.relationships.join(", ")));
        }
        for (count, noun) in [(self.rows, "row"), (self.values, "value"), (self.links, "link")] {
            if count > 0 {
                parts.push(plural(count, noun));
            }
        }
        match parts.pop() {
            None => String::new(),
            Some(last) if parts.is_empty() => last,
            Some(last) => format!("{} and {last}", parts.join(", ")),
        }
    }
}

fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// A link to show in the grid of a model: a property at one end of a relationship.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowLink {
    /// The property.
    pub end: EndId,
    /// The model that it leads to.
    pub target: ModelId,
    /// Whether the property leads to many.
    pub many: bool,
}

/// The links that the grid of a model offers, in the order of the form. What is read through a join model is linked in
/// the grid of that one.
pub fn links_at(project: &Project, model: ModelId) -> Vec<RowLink> {
    let mut links = Vec::new();
    let stored = |relationship: &&RelationshipDraft| relationship.read_through().is_none();
    for relationship in project.draft.relationships.iter().filter(stored) {
        for side in Side::BOTH {
            let here = relationship.end(side).model.is_some_and(|end| project.draft.is_kind_of(model, end))
                && (side == Side::Left || !relationship.is_symmetric());
            if let (true, Some(target)) = (here, relationship.end(side.other()).model) {
                links.push(RowLink {
                    end: relationship.end_id(side),
                    target,
                    many: relationship.is_collection(side),
                });
            }
        }
    }
    links
}

/// A row as a person would name it: its first text, with the key in front; else the model and the key.
///
/// ```
/// use relata::project::{label, Sample};
/// let project = Sample::AuthorBook.project();
/// let author = &project.draft.models[0];
/// let first = project.data.rows_of(author.id)[0].id;
/// assert_eq!(label(&project, author.id, first), "1 · Ursula K. Le Guin");
/// ```
pub fn label(project: &Project, model: ModelId, row: RowId) -> String {
    let Some(draft) = project.draft.model(model) else { return String::new() };
    let found = project.rows_of_kinds(model).find(|(_, found)| found.id == row);
    let Some((draft, found)) = found else { return format!("{} (gone)", draft.name) };
    if project.draft.fields_of(draft.id).iter().any(|field| field.primary_key) {
        return row_label(&project.draft, draft, found);
    }
    let others: Vec<String> =
        project.identified_by(project.draft.root_of(model), row).map_or_else(Vec::new, |rows| {
            rows.into_iter().map(|(model, row)| label(project, model, row)).collect()
        });
    if others.is_empty() {
        row_label(&project.draft, draft, found)
    } else {
        format!("{} of {}", draft.name, others.join(", "))
    }
}

/// The same for a row of a model at hand.
pub fn row_label(whole: &Draft, draft: &ModelDraft, row: &Row) -> String {
    let fields = whole.fields_of(draft.id);
    let shown = |id: &FieldId| row.cells.get(id).map_or("?", String::as_str);
    let keys: Vec<&str> =
        fields.iter().filter(|field| field.primary_key).map(|field| shown(&field.id)).collect();
    let key = keys.join(", ");
    let text = fields.iter().filter(|field| field.field_type == FieldType::Text && !field.primary_key);
    match text.filter_map(|field| row.cells.get(&field.id)).find(|text| !text.trim().is_empty()) {
        // What is identified by others has no key of its own to show.
        Some(text) if key.is_empty() => format!("{} {text}", draft.name),
        Some(text) => format!("{key} · {text}"),
        None => format!("{} {key}", draft.name).trim_end().to_owned(),
    }
}

/// What to fill into the primary key of a new row: one more than the greatest, for a single integer key. All kinds of a
/// model count together.
pub fn next_key(project: &Project, model: ModelId) -> Option<(FieldId, String)> {
    let draft = project.draft.model(project.draft.root_of(model))?;
    let mut keys = draft.fields.iter().filter(|field| field.primary_key);
    let key = keys.next().filter(|field| field.field_type == FieldType::Integer)?;
    if keys.next().is_some() {
        return None;
    }
    let rows = project.rows_of_kinds(draft.id);
    let greatest: Option<i64> = rows.filter_map(|(_, row)| row.cells.get(&key.id)?.trim().parse().ok()).max();
    Some((key.id, greatest.unwrap_or(0).saturating_add(1).to_string()))
}

impl Project {
    /// What deleting a model would take with it.
    pub fn losses_of_model(&self, model: ModelId) -> Losses {
        let relationships: Vec<_> = self.draft.relationships_of(model).collect();
        Losses {
            relationships: relationships.iter().map(|relationship| self.describe(relationship.id)).collect(),
            rows: self.data.rows_of(model).len(),
            values: 0,
            links: relationships.iter().map(|relationship| self.data.links_of(relationship.id).len()).sum(),
        }
    }

    /// What deleting a field would take with it.
    pub fn losses_of_field(&self, model: ModelId, field: FieldId) -> Losses {
        let values = self.data.rows_of(model).iter().filter(|row| row.cells.contains_key(&field)).count();
        Losses { values, ..Losses::default() }
    }

    /// What deleting a relationship would take with it.
    pub fn losses_of_relationship(&self, relationship: RelationshipId) -> Losses {
        Losses { links: self.data.links_of(relationship).len(), ..Losses::default() }
    }

    /// A relationship in a few words: `Author–Book`.
    fn describe(&self, id: RelationshipId) -> String {
        let Some(relationship) = self.draft.relationship(id) else { return String::new() };
        let name = |side| {
            let model = relationship.end(side).model.and_then(|id| self.draft.model(id));
            model.map_or("?", |model: &ModelDraft| model.name.as_str())
        };
        format!("{}–{}", name(Side::Left), name(Side::Right))
    }

    /// Deletes a model with everything that hangs on it: relationships, rows, links, and what the query says of them.
    pub fn delete_model(&mut self, model: ModelId) {
        let gone: Vec<RelationshipId> =
            self.draft.relationships_of(model).map(|relationship| relationship.id).collect();
        gone.into_iter().for_each(|relationship| self.delete_relationship(relationship));
        // Its kinds become kinds of what it was one of.
        let parent = self.draft.model(model).and_then(|gone| gone.kind.parent);
        let kinds = self.draft.models.iter_mut().filter(|kind| kind.kind.parent == Some(model));
        kinds.for_each(|kind| kind.kind.parent = parent);
        self.draft.models.retain(|candidate| candidate.id != model);
        self.diagram.models.remove(&model);
        self.data.rows.remove(&model);
        if self.query.root == Some(model) {
            self.query = self
                .draft
                .models
                .first()
                .map(|first| crate::query::QueryDraft::all(first.id))
                .unwrap_or_default();
        }
    }

    /// Deletes a field with its values, and what the query and the orders of collections say of it.
    pub fn delete_field(&mut self, model: ModelId, field: FieldId) {
        if let Some(model) = self.draft.model_mut(model) {
            model.fields.retain(|candidate| candidate.id != field);
        }
        for row in self.data.rows.get_mut(&model).into_iter().flatten() {
            if row.cells.contains_key(&field) {
                Rc::make_mut(row).cells.remove(&field);
            }
        }
        for relationship in &mut self.draft.relationships {
            for side in Side::BOTH {
                relationship.end_mut(side).order.retain(|term| term.field != field);
            }
        }
        self.query.forget_field(field);
    }

    /// Deletes a relationship with its links and what the query says of it.
    pub fn delete_relationship(&mut self, relationship: RelationshipId) {
        self.draft.relationships.retain(|candidate| candidate.id != relationship);
        self.diagram.joins.remove(&relationship);
        self.data.links.remove(&relationship);
        prune_includes(&mut self.query.includes, relationship);
        self.query.forget_relationship(relationship);
    }

    /// The rows whose keys are part of a row's key, with their models; `None` while one of them is missing, or where
    /// keys lead in a ring.
    fn identified_by(&self, model: ModelId, row: RowId) -> Option<Vec<(ModelId, RowId)>> {
        let ties = self.draft.identifying(model).map(|tie| {
            let holder = tie.holder()?;
            let target = tie.end(holder.other()).model?;
            let pair = self.data.links_of(tie.id).iter().find(|pair| pair.at(holder) == row)?;
            let ring = self.draft.identifying(target).next().is_some();
            (!ring).then(|| (target, pair.at(holder.other())))
        });
        ties.collect()
    }

    /// Every link of a property as the row that has it and the row that it leads to. What goes both ways is seen from
    /// both.
    pub fn links_from(&self, end: EndId) -> Vec<(RowId, RowId)> {
        let seen = |pair: &Pair| (pair.at(end.side), pair.at(end.side.other()));
        let pairs = self.data.links_of(end.relationship);
        let symmetric =
            self.draft.relationship(end.relationship).is_some_and(RelationshipDraft::is_symmetric);
        let mut links: Vec<(RowId, RowId)> = pairs.iter().map(seen).collect();
        if symmetric {
            let turned = pairs.iter().filter(|pair| pair.left != pair.right);
            links.extend(turned.map(|pair| seen(&pair.turned())));
        }
        links
    }

    /// The relationship of a property, if it has links of its own.
    fn linkable(&self, end: EndId) -> Option<&RelationshipDraft> {
        self.draft.relationship(end.relationship).filter(|relationship| relationship.read_through().is_none())
    }

    /// Points a property of a row to another row, or to none. A property to one lets go of what it had; a row that
    /// can be pointed to only once is taken from whoever had it.
    pub fn set_link(&mut self, end: EndId, row: RowId, target: Option<RowId>) {
        let Some(relationship) = self.linkable(end) else { return };
        let exclusive = !relationship.is_collection(end.side.other());
        self.data.unlink(end.relationship, |pair| {
            pair.at(end.side) == row || (exclusive && Some(pair.at(end.side.other())) == target)
        });
        if let Some(target) = target {
            self.link(end, row, target);
        }
    }

    /// Links a row to another one through a property that leads to many, or takes the link away. A target that can
    /// have only one is taken from whoever had it.
    pub fn toggle_link(&mut self, end: EndId, row: RowId, target: RowId) {
        let Some(relationship) = self.linkable(end) else { return };
        let pair = Pair::new(end.side, row, target);
        let exclusive = !relationship.is_collection(end.side.other());
        let symmetric = relationship.is_symmetric();
        let same = |other: &Pair| *other == pair || (symmetric && other.turned() == pair);
        let linked = self.data.links_of(end.relationship).iter().any(same);
        self.data.unlink(end.relationship, |other| {
            same(other) || (exclusive && other.at(end.side.other()) == target)
        });
        if !linked {
            self.link(end, row, target);
        }
    }

    /// Links two rows. The holder of a shared key lets go of what else it pointed to by that key.
    fn link(&mut self, end: EndId, row: RowId, target: RowId) {
        let pair = Pair::new(end.side, row, target);
        if let Some(relationship) = self.draft.relationship(end.relationship)
            && let Some(holder) = relationship.holder()
        {
            let sharing: Vec<RelationshipId> =
                self.draft.sharing_key(relationship).map(|sharing| sharing.id).collect();
            for id in sharing.into_iter().filter(|id| *id != end.relationship) {
                self.data.unlink(id, |other| other.at(holder) == pair.at(holder));
            }
        }
        self.data.link(end.relationship, pair);
    }

    /// Removes rows, and every link of theirs.
    pub fn remove_rows(&mut self, rows: &[RowId]) {
        rows.iter().for_each(|&row| self.data.remove_row(row));
        // Not collected: that would sort first, and each type's sort is code that the page has to carry.
        let mut gone: BTreeSet<RowId> = BTreeSet::new();
        gone.extend(rows);
        for links in self.data.links.values_mut() {
            links.retain(|pair| !gone.contains(&pair.left) && !gone.contains(&pair.right));
        }
    }
}

pub(super) fn prune_includes(includes: &mut Vec<IncludeDraft>, relationship: RelationshipId) {
    includes.retain(|include| include.end.relationship != relationship);
    includes.iter_mut().for_each(|include| prune_includes(&mut include.includes, relationship));
}
