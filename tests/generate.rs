//! Generated rows, from a recipe in a document to the database: whatever the schema, they all load, their counts are
//! kept, and the same seed gives the same rows.
#![cfg(all(not(target_arch = "wasm32"), feature = "worker", feature = "generator"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

#[allow(dead_code, reason = "the questions and the brute force are for other tests")]
mod common;

use proptest::prelude::*;
use relata::engine::Database;
use relata::generate::{self, Place, check, extent, generate, has_spread, suggest};
use relata::mapping::map;
use relata::project::{Data, Project, Recipe, Sample, Spread};
use relata::protocol::{Answer, Ask, Filling, MadeWanted, RowsWanted};
use relata::query::{QueryDraft, StepId};
use relata::schema::{self, Draft, ModelId, RelationshipDraft, RelationshipId, Schema, Shape};
use relata::worker::Session;

fn checked(draft: &Draft) -> Schema {
    schema::check(draft).value.expect("a schema without errors")
}

/// The document's rows with those of a recipe.
fn made(project: &Project, recipe: Recipe) -> Data {
    let data = Data { generated: Some(recipe), ..project.data.clone() };
    generate(&project.draft, &data)
}

fn only(recipe: Recipe, draft: &Draft) -> Data {
    generate(draft, &Data { generated: Some(recipe), ..Data::default() })
}

/// The messages of all rows that the database refuses.
fn refused(draft: &Draft, data: &Data) -> Vec<String> {
    let schema = checked(draft);
    let relational = map(&schema).value.unwrap();
    let (_, refusals) = Database::open(schema, relational, data).unwrap();
    refusals
        .into_iter()
        .map(|refusal| format!("{:?} {} {}", refusal.source, refusal.message, refusal.sqlite))
        .collect()
}

/// A recipe that can be followed, near to what was drawn: what is complained of is taken back.
fn followed(schema: &Schema, data: &Data, seed: u32, total: u32, drawn: &[(u32, u32)]) -> Recipe {
    let mut recipe = Recipe { seed, counts: suggest(schema, data, total), ..Recipe::default() };
    let with_spread = schema.relationships().filter(|relationship| has_spread(schema, relationship));
    for (relationship, (least, more)) in with_spread.zip(drawn) {
        let most = (more % 7 < 6).then_some(least % 3 + more % 7);
        recipe.spreads.insert(relationship.id, Spread { least: least % 3, most });
    }
    for diagnostic in check(&recipe, schema, data) {
        if let Place::Least(relationship) | Place::Most(relationship) = diagnostic.place {
            recipe.spreads.remove(&relationship);
        }
    }
    recipe
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn generated_rows_all_load(
        project in common::projects::project(),
        seed in any::<u32>(),
        total in 0_u32..120,
        spreads in prop::collection::vec((any::<u32>(), any::<u32>()), 6),
    ) {
        let draft = &project.draft;
        let schema = checked(draft);
        let recipe = followed(&schema, &Data::default(), seed, total, &spreads);
        prop_assert_eq!(check(&recipe, &schema, &Data::default()), vec![]);
        let data = only(recipe.clone(), draft);
        prop_assert_eq!(refused(draft, &data), Vec::<String>::new());
        for model in schema.models() {
            prop_assert_eq!(data.rows_of(model.id).len() as u32, recipe.count(model.id));
        }
        prop_assert_eq!(&only(recipe.clone(), draft), &data);
        // Few values may be the same by chance; not each time.
        let differs = (1..=12).any(|more| only(Recipe { seed: seed.wrapping_add(more), ..recipe.clone() }, draft) != data);
        // A model may have nothing but keys, which are counted up whatever the seed.
        let texts = schema.models().any(|model| model.fields.len() > 1 && data.rows_of(model.id).len() > 3);
        prop_assert!(!texts || differs || telling_nothing(&schema));
    }

    #[test]
    fn rows_as_typed_stay_and_are_not_in_the_way(project in common::projects::project(), seed in any::<u32>()) {
        let draft = &project.draft;
        let schema = checked(draft);
        let before = refused(draft, &project.data);
        let recipe = followed(&schema, &project.data, seed, 60, &[]);
        let data = made(&project, recipe);
        for model in schema.models() {
            let typed = project.data.rows_of(model.id);
            prop_assert_eq!(&data.rows_of(model.id)[..typed.len()], typed);
        }
        prop_assert_eq!(refused(draft, &data), before);
    }
}

