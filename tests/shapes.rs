//! Every shape of relationship: what is said of a wrong choice, the tables, and on real SQLite the same objects by every
//! strategy.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use relata::project::{Project, Sample, links_at};
use relata::protocol::Limits;
use relata::query::IncludeDraft;
use relata::schema::FieldType::Text;
use relata::schema::{EndId, EndOrder, FieldId, ModelId, OnDelete, RelationshipId, Shape, Side, Through};
use relata::trace::Event;
use relata::value::Value;

mod support;
use support::shapes::{check, created, enrollments, explained, loaded};
use support::{Sketch, all, answer, diagnose, joined, lazy, left, right, select_in};

#[test]
fn a_many_to_many_through_a_join_model() {
    let (sketch, [.., courses]) = enrollments();
    check(&sketch, &[]);
    assert_eq!(sketch.compile().1.tables.len(), 3, "there is no join table");
    assert_eq!(loaded(&sketch, ModelId(1), left(courses)), "1: 1 2; 2: 1; 3: ");
    assert_eq!(loaded(&sketch, ModelId(4), right(courses)), "1: 1 2; 2: 1");
    assert_eq!(
        explained(&sketch, courses),
        "No table of its own: each row of enrollments ties two together (enrollments.student_id, \
         enrollments.course_id). It is there to be read: to link two objects, add the Enrollment between them. Two that \
         are tied twice are still found once."
    );
}

#[test]
fn a_way_through_that_leads_nowhere() {
    let (mut sketch, [of_student, of_course, courses]) = enrollments();
    let teacher = sketch.model("Teacher", &[]);
    let taught = sketch.one_to_many(teacher, ModelId(4));
    let mentors = sketch.many_to_many(teacher, ModelId(1));
    let lessons = sketch.model("Lesson", &[]);
    let in_course = sketch.one_to_many(ModelId(4), lessons);
    let prerequisites = sketch.one_to_many(ModelId(4), ModelId(4));
    let mut said = |left, right| {
        sketch.link_mut(courses).through = Some(Through { left, right });
        diagnose(&sketch).1.join("\n")
    };
    assert_eq!(said(of_student, of_course), "");
    assert_eq!(
        said(RelationshipId(99), mentors),
        "Error r12 Through(Left): The relationship that stood here no longer exists. Choose another relationship, or a join table of its own.\n\
         Error r12 Through(Right): This relationship has a key with neither model, so there is no model in between. Choose another relationship, or a join table of its own."
    );
    assert_eq!(
        said(of_course, taught),
        "Error r12 Through(Left): The key of this relationship does not point to Student. Choose another relationship, or a join table of its own.\n\
         Error r12 Through(Right): The key of this relationship does not point to Course. Choose another relationship, or a join table of its own."
    );
    assert_eq!(
        said(of_student, in_course),
        "Error r12 Through(Right): The two meet in no model: one's key lies with Enrollment, the other's with Lesson. Choose two relationships whose keys lie with the same model."
    );
    let (left, right) = (sketch.link_mut(courses).left.model, sketch.link_mut(courses).right.model);
    assert_eq!((left, right), (Some(ModelId(1)), Some(ModelId(4))));
    sketch.link_mut(courses).left.model = right;
    let mut said = |left, right| {
        sketch.link_mut(courses).through = Some(Through { left, right });
        diagnose(&sketch).1.join("\n")
    };
    assert_eq!(
        said(prerequisites, prerequisites),
        "Error r12 Through(Right): Course cannot be the model in between and stand at an end, too. Choose relationships whose keys lie with a third model."
    );
    assert_eq!(
        said(of_course, of_course),
        "Error r12 Through(Right): Both ways lead along the same relationship: each object would reach nothing but itself. Choose the other relationship of the model in between."
    );
}

/// What is read through a join model has no links of its own: they go when it becomes so, and none can be made.
#[test]
fn links_of_a_way_through() {
    let (mut sketch, [of_student, of_course, courses]) = enrollments();
    let through = Some(Through { left: of_student, right: of_course });
    let project = &mut sketch.project;
    let student = project.data.rows_of(ModelId(1))[2].id;
    let course = project.data.rows_of(ModelId(4))[0].id;
    project.toggle_link(left(courses), student, course);
    assert!(project.data.links_of(courses).is_empty());
    project.set_through(courses, None);
    project.toggle_link(left(courses), student, course);
    assert_eq!(project.data.links_of(courses).len(), 1);
    assert_eq!(project.links_lost(courses, |after| after.set_through(courses, through)), 1);
    project.set_through(courses, through);
    assert!(project.data.links_of(courses).is_empty());
    project.turn(courses);
    let turned = project.draft.relationship(courses).unwrap().through.unwrap();
    assert_eq!(Side::BOTH.map(|side| turned.at(side)), [of_course, of_student]);
}

