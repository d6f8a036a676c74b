//! What there is to say about the lines of a plan, and the indexes that could mend it.

use serde::{Deserialize, Serialize};

use super::conditions::{Asked, Condition};
use super::plan::{Access, PlanLine, Way};
use crate::mapping::{ColumnOrigin, Index, Placement, Relational, Table, TableId};
use crate::schema::{FieldId, ModelId, RelationshipId};
use crate::sql::Select;

/// A line of a plan with what there is to say about it.
pub type Remarked = (PlanLine, Option<Remark>);

/// What there is to know about how SQLite goes about a statement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explained {
    /// Its plan, each line with what there is to say about it.
    pub lines: Vec<Remarked>,
    /// The indexes that would mend it, the best first.
    pub advice: Vec<Advice>,
}

/// What there is to say about a line of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Remark {
    /// It reads all rows of a source, and all of them are wanted.
    AllWanted,
    /// It reads rows until there are enough.
    UntilEnough,
    /// It reads all rows of a source to find those that are wanted.
    FullScan,
    /// It reads all rows of a source to make an index for this statement alone.
    MadeIndex,
    /// It reads and sorts all rows to return the first of them.
    SortsForFew,
}

impl Remark {
    /// Whether it is a waste that an index could spare.
    pub fn is_waste(self) -> bool {
        !matches!(self, Remark::AllWanted | Remark::UntilEnough)
    }
}

/// An index that was not there, and what SQLite would do with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advice {
    /// What is to be indexed.
    pub on: IndexOn,
    /// The table's name.
    pub table: String,
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The plan with the index.
    pub after: Vec<Remarked>,
}

/// What a user can have indexed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum IndexOn {
    /// A field.
    Field(ModelId, FieldId),
    /// The key of a relationship.
    Key(RelationshipId),
}

/// An index that might help.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The table.
    pub table: TableId,
    /// The index.
    pub index: Index,
    /// What a user would have indexed.
    pub on: IndexOn,
}

/// What there is to say about each line of a statement's plan.
pub fn remarks(select: &Select, lines: &[PlanLine], relational: &Relational) -> Vec<Option<Remark>> {
    let reader = Reader { asked: Asked::of(select), lines, relational };
    (0..lines.len()).map(|at| reader.remark(at)).collect()
}

/// The indexes, of those that a user can ask for and has not, by which the wasteful lines of a plan might do better. Those
/// for certain values come before those for ranges.
pub fn candidates(select: &Select, lines: &[PlanLine], relational: &Relational) -> Vec<Candidate> {
    let reader = Reader { asked: Asked::of(select), lines, relational };
    let mut found: Vec<Candidate> = Vec::new();
    let wasteful = (0..lines.len()).filter(|at| reader.remark(*at).is_some_and(Remark::is_waste));
    for candidate in wasteful.flat_map(|at| reader.indexes_for(at)) {
        if !found.contains(&candidate) {
            found.push(candidate);
        }
    }
    found
}

/// Whether a plan wastes less than another one.
pub fn is_better(after: &[Option<Remark>], before: &[Option<Remark>]) -> bool {
    let wasteful =
        |remarks: &[Option<Remark>]| remarks.iter().flatten().filter(|remark| remark.is_waste()).count();
    wasteful(after) < wasteful(before)
}

struct Reader<'a> {
    asked: Asked,
    lines: &'a [PlanLine],
    relational: &'a Relational,
}

