//! Documents: saved and opened again, edited with all that an edit entails, and turned into the rows of tables.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use relata::project::{
    Losses, Pair, Project, RowId, RowLink, RowSource, Sample, label, links_at, load, next_key,
};
use relata::query::{FilterDraft, Joiner, QueryDraft, Test};
use relata::schema::FieldType::{Integer, Text};
use relata::schema::{EndId, FieldId, ModelId, RelationshipId, Shape, Side};
use relata::value::Value;

mod support;
use support::{Sketch, all, by, joined, lazy, left, right, select_in, test};

const LINK: RelationshipId = RelationshipId(3);

fn pairs(project: &Project, link: RelationshipId) -> Vec<(u32, u32)> {
    project.data.links_of(link).iter().map(|pair| (pair.left.0, pair.right.0)).collect()
}

#[test]
fn every_sample_is_right_and_survives_saving() {
    for sample in Sample::all() {
        let project = sample.project();
        assert_eq!(Project::from_json(&project.to_json()).unwrap(), project);
        let sketch = Sketch { project: project.clone() };
        sketch.open();
        sketch.plan(&project.query);
        assert_eq!(project.draft.last_id, project.draft.clone().fresh_id() - 1);
        let ids: Vec<u32> =
            project.draft.models.iter().flat_map(|model| &model.fields).map(|field| field.id.0).collect();
        assert!(ids.iter().all(|id| *id <= project.draft.last_id), "an id to come is not taken yet");
    }
}

/// The format is public: files saved by this version have to open in all that follow.
#[test]
fn the_save_format() {
    let json: serde_json::Value = serde_json::from_str(&Sample::StudentCourse.project().to_json()).unwrap();
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("format", serde_json::to_string_pretty(&json).unwrap());
    });
}

#[test]
fn what_is_typed_survives_saving_right_or_wrong() {
    let mut sketch = Sketch::new();
    let odd = "\0\n\"'\\\u{7f}\u{2028}</script>😀";
    let model = sketch.model(odd, &[(odd, Text), ("", Integer)]);
    sketch.field_mut(model, odd).default = Some(odd.into());
    let broken = sketch.many_to_many(model, ModelId(99));
    sketch.link_mut(broken).left.model = None;
    sketch.link_mut(broken).join.left_columns = vec![odd.into(), String::new()];
    let row = sketch.row(model, &["not a number", odd]);
    sketch.link(broken, row, RowId(77));
    let inner = FilterDraft::Group(
        Joiner::Or,
        vec![test(FieldId(98), Test::In, odd), FilterDraft::Group(Joiner::And, vec![])],
    );
    sketch.project.query = QueryDraft {
        filters: vec![inner],
        order: vec![by(FieldId(2), true)],
        limit: "many".into(),
        ..all(model, vec![joined(left(broken), vec![select_in(right(broken), vec![])])])
    };
    assert_eq!(Project::from_json(&sketch.project.to_json()).unwrap(), sketch.project);
}

/// Everything that has a default may be missing.
#[test]
fn a_short_file() {
    let text = r#"{"relata": 1, "name": "short", "draft": {"models": [{"id": 1, "name": "A", "fields":
        [{"id": 2, "name": "id", "type": "Integer", "primary_key": true}]}], "relationships":
        [{"id": 3, "shape": "OneToOne", "left": {"model": 1}, "right": {"model": null}}]},
        "data": {"rows": {"1": [{"id": 4, "cells": {}}]}}, "a part of a later version": true}"#;
    let mut project = Project::from_json(text).unwrap();
    assert!(project.draft.models[0].fields[0].primary_key);
    let relationship = &project.draft.relationships[0];
    assert_eq!((relationship.key_side, relationship.required), (Side::Right, false));
    assert_eq!((project.data.row_count(), project.query.root), (1, None));
    assert_eq!(project.draft.fresh_id(), 4, "no id is given twice");
    assert_eq!(project.data.add_row(ModelId(1)), RowId(5));
}

