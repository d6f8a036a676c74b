//! Scripts in, statements out: each line tells one statement, its parameters and why it was sent. The numbers of the
//! facts are those of what SQLAlchemy was seen to do.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use relata::protocol::Limits;
use relata::schema::FieldType::Text;
use relata::schema::{Cascades, OnDelete, PassiveDeletes, RelationshipId};
use relata::session::{ScriptDraft, StepDraft, check};

mod session_lines;
mod support;
use session_lines::{
    AUTHOR, BOOK, BOOKS, DELETE, ORPHAN, authors, cascading, check_lines, delete, lines, link, load, named,
    new, stored, unadded, unlink,
};
use support::{Sketch, dump, left, right};

/// 19: without a cascade the children are loaded at the flush and their keys cleared.
#[test]
fn a_deletion_without_cascade_clears_the_keys_that_point_here() {
    let steps = vec![delete(stored(AUTHOR, "1")), StepDraft::Commit];
    check_lines(
        &cascading(Cascades::default()),
        steps.clone(),
        "SELECT FROM authors WHERE authors.id = ? [1] find Author by its key
         SELECT FROM books WHERE ? = books.author_id [1] load Author.books
         UPDATE books SET author_id = ? WHERE books.id = ? [NULL, 1] Author deleted: key of its books set to NULL
         again [NULL, 2] Author deleted: key of its books set to NULL
         DELETE FROM authors WHERE authors.id = ? [1] deleted
         commit",
    );
    let required = authors(|sketch| sketch.link_mut(BOOKS).required = true);
    let lines = lines(&required, steps);
    assert_eq!(
        lines.last().unwrap(),
        "step 1: IntegrityError: The database refused: NOT NULL constraint failed: books.author_id."
    );
}

/// 19: what is not loaded is left to the database, what is loaded is not.
#[test]
fn passive_deletes_leave_to_the_database_what_is_not_loaded() {
    let passive = Cascades { passive_deletes: PassiveDeletes::Unloaded, ..DELETE };
    let sketch = authors(|sketch| {
        sketch.link_mut(BOOKS).on_delete = OnDelete::Cascade;
        sketch.link_mut(BOOKS).left.cascades = passive;
    });
    check_lines(
        &sketch,
        vec![delete(stored(AUTHOR, "1")), StepDraft::Commit],
        "SELECT FROM authors WHERE authors.id = ? [1] find Author by its key
         DELETE FROM authors WHERE authors.id = ? [1] deleted
         the database deleted books 1
         the database deleted books 2
         commit",
    );
    check_lines(
        &sketch,
        vec![load(stored(AUTHOR, "1"), left(BOOKS)), delete(stored(AUTHOR, "1")), StepDraft::Commit],
        "SELECT FROM authors WHERE authors.id = ? [1] find Author by its key
         SELECT FROM books WHERE ? = books.author_id [1] load Author.books
         DELETE FROM books WHERE books.id = ? [1] delete cascade of Author.books
         again [2] delete cascade of Author.books
         DELETE FROM authors WHERE authors.id = ? [1] deleted
         commit",
    );
}

#[test]
fn the_database_clears_keys_by_itself() {
    let sketch = authors(|sketch| {
        sketch.link_mut(BOOKS).on_delete = OnDelete::SetNull;
        sketch.link_mut(BOOKS).left.cascades.passive_deletes = PassiveDeletes::All;
    });
    check_lines(
        &sketch,
        vec![delete(stored(AUTHOR, "1")), StepDraft::Flush],
        "SELECT FROM authors WHERE authors.id = ? [1] find Author by its key
         DELETE FROM authors WHERE authors.id = ? [1] deleted
         the database cleared r7 of books 1
         the database cleared r7 of books 2
         rollback",
    );
}

#[test]
fn a_blocked_deletion_names_the_rows_that_block_it() {
    let sketch = authors(|sketch| {
        sketch.link_mut(BOOKS).left.cascades.passive_deletes = PassiveDeletes::All;
    });
    let lines = lines(&sketch, vec![delete(stored(AUTHOR, "1")), StepDraft::Commit]);
    assert_eq!(
        lines.last().unwrap(),
        "step 1: IntegrityError: The database refused: FOREIGN KEY constraint failed. \
         It cannot be deleted: 2 rows of books still point here, and ON DELETE says to refuse."
    );
}

/// 20: with delete cascade the children are read at once, not at the flush.
#[test]
fn a_delete_cascade_looks_at_once() {
    check_lines(
        &cascading(DELETE),
        vec![delete(stored(AUTHOR, "1"))],
        "SELECT FROM authors WHERE authors.id = ? [1] find Author by its key
         SELECT FROM books WHERE ? = books.author_id [1] load Author.books
         rollback",
    );
}