/// Whether no field is left to chance.
fn telling_nothing(schema: &Schema) -> bool {
    schema.models().all(|model| model.fields.values().all(|field| field.primary_key))
}

#[test]
fn every_sample_can_be_filled() {
    for sample in Sample::all() {
        let project = sample.project();
        let schema = checked(&project.draft);
        for total in [100, 1_000] {
            let recipe = Recipe { counts: suggest(&schema, &project.data, total), ..Recipe::default() };
            assert_eq!(check(&recipe, &schema, &project.data), [], "{sample:?}");
            assert_eq!(extent(&recipe, &schema).rows, u64::from(total), "{sample:?}");
            let data = made(&project, recipe);
            assert_eq!(refused(&project.draft, &data), Vec::<String>::new(), "{sample:?}");
        }
    }
}

fn author_book() -> (Project, Schema) {
    let project = Sample::AuthorBook.project();
    let schema = checked(&project.draft);
    (project, schema)
}

fn recipe(counts: &[(u32, u32)], spreads: &[(RelationshipId, u32, Option<u32>)]) -> Recipe {
    Recipe {
        seed: 1,
        counts: counts.iter().map(|(model, count)| (ModelId(*model), *count)).collect(),
        spreads: spreads
            .iter()
            .map(|(id, least, most)| (*id, Spread { least: *least, most: *most }))
            .collect(),
    }
}

#[test]
fn children_are_as_many_as_is_said() {
    let (project, schema) = author_book();
    let link = schema.relationships().next().unwrap().id;
    let data = only(recipe(&[(1, 20), (2, 70)], &[(link, 3, Some(4))]), &project.draft);
    for author in data.rows_of(ModelId(1)) {
        let books = data.links_of(link).iter().filter(|pair| pair.left == author.id).count();
        assert!((3..=4).contains(&books), "{} has {books}", author.id);
    }
}

#[test]
fn what_cannot_be_followed_is_told_at_its_field() {
    let (project, schema) = author_book();
    let link = schema.relationships().next().unwrap().id;
    let told = |recipe: &Recipe| -> Vec<(Place, String)> {
        let diagnostics = check(recipe, &schema, &project.data);
        diagnostics.into_iter().map(|diagnostic| (diagnostic.place, diagnostic.message)).collect()
    };
    assert_eq!(told(&recipe(&[(1, 5), (2, 20)], &[])), []);
    let spread = told(&recipe(&[(1, 5), (2, 20)], &[(link, 5, None)]));
    assert_eq!(
        spread,
        [(Place::Least(link), "5 of Author with 5 each need 25 of Book, and 20 are asked for.".to_owned())]
    );
    let total = told(&recipe(&[(1, 50_000), (2, 60_000)], &[]));
    assert_eq!(
        total,
        [(Place::Total, "110000 rows are more than the 100000 that a browser tab bears.".to_owned())]
    );
}

/// Numbers that a form lets one type and no browser tab could follow.
#[test]
fn huge_numbers_are_told_and_stay_countable() {
    let most = u32::MAX;
    for sample in [Sample::StudentCourse, Sample::AuthorBook, Sample::Friends] {
        let project = sample.project();
        let schema = checked(&project.draft);
        let counts: Vec<(u32, u32)> = schema.models().map(|model| (model.id.0, most)).collect();
        let spreads: Vec<_> = schema.relationships().map(|link| (link.id, most, Some(most))).collect();
        let told = check(&recipe(&counts, &spreads), &schema, &project.data);
        assert!(told.iter().any(|told| told.place == Place::Total), "{sample:?}: {told:?}");
    }
}

