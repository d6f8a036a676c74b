//! Random conditions, nested and across relationships, without errors.

use relata::query::{
    AggregateDraft, FilterDraft, GroupKeyDraft, GroupValueDraft, GroupingDraft, HavingDraft, Joiner,
    OrderDraft, RelatedDraft, RelatedTest, Test, TestDraft,
};
use relata::schema::{Draft, EndId, FieldDraft, FieldType, ModelDraft, ModelId, Side};
use relata::sql::Function;

use super::projects::{Chooser, cell};

/// Conditions on objects of a model.
pub(super) fn filters(
    draft: &Draft,
    model: &ModelDraft,
    depth: usize,
    choose: &mut Chooser,
) -> Vec<FilterDraft> {
    (0..choose.below(3)).map(|_| filter(draft, model, depth, choose)).collect()
}

fn filter(draft: &Draft, model: &ModelDraft, depth: usize, choose: &mut Chooser) -> FilterDraft {
    let joiner = choose.of(&[Joiner::And, Joiner::Or]);
    match choose.below(if depth == 0 { 1 } else { 6 }) {
        3 => FilterDraft::Group(joiner, filters(draft, model, depth - 1, choose)),
        4 => FilterDraft::Not(joiner, filters(draft, model, depth - 1, choose)),
        1 | 5 => related(draft, model, joiner, depth, choose)
            .map_or_else(|| test(model, choose), FilterDraft::Related),
        _ => test(model, choose),
    }
}

/// The properties of a model, with what they lead to and whether that is many.
pub(super) fn ends(draft: &Draft, model: ModelId) -> Vec<(EndId, ModelId, bool)> {
    let both =
        draft.relationships.iter().flat_map(|relationship| Side::BOTH.map(|side| (relationship, side)));
    both.filter(|(relationship, side)| {
        relationship.end(*side).model.is_some_and(|end| draft.is_kind_of(model, end))
    })
    .filter(|(relationship, side)| *side == Side::Left || !relationship.is_symmetric())
    .filter_map(|(relationship, side)| {
        let end = EndId { relationship: relationship.id, side };
        Some((end, relationship.end(side.other()).model?, relationship.is_collection(side)))
    })
    .collect()
}

fn related(
    draft: &Draft,
    model: &ModelDraft,
    joiner: Joiner,
    depth: usize,
    choose: &mut Chooser,
) -> Option<RelatedDraft> {
    let ends = ends(draft, model.id);
    let (end, target, collection) = *ends.get(choose.below(ends.len()))?;
    let tests: Vec<RelatedTest> = RelatedTest::of(collection).collect();
    let compares: Vec<Test> = Test::compares().collect();
    Some(RelatedDraft {
        end: Some(end),
        test: choose.of(&tests),
        joiner,
        filters: filters(draft, draft.model(target)?, depth - 1, choose),
        compare: choose.of(&compares),
        count: choose.of(&["1", "0", "2"]).into(),
    })
}

/// A function over a collection of a model, if it has one.
pub(super) fn aggregate(draft: &Draft, model: ModelId, choose: &mut Chooser) -> Option<AggregateDraft> {
    let mut collections = ends(draft, model);
    collections.retain(|(.., collection)| *collection);
    let (end, target, _) = *collections.get(choose.below(collections.len()))?;
    let fields = &draft.model(target)?.fields;
    let field = &fields[choose.below(fields.len())];
    Some(AggregateDraft { function: function(field, choose), end: Some(end), field: Some(field.id) })
}

/// One that is exact in every order of adding.
pub(super) fn function(field: &FieldDraft, choose: &mut Chooser) -> Function {
    let mut functions: Vec<Function> = Function::all().collect();
    functions.retain(|function| match function {
        Function::Sum => matches!(field.field_type, FieldType::Integer | FieldType::Boolean),
        Function::Average => field.field_type == FieldType::Boolean,
        _ => true,
    });
    choose.of(&functions)
}

/// A field of a model, or of one that is reached from it through properties to one object each.
pub(super) fn reach(draft: &Draft, model: &ModelDraft, choose: &mut Chooser) -> (Vec<EndId>, FieldDraft) {
    let (mut here, mut through) = (model, Vec::new());
    while through.len() < 3 && choose.one_in(3) {
        let mut single = ends(draft, here.id);
        single.retain(|(.., collection)| !collection);
        let Some((end, target, _)) = single.get(choose.below(single.len())) else { break };
        through.push(*end);
        here = draft.model(*target).unwrap();
    }
    (through, here.fields[choose.below(here.fields.len())].clone())
}

/// A few terms of an order.
pub(super) fn order(draft: &Draft, model: &ModelDraft, choose: &mut Chooser) -> Vec<OrderDraft> {
    let mut order = Vec::new();
    for _ in 0..choose.below(3) {
        let aggregate = if choose.one_in(3) { aggregate(draft, model.id, choose) } else { None };
        let (through, field) = reach(draft, model, choose);
        order.push(OrderDraft { field: Some(field.id), descending: choose.one_in(2), through, aggregate });
    }
    order
}

/// Groups of a model's objects.
pub(super) fn grouping(draft: &Draft, model: &ModelDraft, choose: &mut Chooser) -> GroupingDraft {
    let mut grouping = GroupingDraft::default();
    for _ in 0..choose.below(3) {
        let (through, field) = reach(draft, model, choose);
        let descending = choose.one_in(2);
        grouping.keys.push(GroupKeyDraft { through, field: Some(field.id), descending });
    }
    for _ in 0..1 + choose.below(2) {
        let (through, field) = reach(draft, model, choose);
        let function = function(&field, choose);
        let value = match function {
            Function::Count => choose.of(&["1", "2"]).into(),
            Function::Average => "0.5".into(),
            Function::Sum => "1".into(),
            Function::Min | Function::Max => cell(field.field_type, choose.below(6)),
        };
        let test = choose.of(&[Test::GreaterOrEqual, Test::Equal, Test::Less, Test::NotEqual]);
        let having = HavingDraft { test, value, upper: String::new() };
        grouping.values.push(GroupValueDraft {
            function,
            through,
            field: Some(field.id),
            name: String::new(),
            having: choose.one_in(3).then_some(having),
            descending: choose.one_in(3).then(|| choose.one_in(2)),
        });
    }
    grouping
}

fn test(model: &ModelDraft, choose: &mut Chooser) -> FilterDraft {
    let field = &model.fields[choose.below(model.fields.len())];
    let is_text = field.field_type == FieldType::Text;
    let tests: Vec<Test> =
        Test::all().filter(|test| is_text || !matches!(test, Test::Like | Test::NotLike)).collect();
    let test = choose.of(&tests);
    FilterDraft::Test(TestDraft {
        field: Some(field.id),
        test,
        value: value(field, test, choose),
        upper: cell(field.field_type, choose.below(6)),
    })
}

fn value(field: &FieldDraft, test: Test, choose: &mut Chooser) -> String {
    match test {
        Test::Like | Test::NotLike => choose.of(&["%", "a%", "_", "%_c", "key%", "Ü%"]).into(),
        Test::In | Test::NotIn => {
            format!("\"{}\", {}", cell(field.field_type, choose.below(6)), cell(field.field_type, 1))
        }
        _ => cell(field.field_type, choose.below(6)),
    }
}
