//! Random cases for the session: a small schema, a few rows and a script, from a list of numbers that can be shrunk.

mod judged;
mod oracle;
mod schema;

use std::collections::BTreeMap;

use relata::engine::Database;
use relata::project::Sample;
use relata::protocol::Limits;
use relata::schema::{EndId, FieldId, ModelId, Shape, Side};
use relata::session::{ObjectDraft, Script, ScriptDraft, StepDraft, check};

use crate::support::{Sketch, dump};
pub(crate) use judged::{Counts, Judged, Left, Stumble, judge, shrink};
pub(crate) use oracle::Oracle;

/// Numbers that decide everything: what there is to choose from is taken modulo its count.
pub(crate) type Choices = Vec<u32>;

/// Numbers for a seed: a small generator of its own, so that a seed means the same everywhere.
pub(crate) fn choices(seed: u64) -> Choices {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x2545_f491_4f6c_dd1d;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 33) as u32
    };
    (0..220).map(|_| next()).collect()
}

struct Chooser<'a>(std::slice::Iter<'a, u32>);

impl Chooser<'_> {
    fn below(&mut self, limit: usize) -> usize {
        let choice = self.0.next().copied().unwrap_or(0) as usize;
        if limit == 0 { 0 } else { choice % limit }
    }

    fn one_in(&mut self, chance: usize) -> bool {
        self.below(chance) == chance - 1
    }

    fn of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

/// A schema with data, and a script.
pub(crate) struct Case {
    pub(crate) sketch: Sketch,
    pub(crate) draft: ScriptDraft,
    pub(crate) script: Script,
}

impl Case {
    pub(crate) fn new(choices: &[u32]) -> Case {
        let mut choose = Chooser(choices.iter());
        let mut sketch = Sketch::new();
        let models = schema::schema(&mut sketch, &mut choose);
        rows(&mut sketch, &models, &mut choose);
        let draft = script(&sketch, &models, &mut choose);
        Case::checked(sketch, draft)
    }

    /// A sample with its script.
    pub(crate) fn of(sample: Sample) -> Case {
        Case::checked(Sketch::of(sample), sample.project().script)
    }

    fn checked(sketch: Sketch, draft: ScriptDraft) -> Case {
        let (schema, relational) = sketch.compile();
        let report = check(&draft, &schema, &relational);
        let script = report.value.unwrap_or_else(|| panic!("{:?}", report.diagnostics));
        Case { sketch, draft, script }
    }

    pub(crate) fn run(&self) -> Left {
        let mut database: Database = self.sketch.open();
        let run = database.run_script(&self.script, Limits::default());
        let names: Vec<String> =
            database.relational().tables.iter().map(|table| table.name.clone()).collect();
        let mut left = Left { tables: BTreeMap::new(), error: None, sent: Vec::new() };
        for (name, mut rows) in names.into_iter().zip(dump(&mut database)) {
            rows.sort();
            left.tables.insert(name, rows);
        }
        left.error = run.failure.map(|(_, error)| error.exception().to_owned());
        left.sent = oracle::sent(&run.happenings);
        left
    }

    /// The case for a person to read.
    pub(crate) fn told(&self) -> String {
        let (_, relational) = self.sketch.compile();
        let mut lines: Vec<String> = relational
            .tables
            .iter()
            .map(|table| relata::sql::create_table(&relational, table).text)
            .collect();
        for relationship in &self.sketch.project.draft.relationships {
            for side in Side::BOTH {
                let end = relationship.end(side);
                lines.push(format!(
                    "{:?} {} {:?} {:?}",
                    relationship.shape, relationship.id, end.name, end.cascades
                ));
            }
        }
        let mut database = self.sketch.open();
        for (table, rows) in relational.tables.iter().zip(dump(&mut database)) {
            lines.push(format!("{}: {rows:?}", table.name));
        }
        lines.extend(self.draft.steps.iter().map(|step| format!("{step:?}")));
        let run = database.run_script(&self.script, Limits::default());
        lines.extend(oracle::sent(&run.happenings).iter().map(|sent| format!("sent {sent:?}")));
        // For tests/oracle/session.py, to see more by hand.
        lines.push(oracle::described(self).to_string());
        lines.join("\n")
    }
}

