//! The unit of work on shapes beyond the first three: keys made of keys, keys to unique columns, what is only read.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use relata::project::Sample;
use relata::schema::{EndId, ModelId};
use relata::session::{ObjectDraft, ScriptDraft, StepDraft, check};

mod session_lines;
mod support;
use session_lines::{check_lines, delete, link, load, stored};
use support::Sketch;

/// The property of a model with this name.
fn property(sketch: &Sketch, model: &str, name: &str) -> EndId {
    let (schema, _) = sketch.compile();
    let model = schema.models().find(|candidate| candidate.name == model).unwrap();
    schema.ends_of(model.id).find(|end| end.name == name).unwrap().id
}

fn model(sketch: &Sketch, name: &str) -> ModelId {
    sketch.project.draft.models.iter().find(|model| model.name == name).unwrap().id
}

#[test]
fn a_key_made_of_keys_is_written_once_and_cannot_be_blanked() {
    let sketch = Sketch::of(Sample::Enrollment);
    let pair = || ObjectDraft::Stored(Some(model(&sketch, "Enrollment")), vec!["1".into(), "1".into()]);
    check_lines(
        &sketch,
        vec![load(pair(), property(&sketch, "Enrollment", "student")), delete(pair()), StepDraft::Commit],
        "SELECT FROM enrollments WHERE enrollments.student_id = ? AND enrollments.course_id = ? [1, 1] find Enrollment by its key
         SELECT FROM students WHERE students.id = ? [1] load Enrollment.student
         DELETE FROM enrollments WHERE enrollments.student_id = ? AND enrollments.course_id = ? [1, 1] deleted
         commit",
    );
    // 32: without a delete cascade the session would clear the keys of what hangs on the student.
    check_lines(
        &sketch,
        vec![delete(stored(model(&sketch, "Student"), "1")), StepDraft::Commit],
        "SELECT FROM students WHERE students.id = ? [1] find Student by its key
         SELECT FROM enrollments WHERE ? = enrollments.student_id [1] load Student.enrollments
         rollback
         step 1: AssertionError: enrollments.student_id is part of the key of Enrollment 1, 1: taking the link away would blank it out.",
    );
}

#[test]
fn a_key_to_a_unique_column_is_looked_up_by_that_column() {
    let sketch = Sketch::of(Sample::CountryCity);
    let country = property(&sketch, "City", "country");
    let city = |key| stored(model(&sketch, "City"), key);
    check_lines(
        &sketch,
        vec![
            load(city("1"), country),
            link(city("3"), country, stored(model(&sketch, "Country"), "2")),
            StepDraft::Commit,
        ],
        "SELECT FROM cities WHERE cities.id = ? [1] find City by its key
         SELECT FROM countries WHERE countries.code = ? [PE] load City.country
         SELECT FROM cities WHERE cities.id = ? [3] find City by its key
         UPDATE cities SET country_code = ? WHERE cities.id = ? [PE, 3] linked by City.country
         commit",
    );
}

#[test]
fn what_is_only_read_is_not_written() {
    let refused = |sketch: &Sketch, step: StepDraft| {
        let (schema, relational) = sketch.compile();
        let report = check(&ScriptDraft { steps: vec![step] }, &schema, &relational);
        assert!(report.value.is_none());
        report.diagnostics[0].message.clone()
    };
    let sketch = Sketch::of(Sample::Enrollment);
    let courses = property(&sketch, "Student", "courses");
    let (ada, logic) = (stored(model(&sketch, "Student"), "1"), stored(model(&sketch, "Course"), "3"));
    assert_eq!(
        refused(&sketch, link(ada.clone(), courses, logic)),
        "This property is read through the objects of another model: they make its links."
    );
    check_lines(
        &sketch,
        vec![load(ada, courses)],
        "SELECT FROM students WHERE students.id = ? [1] find Student by its key
         SELECT FROM courses, enrollments WHERE courses.id = enrollments.course_id AND ? = enrollments.student_id [1] load Student.courses
         rollback",
    );
    let sketch = Sketch::of(Sample::Comments);
    let comments = property(&sketch, "Post", "comments");
    assert_eq!(
        refused(&sketch, load(stored(model(&sketch, "Post"), "1"), comments)),
        "“comments” hangs on a key that can point to several tables: scripts do not follow it."
    );
}
