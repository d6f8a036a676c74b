//! Samples of models that are kinds of another.

use super::sketch::{Sketch, delete, include, left, link, made, new, right, script, stored};
use crate::project::file::Project;
use crate::query::Strategy;
use crate::schema::FieldType::{Integer, Text};
use crate::schema::{KindTables, Shape};
use crate::session::StepDraft;

/// Managers and engineers are employees: whoever a company leads to comes back as what the row says. Only managers have
/// reports, and those may be of any kind. The script hires another manager for
/// Grace, and then deletes the one she had.
pub(super) fn employees() -> Project {
    let mut sketch = Sketch::default();
    let company = sketch.model("Company", &[("*id", Integer), ("name", Text)]);
    let employee = sketch.model("Employee", &[("*id", Integer), ("name", Text)]);
    let manager = sketch.kind(employee, "Manager", &[("budget", Integer)]);
    let engineer = sketch.kind(employee, "Engineer", &[("language", Text)]);
    let employees = sketch.relate(Shape::OneToMany, [(company, ""), (employee, "")], |_| {});
    let reports = sketch.relate(Shape::OneToMany, [(manager, "reports"), (employee, "manager")], |_| {});
    let companies = sketch.rows(company, &[&["1", "Analytical Engines"], &["2", "Moonshots"]]);
    let others = sketch.rows(employee, &[&["1", "Bartleby"]]);
    let managers = sketch.rows(manager, &[&["2", "Charles", "17000"], &["3", "Margaret", "400"]]);
    let engineers = sketch.rows(engineer, &[&["4", "Ada", "Notes"], &["5", "Grace", "COBOL"]]);
    let all = [others, managers.clone(), engineers].concat();
    sketch.link(employees, &companies, &all, &[(0, 0), (0, 1), (0, 3), (1, 2), (1, 4)]);
    sketch.link(reports, &managers, &all, &[(0, 0), (0, 3), (1, 4), (1, 1)]);
    let dorothy = [sketch.value(employee, 1, "Dorothy"), sketch.value(manager, 0, "900")].concat();
    let steps = [
        new("dorothy", manager, &dorothy),
        link(stored(engineer, "5"), right(reports), made("dorothy")),
        StepDraft::Commit,
        delete(stored(manager, "3")),
        StepDraft::Commit,
    ];
    let project = sketch.ask(company, vec![include(left(employees), Strategy::SelectIn, Vec::new())]);
    Project { script: script(steps), ..project }
}

/// Books and articles are publications, whose rows go on in a table for each kind. So each book can need an ISBN, and only
/// books have a publisher. Authors have publications of any kind. The script makes a book, which is two rows, and deletes one,
/// which are two again.
pub(super) fn publications() -> Project {
    let mut sketch = Sketch::default();
    let author = sketch.model("Author", &[("*id", Integer), ("name", Text)]);
    let publication = sketch.model("Publication", &[("*id", Integer), ("title", Text), ("year", Integer)]);
    let book = sketch.kind(publication, "Book", &[("isbn", Text)]);
    let article = sketch.kind(publication, "Article", &[("pages", Integer)]);
    let publisher = sketch.model("Publisher", &[("*id", Integer), ("name", Text)]);
    sketch.keep_kinds(publication, KindTables::Each);
    if let Some(isbn) = sketch.field(book, 0) {
        (isbn.required, isbn.unique) = (true, true);
    }
    let wrote = sketch.relate(Shape::ManyToMany, [(author, ""), (publication, "")], |_| {});
    let published = sketch.relate(Shape::OneToMany, [(publisher, ""), (book, "")], |_| {});
    let names: [&[&str]; 3] = [&["1", "Edgar Codd"], &["2", "Donald Knuth"], &["3", "Grace Hopper"]];
    let authors = sketch.rows(author, &names);
    let others = sketch.rows(publication, &[&["1", "The Compiler, a talk", "1952"]]);
    let books = sketch.rows(
        book,
        &[
            &["2", "The Relational Model, Version 2", "1990", "0-201-14192-2"],
            &["3", "Fundamental Algorithms", "1968", "0-201-03801-3"],
        ],
    );
    let relational: &[&str] = &["4", "A Relational Model of Data", "1970", "11"];
    let articles = sketch.rows(article, &[relational, &["5", "The Education of a Computer", "1952", "7"]]);
    let publishers = sketch.rows(publisher, &[&["1", "Addison-Wesley"]]);
    sketch.link(published, &publishers, &books, &[(0, 0), (0, 1)]);
    let all = [others, books, articles].concat();
    sketch.link(wrote, &authors, &all, &[(0, 1), (0, 3), (1, 2), (2, 0), (2, 4)]);
    let sorting = [
        sketch.value(publication, 1, "Sorting and Searching"),
        sketch.value(publication, 2, "1973"),
        sketch.value(book, 0, "0-201-03803-X"),
    ];
    let steps = [
        new("sorting", book, &sorting.concat()),
        link(stored(author, "2"), left(wrote), made("sorting")),
        StepDraft::Commit,
        delete(stored(book, "3")),
        StepDraft::Commit,
    ];
    let project = sketch.ask(author, vec![include(left(wrote), Strategy::SelectIn, Vec::new())]);
    Project { script: script(steps), ..project }
}