/// The texts of the key of a model's row, by number.
fn key(sketch: &Sketch, model: ModelId, number: usize) -> Vec<String> {
    let draft = &sketch.project.draft;
    let keys = draft.fields_of(model).into_iter().filter(|field| field.primary_key);
    // Kinds of one model share their keys.
    let at = draft.models.iter().position(|other| other.id == model).unwrap();
    let number = number + if draft.root_of(model) == model { 0 } else { 3 * at };
    let text = |name: &str| match name {
        "code" => format!("k{number}"),
        "part" => (number / 2).to_string(),
        "number" => format!("n{}", number % 2),
        _ => number.to_string(),
    };
    keys.map(|field| text(&field.name)).collect()
}

fn rows(sketch: &mut Sketch, models: &[ModelId], choose: &mut Chooser<'_>) {
    let mut made = BTreeMap::new();
    for &model in models {
        for number in 1..=3 {
            let mut cells = key(sketch, model, number);
            let others = sketch.project.draft.fields_of(model).len() - cells.len();
            cells.extend((0..others).map(|_| format!("t{number}")));
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            made.insert((model, number), sketch.row(model, &cells));
        }
    }
    let relationships = sketch.project.draft.relationships.clone();
    for relationship in relationships {
        let [Some(left), Some(right)] = Side::BOTH.map(|side| relationship.end(side).model) else { continue };
        let row = |sketch: &Sketch, model: ModelId, number: usize, choose: &mut Chooser<'_>| {
            made[&(kind(sketch, model, choose), number)]
        };
        let start = choose.below(4);
        for number in 1..=3 {
            let other = 1 + match relationship.shape {
                Shape::OneToOne => (number + start) % 3,
                _ => choose.below(3),
            };
            // Mostly without rings: those end soon.
            let ring = left == right && other >= number && !choose.one_in(8);
            let linked = relationship.required || (choose.below(4) > 0 && !ring);
            if linked && relationship.holder() == Some(Side::Left) {
                let (left, right) = (made[&(left, number)], row(sketch, right, other, choose));
                sketch.link(relationship.id, left, right);
            } else if linked {
                let (left, right) = (row(sketch, left, other, choose), made[&(right, number)]);
                sketch.link(relationship.id, left, right);
            }
        }
    }
}

fn script(sketch: &Sketch, models: &[ModelId], choose: &mut Chooser<'_>) -> ScriptDraft {
    let mut draft = ScriptDraft::default();
    let mut news: Vec<(String, ModelId)> = Vec::new();
    for number in 0..2 + choose.below(8) {
        let step = step(sketch, models, &mut news, number, choose);
        draft.steps.extend(step);
    }
    draft.steps.push(StepDraft::Commit);
    draft
}

/// A model, or one of its kinds.
fn kind(sketch: &Sketch, model: ModelId, choose: &mut Chooser<'_>) -> ModelId {
    let kinds: Vec<ModelId> = sketch.project.draft.kinds_of(model).map(|kind| kind.id).collect();
    if kinds.len() == 1 { model } else { choose.of(&kinds) }
}

fn object(
    sketch: &Sketch,
    model: ModelId,
    news: &[(String, ModelId)],
    choose: &mut Chooser<'_>,
) -> ObjectDraft {
    let model = kind(sketch, model, choose);
    let fitting: Vec<&String> =
        news.iter().filter(|(_, other)| *other == model).map(|(name, _)| name).collect();
    if !fitting.is_empty() && choose.one_in(2) {
        return ObjectDraft::New(choose.of(&fitting).clone());
    }
    let number = 1 + choose.below(3);
    ObjectDraft::Stored(Some(model), key(sketch, model, number))
}

fn ends(sketch: &Sketch) -> Vec<(EndId, ModelId, ModelId)> {
    let mut ends = Vec::new();
    for relationship in &sketch.project.draft.relationships {
        for side in Side::BOTH {
            let models = [side, side.other()].map(|side| relationship.end(side).model.unwrap());
            ends.push((relationship.end_id(side), models[0], models[1]));
        }
    }
    ends
}

