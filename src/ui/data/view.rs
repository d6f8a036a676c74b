//! What the grid of a model shows, as data: its columns, and the rows that are drawn with their links and troubles.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use crate::project::{
    CellPlace, Project, Refusal, Row, RowId, RowLink, RowSource, label, links_at, row_label,
};
use crate::schema::{Draft, EndId, FieldId, FieldType, ModelDraft, ModelId, Side};
use crate::ui::slice::Slice;
use crate::ui::state::Good;
use crate::ui::tone::tone;

/// The columns of a grid.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Columns {
    /// The model.
    pub model: ModelId,
    /// Its fields.
    pub fields: Vec<FieldColumn>,
    /// Its links.
    pub links: Vec<LinkColumn>,
}

/// A column for a field.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FieldColumn {
    pub id: FieldId,
    pub name: String,
    pub field_type: FieldType,
    pub key: bool,
    /// What a row without a value gets, as a hint: `NULL`, a default, or a number the database counts up.
    pub empty: String,
}

/// A column for a property that leads to other rows.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LinkColumn {
    pub link: RowLink,
    pub name: String,
    /// The colours of the model that it leads to.
    pub tone: &'static str,
}

impl Columns {
    pub(super) fn of(project: &Project, good: Option<&Good>, model: &ModelDraft) -> Columns {
        let fields = project.draft.fields_of(model.id);
        let keys = fields.iter().filter(|field| field.primary_key).count();
        let field = |field: &crate::schema::FieldDraft| {
            let counted = field.primary_key && keys == 1 && field.field_type == FieldType::Integer;
            let empty = match &field.default {
                _ if counted => "next".to_owned(),
                Some(default) => format!("default: {default}"),
                None => "NULL".to_owned(),
            };
            let (id, name) = (field.id, field.name.clone());
            FieldColumn { id, name, field_type: field.field_type, key: field.primary_key, empty }
        };
        let link = |link: RowLink| {
            let known = good.and_then(|good| Some(good.schema.end(link.end)?.name.to_owned()));
            let target =
                || project.draft.model(link.target).map_or(String::new(), |model| model.name.clone());
            let tone = tone(&project.draft, link.target);
            LinkColumn { link, name: known.unwrap_or_else(target), tone }
        };
        Columns {
            model: model.id,
            fields: fields.into_iter().map(field).collect(),
            links: links_at(project, model.id).into_iter().map(link).collect(),
        }
    }

    pub(super) fn width(&self) -> usize {
        self.fields.len() + self.links.len() + 1
    }
}

/// A row that is drawn. Equal to the one before unless something in it changed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RowView {
    pub row: Slice<Row>,
    /// Its place in the grid, from 0.
    pub at: usize,
    /// For each link column the rows it leads to, and what they are called.
    pub links: Vec<Vec<(RowId, String)>>,
    /// Why it, or a link of it, is not in the database.
    pub refusals: Vec<Refusal>,
}

impl RowView {
    /// The refusals that stand at a cell.
    pub(super) fn at_cell(&self, place: CellPlace) -> Vec<&Refusal> {
        self.refusals.iter().filter(|refusal| cell_of(refusal) == Some(place)).collect()
    }

    /// Whether the row itself is not in the database, and not only a link of it.
    pub(super) fn is_refused(&self) -> bool {
        self.refusals.iter().any(|refusal| matches!(refusal.source, RowSource::Row(_)))
    }
}

/// The cell that a refusal stands at: a refused pair stands at its relationship's.
fn cell_of(refusal: &Refusal) -> Option<CellPlace> {
    refusal.cell.or(match refusal.source {
        RowSource::Link(relationship, _) => Some(CellPlace::Link(relationship)),
        RowSource::Row(_) => None,
    })
}

/// The rows of a range of the grid. `links` are those of the columns.
pub(super) fn rows(
    project: &Project,
    columns: &Columns,
    links: &[Links],
    refusals: &[Refusal],
    range: Range<usize>,
) -> Vec<RowView> {
    let shown = project.data.rows_of(columns.model).iter().enumerate().skip(range.start).take(range.len());
    shown
        .map(|(at, row)| RowView {
            row: Slice::from(row),
            at,
            links: links.iter().map(|links| links.of_row(row.id)).collect(),
            refusals: refusals_of(refusals, row.id, columns.model, project),
        })
        .collect()
}