/// Four people; the first is a friend of the second and the third, said once, and the fourth of himself.
#[test]
fn friends() {
    let mut sketch = Sketch::new();
    let person = sketch.model("Person", &[("name", Text)]);
    let friends = sketch.many_to_many(person, person);
    sketch.name_ends(friends, "friends", "");
    sketch.link_mut(friends).symmetric = true;
    let rows = ["1", "2", "3", "4"].map(|key| sketch.row(person, &[key]));
    for (one, other) in [(0, 1), (2, 0), (0, 2), (3, 3)] {
        sketch.link(friends, rows[one], rows[other]);
    }
    check(&sketch, &[]);
    assert_eq!(loaded(&sketch, person, left(friends)), "1: 2 3; 2: 1; 3: 1; 4: 4");
    let (schema, _) = sketch.compile();
    let ends: Vec<&str> = schema.ends_of(person).map(|end| end.name).collect();
    assert_eq!(ends, ["friends"], "there is one property only");
    assert_eq!(links_at(&sketch.project, person).len(), 1);
    assert!(explained(&sketch, friends).ends_with("each pair stands there twice, once in each direction."));

    let project = &mut sketch.project;
    project.set_symmetric(friends, true);
    assert_eq!(project.data.links_of(friends).len(), 3, "what was said twice is said once");
    assert_eq!(project.links_from(left(friends)).len(), 5);
    project.toggle_link(left(friends), rows[1], rows[0]);
    project.toggle_link(left(friends), rows[1], rows[3]);
    assert_eq!(loaded(&sketch, person, left(friends)), "1: 3; 2: 4; 3: 1; 4: 2 4");

    let before = sketch.project.clone();
    sketch.project.turn(friends);
    assert_eq!(sketch.project, before, "there is no other way round");

    let animal = sketch.model("Animal", &[]);
    sketch.link_mut(friends).right.model = Some(animal);
    check(
        &sketch,
        &[
            "Error r4 Symmetric: Only a relationship of a model with itself goes both ways; this one is between Person and Animal. Choose the same model at both ends, or let it go one way.",
        ],
    );
}