#[test]
fn as_many_friends_as_can_be_are_soon_found() {
    let project = Sample::Friends.project();
    let schema = checked(&project.draft);
    let (model, link) = (schema.models().next().unwrap().id, schema.relationships().next().unwrap().id);
    let recipe = recipe(&[(model.0, 30)], &[(link, 0, Some(4_000_000_000))]);
    assert_eq!(check(&recipe, &schema, &Data::default()), []);
    let data = only(recipe, &project.draft);
    assert!(data.links_of(link).len() > 30);
    assert_eq!(refused(&project.draft, &data), Vec::<String>::new());
}

#[test]
fn every_row_has_the_polymorphic_key_that_it_needs() {
    let mut project = Sample::Comments.project();
    project.draft.relationships.iter_mut().for_each(|link| link.required = true);
    let schema = checked(&project.draft);
    let recipe = Recipe { counts: suggest(&schema, &Data::default(), 300), ..Recipe::default() };
    let data = only(recipe, &project.draft);
    assert_eq!(data.row_count(), 300);
    assert_eq!(refused(&project.draft, &data), Vec::<String>::new());
}

/// A book is a publication, and needs another one: the first book needs one that is none.
#[test]
fn a_tree_of_a_kind_starts_at_its_base() {
    let mut project = Sample::Publications.project();
    let id = |name: &str| project.draft.models.iter().find(|model| model.name == name).unwrap().id;
    let (base, kind) = (id("Publication"), id("Book"));
    let link = RelationshipId(project.draft.fresh_id());
    let mut relationship = RelationshipDraft::new(link, Shape::OneToMany, base, kind);
    (relationship.left.name, relationship.right.name) = ("sequels".into(), "sequel_of".into());
    relationship.required = true;
    project.draft.relationships.push(relationship);
    let schema = checked(&project.draft);
    let told = |recipe: &Recipe| check(recipe, &schema, &Data::default());
    let rooted = |count| recipe(&[(base.0, count), (kind.0, 60)], &[]);
    assert!(told(&rooted(0)).iter().any(|told| told.place == Place::Count(base)));
    let data = only(rooted(2), &project.draft);
    assert_eq!(data.links_of(link).len(), 60);
    assert_eq!(refused(&project.draft, &data), Vec::<String>::new());
}

#[test]
fn a_preview_shows_what_will_come() {
    let (project, _) = author_book();
    let data = Data { generated: Some(recipe(&[(1, 50), (2, 200)], &[])), ..project.data.clone() };
    let whole = generate(&project.draft, &data);
    for (model, rows) in generate::preview(&project.draft, &data, 1) {
        let fields: Vec<_> = project.draft.fields_of(model).iter().map(|field| field.id).collect();
        let after_typed = &whole.rows_of(model)[project.data.rows_of(model).len()..];
        assert_eq!(rows.len(), 3);
        for (shown, row) in rows.iter().zip(after_typed) {
            let cells: Vec<Option<String>> =
                fields.iter().map(|field| row.cells.get(field).cloned()).collect();
            assert_eq!(*shown, cells);
        }
    }
}

#[test]
fn a_tree_has_no_rings() {
    let project = Sample::CategoryTree.project();
    let schema = checked(&project.draft);
    let model = schema.models().next().unwrap().id;
    let data = only(recipe(&[(model.0, 500)], &[]), &project.draft);
    let link = schema.relationships().next().unwrap();
    let pairs = data.links_of(link.id);
    assert!(pairs.len() > 300, "{} links", pairs.len());
    let schema::Link::Key(key) = &link.link else { panic!("a tree has a key") };
    assert!(pairs.iter().all(|pair| pair.at(key.holder.other()) < pair.at(key.holder)));
}

