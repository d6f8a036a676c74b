//! Every shape of relationship: what is said of a wrong choice, the tables, and on real SQLite the same objects by every
//! strategy.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use relata::mapping::explain;
use relata::protocol::Limits;
use relata::query::{self, IncludeDraft, QueryDraft, Strategy};
use relata::schema::FieldType::{Integer, Text};
use relata::schema::{EndId, ModelId, RelationshipId, Side, Through};
use relata::sql::ddl;
use relata::value::Value;

mod support;
use support::{Sketch, all, diagnose, left, right};

/// Compares all that is said of a draft, a line each.
fn check(sketch: &Sketch, expected: &[&str]) {
    assert_eq!(diagnose(sketch).1, expected);
}

/// The `CREATE TABLE` of the table at this place.
fn created(sketch: &Sketch, at: usize) -> String {
    let relational = sketch.compile().1;
    let statements = ddl(&relational);
    let tables: Vec<&str> = statements.iter().map(|statement| statement.text.as_str()).collect();
    let tables: Vec<&&str> = tables.iter().filter(|text| text.starts_with("CREATE TABLE")).collect();
    (*tables[at]).to_owned()
}

/// For each root, by key, the keys that a property leads to, the same by every strategy: `1: 1 2; 2: 1`.
fn loaded(sketch: &Sketch, root: ModelId, end: EndId) -> String {
    let mut database = sketch.open();
    let (schema, relational) = sketch.compile();
    let answers: Vec<String> = Strategy::all()
        .map(|strategy| {
            let include = IncludeDraft { end, strategy, includes: Vec::new() };
            let draft: QueryDraft = all(root, vec![include]);
            let checked = query::check(&draft, &schema).value.unwrap();
            let plan = query::plan(&checked, &schema, &relational);
            let execution = database.run(&plan, Limits::default());
            assert_eq!(execution.failure, None);
            let graph = execution.graph.canonical();
            let roots = graph.roots.iter().map(|root| {
                let targets = graph.objects[root].1[&end].iter().map(|target| key(&target.1));
                format!("{}: {}", key(&root.1), targets.collect::<Vec<_>>().join(" "))
            });
            roots.collect::<Vec<_>>().join("; ")
        })
        .collect();
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
    answers[0].clone()
}

fn key(values: &[Value]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join("/")
}

fn explained(sketch: &Sketch, id: RelationshipId) -> String {
    let (schema, relational) = sketch.compile();
    explain(&schema, &relational, id).unwrap()
}

/// Students m1 and courses m4, tied by the enrollments m7 (r10 to students, r11 to courses), and r12 through them.
fn enrollments() -> (Sketch, [RelationshipId; 3]) {
    let mut sketch = Sketch::new();
    let student = sketch.model("Student", &[("name", Text)]);
    let course = sketch.model("Course", &[("name", Text)]);
    let enrollment = sketch.model("Enrollment", &[("grade", Integer)]);
    let of_student = sketch.one_to_many(student, enrollment);
    let of_course = sketch.one_to_many(course, enrollment);
    let courses = sketch.many_to_many(student, course);
    sketch.link_mut(courses).through = Some(Through { left: of_student, right: of_course });
    let students = ["1", "2", "3"].map(|key| sketch.row(student, &[key]));
    let taken = ["1", "2"].map(|key| sketch.row(course, &[key]));
    for (student, course) in [(0, 0), (0, 1), (1, 0), (0, 1)] {
        let row = sketch.row(enrollment, &[]);
        sketch.link(of_student, students[student], row);
        sketch.link(of_course, taken[course], row);
    }
    let tied_to_none = sketch.row(enrollment, &[]);
    sketch.link(of_student, students[2], tied_to_none);
    (sketch, [of_student, of_course, courses])
}

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
