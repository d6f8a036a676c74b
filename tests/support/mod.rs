//! Projects for tests, sketched in a line for each model, relationship, row and include.
//!
//! Says nothing of what is tested, and nothing random happens here.
#![allow(dead_code, reason = "every test binary includes this file and uses a part of it")]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a sketch that does not hold is a mistake in the test")]

use relata::engine::{Database, SqlError};
use relata::mapping::{Relational, map};
use relata::project::{Data, Pair, Project, Refusal, RowId, Sample};
use relata::protocol::Limits;
use relata::query::{
    self, FilterDraft, IncludeDraft, OrderDraft, Plan, QueryDraft, Strategy, Test, TestDraft,
};
use relata::schema::{
    self, Draft, EndId, FieldDraft, FieldId, FieldType, ModelDraft, ModelId, Origin, Place,
    RelationshipDraft, RelationshipId, Schema, Shape, Side,
};
use relata::sql::{Statement, quote};
use relata::trace::Rows;

pub(crate) mod compact;
pub(crate) mod library;
pub(crate) mod shapes;

/// A project under construction. Ids count upwards from 1 over models, fields and relationships together.
pub(crate) struct Sketch {
    pub(crate) project: Project,
}

impl Sketch {
    pub(crate) fn new() -> Sketch {
        let (draft, data, query) = (Draft::default(), Data::default(), QueryDraft::default());
        Sketch { project: Project { name: "sketch".into(), draft, data, query, ..Project::default() } }
    }

    pub(crate) fn of(sample: Sample) -> Sketch {
        Sketch { project: sample.project() }
    }

    /// A model with the integer key `id` and these fields.
    pub(crate) fn model(&mut self, name: &str, fields: &[(&str, FieldType)]) -> ModelId {
        self.keyed(name, &[("id", FieldType::Integer)], fields)
    }

    /// A model with these fields as its primary key, and others.
    pub(crate) fn keyed(
        &mut self,
        name: &str,
        key: &[(&str, FieldType)],
        fields: &[(&str, FieldType)],
    ) -> ModelId {
        let draft = &mut self.project.draft;
        let id = ModelId(draft.fresh_id());
        let mut all = Vec::new();
        for (at, (name, field_type)) in key.iter().chain(fields).enumerate() {
            let field = FieldDraft::new(FieldId(draft.fresh_id()), name, *field_type);
            all.push(FieldDraft { primary_key: at < key.len(), ..field });
        }
        draft.models.push(ModelDraft::new(id, name, all));
        id
    }

    pub(crate) fn model_mut(&mut self, id: ModelId) -> &mut ModelDraft {
        self.project.draft.model_mut(id).unwrap()
    }

    /// The first field of a model with this name.
    pub(crate) fn field(&self, model: ModelId, name: &str) -> FieldId {
        let fields = &self.project.draft.model(model).unwrap().fields;
        fields.iter().find(|field| field.name == name).unwrap_or_else(|| panic!("no field {name}")).id
    }

    pub(crate) fn field_mut(&mut self, model: ModelId, name: &str) -> &mut FieldDraft {
        let id = self.field(model, name);
        self.model_mut(model).fields.iter_mut().find(|field| field.id == id).unwrap()
    }

    pub(crate) fn relate(&mut self, shape: Shape, left: ModelId, right: ModelId) -> RelationshipId {
        let id = RelationshipId(self.project.draft.fresh_id());
        self.project.draft.relationships.push(RelationshipDraft::new(id, shape, left, right));
        id
    }

    pub(crate) fn one_to_one(&mut self, left: ModelId, right: ModelId) -> RelationshipId {
        self.relate(Shape::OneToOne, left, right)
    }

    pub(crate) fn one_to_many(&mut self, left: ModelId, right: ModelId) -> RelationshipId {
        self.relate(Shape::OneToMany, left, right)
    }

    pub(crate) fn many_to_many(&mut self, left: ModelId, right: ModelId) -> RelationshipId {
        self.relate(Shape::ManyToMany, left, right)
    }

    pub(crate) fn link_mut(&mut self, id: RelationshipId) -> &mut RelationshipDraft {
        self.project.draft.relationship_mut(id).unwrap()
    }

    /// Names both properties of a relationship.
    pub(crate) fn name_ends(&mut self, id: RelationshipId, left: &str, right: &str) {
        let relationship = self.link_mut(id);
        relationship.left.name = left.into();
        relationship.right.name = right.into();
    }

    /// A row with these texts in the model's fields, in order. An empty text leaves the cell without a value.
    pub(crate) fn row(&mut self, model: ModelId, cells: &[&str]) -> RowId {
        let fields: Vec<FieldId> = self.project.draft.fields_of(model).iter().map(|field| field.id).collect();
        let row = self.project.data.add_row(model);
        for (field, text) in fields.into_iter().zip(cells).filter(|(_, text)| !text.is_empty()) {
            self.project.data.set_cell(model, row, field, Some((*text).into()));
        }
        row
    }

    pub(crate) fn link(&mut self, relationship: RelationshipId, left: RowId, right: RowId) {
        self.project.data.link(relationship, Pair { left, right });
    }

    /// The checked schema and its tables; the draft has to be right.
    pub(crate) fn compile(&self) -> (Schema, Relational) {
        let report = schema::check(&self.project.draft);
        let schema = report.value.unwrap_or_else(|| panic!("{:#?}", report.diagnostics));
        let tables = map(&schema);
        let relational = tables.value.unwrap_or_else(|| panic!("{:#?}", tables.diagnostics));
        (schema, relational)
    }

    /// The database of the project and the rows that are not in it.
    pub(crate) fn try_open(&self) -> (Database, Vec<Refusal>) {
        let (schema, relational) = self.compile();
        Database::open(schema, relational, &self.project.data).unwrap()
    }