#[test]
fn files_that_do_not_open_say_why() {
    let cases = [
        ("", "This is not a Relata project: it is not JSON (EOF while parsing a value at line 1 column 0)."),
        ("{]", "This is not a Relata project: it is not JSON (key must be a string at line 1 column 2)."),
        ("[1]", "This is not a Relata project: it says no version."),
        ("{}", "This is not a Relata project: it says no version."),
        (r#"{"relata": "1"}"#, "This is not a Relata project: it says no version."),
        (r#"{"relata": 0, "name": "x", "draft": {}}"#, "This is not a Relata project: it says no version."),
        (
            r#"{"relata": 2, "anything": []}"#,
            "This project was saved by a newer Relata (format 2; this one reads up to 1). Reload the page to update.",
        ),
        (
            r#"{"relata": 1, "name": "x"}"#,
            "This project is damaged: missing field `draft` at line 1 column 26.",
        ),
        (
            r#"{"relata": 1, "name": "x", "draft": {"models": 7}}"#,
            "This project is damaged: invalid type: integer `7`, expected a sequence at line 1 column 48.",
        ),
        (
            r#"{"relata": 1, "name": "x", "draft": {"last_id": 4294967295}}"#,
            "This project is damaged: its ids go up to 4294967295, and 2147483647 is the most there may be.",
        ),
        (
            r#"{"relata": 1, "name": "x", "draft": {}, "data": {"rows": {"1": [{"id": 2147483648, "cells": {}}]}}}"#,
            "This project is damaged: its ids go up to 2147483648, and 2147483647 is the most there may be.",
        ),
    ];
    for (text, message) in cases {
        assert_eq!(
            Project::from_json(text).map_err(|error| error.to_string()),
            Err(message.into()),
            "{text}"
        );
    }
}

#[test]
fn a_link_to_one_lets_go_of_what_it_had() {
    // Author 2 has the books 9 and 10.
    let mut project = Sample::AuthorBook.project();
    let before = pairs(&project, LINK);
    assert_eq!(before, [(1, 6), (1, 7), (1, 8), (2, 9), (2, 10), (3, 11), (4, 12)]);
    project.set_link(right(LINK), RowId(6), Some(RowId(5)));
    assert_eq!(pairs(&project, LINK), [(1, 7), (1, 8), (2, 9), (2, 10), (3, 11), (4, 12), (5, 6)]);
    project.set_link(right(LINK), RowId(6), None);
    assert_eq!(pairs(&project, LINK), [(1, 7), (1, 8), (2, 9), (2, 10), (3, 11), (4, 12)]);
    project.set_link(right(RelationshipId(99)), RowId(7), None);
    assert_eq!(pairs(&project, LINK).len(), 6, "an unknown relationship changes nothing");
}

/// The users 1, 2, 3 have the profiles 5, 7, 6; user 4 has none. Seen from either end.
#[test]
fn a_one_to_one_is_taken_from_whoever_had_it() {
    let mut project = Sample::UserProfile.project();
    assert_eq!(pairs(&project, LINK), [(1, 5), (2, 7), (3, 6)]);
    project.set_link(left(LINK), RowId(4), Some(RowId(5)));
    assert_eq!(pairs(&project, LINK), [(2, 7), (3, 6), (4, 5)]);
    project.set_link(left(LINK), RowId(4), Some(RowId(6)));
    assert_eq!(pairs(&project, LINK), [(2, 7), (4, 6)]);
    project.set_link(right(LINK), RowId(7), Some(RowId(4)));
    assert_eq!(pairs(&project, LINK), [(4, 7)]);
    project.set_link(right(LINK), RowId(7), Some(RowId(4)));
    assert_eq!(pairs(&project, LINK), [(4, 7)], "choosing what is chosen changes nothing");
}

#[test]
fn links_to_many_are_toggled() {
    let mut project = Sample::AuthorBook.project();
    project.toggle_link(left(LINK), RowId(5), RowId(6));
    assert_eq!(pairs(&project, LINK)[0], (1, 7), "the book is taken from its author");
    assert_eq!(*pairs(&project, LINK).last().unwrap(), (5, 6));
    project.toggle_link(left(LINK), RowId(5), RowId(6));
    assert_eq!(pairs(&project, LINK).len(), 6);

    let mut project = Sample::StudentCourse.project();
    let before = pairs(&project, LINK);
    project.toggle_link(right(LINK), RowId(8), RowId(4));
    assert_eq!(*pairs(&project, LINK).last().unwrap(), (4, 8), "seen from the course");
    assert_eq!(pairs(&project, LINK).len(), before.len() + 1, "nobody loses a course");
    project.toggle_link(left(LINK), RowId(4), RowId(8));
    assert_eq!(pairs(&project, LINK), before);
}

#[test]
fn removed_rows_take_their_links() {
    let mut project = Sample::AuthorBook.project();
    project.remove_rows(&[RowId(1), RowId(12), RowId(99)]);
    assert_eq!((project.data.rows_of(ModelId(1)).len(), project.data.rows_of(ModelId(2)).len()), (4, 6));
    assert_eq!(pairs(&project, LINK), [(2, 9), (2, 10), (3, 11)]);
}

#[test]
fn a_deleted_model_takes_all_that_hangs_on_it() {
    let mut project = Sample::AuthorBook.project();
    let losses = project.losses_of_model(ModelId(1));
    assert_eq!(losses.sentence(), "1 relationship (Author–Book), 5 rows and 7 links");
    project.delete_model(ModelId(1));
    assert_eq!((project.draft.models.len(), project.draft.relationships.len()), (1, 0));
    assert_eq!((project.data.row_count(), project.data.links.len()), (7, 0));
    assert_eq!(project.query, QueryDraft::all(ModelId(2)), "the query asks for what is left");
    project.delete_model(ModelId(2));
    assert_eq!(project.query, QueryDraft::default());

    let mut project = Sample::AuthorBook.project();
    project.query.order = vec![by(FieldId(5), false)];
    project.delete_model(ModelId(2));
    assert_eq!(project.query.root, Some(ModelId(1)));
    assert_eq!((project.query.includes.len(), project.query.order.len()), (0, 1));
}

#[test]
fn a_deleted_field_takes_its_values_and_what_is_asked_of_it() {
    let mut project = Sample::AuthorBook.project();
    let (id, name) = (FieldId(4), FieldId(5));
    let named = || test(name, Test::Equal, "x");
    let kept = || test(id, Test::Equal, "1");
    project.query.filters = vec![named(), kept(), FilterDraft::Group(Joiner::Or, vec![kept(), named()])];
    project.query.order = vec![by(name, true), by(id, false)];
    assert_eq!(project.losses_of_field(ModelId(1), name).sentence(), "5 values");
    project.delete_field(ModelId(1), name);
    assert_eq!(project.query.filters, [kept(), FilterDraft::Group(Joiner::Or, vec![kept()])]);
    assert_eq!(project.query.order, [by(id, false)]);
    assert!(project.data.rows_of(ModelId(1)).iter().all(|row| row.cells.keys().eq([&id])));
    assert!(project.losses_of_field(ModelId(1), name).is_empty());
}

#[test]
fn a_deleted_relationship_takes_its_links_and_includes() {
    let mut sketch = Sketch::of(Sample::AuthorBook);
    let sequels = sketch.one_to_many(ModelId(2), ModelId(2));
    sketch.link(sequels, RowId(6), RowId(7));
    let kept = |includes| lazy(left(LINK), includes);
    let gone = || joined(left(sequels), vec![select_in(right(LINK), vec![])]);
    sketch.project.query.includes = vec![kept(vec![gone()])];
    let project = &mut sketch.project;
    assert_eq!(project.losses_of_relationship(sequels).sentence(), "1 link");
    project.delete_relationship(sequels);
    assert_eq!(project.query.includes, [kept(vec![])]);
    assert_eq!((pairs(project, sequels).len(), pairs(project, LINK).len()), (0, 7));
}

#[test]
fn losses_in_words() {
    let losses = |relationships: &[&str], rows, values, links| Losses {
        relationships: relationships.iter().map(|name| (*name).to_owned()).collect(),
        rows,
        values,
        links,
    };
    let cases = [
        (losses(&[], 0, 0, 0), ""),
        (losses(&[], 1, 0, 0), "1 row"),
        (losses(&[], 0, 2, 0), "2 values"),
        (losses(&["A–B"], 0, 0, 1), "1 relationship (A–B) and 1 link"),
        (losses(&["A–B", "A–A"], 4, 0, 3), "2 relationships (A–B, A–A), 4 rows and 3 links"),
        (losses(&[], 1, 1, 1), "1 row, 1 value and 1 link"),
    ];
    for (losses, sentence) in cases {
        assert_eq!(losses.sentence(), sentence);
        assert_eq!(losses.is_empty(), sentence.is_empty());
    }
}

#[test]
fn rows_are_called_by_key_and_first_text() {
    let mut sketch = Sketch::new();
    let room =
        sketch.keyed("Room", &[("building", Text), ("number", Integer)], &[("use", Text), ("note", Text)]);
    let (named, bare) = (sketch.row(room, &["A", "7", " ", "quiet"]), sketch.row(room, &["B"]));
    let called = |row| label(&sketch.project, room, row);
    assert_eq!(called(named), "A, 7 · quiet");
    assert_eq!(called(bare), "Room B, ?");
    assert_eq!(called(RowId(99)), "Room (gone)");
    assert_eq!(label(&sketch.project, ModelId(99), named), "");
}

/// What has no key of its own is called by the rows that identify it, as far as they are known.
#[test]
fn rows_without_a_key_of_their_own() {
    let mut project = Sample::Enrollment.project();
    let enrollment = ModelId(7);
    let row = project.data.rows_of(enrollment)[0].id;
    assert_eq!(label(&project, enrollment, row), "Enrollment of 1 · Ada, 1 · Databases");
    let ties: Vec<RelationshipId> = project.data.links.keys().copied().collect();
    ties.into_iter().for_each(|tie| project.data.unlink(tie, |_| true));
    assert_eq!(label(&project, enrollment, row), "Enrollment A");
    project.data.set_cell(enrollment, row, FieldId(8), None);
    assert_eq!(label(&project, enrollment, row), "Enrollment");
}

#[test]
fn the_next_key() {
    let mut sketch = Sketch::new();
    let counted = sketch.model("Counted", &[]);
    let named = sketch.keyed("Named", &[("name", Text)], &[]);
    let pair = sketch.keyed("Pair", &[("a", Integer), ("b", Integer)], &[]);
    let next = |sketch: &Sketch, model| next_key(&sketch.project, model).map(|(_, key)| key);
    assert_eq!(next(&sketch, counted).as_deref(), Some("1"));
    for key in ["-5", " 41 ", "", "x"] {
        sketch.row(counted, &[key]);
    }
    assert_eq!(next(&sketch, counted).as_deref(), Some("42"));
    sketch.row(counted, &["9223372036854775807"]);
    assert_eq!(
        next(&sketch, counted).as_deref(),
        Some("9223372036854775807"),
        "there is none: SQLite will say so"
    );
    assert_eq!((next(&sketch, named), next(&sketch, pair), next(&sketch, ModelId(99))), (None, None, None));
}

#[test]
fn the_links_of_a_grid() {
    let mut sketch = Sketch::of(Sample::AuthorBook);
    let sequels = sketch.one_to_many(ModelId(2), ModelId(2));
    let link = |end: EndId, target, many| RowLink { end, target: ModelId(target), many };
    assert_eq!(links_at(&sketch.project, ModelId(1)), [link(left(LINK), 2, true)]);
    let expected =
        [link(right(LINK), 1, false), link(left(sequels), 2, true), link(right(sequels), 2, false)];
    assert_eq!(links_at(&sketch.project, ModelId(2)), expected);
    sketch.link_mut(LINK).left.model = None;
    assert_eq!(links_at(&sketch.project, ModelId(2)).len(), 2);
}

/// The cells of each table's rows as they would be inserted.
fn cells(sketch: &Sketch) -> Vec<Vec<Vec<(usize, Value)>>> {
    let (schema, relational) = sketch.compile();
    let loading = load(&schema, &relational, &sketch.project.data);
    assert_eq!(loading.refusals, []);
    let tables = loading.tables.into_iter();
    tables.map(|table| table.rows.into_iter().map(|row| row.cells).collect()).collect()
}

/// Links are pairs of rows whatever the shape: a one-to-many that becomes a many-to-many and back keeps them.
#[test]
fn links_outlive_a_change_of_shape() {
    let mut sketch = Sketch::new();
    let (author, book) = (sketch.model("Author", &[]), sketch.model("Book", &[]));
    let books = sketch.one_to_many(author, book);
    let (one, two) = (sketch.row(author, &["10"]), sketch.row(author, &[""]));
    let (first, second) = (sketch.row(book, &["1"]), sketch.row(book, &["2"]));
    sketch.link(books, one, first);
    sketch.link(books, two, second);
    let number = |at: usize, value: i64| (at, Value::Integer(value));
    let authors = || vec![vec![number(0, 10)], vec![number(0, 11)]];
    let held = vec![vec![number(0, 1), number(1, 10)], vec![number(0, 2), number(1, 11)]];
    assert_eq!(cells(&sketch), [authors(), held.clone()]);
    sketch.link_mut(books).shape = Shape::ManyToMany;
    let bare = || vec![vec![number(0, 1)], vec![number(0, 2)]];
    let pairs = vec![vec![number(0, 10), number(1, 1)], vec![number(0, 11), number(1, 2)]];
    assert_eq!(cells(&sketch), [authors(), bare(), pairs]);
    // A book that has got a second author keeps the first when it can have only one again.
    sketch.link(books, two, first);
    sketch.link_mut(books).shape = Shape::OneToMany;
    assert_eq!(cells(&sketch), [authors(), held]);
    sketch.link_mut(books).shape = Shape::OneToOne;
    sketch.link_mut(books).key_side = Side::Left;
    let holding = vec![vec![number(0, 10), number(1, 1)], vec![number(0, 11), number(1, 2)]];
    assert_eq!(cells(&sketch), [bare(), holding]);
}

/// Each row to insert knows the row or link of the document that it was made of.
#[test]
fn rows_know_their_source() {
    let sketch = Sketch::of(Sample::StudentCourse);
    let (schema, relational) = sketch.compile();
    let loading = load(&schema, &relational, &sketch.project.data);
    let sources: Vec<RowSource> = loading.tables.iter().map(|table| table.rows[0].source).collect();
    let pair = Pair { left: RowId(1), right: RowId(5) };
    assert_eq!(sources, [RowSource::Row(RowId(1)), RowSource::Row(RowId(5)), RowSource::Link(LINK, pair)]);
}