#[test]
fn ordered_collections() {
    let mut sketch = Sketch::of(Sample::AuthorBook);
    let (books, title) = (RelationshipId(3), FieldId(7));
    let by = |field, descending| EndOrder { field, descending };
    sketch.link_mut(books).left.order = vec![by(title, true)];
    sketch.link_mut(books).right.order = vec![by(FieldId(99), false)];
    check(&sketch, &[]);
    let (schema, _) = sketch.compile();
    assert_eq!(schema.end(left(books)).unwrap().order, [by(title, true)]);
    assert_eq!(schema.end(right(books)).unwrap().order, [], "one is not in order");
    sketch.link_mut(books).left.order = vec![by(title, true), by(FieldId(5), false), by(title, false)];
    check(
        &sketch,
        &[
            "Error r3 Order(Left): Book has no such field any more. Choose another field, or remove it from the order.",
            "Warning r3 Order(Left): “title” stands twice in the order; the second time changes nothing. Remove one of the two.",
        ],
    );
    let text = sketch.project.to_json();
    assert!(text.contains(r#""order":[{"field":7,"descending":true}"#));
    assert_eq!(Project::from_json(&text).unwrap(), sketch.project);
}

/// The form makes no two things of one id; a file written by hand may.
#[test]
fn two_things_of_one_id() {
    let mut sketch = Sketch::new();
    let (author, book) = (sketch.model("Author", &[("name", Text)]), sketch.model("Book", &[]));
    let relationship = sketch.one_to_many(author, book);
    let draft = &mut sketch.project.draft;
    draft.models[1].id = ModelId(1);
    draft.models[1].fields[0].id = draft.models[0].fields[0].id;
    draft.relationships[0].right.model = Some(ModelId(1));
    draft.relationships.push(draft.relationships[0].clone());
    let said = diagnose(&sketch).1;
    let mend = "Give each an id of its own in the file.";
    assert!(said.contains(&format!("Error m1 Name: Another model of this file has the same id, 1. {mend}")));
    assert!(
        said.contains(&format!("Error m1.f2 Name: Another field of this file has the same id, 2. {mend}"))
    );
    assert!(said.contains(&format!(
        "Error {relationship} Name(Left): Another relationship of this file has the same id, 6. {mend}"
    )));
}

/// Each sample is right as it stands, and every strategy loads the same for each of its properties.
#[test]
fn samples() {
    let mut answers = Vec::new();
    for sample in Sample::all() {
        let sketch = Sketch::of(sample);
        let warned = diagnose(&sketch).1.into_iter().find(|line| !line.starts_with("Note"));
        assert_eq!(warned, None);
        let (schema, _) = sketch.compile();
        for model in schema.models() {
            for end in schema.ends_of(model.id) {
                let found = loaded(&sketch, model.id, end.id);
                answers.push(format!("{}: {}.{} = {found}", sample.title(), model.name, end.name));
            }
        }
    }
    insta::with_settings!({ omit_expression => true }, {
        insta::assert_snapshot!("samples", answers.join("\n"));
    });
}

const POST: RelationshipId = RelationshipId(10);
const PHOTO: RelationshipId = RelationshipId(11);

#[test]
fn a_key_to_one_table_or_another() {
    let mut sketch = Sketch::of(Sample::Comments);
    let note = |relationship, model| {
        format!(
            "Note {relationship} Polymorphic: No foreign key can point to one table or another, so the database cannot guard this one: when a {model} is deleted, what points to it stays and leads nowhere."
        )
    };
    assert_eq!(diagnose(&sketch).1, [note(POST, "Post"), note(PHOTO, "Photo")]);
    assert_eq!(
        created(&sketch, 2),
        "CREATE TABLE comments (\n  id INTEGER PRIMARY KEY,\n  text TEXT,\n  commentable_type TEXT,\n  commentable_id INTEGER\n)"
    );
    assert_eq!(
        explained(&sketch, PHOTO),
        "comments.commentable_id holds a key and comments.commentable_type says of which table: “Photo” for this one. A \
         Comment can have one of its targets, never two. No foreign key can point to one table or another, so the \
         database guards none."
    );
    // Nothing of the sort: the deletion leaves the comments where they are.
    let mut database = sketch.open();
    answer(&mut database, "DELETE FROM posts WHERE id = 1").unwrap();
    let left = answer(&mut database, "SELECT count(*) FROM comments WHERE commentable_id = 1").unwrap();
    assert_eq!(left, [[Value::Integer(3)]]);

    let names = vec!["about_id".to_owned(), "about".to_owned()];
    sketch.link_mut(POST).key_columns = names;
    sketch.link_mut(POST).required = true;
    assert!(created(&sketch, 2).ends_with("about TEXT NOT NULL,\n  about_id INTEGER NOT NULL\n)"));
}

/// Counted as SQLAlchemy 2.1.9 counts them: lazily a statement for each comment, whatever it is on.
#[test]
fn statements_for_a_shared_key() {
    let mut sketch = Sketch::of(Sample::Comments);
    let mut sent = |root, end, include: fn(EndId, Vec<IncludeDraft>) -> IncludeDraft| {
        sketch.project.query = all(root, vec![include(end, vec![])]);
        let trace = sketch.open().run(&sketch.plan(&sketch.project.query), Limits::default()).trace;
        let statements = trace.runs.iter().filter_map(|run| match &run.event {
            Event::Sent(sent) => Some(sent.statement.text.split_whitespace().collect::<Vec<_>>().join(" ")),
            Event::Spared(_) => None,
        });
        let statements: Vec<String> = statements.collect();
        let last = statements.last().unwrap();
        (statements.len(), last[last.find("FROM").unwrap()..].to_owned())
    };
    let [post, comment] = [1, 7].map(ModelId);
    assert_eq!(sent(comment, right(POST), lazy), (6, "FROM posts WHERE posts.id = ? AND ? = ?".into()));
    assert_eq!(
        sent(post, left(POST), lazy),
        (3, "FROM comments WHERE ? = comments.commentable_id AND comments.commentable_type = ?".into())
    );
    assert_eq!(
        sent(comment, right(POST), select_in),
        (2, "FROM comments AS comments_1 JOIN posts ON posts.id = comments_1.commentable_id AND comments_1.commentable_type = ? WHERE comments_1.id IN (?, ?, ?, ?, ?)".into())
    );
    assert_eq!(
        sent(post, left(POST), joined),
        (1, "FROM posts LEFT OUTER JOIN comments AS comments_1 ON posts.id = comments_1.commentable_id AND comments_1.commentable_type = ?".into())
    );
}

/// A row has one target by a shared key: choosing another one lets go of the first, and two in a file are told.
#[test]
fn one_target_of_a_shared_key() {
    let mut sketch = Sketch::of(Sample::Comments);
    let project = &mut sketch.project;
    let photo = project.data.rows_of(ModelId(4))[1].id;
    let comments: Vec<_> = project.data.rows_of(ModelId(7)).iter().map(|row| row.id).collect();
    project.set_link(right(PHOTO), comments[0], Some(photo));
    assert_eq!(loaded(&sketch, ModelId(7), right(POST)), "1: ; 2: ; 3: 2; 4: 1; 5: ");
    assert_eq!(loaded(&sketch, ModelId(7), right(PHOTO)), "1: 2; 2: 1; 3: ; 4: ; 5: ");
    sketch.link(PHOTO, photo, comments[2]);
    let refused = sketch.try_open().1;
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].message, "It has a commentable already, and can have one only.");
}