    /// The database of the project, which takes every row.
    pub(crate) fn open(&self) -> Database {
        let (database, refusals) = self.try_open();
        assert_eq!(refusals, [], "every row of this sketch is good");
        database
    }

    /// The plan of a query; both have to be right.
    pub(crate) fn plan(&self, draft: &QueryDraft) -> Plan {
        let (schema, relational) = self.compile();
        let report = query::check(draft, &schema);
        let query = report.value.unwrap_or_else(|| panic!("{:#?}", report.diagnostics));
        query::plan(&query, &schema, &relational)
    }
}

/// The property of the left model.
pub(crate) fn left(relationship: RelationshipId) -> EndId {
    EndId { relationship, side: Side::Left }
}

/// The property of the right model.
pub(crate) fn right(relationship: RelationshipId) -> EndId {
    EndId { relationship, side: Side::Right }
}

pub(crate) fn lazy(end: EndId, includes: Vec<IncludeDraft>) -> IncludeDraft {
    IncludeDraft::new(end, Strategy::Lazy, includes)
}

pub(crate) fn joined(end: EndId, includes: Vec<IncludeDraft>) -> IncludeDraft {
    IncludeDraft::new(end, Strategy::Joined, includes)
}

pub(crate) fn select_in(end: EndId, includes: Vec<IncludeDraft>) -> IncludeDraft {
    IncludeDraft::new(end, Strategy::SelectIn, includes)
}

/// All objects of a model, with these relationships.
pub(crate) fn all(root: ModelId, includes: Vec<IncludeDraft>) -> QueryDraft {
    QueryDraft { includes, ..QueryDraft::all(root) }
}

/// What has to hold of the spans of every statement: they lie within the text on character boundaries, nest without
/// crossing, outer before inner, and the segments they cut are the whole text with the innermost origin first.
pub(crate) fn check_spans(statement: &Statement) {
    let text = &statement.text;
    let mut open: Vec<(u32, u32)> = vec![(0, text.len() as u32)];
    for span in &statement.spans {
        assert!(span.start < span.end, "an empty span in {text}");
        assert!(
            text.get(span.start as usize..span.end as usize).is_some(),
            "{span:?} cuts a character of {text}"
        );
        while open.last().is_some_and(|(_, end)| *end <= span.start) {
            open.pop();
        }
        let (start, end) = *open.last().unwrap_or_else(|| panic!("{span:?} lies outside of {text}"));
        assert!(start <= span.start && span.end <= end, "{span:?} crosses {start}..{end} in {text}");
        open.push((span.start, span.end));
    }
    let segments = statement.segments();
    assert_eq!(segments.iter().map(|segment| segment.text).collect::<String>(), *text);
    let mut at = 0;
    for segment in segments {
        let end = at + segment.text.len() as u32;
        let covering = statement.spans.iter().rev().filter(|span| span.start <= at && end <= span.end);
        assert_eq!(segment.origins, covering.map(|span| span.origin).collect::<Vec<_>>());
        at = end;
    }
}

/// A statement with each piece in brackets behind the letter and number of what it came from.
pub(crate) fn marked(statement: &Statement) -> String {
    let mut marks: Vec<(u32, u8, String)> = Vec::new();
    for span in &statement.spans {
        let name = match span.origin {
            Origin::Model(model) => model.to_string(),
            Origin::Field(_, field) => field.to_string(),
            Origin::Relationship(relationship) => relationship.to_string(),
        };
        marks.push((span.start, 1, format!("{name}⟨")));
        marks.push((span.end, 0, "⟩".into()));
    }
    // Stable: spans that start together open from the outside in.
    marks.sort_by_key(|(at, opens, _)| (*at, *opens));
    let mut text = String::new();
    let mut done = 0;
    for (at, _, mark) in marks {
        text.push_str(&statement.text[done..at as usize]);
        text.push_str(&mark);
        done = at as usize;
    }
    text.push_str(&statement.text[done..]);
    text
}

/// A term of an order.
pub(crate) fn by(field: FieldId, descending: bool) -> OrderDraft {
    OrderDraft { field: Some(field), descending, ..OrderDraft::default() }
}

/// A test of a field.
pub(crate) fn test(field: FieldId, test: Test, value: &str) -> FilterDraft {
    FilterDraft::Test(TestDraft { field: Some(field), test, value: value.into(), ..TestDraft::default() })
}

/// Every row of every table.
pub(crate) fn dump(database: &mut Database) -> Vec<Rows> {
    let names: Vec<String> = database.relational().tables.iter().map(|table| quote(&table.name)).collect();
    names.iter().map(|name| answer(database, &format!("SELECT * FROM {name}")).unwrap()).collect()
}

/// Sends a statement without parameters.
pub(crate) fn answer(database: &mut Database, sql: &str) -> Result<Rows, SqlError> {
    let statement = Statement { text: sql.into(), ..Statement::default() };
    database.query(&statement, Limits::default())
}

/// Whether tables could be made of a sketch, and all that is said of it, a line each: severity, place, message, mend.
pub(crate) fn diagnose(sketch: &Sketch) -> (bool, Vec<String>) {
    let report = schema::check(&sketch.project.draft).and_then(|schema| map(&schema));
    let said = report.diagnostics.iter().map(|found| {
        let line = format!("{:?} {}: {} {}", found.severity, place(found.place), found.message, found.mend);
        line.trim().to_owned()
    });
    (report.value.is_some(), said.collect())
}

fn place(place: Place) -> String {
    match place {
        Place::Model(model, part) => format!("{model} {part:?}"),
        Place::Field(model, field, part) => format!("{model}.{field} {part:?}"),
        Place::Relationship(relationship, part) => format!("{relationship} {part:?}"),
    }
}