/// 22: an orphan is deleted if the parent that lost it is loaded, and only let go if not.
#[test]
fn an_orphan_is_noticed_by_a_loaded_parent() {
    let clear = unlink(stored(BOOK, "1"), right(BOOKS), None);
    check_lines(
        &cascading(ORPHAN),
        vec![load(stored(AUTHOR, "1"), left(BOOKS)), clear.clone(), StepDraft::Commit],
        "SELECT FROM authors WHERE authors.id = ? [1] find Author by its key
         SELECT FROM books WHERE ? = books.author_id [1] load Author.books
         DELETE FROM books WHERE books.id = ? [1] orphan of Author.books
         commit",
    );
    check_lines(
        &cascading(ORPHAN),
        vec![clear, StepDraft::Commit],
        "SELECT FROM books WHERE books.id = ? [1] find Book by its key
         UPDATE books SET author_id = ? WHERE books.id = ? [NULL, 1] unlinked from Book.author
         commit",
    );
}

/// 23: between the two collections the child is an orphan, and loading the second one flushes.
#[test]
fn moving_an_orphan_between_collections_can_delete_it() {
    let steps = vec![
        unlink(stored(AUTHOR, "1"), left(BOOKS), Some(stored(BOOK, "1"))),
        link(stored(AUTHOR, "2"), left(BOOKS), stored(BOOK, "1")),
        StepDraft::Commit,
    ];
    let lines = lines(&cascading(ORPHAN), steps);
    assert!(
        lines.contains(&"(autoflush) DELETE FROM books WHERE books.id = ? [1] orphan of Author.books".into()),
        "{lines:?}"
    );
    check_lines(
        &cascading(ORPHAN),
        vec![link(stored(BOOK, "1"), right(BOOKS), stored(AUTHOR, "2")), StepDraft::Commit],
        "SELECT FROM books WHERE books.id = ? [1] find Book by its key
         SELECT FROM authors WHERE authors.id = ? [2] find Author by its key
         UPDATE books SET author_id = ? WHERE books.id = ? [2, 1] linked by Book.author
         commit",
    );
}

/// 25: a link from the child's side does not bring a new child into the session.
#[test]
fn linking_from_the_other_side_does_not_add() {
    check_lines(
        &cascading(Cascades::default()),
        vec![
            unadded("book", BOOK),
            link(named("book"), right(BOOKS), stored(AUTHOR, "1")),
            StepDraft::Commit,
        ],
        "SELECT FROM authors WHERE authors.id = ? [1] find Author by its key
         warned: book is not in the session: the link to it is not written.
         commit",
    );
    check_lines(
        &cascading(Cascades::default()),
        vec![unadded("book", BOOK), link(stored(AUTHOR, "1"), left(BOOKS), named("book")), StepDraft::Commit],
        "SELECT FROM authors WHERE authors.id = ? [1] find Author by its key
         SELECT FROM books WHERE ? = books.author_id [1] load Author.books
         INSERT INTO books (title, author_id) VALUES (?, ?) [NULL, 1] new object
         commit",
    );
}

/// 27: to ask for an object flushes, if it has to be read.
#[test]
fn asking_the_database_flushes_first() {
    check_lines(
        &cascading(Cascades::default()),
        vec![new("author", AUTHOR), load(stored(AUTHOR, "1"), left(BOOKS)), StepDraft::Rollback],
        "(autoflush) INSERT INTO authors (name) VALUES (?) [NULL] new object
         SELECT FROM authors WHERE authors.id = ? [1] find Author by its key
         SELECT FROM books WHERE ? = books.author_id [1] load Author.books
         rollback",
    );
}

/// 28, 29: parents first; one new row is a plain INSERT, several bring back their keys one by one.
#[test]
fn parents_come_first_and_several_rows_return_their_keys() {
    let steps = vec![
        new("book", BOOK),
        new("other", BOOK),
        new("author", AUTHOR),
        link(named("book"), right(BOOKS), named("author")),
        StepDraft::Commit,
    ];
    check_lines(
        &cascading(Cascades::default()),
        steps,
        "INSERT INTO authors (name) VALUES (?) [NULL] new object
         INSERT INTO books (title, author_id) VALUES (?, ?) RETURNING id [NULL, 3] new object
         INSERT INTO books (title, author_id) VALUES (?, ?) RETURNING id [NULL, NULL] new object
         commit",
    );
}

/// 30: a new object with the key of a deleted one takes over its row; a value set back is no change.
#[test]
fn a_row_can_change_hands() {
    let sketch = cascading(Cascades::default());
    let key = sketch.field(BOOK, "id");
    let title = sketch.field(BOOK, "title");
    let values = [(key, "1".to_owned()), (title, "new".to_owned())].into();
    let made = StepDraft::New { name: "book".into(), model: Some(BOOK), values, add: true };
    check_lines(
        &sketch,
        vec![delete(stored(BOOK, "1")), made, StepDraft::Commit],
        "SELECT FROM books WHERE books.id = ? [1] find Book by its key
         UPDATE books SET title = ? WHERE books.id = ? [new, 1] new object in the place of a deleted one
         commit",
    );
    let set = |value: &str| StepDraft::Set {
        object: stored(BOOK, "1"),
        field: Some(title),
        value: Some(value.into()),
    };
    check_lines(
        &sketch,
        vec![set("other"), set("book"), StepDraft::Commit],
        "SELECT FROM books WHERE books.id = ? [1] find Book by its key
         commit",
    );
}