#[test]
fn keys_that_cannot_be_shared() {
    let said = |change: fn(&mut Sketch)| {
        let mut sketch = Sketch::of(Sample::Comments);
        change(&mut sketch);
        let lines = diagnose(&sketch).1.into_iter().filter(|line| !line.starts_with("Note"));
        lines.collect::<Vec<_>>().join("\n")
    };
    let mend = "Change it, or give this relationship a foreign key of its own.";
    assert_eq!(
        said(|sketch| sketch.link_mut(PHOTO).polymorphic = Some(" ".into())),
        "Error r11 Polymorphic: What the targets have in common needs a name. Type one, such as “commentable”."
    );
    assert_eq!(
        said(|sketch| sketch.link_mut(PHOTO).shape = Shape::OneToOne),
        format!(
            "Error r11 Polymorphic: A shared key cannot be unique for one of its targets only, as a one-to-one needs it. {mend}"
        )
    );
    assert_eq!(
        said(|sketch| sketch.link_mut(PHOTO).identifies = true),
        format!(
            "Error r11 Identifies: A key that may point to another table tomorrow cannot be part of the primary key. {mend}"
        )
    );
    assert_eq!(
        said(|sketch| sketch.link_mut(PHOTO).references = vec![FieldId(5)]),
        format!(
            "Error r11 References: A shared key refers to the primary keys of its targets, all alike. {mend}"
        )
    );
    assert_eq!(
        said(|sketch| sketch.field_mut(ModelId(4), "place").primary_key = true),
        format!("Error r11 Polymorphic: The key is one column, and the primary key of Photo is not. {mend}")
    );
    assert_eq!(
        said(|sketch| sketch.field_mut(ModelId(4), "id").field_type = Text),
        format!(
            "Error r11 Polymorphic: One column cannot hold the keys of Photo and of Post, which are of different types. {mend}"
        )
    );
    assert_eq!(
        said(|sketch| sketch.link_mut(PHOTO).on_delete = OnDelete::Cascade),
        "Warning r11 OnDelete: Nothing would do this: CASCADE is for foreign keys, and this is none. Choose no action, or give this relationship a foreign key of its own."
    );
    assert_eq!(
        said(|sketch| {
            let posts = sketch.many_to_many(ModelId(1), ModelId(4));
            sketch.name_ends(posts, "photos", "posts");
            sketch.link_mut(posts).through = Some(Through { left: POST, right: PHOTO });
        }),
        "Error r12 Through(Left): The key of this relationship may point to other tables, too. Choose another relationship, or a join table of its own.\n\
         Error r12 Through(Right): The key of this relationship may point to other tables, too. Choose another relationship, or a join table of its own."
    );
}