impl Reader<'_> {
    fn remark(&self, at: usize) -> Option<Remark> {
        match &self.lines[at].access {
            Access::Scan { source, .. } => {
                self.table(source)?;
                if self.conditions_at(at, source).next().is_some() {
                    Some(Remark::FullScan)
                } else if self.asked.stops && !self.sorts() {
                    Some(Remark::UntilEnough)
                } else {
                    Some(Remark::AllWanted)
                }
            }
            Access::Search { source, way: Way::Automatic, .. } => {
                self.table(source).map(|_| Remark::MadeIndex)
            }
            Access::TemporaryTree(clause) if clause == "ORDER BY" => {
                (!self.asked.first_of_order.is_empty()).then_some(Remark::SortsForFew)
            }
            _ => None,
        }
    }

    fn sorts(&self) -> bool {
        self.lines.iter().any(|line| matches!(line.access, Access::TemporaryTree(_)))
    }

    /// The table behind a source. A source that the statement makes itself has none.
    fn table(&self, source: &str) -> Option<&Table> {
        let name = self.asked.tables.get(source)?;
        self.relational.tables.iter().find(|table| table.name == *name)
    }

    /// The conditions that could be asked of a source where this line reads it: those that need nothing but what was read
    /// before. Which kind a row is, is no condition that an index would be made for.
    fn conditions_at<'a>(
        &'a self,
        at: usize,
        source: &'a str,
    ) -> impl Iterator<Item = &'a Condition> + use<'a> {
        let before = self.read_before(at);
        let before = move |name: &String| before.contains(&name.as_str());
        self.asked.conditions.iter().filter(move |condition| {
            let kind = condition.column.as_ref().is_some_and(|column| self.is_kind(source, column));
            condition.source == source && !kind && condition.needs.iter().all(&before)
        })
    }

    /// The sources whose rows are at hand where a line is run: those of the lines above it, except what was read in making
    /// the rows of a source.
    fn read_before(&self, at: usize) -> Vec<&str> {
        let mut depth = self.lines[at].depth;
        let mut sources = Vec::new();
        for line in self.lines[..at].iter().rev().filter(|line| {
            depth = depth.min(line.depth);
            line.depth == depth
        }) {
            if let Access::Scan { source, .. } | Access::Search { source, .. } = &line.access {
                sources.push(source.as_str());
            }
        }
        sources
    }

    fn is_kind(&self, source: &str, column: &str) -> bool {
        let table = self.table(source);
        table.is_some_and(|table| {
            let mut columns = table.columns.iter().filter(|known| known.name == column);
            columns.any(|known| matches!(known.origin, ColumnOrigin::Kind(_)))
        })
    }

    /// The indexes that might spare what this line wastes.
    fn indexes_for(&self, at: usize) -> Vec<Candidate> {
        match &self.lines[at].access {
            Access::Scan { source, .. } => {
                let mut conditions: Vec<&Condition> = self.conditions_at(at, source).collect();
                conditions.sort_by_key(|condition| !condition.equal);
                conditions
                    .iter()
                    .filter_map(|condition| self.index(source, condition.column.as_ref()?))
                    .collect()
            }
            Access::Search { source, terms, .. } => {
                let columns = terms.split(" AND ").filter_map(|term| term.split(['=', '<', '>']).next());
                columns.filter_map(|column| self.index(source, column)).collect()
            }
            Access::TemporaryTree(_) => {
                let first = self.asked.first_of_order.iter();
                first.filter_map(|column| self.index(&column.source, &column.name)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The index that a user could ask for to find the rows of a source by this column, if it is not there.
    fn index(&self, source: &str, column: &str) -> Option<Candidate> {
        let table = self.table(source)?;
        let at = table.columns.iter().position(|known| known.name == column)?;
        let (columns, on) = match table.columns[at].origin {
            ColumnOrigin::Kind(_) => return None,
            ColumnOrigin::Field(model, field) => (vec![at], IndexOn::Field(model, field)),
            ColumnOrigin::Key(relationship, _) => {
                let key = table.foreign_keys.iter().find(|key| key.columns.contains(&at));
                let columns = match (key, self.relational.placement(relationship)) {
                    (Some(key), _) => key.columns.clone(),
                    (None, Some(Placement::Key { columns, discriminator: Some(kind), .. })) => {
                        std::iter::once(kind.column).chain(columns.iter().copied()).collect()
                    }
                    _ => return None,
                };
                (columns, IndexOn::Key(relationship))
            }
        };
        let alone = columns.len() == 1 && table.columns[columns[0]].unique;
        let served = alone
            || table.primary_key.starts_with(&columns)
            || table.indexes.iter().any(|index| index.columns == columns);
        (!served).then(|| {
            let index = table.index_on(columns, table.columns[at].origin());
            Candidate { table: table.id, index, on }
        })
    }
}