/// Students 1 and 2, the courses 1 and 2 by r7; student 1 takes course 1.
fn students() -> Sketch {
    let mut sketch = Sketch::new();
    let student = sketch.model("Student", &[("name", Text)]);
    let course = sketch.model("Course", &[("name", Text)]);
    let taken = sketch.many_to_many(student, course);
    let rows = [student, student, course, course].map(|model| sketch.row(model, &[""]));
    sketch.link(taken, rows[0], rows[2]);
    sketch
}

/// 31: join rows are written pair by pair, and a link from both sides once.
#[test]
fn join_rows_are_written_in_pairs() {
    let find = "SELECT FROM students WHERE students.id = ? [1] find Student by its key";
    let courses = "SELECT FROM courses, courses_students WHERE courses.id = courses_students.course_id \
                   AND ? = courses_students.student_id [1] load Student.courses";
    check_lines(
        &students(),
        vec![delete(stored(AUTHOR, "1")), StepDraft::Commit],
        &format!(
            "{find}
             {courses}
             DELETE FROM courses_students WHERE courses_students.student_id = ? AND courses_students.course_id = ? [1, 1] unlinked from Student.courses
             DELETE FROM students WHERE students.id = ? [1] deleted
             commit"
        ),
    );
    check_lines(
        &students(),
        vec![link(stored(AUTHOR, "1"), left(BOOKS), stored(BOOK, "2")), StepDraft::Commit],
        &format!(
            "{find}
             SELECT FROM courses WHERE courses.id = ? [2] find Course by its key
             {courses}
             INSERT INTO courses_students (student_id, course_id) VALUES (?, ?) [1, 2] linked by Course.students
             commit"
        ),
    );
}

/// Node m1, a tree by r4: node 1 is the parent of 2, 2 of 3.
fn tree(post_update: bool) -> Sketch {
    let mut sketch = Sketch::new();
    let node = sketch.model("Node", &[("name", Text)]);
    let tree = sketch.one_to_many(node, node);
    sketch.link_mut(tree).left.cascades = DELETE;
    sketch.link_mut(tree).right.cascades.post_update = post_update;
    sketch.link_mut(tree).left.cascades.post_update = post_update;
    let rows = ["1", "2", "3"].map(|key| sketch.row(node, &[key]));
    sketch.link(tree, rows[0], rows[1]);
    sketch.link(tree, rows[1], rows[2]);
    sketch
}

/// 33: a row that points to itself cannot be written at once, unless its key is written afterwards.
#[test]
fn a_row_that_points_to_itself_needs_a_post_update() {
    let steps = vec![
        new("node", AUTHOR),
        link(named("node"), right(RelationshipId(4)), named("node")),
        StepDraft::Commit,
    ];
    let lines = lines(&tree(false), steps.clone());
    assert!(lines.last().unwrap().starts_with("step 2: CircularDependencyError: node need"), "{lines:?}");
    check_lines(
        &tree(true),
        steps,
        "INSERT INTO nodes (name, parent_id) VALUES (?, ?) [NULL, NULL] new object
         UPDATE nodes SET parent_id = ? WHERE nodes.id = ? [4, 4] post-update of Node.parent
         commit",
    );
}

/// 34: a tree goes leaf by leaf.
#[test]
fn a_tree_is_deleted_from_its_leaves() {
    check_lines(
        &tree(false),
        vec![delete(stored(AUTHOR, "1")), StepDraft::Commit],
        "SELECT FROM nodes WHERE nodes.id = ? [1] find Node by its key
         SELECT FROM nodes WHERE ? = nodes.parent_id [1] load Node.children
         SELECT FROM nodes WHERE ? = nodes.parent_id [2] load Node.children
         SELECT FROM nodes WHERE ? = nodes.parent_id [3] load Node.children
         DELETE FROM nodes WHERE nodes.id = ? [3] delete cascade of Node.children
         DELETE FROM nodes WHERE nodes.id = ? [2] delete cascade of Node.children
         DELETE FROM nodes WHERE nodes.id = ? [1] deleted
         commit",
    );
}

/// Commit keeps, rollback and the end of a script take back.
#[test]
fn what_is_not_committed_leaves_no_trace() {
    let sketch = cascading(DELETE);
    let (schema, relational) = sketch.compile();
    for last in [StepDraft::Flush, StepDraft::Rollback] {
        let steps = vec![new("author", AUTHOR), delete(stored(AUTHOR, "1")), StepDraft::Flush, last];
        let script = check(&ScriptDraft { steps }, &schema, &relational).value.unwrap();
        let mut database = sketch.open();
        let before = dump(&mut database);
        let run = database.run_script(&script, Limits::default());
        assert_eq!(run.failure, None);
        assert_eq!(dump(&mut database), before);
    }
}
