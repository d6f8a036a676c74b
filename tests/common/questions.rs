//! Random conditions, nested and across relationships, without errors.

use relata::query::{FilterDraft, Joiner, RelatedDraft, RelatedTest, Test, TestDraft};
use relata::schema::{Draft, EndId, FieldDraft, FieldType, ModelDraft, ModelId, Side};

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
    both.filter(|(relationship, side)| relationship.end(*side).model == Some(model))
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
