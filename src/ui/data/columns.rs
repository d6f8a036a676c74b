//! What a grid's columns are and what its link cells offer: pure, made from the document.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::project::{CellPlace, Project, Refusal, RowId, RowSource, label, links_at};
use crate::schema::{EndId, FieldDraft, ModelId, Schema, Side};
use crate::ui::state::State;
use crate::ui::tone::{letter, tone};

/// A model's grid.
#[derive(Debug, PartialEq)]
pub(super) struct Columns {
    /// The model.
    pub model: ModelId,
    /// Its fields.
    pub fields: Vec<FieldDraft>,
    /// Its relationship properties.
    pub links: Vec<LinkColumn>,
    /// Whether a missing key is filled in by the database.
    pub automatic_key: bool,
}

/// A relationship property as a column.
#[derive(Debug, PartialEq)]
pub(super) struct LinkColumn {
    /// The property.
    pub end: EndId,
    /// Its name.
    pub name: String,
    /// Whether it leads to many.
    pub many: bool,
    /// Whether it has to lead to one.
    pub required: bool,
    /// The target model's name, colour and letter.
    pub target: String,
    /// The target's colour.
    pub tone: &'static str,
    /// The target's letter.
    pub letter: String,
    /// The rows it can lead to, by their names.
    pub options: Rc<Vec<(RowId, String)>>,
    /// What each row is linked to.
    pub linked: BTreeMap<RowId, Vec<RowId>>,
}

impl LinkColumn {
    /// The rows that a row is linked to.
    pub(super) fn targets(&self, row: RowId) -> &[RowId] {
        self.linked.get(&row).map_or(&[], Vec::as_slice)
    }

    /// What a row is called among the options.
    pub(super) fn option(&self, row: RowId) -> &str {
        self.options.iter().find(|(id, _)| *id == row).map_or("(gone)", |(_, name)| name)
    }
}

/// The columns of a model's grid. `None` if there is no such model.
pub(super) fn columns(state: &State, model: ModelId) -> Option<Columns> {
    let project = &state.project;
    let draft = project.draft.model(model)?;
    let schema = state.good.as_ref().map(|good| &good.schema);
    let links = links_at(project, model)
        .into_iter()
        .filter_map(|link| link_column(project, schema, link.end, link.target, link.many));
    let keys = draft.fields.iter().filter(|field| field.primary_key).count();
    Some(Columns { model, fields: draft.fields.clone(), links: links.collect(), automatic_key: keys == 1 })
}

fn link_column(
    project: &Project,
    schema: Option<&Schema>,
    end: EndId,
    target: ModelId,
    many: bool,
) -> Option<LinkColumn> {
    let relationship = project.draft.relationship(end.relationship)?;
    let target_draft = project.draft.model(target)?;
    let derived = schema.and_then(|schema| schema.end(end)).map(|end| end.name.to_owned());
    let typed = relationship.end(end.side).name.trim();
    let name = if typed.is_empty() {
        derived.unwrap_or_else(|| target_draft.name.clone())
    } else {
        typed.to_owned()
    };
    let options = project.data.rows_of(target).iter().map(|row| (row.id, label(project, target, row.id)));
    Some(LinkColumn {
        end,
        name,
        many,
        required: relationship.required && relationship.holder() == Some(end.side),
        target: target_draft.name.clone(),
        tone: tone(&project.draft, target),
        letter: letter(&project.draft, target),
        options: Rc::new(options.collect()),
        linked: linked(project, end),
    })
}

fn linked(project: &Project, end: EndId) -> BTreeMap<RowId, Vec<RowId>> {
    let mut linked: BTreeMap<RowId, Vec<RowId>> = BTreeMap::new();
    for pair in project.data.links_of(end.relationship) {
        linked.entry(pair.at(end.side)).or_default().push(pair.at(end.side.other()));
    }
    linked
}

/// What SQLite, or the parsing of cells, refused of each row. A refused link counts for both its rows.
pub(super) fn refusals_by_row(refusals: &[Refusal]) -> BTreeMap<RowId, Vec<Refusal>> {
    let mut by_row: BTreeMap<RowId, Vec<Refusal>> = BTreeMap::new();
    for refusal in refusals {
        match refusal.source {
            RowSource::Row(row) => by_row.entry(row).or_default().push(refusal.clone()),
            RowSource::Link(relationship, pair) => {
                for side in Side::BOTH {
                    let cell = Some(CellPlace::Link(relationship));
                    by_row.entry(pair.at(side)).or_default().push(Refusal { cell, ..refusal.clone() });
                }
            }
        }
    }
    by_row
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::{Pair, Sample};

    #[test]
    fn links_are_offered_from_both_ends() {
        let state = State::new(Sample::AuthorBook.project(), crate::ui::state::Theme::System);
        let models = &state.project.draft.models;
        let authors = columns(&state, models[0].id).map(|columns| columns.links).unwrap_or_default();
        let books = columns(&state, models[1].id).map(|columns| columns.links).unwrap_or_default();
        assert_eq!((authors[0].name.as_str(), authors[0].many, authors[0].options.len()), ("books", true, 7));
        assert_eq!((books[0].name.as_str(), books[0].many, books[0].options.len()), ("author", false, 5));
        let first = state.project.data.rows_of(models[0].id)[0].id;
        assert_eq!(authors[0].targets(first).len(), 3);
        assert_eq!(authors[0].option(authors[0].targets(first)[0]), "1 · A Wizard of Earthsea");
    }

    #[test]
    fn a_refused_link_is_told_at_both_its_rows() {
        let pair = Pair { left: RowId(1), right: RowId(2) };
        let refusal = Refusal {
            source: RowSource::Link(crate::schema::RelationshipId(3), pair),
            cell: None,
            message: "no".into(),
            sqlite: String::new(),
        };
        let by_row = refusals_by_row(&[refusal]);
        assert_eq!(by_row.keys().copied().collect::<Vec<_>>(), [RowId(1), RowId(2)]);
    }
}
