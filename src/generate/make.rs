//! Makes the rows: ids and keys first, then what the fields say, then the links.

use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;

use super::check::{extent, must_fill};
use super::links::Linker;
use super::values::{Luck, Persona, distinct, value};
use super::words::Hint;
use crate::naming::snake;
use crate::project::{Data, Recipe, Row, RowId};
use crate::protocol::{Filling, Preview};
use crate::schema::{DefaultValue, Draft, Field, FieldId, FieldType, Model, ModelId, Schema, check};
use crate::value::Value;

/// How many rows are handed over at once.
const PART: usize = 2_000;
/// How many rows of each model a preview shows.
const PREVIEWED: u32 = 3;
/// One in so many optional values is missing, and one in so many defaults is left to the database.
const MISSING: u32 = 12;
const DEFAULTED: u32 = 4;

/// Makes the rows of a document's recipe and hands everything over part by part, the typed rows first. Nothing is made
/// of a schema with errors.
pub fn make(draft: Draft, mut data: Data, take: &mut dyn FnMut(Filling)) {
    let (recipe, schema) =
        (data.generated.take().unwrap_or_default(), check(&draft).value.unwrap_or_default());
    take(Filling::Begin(draft, data.clone(), extent(&recipe, &schema).rows as u32));
    let mut maker = Maker::new(&schema, &recipe, &data);
    maker.make_rows(take);
    maker.make_links(take);
    take(Filling::End);
}

/// The typed rows of a document and those of its recipe together.
pub fn generate(draft: &Draft, data: &Data) -> Data {
    let mut whole = Data::default();
    make(draft.clone(), data.clone(), &mut |part| match part {
        Filling::Begin(_, typed, _) => whole = typed,
        Filling::More(more) => whole.append(more),
        Filling::End => {}
    });
    whole
}

/// What the first rows of each model look like with a seed, however many there will be.
pub fn preview(draft: &Draft, data: &Data, seed: u32) -> Preview {
    let schema = check(draft).value.unwrap_or_default();
    let counts = schema.models().map(|model| (model.id, PREVIEWED)).collect();
    let recipe = Recipe { seed, counts, ..Recipe::default() };
    let mut maker = Maker::new(&schema, &recipe, data);
    let mut shown = Preview::new();
    for model in schema.models() {
        let rows = (0..recipe.count(model.id)).map(|at| maker.cells(model, at));
        let cells =
            |mut row: BTreeMap<FieldId, String>| model.fields.keys().map(|field| row.remove(field)).collect();
        shown.push((model.id, rows.map(cells).collect()));
    }
    shown
}

/// The values of a field that no other row may have.
#[derive(Default)]
struct Taken {
    values: HashSet<Value>,
    /// Where to look for the next one that is free.
    next: u64,
}

/// A field of a model with what is asked of its values, found out once for all rows.
struct Column<'a> {
    field: &'a Field,
    hint: Hint,
    /// Whether the key is counted up here.
    counted: bool,
    /// Whether all values must differ.
    distinct: bool,
    /// How many rows there are to one in which nothing is said; `None` if something always is.
    missing: Option<u32>,
}

impl<'a> Column<'a> {
    fn new(schema: &Schema, model: &Model, field: &'a Field) -> Column<'a> {
        let filled = must_fill(schema, field) || is_called(model, field);
        let missing = match field.default {
            // A default that repeats is none for what must not.
            Some(_) => (!field.unique && (field.required || !filled)).then_some(DEFAULTED),
            None => (!filled).then_some(MISSING),
        };
        Column {
            field,
            hint: Hint::new(&snake(&model.name), &snake(&field.name)),
            counted: counted(model) == Some(field.id),
            distinct: is_distinct(model, field),
            missing: missing.filter(|_| !field.primary_key),
        }
    }
}

struct Maker<'a> {
    schema: &'a Schema,
    recipe: &'a Recipe,
    /// The id of the first generated row of each model; the others follow.
    first: BTreeMap<ModelId, u32>,
    /// The next key of the models whose keys are counted, by their roots.
    keys: BTreeMap<ModelId, i64>,
    taken: BTreeMap<FieldId, Taken>,
    columns: BTreeMap<ModelId, Rc<Vec<Column<'a>>>>,
    last_id: u32,
}