#[test]
fn many_rows_are_made_and_loaded() {
    const MANY: u32 = 10_000;
    let (project, schema) = author_book();
    let recipe = Recipe { counts: suggest(&schema, &project.data, MANY), ..Recipe::default() };
    let data = made(&project, recipe);
    assert_eq!(data.row_count(), MANY as usize + project.data.row_count());
    assert_eq!(refused(&project.draft, &data), Vec::<String>::new());
}

/// Hands a document over part by part, as the page does, and gives the last answer and how often it was told how far it is.
fn filled(session: &mut Session, project: &Project, recipe: Recipe) -> (Answer, u32) {
    let data = Data { generated: Some(recipe), ..project.data.clone() };
    let (mut last, mut told) = (None, 0);
    generate::make(project.draft.clone(), data, &mut |part| {
        let answer = session.answer_telling(Ask::Fill(part), &mut |_| told += 1).unwrap();
        told += u32::from(matches!(answer, Answer::Progress(_)));
        last = Some(answer);
    });
    (last.unwrap(), told)
}

#[test]
fn the_worker_gathers_the_parts_and_shows_the_rows() {
    let (project, _) = author_book();
    let mut session = Session::default();
    let (answer, told) = filled(&mut session, &project, recipe(&[(1, 1_000), (2, 3_000)], &[]));
    assert_eq!(answer, Answer::Opened(Vec::new()));
    assert!(told >= 5, "told {told} times");
    let wanted = MadeWanted { model: ModelId(2), start: 2_990, count: 50 };
    let Ok(Answer::Made(shown)) = session.answer(Ask::Made(wanted)) else { panic!("rows were asked for") };
    assert_eq!(shown.rows.len(), 10, "no more are there");
    let keys: Vec<_> = shown.rows.iter().map(|row| row.cells[0].clone().unwrap()).collect();
    assert_eq!((keys[0].as_str(), keys[9].as_str()), ("2998", "3007"), "after the seven that are typed");
    let linked = shown.rows.iter().find(|row| row.links[0].total == 1).unwrap();
    let (key, name) = linked.links[0].labels[0].split_once(" · ").unwrap();
    assert!(key.parse::<u32>().unwrap() > 5 && !name.is_empty());

    let limits = relata::protocol::Limits::default();
    let Ok(Answer::Ran(outcome)) = session.answer(Ask::Run(QueryDraft::all(ModelId(2)), limits)) else {
        panic!("a query was asked")
    };
    assert_eq!(outcome.rows(), 3_007);
    let opened = session.answer(Ask::Open(project.draft.clone(), project.data.clone()));
    assert_eq!(opened, Ok(Answer::Opened(Vec::new())));
    assert!(session.answer(Ask::Made(wanted)).is_err(), "they went with the database");
}

#[test]
fn rows_of_the_console_belong_to_no_later_document() {
    let (project, _) = author_book();
    let mut session = Session::default();
    session.answer(Ask::Open(project.draft.clone(), project.data.clone())).unwrap();
    let limits = relata::protocol::Limits::default();
    let Ok(Answer::SqlRan(ran)) = session.answer(Ask::Sql("SELECT * FROM books".into(), limits)) else {
        panic!("SQL was asked")
    };
    let wanted = RowsWanted { outcome: ran.number, step: StepId(0), start: 0, count: 1 };
    let documents = |session: &mut Session| match session.answer(Ask::SqlRows(wanted)) {
        Ok(Answer::SqlRows(rows)) => rows.documents.concat(),
        other => panic!("rows were asked for: {other:?}"),
    };
    assert_eq!(documents(&mut session).iter().flatten().count(), 1);
    filled(&mut session, &project, recipe(&[(1, 5), (2, 5)], &[]));
    assert_eq!(documents(&mut session).iter().flatten().count(), 0);
}

#[test]
fn parts_without_a_beginning_are_refused() {
    let mut session = Session::default();
    assert!(session.answer(Ask::Fill(Filling::More(Data::default()))).is_err());
    assert!(session.answer(Ask::Fill(Filling::End)).is_err());
}