fn refusals_of(refusals: &[Refusal], row: RowId, model: ModelId, project: &Project) -> Vec<Refusal> {
    let concerns = |refusal: &&Refusal| match refusal.source {
        RowSource::Row(id) => id == row,
        RowSource::Link(relationship, pair) => {
            let here = |side: Side| {
                let link = project.draft.relationship(relationship);
                link.is_some_and(|link| link.end(side).model == Some(model)) && pair.at(side) == row
            };
            Side::BOTH.into_iter().any(here)
        }
    };
    refusals.iter().filter(concerns).cloned().collect()
}

/// The links of one property, found by the row that has them. Made once for a document, not for each look at it.
pub(super) struct Links {
    by_row: HashMap<RowId, Vec<RowId>>,
    draft: Draft,
    /// The rows that can be reached, each with its model: that of the property, or a kind of it.
    targets: HashMap<RowId, (ModelId, Rc<Row>)>,
}

impl Links {
    /// Those of each property that the grid of a model offers, in the order of its columns.
    pub(super) fn of_model(project: &Project, model: ModelId) -> Vec<Links> {
        links_at(project, model).into_iter().map(|link| Links::of(project, link)).collect()
    }

    fn of(project: &Project, link: RowLink) -> Links {
        let mut by_row: HashMap<RowId, Vec<RowId>> = HashMap::new();
        for (here, there) in project.links_from(link.end) {
            by_row.entry(here).or_default().push(there);
        }
        let targets =
            project.rows_of_kinds(link.target).map(|(kind, row)| (row.id, (kind.id, Rc::clone(row))));
        Links { by_row, draft: project.draft.clone(), targets: targets.collect() }
    }

    fn of_row(&self, row: RowId) -> Vec<(RowId, String)> {
        let label = |id: RowId| {
            let (model, row) = self.targets.get(&id)?;
            Some(row_label(&self.draft, self.draft.model(*model)?, row))
        };
        let label = |id: RowId| label(id).unwrap_or_else(|| "(gone)".to_owned());
        self.by_row.get(&row).into_iter().flatten().map(|&id| (id, label(id))).collect()
    }
}

/// How many rows a select offers at most: a longer list serves nobody.
pub(super) const MOST_OPTIONS: usize = 1000;

/// The rows that a link can lead to, by what they are called. One that another row would lose says so.
pub(super) fn options(project: &Project, link: RowLink, row: RowId) -> Vec<(RowId, String)> {
    let EndId { relationship, side } = link.end;
    let shared =
        project.draft.relationship(relationship).is_none_or(|draft| draft.is_collection(side.other()));
    let pairs = project.data.links_of(relationship);
    let holders: HashMap<RowId, RowId> = if shared {
        HashMap::new()
    } else {
        pairs.iter().map(|pair| (pair.at(side.other()), pair.at(side))).collect()
    };
    let here = project.draft.relationship(relationship).and_then(|draft| draft.end(side).model);
    let mut options = Vec::new();
    for (kind, candidate) in project.rows_of_kinds(link.target).take(MOST_OPTIONS) {
        let mut text = row_label(&project.draft, kind, candidate);
        let holder = holders.get(&candidate.id).filter(|holder| **holder != row);
        if let (Some(holder), Some(model)) = (holder, here) {
            text.push_str(&format!(" (now {})", label(project, model, *holder)));
        }
        options.push((candidate.id, text));
    }
    options
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::Sample;
    use crate::ui::state::Compiled;

    fn grid(project: &Project, model: ModelId) -> (Columns, Vec<RowView>) {
        let good = Compiled::of(project).good;
        let columns = Columns::of(project, good.as_deref(), project.draft.model(model).unwrap());
        let rows = rows(project, &columns, &Links::of_model(project, model), &[], 0..100);
        (columns, rows)
    }

    #[test]
    fn a_grid_shows_fields_and_the_links_of_both_ends() {
        let project = Sample::AuthorBook.project();
        let (columns, rows) = grid(&project, ModelId(1));
        assert_eq!(columns.fields.len(), 2);
        assert_eq!(columns.links[0].name, "books");
        assert_eq!(
            rows[1].links[0],
            [(RowId(9), "4 · Ficciones".into()), (RowId(10), "5 · El Aleph".into())]
        );
        let (columns, rows) = grid(&project, ModelId(2));
        assert_eq!(columns.links[0].name, "author");
        assert_eq!(rows[0].links[0], [(RowId(1), "1 · Ursula K. Le Guin".into())]);
    }

    #[test]
    fn an_option_says_from_whom_it_would_be_taken() {
        let project = Sample::AuthorBook.project();
        let link = links_at(&project, ModelId(1))[0];
        let options = options(&project, link, RowId(5));
        assert_eq!(options.len(), 7);
        assert_eq!(options[3].1, "4 · Ficciones (now 2 · Jorge Luis Borges)");
    }
}
