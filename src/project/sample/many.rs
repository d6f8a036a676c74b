//! Samples of several relationships that belong together.

use super::sketch::{Sketch, delete, include, left, link, made, make, right, script, stored};
use crate::project::file::Project;
use crate::query::Strategy;
use crate::schema::FieldType::{Integer, Text};
use crate::schema::{OnDelete, Shape, Through};
use crate::session::StepDraft;

/// An enrollment is the pair of its student and course, as in SQLAlchemy's documentation, and has a grade. The students
/// of a course are seen through it. The last student takes no course, Painting has none. The script enrolls him (added only
/// when both links are there: the session would insert it before it looks for the student), and then
/// fails to delete a student: the session would blank out the keys of her enrollments, which identify them.
pub(super) fn enrollment() -> Project {
    let mut sketch = Sketch::default();
    let student = sketch.model("Student", &[("*id", Integer), ("name", Text)]);
    let course = sketch.model("Course", &[("*id", Integer), ("name", Text)]);
    let enrollment = sketch.model("Enrollment", &[("grade", Text)]);
    let mut tie = |model, name| {
        sketch.relate(Shape::OneToMany, [(model, "enrollments"), (enrollment, name)], |tie| {
            (tie.identifies, tie.on_delete) = (true, OnDelete::Cascade);
        })
    };
    let (of_student, of_course) = (tie(student, "student"), tie(course, "course"));
    sketch.relate(Shape::ManyToMany, [(student, "courses"), (course, "students")], |through| {
        through.through = Some(Through { left: of_student, right: of_course });
    });
    let students = sketch.rows(student, &[&["1", "Ada"], &["2", "Edgar"], &["3", "Grace"], &["4", "Linus"]]);
    let courses =
        sketch.rows(course, &[&["1", "Databases"], &["2", "Compilers"], &["3", "Logic"], &["4", "Painting"]]);
    let rows = sketch.rows(enrollment, &[&["A"], &["B"], &["A"], &["C"], &["B"], &[""]]);
    sketch.link(of_student, &students, &rows, &[(0, 0), (0, 1), (1, 2), (1, 3), (2, 4), (2, 5)]);
    sketch.link(of_course, &courses, &rows, &[(0, 0), (1, 1), (0, 2), (2, 3), (0, 4), (1, 5)]);
    let courses = include(right(of_course), Strategy::Joined, Vec::new());
    let grade = sketch.field(enrollment, 0).map(|field| (field.id, "A"));
    let steps = [
        make("enrollment", enrollment, grade.as_slice()),
        link(made("enrollment"), right(of_student), stored(student, "4")),
        link(made("enrollment"), right(of_course), stored(course, "4")),
        StepDraft::Add { object: made("enrollment") },
        StepDraft::Commit,
        delete(stored(student, "1")),
        StepDraft::Commit,
    ];
    let project = sketch.ask(student, vec![include(left(of_student), Strategy::SelectIn, vec![courses])]);
    Project { script: script(steps), ..project }
}

/// Toni Morrison wrote a book and edited another one; one book has no editor until the script finds it one. Then
/// it fails to delete an author: a book can be without editor, not without author.
pub(super) fn author_editor() -> Project {
    let mut sketch = Sketch::default();
    let person = sketch.model("Person", &[("*id", Integer), ("name", Text)]);
    let book = sketch.model("Book", &[("*id", Integer), ("title", Text)]);
    let written = sketch.relate(Shape::OneToMany, [(person, "books"), (book, "author")], |written| {
        written.required = true;
    });
    let edited = sketch.relate(Shape::OneToMany, [(person, "edited"), (book, "editor")], |_| {});
    let people =
        sketch.rows(person, &[&["1", "Toni Morrison"], &["2", "Robert Gottlieb"], &["3", "Gayl Jones"]]);
    let books = sketch.rows(book, &[&["1", "Beloved"], &["2", "Corregidora"], &["3", "Avid Reader"]]);
    sketch.link(written, &people, &books, &[(0, 0), (2, 1), (1, 2)]);
    sketch.link(edited, &people, &books, &[(1, 0), (0, 1)]);
    let author = include(right(written), Strategy::Joined, Vec::new());
    let steps = [
        link(stored(book, "3"), right(edited), stored(person, "1")),
        StepDraft::Commit,
        delete(stored(person, "3")),
        StepDraft::Commit,
    ];
    let project = sketch.ask(book, vec![author, include(right(edited), Strategy::Joined, Vec::new())]);
    Project { script: script(steps), ..project }
}