impl<'a> Maker<'a> {
    fn new(schema: &'a Schema, recipe: &'a Recipe, data: &Data) -> Maker<'a> {
        let (mut first, mut last_id) = (BTreeMap::new(), data.last_id);
        for model in schema.models() {
            first.insert(model.id, last_id + 1);
            last_id += recipe.count(model.id);
        }
        let columns = schema.models().map(|model| {
            let columns = model.fields.values().map(|field| Column::new(schema, model, field));
            (model.id, Rc::new(columns.collect()))
        });
        let (columns, keys, taken) = (columns.collect(), BTreeMap::new(), BTreeMap::new());
        let mut maker = Maker { schema, recipe, first, keys, taken, columns, last_id };
        for model in schema.models() {
            maker.note_typed(model, data);
        }
        maker
    }

    /// What is typed is not made again.
    fn note_typed(&mut self, model: &Model, data: &Data) {
        let root = self.schema.root_of(model.id);
        for field in model.fields.values().filter(|field| is_distinct(model, field)) {
            let taken = self.taken.entry(field.id).or_default();
            let texts = data.rows_of(model.id).iter().filter_map(|row| row.cells.get(&field.id));
            taken.values.extend(texts.filter_map(|text| field.field_type.parse(text).ok()));
            // A row without a value takes it.
            if let Some(DefaultValue::Value(default)) = &field.default {
                taken.values.insert(default.clone());
            }
        }
        if let Some(key) = counted(model) {
            let texts = data.rows_of(model.id).iter().filter_map(|row| row.cells.get(&key));
            let greatest = texts.filter_map(|text| text.trim().parse::<i64>().ok()).max().unwrap_or(0);
            let next = self.keys.entry(root).or_insert(1);
            *next = greatest.saturating_add(1).max(*next);
        }
    }

    fn make_rows(&mut self, take: &mut dyn FnMut(Filling)) {
        for model in self.schema.models() {
            let first = self.first.get(&model.id).copied().unwrap_or(0);
            let all: Vec<u32> = (0..self.recipe.count(model.id)).collect();
            for part in all.chunks(PART) {
                let row = |at: &u32| Rc::new(Row { id: RowId(first + at), cells: self.cells(model, *at) });
                let rows: Vec<Rc<Row>> = part.iter().map(row).collect();
                let last_id = self.last_id;
                take(Filling::More(Data { rows: [(model.id, rows)].into(), last_id, ..Data::default() }));
            }
        }
    }

    fn make_links(&mut self, take: &mut dyn FnMut(Filling)) {
        let linker = Linker::new(self.schema, self.recipe, &self.first);
        for (relationship, links) in linker.links() {
            for part in links.chunks(PART) {
                let links = [(relationship, part.to_vec())].into();
                take(Filling::More(Data { links, last_id: self.last_id, ..Data::default() }));
            }
        }
    }

    /// What a row says: the `at`th of its model, from 0.
    fn cells(&mut self, model: &Model, at: u32) -> BTreeMap<FieldId, String> {
        let seed = [self.recipe.seed, model.id.0, at];
        let persona = Persona::new(seed);
        let mut cells = BTreeMap::new();
        let Some(columns) = self.columns.get(&model.id).cloned() else { return cells };
        for column in columns.iter() {
            let mut luck = Luck::new(seed, column.field.id.0);
            let text = if column.counted {
                Some(self.next_key(model))
            } else if column.missing.is_some_and(|chance| luck.one_in(chance)) {
                None
            } else {
                let text = value(column.field, &column.hint, &persona, at, &mut luck);
                if column.distinct { self.free(column.field, text) } else { Some(text) }
            };
            cells.extend(text.map(|text| (column.field.id, text)));
        }
        cells
    }

    fn next_key(&mut self, model: &Model) -> String {
        let next = self.keys.entry(self.schema.root_of(model.id)).or_insert(1);
        let key = next.to_string();
        *next = next.saturating_add(1);
        key
    }

    /// The text, or another one if its value is taken; `None` if there is no other.
    fn free(&mut self, field: &Field, text: String) -> Option<String> {
        let taken = self.taken.entry(field.id).or_default();
        let mut wanted = text.clone();
        loop {
            let value = field.field_type.parse(&wanted).ok()?;
            if taken.values.insert(value) {
                return Some(wanted);
            }
            wanted = distinct(field.field_type, &text, taken.next)?;
            taken.next += 1;
        }
    }
}

/// Whether it is what the rows of a model are called by: its first text.
fn is_called(model: &Model, field: &Field) -> bool {
    let texts =
        model.fields.values().filter(|field| field.field_type == FieldType::Text && !field.primary_key);
    texts.take(1).any(|first| first.id == field.id)
}

/// The key field that is counted up from 1, if the key is a single integer.
fn counted(model: &Model) -> Option<FieldId> {
    let mut key = model.key();
    let field = key.next().filter(|field| field.field_type == FieldType::Integer)?;
    key.next().is_none().then_some(field.id)
}

/// Whether the generated values of a field must all differ: it is unique, or what makes the key so. Booleans make a key
/// only together.
fn is_distinct(model: &Model, field: &Field) -> bool {
    let plain = |field: &&Field| field.field_type != FieldType::Boolean;
    let telling = model.key().find(plain).or_else(|| model.key().next());
    (field.unique && !field.primary_key) || telling.is_some_and(|key| key.id == field.id)
}