/// Two rows that are linked from the start, mostly: what is not linked cannot be unlinked.
fn linked_pair(sketch: &Sketch, end: EndId, choose: &mut Chooser<'_>) -> Option<(ObjectDraft, ObjectDraft)> {
    let data = &sketch.project.data;
    let pairs = data.links_of(end.relationship);
    if pairs.is_empty() || choose.one_in(5) {
        return None;
    }
    let pair = choose.of(pairs);
    let relationship = sketch.project.draft.relationship(end.relationship)?;
    let stored = |side: Side| {
        let kinds = sketch.project.draft.kinds_of(relationship.end(side).model?);
        let found = |model: ModelId| {
            Some((model, data.rows_of(model).iter().position(|row| row.id == pair.at(side))?))
        };
        let (model, at) = kinds.into_iter().find_map(|kind| found(kind.id))?;
        Some(ObjectDraft::Stored(Some(model), key(sketch, model, 1 + at)))
    };
    Some((stored(end.side)?, stored(end.side.other())?))
}

/// A field that is no key: of a kind its own, or one that it has from what it is a kind of.
fn title(sketch: &Sketch, model: ModelId, choose: &mut Chooser<'_>) -> FieldId {
    let fields = sketch.project.draft.fields_of(model);
    let titles: Vec<FieldId> =
        fields.iter().filter(|field| !field.primary_key).map(|field| field.id).collect();
    if titles.len() == 1 { titles[0] } else { choose.of(&titles) }
}

fn step(
    sketch: &Sketch,
    models: &[ModelId],
    news: &mut Vec<(String, ModelId)>,
    number: usize,
    choose: &mut Chooser<'_>,
) -> Option<StepDraft> {
    let model = choose.of(models);
    let (end, from, to) = choose.of(&ends(sketch));
    Some(match choose.below(20) {
        0..4 => {
            let name = format!("new{number}");
            let mut values = BTreeMap::new();
            let fields = sketch.project.draft.fields_of(model);
            let gives_key = fields[0].name != "id" || choose.one_in(4);
            // Now and then the key of a row that is there.
            let key_of = if choose.one_in(4) { 1 + choose.below(3) } else { 10 + number };
            for (field, text) in fields.iter().zip(key(sketch, model, key_of)) {
                if field.primary_key && gives_key {
                    values.insert(field.id, text);
                }
            }
            if !choose.one_in(4) {
                values.insert(title(sketch, model, choose), format!("title{number}"));
            }
            let add = !choose.one_in(3);
            news.push((name.clone(), model));
            StepDraft::New { name, model: Some(model), values, add }
        }
        4 => StepDraft::Set {
            object: object(sketch, model, news, choose),
            field: Some(title(sketch, model, choose)),
            value: choose.of(&[Some("t1"), Some("changed"), None]).map(str::to_owned),
        },
        5..10 => StepDraft::Link {
            object: object(sketch, from, news, choose),
            end: Some(end),
            target: object(sketch, to, news, choose),
        },
        10..13 => {
            let (object, target) = linked_pair(sketch, end, choose)
                .unwrap_or_else(|| (object(sketch, from, news, choose), object(sketch, to, news, choose)));
            StepDraft::Unlink { object, end: Some(end), target: Some(target) }
        }
        13 => StepDraft::Load { object: object(sketch, from, news, choose), end: Some(end) },
        14..17 => StepDraft::Delete { object: object(sketch, model, news, choose) },
        17 => StepDraft::Flush,
        18 => choose.of(&[StepKind::Commit, StepKind::Rollback]).step(),
        _ => StepDraft::Add { object: object(sketch, model, news, choose) },
    })
}

#[derive(Clone, Copy)]
enum StepKind {
    Commit,
    Rollback,
}

impl StepKind {
    fn step(self) -> StepDraft {
        match self {
            StepKind::Commit => StepDraft::Commit,
            StepKind::Rollback => StepDraft::Rollback,
        }
    }
}
