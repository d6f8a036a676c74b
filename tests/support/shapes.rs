//! What a shape of relationship comes to: what is said of it, its tables, and what every strategy loads.

use relata::mapping::explain;
use relata::protocol::Limits;
use relata::query::{self, IncludeDraft, QueryDraft, Strategy};
use relata::schema::FieldType::{Integer, Text};
use relata::schema::{EndId, ModelId, RelationshipId, Through};
use relata::sql::ddl;
use relata::value::Value;

use super::{Sketch, all, diagnose};

/// Compares all that is said of a draft, a line each.
pub(crate) fn check(sketch: &Sketch, expected: &[&str]) {
    assert_eq!(diagnose(sketch).1, expected);
}

/// The `CREATE TABLE` of the table at this place.
pub(crate) fn created(sketch: &Sketch, at: usize) -> String {
    let relational = sketch.compile().1;
    let statements = ddl(&relational);
    let tables: Vec<&str> = statements.iter().map(|statement| statement.text.as_str()).collect();
    let tables: Vec<&&str> = tables.iter().filter(|text| text.starts_with("CREATE TABLE")).collect();
    (*tables[at]).to_owned()
}

/// For each root, by key, the keys that a property leads to, the same by every strategy: `1: 1 2; 2: 1`.
pub(crate) fn loaded(sketch: &Sketch, root: ModelId, end: EndId) -> String {
    let mut database = sketch.open();
    let (schema, relational) = sketch.compile();
    let answers: Vec<String> = Strategy::loading()
        .map(|strategy| {
            let include = IncludeDraft::new(end, strategy, Vec::new());
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

pub(crate) fn key(values: &[Value]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join("/")
}

pub(crate) fn explained(sketch: &Sketch, id: RelationshipId) -> String {
    let (schema, relational) = sketch.compile();
    explain(&schema, &relational, id).unwrap()
}

/// Students m1 and courses m4, tied by the enrollments m7 (r10 to students, r11 to courses), and r12 through them.
pub(crate) fn enrollments() -> (Sketch, [RelationshipId; 3]) {
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
