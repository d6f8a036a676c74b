//! Random schemas with data and a query, for property tests.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use relata::project::{Data, Pair, Project, RowId};
use relata::query::{
    FilterDraft, IncludeDraft, Joiner, OrderDraft, QueryDraft, Strategy as Loading, Test, TestDraft,
};
use relata::schema::{
    Draft, EndId, FieldDraft, FieldId, FieldType, ModelDraft, ModelId, OnDelete, RelationshipDraft,
    RelationshipId, Shape, Side,
};

/// A seed for each choice that depends on earlier ones: proptest shrinks the numbers, the builder takes them modulo
/// what there is to choose from.
type Choices = Vec<u32>;

/// Choices that run out quietly: after the last one every choice is the first.
struct Chooser(std::vec::IntoIter<u32>);

impl Chooser {
    fn new(choices: Choices) -> Chooser {
        Chooser(choices.into_iter())
    }

    fn below(&mut self, limit: usize) -> usize {
        let choice = self.0.next().unwrap_or(0) as usize;
        if limit == 0 { 0 } else { choice % limit }
    }

    fn one_in(&mut self, chance: usize) -> bool {
        self.below(chance) == chance - 1
    }

    fn of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

/// A project whose schema has no errors, with data that the database may refuse in part, and a query without errors.
pub(crate) fn project() -> impl Strategy<Value = Project> {
    (vec(any::<u32>(), 0..60), vec(any::<u32>(), 0..260), vec(any::<u32>(), 0..60)).prop_map(
        |(schema, data, query)| {
            let draft = draft(&mut Chooser::new(schema));
            let data = fill(&draft, &mut Chooser::new(data));
            let query = ask(&draft, &mut Chooser::new(query));
            Project { name: "random".into(), draft, data, query }
        },
    )
}

/// Anything that a form could hold, most of it wrong.
pub(crate) fn wild_draft() -> impl Strategy<Value = Draft> {
    let name = prop_oneof![
        Just(String::new()),
        Just("id".to_owned()),
        Just("select".to_owned()),
        Just("sqlite_x".to_owned()),
        "[a-c]{1,2}",
        any::<String>(),
    ];
    let field_type = proptest::sample::select(FieldType::ALL.to_vec());
    let field =
        (0..6u32, name.clone(), field_type, any::<[bool; 3]>(), option::of(name.clone()), name.clone())
            .prop_map(|(id, name, field_type, flags, default, column)| FieldDraft {
                id: FieldId(id),
                name,
                field_type,
                primary_key: flags[0],
                required: flags[1],
                unique: flags[2],
                default,
                column,
            });
    let model = (0..4u32, name.clone(), name.clone(), vec(field, 0..4))
        .prop_map(|(id, name, table, fields)| ModelDraft { id: ModelId(id), name, table, fields });
    let shape = proptest::sample::select(vec![Shape::OneToOne, Shape::OneToMany, Shape::ManyToMany]);
    let on_delete = proptest::sample::select(OnDelete::ALL.to_vec());
    let relationship = (
        0..4u32,
        shape,
        [0..5u32, 0..5u32],
        [name.clone(), name.clone()],
        any::<[bool; 2]>(),
        on_delete,
        vec(name, 0..3),
    )
        .prop_map(|(id, shape, ends, names, flags, on_delete, columns)| {
            let mut relationship =
                RelationshipDraft::new(RelationshipId(id), shape, ModelId(ends[0]), ModelId(ends[1]));
            [relationship.left.name, relationship.right.name] = names;
            relationship.key_side = if flags[0] { Side::Left } else { Side::Right };
            relationship.required = flags[1];
            relationship.on_delete = on_delete;
            relationship.join.table = columns.first().cloned().unwrap_or_default();
            relationship.join.left_columns = columns.clone();
            relationship.key_columns = columns;
            relationship
        });
    (vec(model, 0..4), vec(relationship, 0..4)).prop_map(|(models, relationships)| Draft {
        models,
        relationships,
        last_id: 99,
    })
}

const MODEL_NAMES: [&str; 6] = ["Author", "Order", "Person", "say \"hi\"", "Blog Post", "Ünïcode'"];

fn draft(choose: &mut Chooser) -> Draft {
    let mut draft = Draft::default();
    let models = 1 + choose.below(4);
    for (number, stem) in MODEL_NAMES.iter().enumerate().take(models) {
        let id = ModelId(draft.fresh_id());
        let mut fields = keys(&mut draft, choose);
        for index in 0..choose.below(4) {
            let id = FieldId(draft.fresh_id());
            let mut field = FieldDraft::new(id, &format!("field {index}"), choose.of(&FieldType::ALL));
            field.required = choose.one_in(5);
            field.unique = choose.one_in(6);
            field.default = choose.one_in(5).then(|| cell(field.field_type, 1));
            fields.push(field);
        }
        let name = format!("{stem}{number}");
        draft.models.push(ModelDraft { id, name, table: String::new(), fields });
    }
    for number in 0..choose.below(5) {
        let relationship = relationship(&mut draft, number, choose);
        draft.relationships.push(relationship);
    }
    draft
}

/// Mostly an integer `id`; sometimes a text, sometimes two columns.
fn keys(draft: &mut Draft, choose: &mut Chooser) -> Vec<FieldDraft> {
    let mut key = |name: &str, field_type| FieldDraft {
        primary_key: true,
        ..FieldDraft::new(FieldId(draft.fresh_id()), name, field_type)
    };
    match choose.below(6) {
        4 => vec![key("code", FieldType::Text)],
        5 => vec![key("part", FieldType::Integer), key("number", FieldType::Text)],
        _ => vec![key("id", FieldType::Integer)],
    }
}

fn relationship(draft: &mut Draft, number: usize, choose: &mut Chooser) -> RelationshipDraft {
    let shape = choose.of(&[Shape::OneToMany, Shape::ManyToMany, Shape::OneToOne]);
    let (left, right) = (choose.below(draft.models.len()), choose.below(draft.models.len()));
    let id = RelationshipId(draft.fresh_id());
    let mut relationship = RelationshipDraft::new(id, shape, draft.models[left].id, draft.models[right].id);
    relationship.left.name = format!("there{number}");
    relationship.right.name = format!("back{number}");
    relationship.join.table = format!("pairs {number}");
    relationship.key_side = choose.of(&Side::BOTH);
    // A key may be required if it points to an earlier model: so no ring of them can close.
    let (holder, target) =
        if relationship.holder() == Some(Side::Left) { (left, right) } else { (right, left) };
    relationship.required = target < holder && choose.one_in(3);
    relationship.on_delete = if shape == Shape::ManyToMany || relationship.required {
        choose.of(&[OnDelete::NoAction, OnDelete::Cascade, OnDelete::Restrict])
    } else {
        choose.of(&OnDelete::ALL)
    };
    relationship
}

/// A value of a type as typed; the number chooses which.
fn cell(field_type: FieldType, number: usize) -> String {
    match field_type {
        FieldType::Integer => ["0", "7", "-3", "9007199254740993"][number % 4].into(),
        FieldType::Text => ["", "a", "A%", "b_c", "Ünï", "it's"][number % 6].into(),
        FieldType::Real => ["0.5", "-1.25", "3", "1e300"][number % 4].into(),
        FieldType::Decimal => ["9.90", "10", "-0.5"][number % 3].into(),
        FieldType::Boolean => ["true", "false"][number % 2].into(),
        FieldType::Date => ["2026-01-31", "1999-12-31"][number % 2].into(),
        FieldType::DateTime => ["2026-01-31 18:30:00", "2024-02-29T00:00"][number % 2].into(),
        FieldType::Blob => ["", "cafe", "00"][number % 3].into(),
    }
}

fn fill(draft: &Draft, choose: &mut Chooser) -> Data {
    let mut data = Data::default();
    for model in &draft.models {
        for number in 0..choose.below(7) {
            let row = data.add_row(model.id);
            for field in &model.fields {
                let text = match (field.primary_key, field.name.as_str()) {
                    (true, "id") => {
                        if choose.one_in(8) {
                            None
                        } else {
                            Some((number * 2 + 1).to_string())
                        }
                    }
                    (true, "part") => Some((number / 2).to_string()),
                    (true, _) => Some(format!("key {number}")),
                    (false, _) if choose.one_in(4) => None,
                    (false, _) => Some(cell(field.field_type, choose.below(6))),
                };
                data.set_cell(model.id, row, field.id, text);
            }
        }
    }
    for relationship in &draft.relationships {
        let rows = |side| -> Vec<RowId> {
            let model = relationship.end(side).model;
            model.map(|model| data.rows_of(model).iter().map(|row| row.id).collect()).unwrap_or_default()
        };
        let (lefts, rights) = (rows(Side::Left), rows(Side::Right));
        let mut pairs = Vec::new();
        if !lefts.is_empty() && !rights.is_empty() {
            for _ in 0..choose.below(9) {
                pairs.push(Pair { left: choose.of(&lefts), right: choose.of(&rights) });
            }
        }
        let holder = relationship.holder();
        let mut held = std::collections::BTreeSet::new();
        for pair in pairs {
            // A holder of a key has one target.
            if holder.is_none_or(|side| held.insert(pair.at(side))) {
                data.link(relationship.id, pair);
            }
        }
    }
    data
}

fn ask(draft: &Draft, choose: &mut Chooser) -> QueryDraft {
    let root = &draft.models[choose.below(draft.models.len())];
    let mut query = QueryDraft::all(root.id);
    query.includes = includes(draft, root.id, 3, &mut 5, choose);
    query.joiner = choose.of(&[Joiner::And, Joiner::Or]);
    query.filters = filters(root, 2, choose);
    for _ in 0..choose.below(3) {
        let field = choose.below(root.fields.len());
        query.order.push(OrderDraft { field: Some(root.fields[field].id), descending: choose.one_in(2) });
    }
    if choose.one_in(3) {
        // Which rows a limit keeps is only defined by an order that leaves no ties.
        let keys = root.fields.iter().filter(|field| field.primary_key);
        query.order.extend(keys.map(|field| OrderDraft { field: Some(field.id), descending: false }));
        query.limit = choose.of(&["1", "2", "3", "0", ""]).into();
        query.offset = choose.of(&["", "1", "2"]).into();
    }
    query
}

/// A few, so that joined collections do not multiply into millions of rows.
fn includes(
    draft: &Draft,
    model: ModelId,
    depth: usize,
    left: &mut usize,
    choose: &mut Chooser,
) -> Vec<IncludeDraft> {
    let mut includes = Vec::new();
    for relationship in &draft.relationships {
        for side in Side::BOTH {
            let target = relationship.end(side.other()).model;
            if relationship.end(side).model != Some(model) || depth == 0 || *left == 0 || choose.one_in(3) {
                continue;
            }
            *left -= 1;
            let loading: Vec<Loading> = Loading::loading().collect();
            let strategy = choose.of(&loading);
            let below = target.map(|target| self::includes(draft, target, depth - 1, left, choose));
            let end = EndId { relationship: relationship.id, side };
            let mut include = IncludeDraft::new(end, strategy, below.unwrap_or_default());
            let required = relationship.required && relationship.holder() == Some(side);
            include.inner = required && strategy == Loading::Joined && choose.one_in(2);
            if relationship.left.model == relationship.right.model && include.includes.is_empty() {
                include.depth = 1 + choose.below(3) as u32;
            }
            includes.push(include);
        }
    }
    includes
}

fn filters(root: &ModelDraft, depth: usize, choose: &mut Chooser) -> Vec<FilterDraft> {
    let mut filters = Vec::new();
    for _ in 0..choose.below(3) {
        if depth > 0 && choose.one_in(4) {
            filters.push(FilterDraft::Group(
                choose.of(&[Joiner::And, Joiner::Or]),
                self::filters(root, depth - 1, choose),
            ));
            continue;
        }
        let field = &root.fields[choose.below(root.fields.len())];
        let tests: Vec<Test> =
            Test::all().filter(|test| *test != Test::Like || field.field_type == FieldType::Text).collect();
        let test = choose.of(&tests);
        let value = match test {
            Test::Like => choose.of(&["%", "a%", "_", "%_c", "key%", "Ü%"]).into(),
            Test::In => {
                format!("\"{}\", {}", cell(field.field_type, choose.below(6)), cell(field.field_type, 1))
            }
            _ => cell(field.field_type, choose.below(6)),
        };
        filters.push(FilterDraft::Test(TestDraft { field: Some(field.id), test, value }));
    }
    filters
}
