//! Indexes that a user asked for or switched off: in SQL, in programs for ORMs, and in files that know nothing of them.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use relata::emit::{django, sqlalchemy};
use relata::project::Sample;
use relata::schema::{Draft, FieldType, ModelId, RelationshipId};
use relata::sql::ddl;

mod support;
use support::{Sketch, diagnose};

const LINK: RelationshipId = RelationshipId(3);
const LEFT: ModelId = ModelId(1);
const RIGHT: ModelId = ModelId(2);

/// The `CREATE INDEX` statements of a sketch.
fn indexes(sketch: &Sketch) -> Vec<String> {
    let statements = ddl(&sketch.compile().1).into_iter().map(|statement| statement.text);
    statements.filter(|text| text.starts_with("CREATE INDEX")).collect()
}

/// The lines of the programs for SQLAlchemy and Django that name a column or key.
fn lines(sketch: &Sketch, name: &str) -> [String; 2] {
    let (schema, relational) = sketch.compile();
    let programs = [
        sqlalchemy::program(&schema, &relational, None).models(),
        django::program(&schema, &relational, None).unwrap().models(),
    ];
    programs.map(|program| {
        let start = format!("    {name}");
        let mut lines = program.lines().skip_while(|line| !line.starts_with(&start));
        let first = lines.next().unwrap_or_default().trim().to_owned();
        // A long call goes on below.
        let open = first.ends_with('(');
        let rest = lines.take_while(|line| open && line.starts_with("     ")).map(str::trim);
        std::iter::once(first.as_str()).chain(rest).collect::<Vec<_>>().join(" ")
    })
}

#[test]
fn a_field_has_an_index_if_it_asks_for_one_and_nothing_else_serves() {
    let mut sketch = Sketch::of(Sample::AuthorBook);
    let key = "CREATE INDEX ix_books_author_id ON books (author_id)";
    assert_eq!(indexes(&sketch), [key]);
    sketch.field_mut(RIGHT, "title").indexed = true;
    assert_eq!(indexes(&sketch), [key, "CREATE INDEX ix_books_title ON books (title)"]);
    assert_eq!(
        lines(&sketch, "title"),
        [
            "title: Mapped[str | None] = mapped_column(index=True)",
            "title = models.TextField(db_index=True, null=True, blank=True)"
        ]
    );
    sketch.field_mut(RIGHT, "title").unique = true;
    sketch.field_mut(RIGHT, "id").indexed = true;
    assert_eq!(indexes(&sketch), [key]);
}

#[test]
fn a_relationship_can_do_without() {
    let mut sketch = Sketch::of(Sample::AuthorBook);
    let [with_alchemy, with_django] = [0, 1].map(|at| {
        let name = ["author_id", "author "][at];
        lines(&sketch, name)[at].clone()
    });
    assert!(with_alchemy.contains("index=True"), "{with_alchemy}");
    assert!(!with_django.contains("db_index"), "{with_django}");
    sketch.link_mut(LINK).index = false;
    assert!(indexes(&sketch).is_empty());
    assert!(!lines(&sketch, "author_id")[0].contains("index"));
    let django = &lines(&sketch, "author ")[1];
    assert!(django.contains("db_index=False"), "{django}");
}

#[test]
fn join_tables_and_shared_keys_can_do_without() {
    let mut sketch = Sketch::of(Sample::StudentCourse);
    assert_eq!(indexes(&sketch), ["CREATE INDEX ix_enrollments_course_id ON enrollments (course_id)"]);
    sketch.link_mut(LINK).index = false;
    assert!(indexes(&sketch).is_empty());
    let mut sketch = Sketch::new();
    let (post, photo) = (sketch.model("Post", &[]), sketch.model("Photo", &[]));
    let comment = sketch.model("Comment", &[]);
    let links = [post, photo].map(|model| sketch.one_to_many(model, comment));
    for link in links {
        sketch.link_mut(link).polymorphic = Some("commentable".into());
    }
    assert_eq!(indexes(&sketch).len(), 1);
    sketch.link_mut(links[1]).index = false;
    assert!(indexes(&sketch).is_empty(), "they share the key, so they share its index");
}

/// A name that two indexes want is told beside the field.
#[test]
fn names_collide() {
    let mut sketch = Sketch::new();
    let one = sketch.model("A", &[("b_c", FieldType::Text)]);
    let other = sketch.model("Ab", &[("c", FieldType::Text)]);
    sketch.model_mut(one).table = "a".into();
    sketch.model_mut(other).table = "a_b".into();
    sketch.field_mut(one, "b_c").indexed = true;
    sketch.field_mut(other, "c").indexed = true;
    let field = sketch.field(other, "c");
    let told = format!(
        "Error {other}.{field} Column: Two indexes would be called “ix_a_b_c”. Give this column another name."
    );
    assert_eq!(diagnose(&sketch), (false, vec![told]));
}

/// What was saved before there were indexes to choose opens with those that there were.
#[test]
fn older_files_keep_their_indexes() {
    let draft = Sample::AuthorBook.project().draft;
    let mut json = serde_json::to_value(&draft).unwrap();
    assert!(json["relationships"][0].as_object_mut().unwrap().remove("index").is_some());
    for field in json["models"][0]["fields"].as_array_mut().unwrap() {
        assert!(field.as_object_mut().unwrap().remove("indexed").is_some());
    }
    assert_eq!(serde_json::from_value::<Draft>(json).unwrap(), draft);
    assert_eq!(draft.models[0].id, LEFT);
}
