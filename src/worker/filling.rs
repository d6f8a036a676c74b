//! A document with generated rows: gathered from its parts, opened, and kept so that the page can ask for the rows.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use super::session::invalid;
use crate::engine::Database;
use crate::mapping::map;
use crate::project::{Data, Project, Refusal, Row, RowId, RowLink, links_at, row_label};
use crate::protocol::{
    Failure, Filling, LINKS_NAMED, MadeLinks, MadeRow, MadeShown, MadeWanted, Progress, Stage,
};
use crate::schema::{self, Draft, EndId, ModelId};

/// What has come of a document so far.
pub(super) struct Gathering {
    draft: Draft,
    data: Data,
    /// How many rows of each model are typed: they come first.
    typed: BTreeMap<ModelId, usize>,
    done: u32,
    total: u32,
}

/// What a part brought.
pub(super) enum Gathered {
    /// More will come.
    More(Progress),
    /// The database, the rows that it refused, and the generated rows.
    All(Box<Database>, Vec<Refusal>, Box<Made>),
}

/// Takes a part of a document in. The last one opens the database, which tells how far it is.
pub(super) fn gather(
    gathering: &mut Option<Gathering>,
    part: Filling,
    tell: &mut dyn FnMut(Progress),
) -> Result<Gathered, Failure> {
    let now = match (part, gathering.take()) {
        (Filling::Begin(draft, data, total), _) => {
            let typed = data.rows.iter().map(|(model, rows)| (*model, rows.len())).collect();
            Gathering { draft, data, typed, done: 0, total }
        }
        (Filling::More(more), Some(mut now)) => {
            now.done += more.row_count() as u32;
            now.data.append(more);
            now
        }
        (Filling::End, Some(now)) => return now.open(tell),
        (_, None) => return Err(invalid("Rows came before the schema that they belong to.")),
    };
    let progress = Progress { stage: Stage::Making, done: now.done, total: now.total.max(now.done) };
    *gathering = Some(now);
    Ok(Gathered::More(progress))
}

impl Gathering {
    fn open(self, tell: &mut dyn FnMut(Progress)) -> Result<Gathered, Failure> {
        let schema = schema::check(&self.draft).value.ok_or_else(|| invalid("The schema has errors."))?;
        let relational = map(&schema).value.ok_or_else(|| invalid("The schema has errors."))?;
        let (database, refusals) =
            Database::open_telling(schema, relational, &self.data, &mut |done, total| {
                tell(Progress { stage: Stage::Inserting, done, total });
            })?;
        Ok(Gathered::All(Box::new(database), refusals, Box::new(Made::new(self))))
    }
}

/// The generated rows of the document that is open.
pub(super) struct Made {
    project: Project,
    typed: BTreeMap<ModelId, usize>,
    /// For each row its model and its place among that model's rows.
    places: HashMap<RowId, (ModelId, usize)>,
    /// For each property the rows that each row is linked to, as far as somebody has asked.
    links: HashMap<EndId, HashMap<RowId, Vec<RowId>>>,
}

impl Made {
    fn new(all: Gathering) -> Made {
        let mut places = HashMap::new();
        for (model, rows) in &all.data.rows {
            places.extend(rows.iter().enumerate().map(|(at, row)| (row.id, (*model, at))));
        }
        let project = Project { draft: all.draft, data: all.data, ..Project::default() };
        Made { project, typed: all.typed, places, links: HashMap::new() }
    }

    /// The generated rows that are wanted, as far as there are any.
    pub(super) fn show(&mut self, wanted: MadeWanted) -> MadeShown {
        let columns = links_at(&self.project, wanted.model);
        for column in &columns {
            self.find_links(*column);
        }
        let typed = self.typed.get(&wanted.model).copied().unwrap_or(0);
        let rows = self.project.data.rows_of(wanted.model).iter().skip(typed);
        let fields: Vec<_> =
            self.project.draft.fields_of(wanted.model).iter().map(|field| field.id).collect();
        let shown = |row: &Rc<Row>| MadeRow {
            cells: fields.iter().map(|field| row.cells.get(field).cloned()).collect(),
            links: columns.iter().map(|column| self.links_of(row.id, column.end)).collect(),
        };
        let rows = rows.skip(wanted.start as usize).take(wanted.count as usize).map(shown).collect();
        MadeShown { wanted, rows }
    }

    fn find_links(&mut self, column: RowLink) {
        let project = &self.project;
        self.links.entry(column.end).or_insert_with(|| {
            let mut links: HashMap<RowId, Vec<RowId>> = HashMap::new();
            for (here, there) in project.links_from(column.end) {
                links.entry(here).or_default().push(there);
            }
            links
        });
    }

    fn links_of(&self, row: RowId, end: EndId) -> MadeLinks {
        let targets = self.links.get(&end).and_then(|links| links.get(&row));
        let targets = targets.map_or(&[][..], Vec::as_slice);
        let labels = targets.iter().take(LINKS_NAMED).map(|target| self.label(*target)).collect();
        MadeLinks { labels, total: targets.len() as u32 }
    }

    fn label(&self, row: RowId) -> String {
        let found = self.places.get(&row).and_then(|(model, at)| {
            let rows = self.project.data.rows_of(*model);
            Some(row_label(&self.project.draft, self.project.draft.model(*model)?, rows.get(*at)?))
        });
        found.unwrap_or_default()
    }
}
