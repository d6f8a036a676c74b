//! Cascades and scripts as typed in, diagnostics out: where each is said and in which words.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use relata::schema::{
    Cascades, EndDraft, EndId, FieldId, FieldType, ModelId, PassiveDeletes, RelationshipId, Shape, Side,
};
use relata::session::{ObjectDraft, Part, ScriptDraft, StepDraft, check};

mod support;
use support::{Sketch, diagnose, left};

const AUTHOR: ModelId = ModelId(1);
const BOOK: ModelId = ModelId(4);

/// Author m1 with the fields f2 (key) and f3, Book m4 with the key f5, related by r6.
fn related(shape: Shape) -> (Sketch, RelationshipId) {
    let mut sketch = Sketch::new();
    let author = sketch.model("Author", &[("born", FieldType::Integer)]);
    let book = sketch.model("Book", &[]);
    let relationship = sketch.relate(shape, author, book);
    (sketch, relationship)
}

fn said(shape: Shape, side: Side, cascades: Cascades) -> Vec<String> {
    let (mut sketch, id) = related(shape);
    sketch.link_mut(id).end_mut(side).cascades = cascades;
    diagnose(&sketch).1
}

#[test]
fn cascades_that_contradict_each_other() {
    let plain = Cascades::default();
    let orphan = Cascades { delete: true, delete_orphan: true, ..plain };
    assert!(said(Shape::OneToMany, Side::Left, orphan).is_empty());
    assert!(said(Shape::ManyToMany, Side::Left, Cascades { single_parent: true, ..orphan }).is_empty());
    assert_eq!(
        said(Shape::OneToMany, Side::Left, Cascades { delete_orphan: true, ..plain }),
        [
            "Error r6 Cascades(Left): Orphans are to be deleted, but not what hangs on a deleted object: those would be \
          orphans, too. Choose delete as well."
        ]
    );
    let shared = "Several objects may lead to the same one here, so it is no orphan when one of them lets go. \
                  Choose single parent as well, or leave orphans alone.";
    assert_eq!(said(Shape::OneToMany, Side::Right, orphan), [format!("Error r6 Cascades(Right): {shared}")]);
    assert_eq!(said(Shape::ManyToMany, Side::Left, orphan), [format!("Error r6 Cascades(Left): {shared}")]);
    let all = Cascades { delete: true, passive_deletes: PassiveDeletes::All, ..plain };
    assert_eq!(
        said(Shape::OneToMany, Side::Left, all),
        [
            "Error r6 Cascades(Left): Everything is left to the database on delete, so the session cannot delete as \
          well. Leave only unloaded objects to the database, or take delete away."
        ]
    );
    assert_eq!(
        said(Shape::ManyToMany, Side::Right, Cascades { post_update: true, ..plain }),
        ["Note r6 Cascades(Right): A join table needs no update afterwards: its rows come last anyway."]
    );
}

#[test]
fn files_from_before_there_were_cascades_still_open() {
    let end: EndDraft = serde_json::from_str(r#"{"model": 1, "name": "books"}"#).unwrap();
    assert_eq!(end.cascades, Cascades::default());
    let cascades: Cascades = serde_json::from_str(r#"{"delete": true}"#).unwrap();
    assert_eq!(cascades, Cascades { delete: true, ..Cascades::default() });
}

fn stored(model: ModelId, key: &str) -> ObjectDraft {
    ObjectDraft::Stored(Some(model), vec![key.into()])
}

#[test]
fn what_can_be_wrong_with_a_step() {
    let (sketch, id) = related(Shape::OneToMany);
    let (schema, relational) = sketch.compile();
    let (books, other) = (Some(left(id)), EndId { relationship: id, side: Side::Right });
    let new = |name: &str, model| StepDraft::New {
        name: name.into(),
        model,
        values: [(FieldId(3), "soon".to_owned())].into(),
        add: true,
    };
    let author = || stored(AUTHOR, "1");
    let cases: Vec<(StepDraft, Part, &str)> = vec![
        (new("", Some(BOOK)), Part::Name, "This object has no name."),
        (new("a", None), Part::Model, "No model is chosen here."),
        (
            new("a", Some(AUTHOR)),
            Part::Value(FieldId(3)),
            "“soon” is not a whole number between −2⁶³ and 2⁶³−1.",
        ),
        (
            StepDraft::Delete { object: ObjectDraft::New("b".into()) },
            Part::Object,
            "No step before this one makes “b”.",
        ),
        (
            StepDraft::Delete { object: stored(AUTHOR, "x") },
            Part::Object,
            "The key does not fit: “x” is not a whole number between −2⁶³ and 2⁶³−1.",
        ),
        (
            StepDraft::Set { object: author(), field: Some(FieldId(5)), value: None },
            Part::Field,
            "No field of Author is chosen here.",
        ),
        (
            StepDraft::Load { object: author(), end: Some(other) },
            Part::End,
            "No property of Author is chosen here.",
        ),
        (
            StepDraft::Link { object: author(), end: books, target: author() },
            Part::Target,
            "This property leads to Book, not to Author.",
        ),
        (
            StepDraft::Unlink { object: author(), end: books, target: None },
            Part::Target,
            "What is to be removed is not chosen.",
        ),
    ];
    for (step, part, message) in cases {
        let report = check(&ScriptDraft { steps: vec![StepDraft::Flush, step] }, &schema, &relational);
        assert!(report.value.is_none(), "{message}");
        let found = &report.diagnostics[0];
        assert_eq!((found.place.step, found.place.part, found.message.as_str()), (1, part, message));
    }
    let steps = vec![new("a", Some(BOOK)), new("a", Some(BOOK))];
    let twice = check(&ScriptDraft { steps }, &schema, &relational);
    assert_eq!(twice.diagnostics[0].message, "There is another object called “a”.");
}
