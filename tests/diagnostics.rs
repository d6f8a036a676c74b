//! Form in, diagnostics out: for each thing that a person can get wrong, where it is said, how seriously, and in which
//! words. And that nothing is made of a draft that has errors.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use relata::schema::{FieldType, ModelId, OnDelete, RelationshipId, Shape, Side};
use relata::sql::ddl;

mod support;
use support::{Sketch, diagnose};

/// Compares all that is said of a draft, a line each: severity, place, message, mend. The places are numbered as the
/// sketch made them. The tables are there exactly if no line is an error.
fn check(sketch: &Sketch, expected: &str) {
    let (tables, said) = diagnose(sketch);
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(said, expected);
    let errors = expected.iter().any(|line| line.starts_with("Error"));
    assert_eq!(tables, !errors, "tables exactly without errors");
}

/// A model m1 with the key f2 and the text f3, and a model m4 with the key f5.
fn author_and_book() -> (Sketch, ModelId, ModelId) {
    let mut sketch = Sketch::new();
    let author = sketch.model("Author", &[("name", FieldType::Text)]);
    let book = sketch.model("Book", &[]);
    (sketch, author, book)
}

fn related(shape: Shape) -> (Sketch, RelationshipId) {
    let (mut sketch, author, book) = author_and_book();
    let relationship = sketch.relate(shape, author, book);
    (sketch, relationship)
}

#[test]
fn a_plain_schema_needs_no_words() {
    check(&Sketch::new(), "");
    for shape in [Shape::OneToOne, Shape::OneToMany, Shape::ManyToMany] {
        check(&related(shape).0, "");
    }
}

#[test]
fn empty_names() {
    let (mut sketch, author, _) = author_and_book();
    sketch.field_mut(author, "name").name = "  ".into();
    sketch.model_mut(author).name = String::new();
    check(
        &sketch,
        "Error m1 Name: This model has no name. Type one.
         Error m1.f3 Name: This field has no name. Type one.",
    );
}

#[test]
fn duplicate_models_differ_in_nothing_but_case() {
    let (mut sketch, _, book) = author_and_book();
    sketch.model_mut(book).name = " AUTHOR ".into();
    check(
        &sketch,
        "Error m4 Name: There is another model called “AUTHOR”. Give each model a name of its own.",
    );
}

#[test]
fn duplicate_fields() {
    let (mut sketch, author, _) = author_and_book();
    sketch.field_mut(author, "name").name = "ID".into();
    check(
        &sketch,
        "Error m1.f3 Name: Author already has something called “id”, which is the same but for capitals. Give one of them another name.",
    );
}

#[test]
fn a_property_called_like_a_field() {
    let (mut sketch, relationship) = related(Shape::OneToMany);
    sketch.link_mut(relationship).left.name = "Name".into();
    check(
        &sketch,
        "Error r6 Name(Left): Author already has something called “name”, which is the same but for capitals. Give one of them another name.",
    );
}

#[test]
fn two_relationships_between_the_same_models_derive_the_same_names() {
    let (mut sketch, author, book) = author_and_book();
    sketch.one_to_many(author, book);
    let edits = sketch.one_to_many(author, book);
    check(
        &sketch,
        "Error r7 Name(Left): Author already has something called “books”. Give one of them another name.
         Error r7 Name(Right): Book already has something called “author”. Give one of them another name.",
    );
    sketch.name_ends(edits, "edited", "editor");
    check(&sketch, "");
}

#[test]
fn keywords_and_quotation_marks_are_noted_and_work() {
    let mut sketch = Sketch::new();
    let order = sketch.model("Order", &[("group", FieldType::Text), ("say \"hi\"", FieldType::Text)]);
    sketch.model_mut(order).table = "select".into();
    check(
        &sketch,
        "Note m1 Name: “Order” is an SQL keyword. It works: Relata quotes it in SQL.
         Note m1 Table: “select” is an SQL keyword. It works: Relata quotes it in SQL.
         Note m1.f3 Name: “group” is an SQL keyword. It works: Relata quotes it in SQL.
         Note m1.f4 Name: “say \"hi\"” holds a quotation mark. It works: Relata quotes it in SQL.",
    );
    let connection = rusqlite::Connection::open_in_memory().unwrap();
    for statement in ddl(&sketch.compile().1) {
        connection.execute(&statement.text, []).unwrap();
    }
    connection
        .execute("INSERT INTO \"select\" (\"group\", \"say \"\"hi\"\"\") VALUES ('a', 'b')", [])
        .unwrap();
}

#[test]
fn characters_that_cannot_be_seen() {
    let (mut sketch, author, _) = author_and_book();
    sketch.model_mut(author).name = "Au\u{0}thor".into();
    sketch.model_mut(author).table = "auth\nors".into();
    sketch.field_mut(author, "name").name = "na\u{7f}me".into();
    check(
        &sketch,
        "Error m1 Name: The name holds a character that cannot be seen, such as a line break. Type the name again.
         Error m1 Table: The name holds a character that cannot be seen, such as a line break. Type the name again.
         Error m1.f3 Name: The name holds a character that cannot be seen, such as a line break. Type the name again.",
    );
    let (mut sketch, author, _) = author_and_book();
    sketch.model_mut(author).name = "Au\u{200b}thor".into();
    check(
        &sketch,
        "Warning m1 Name: The name holds a character that cannot be seen. It works, but another name may look just like it. Type the name again, unless you want it so.",
    );
}

#[test]
fn a_name_of_blanks_is_no_override() {
    let (mut sketch, relationship) = related(Shape::ManyToMany);
    let link = sketch.link_mut(relationship);
    link.right.name = " ".into();
    link.join.table = " ".into();
    link.join.left_columns = vec!["\t ".into()];
    check(
        &sketch,
        "Error r6 Name(Right): A name cannot be made of blanks only. Type a name, or clear it to derive one.
         Error r6 JoinColumns(Left): A name cannot be made of blanks only. Type a name, or clear it to derive one.
         Error r6 JoinTable: A name cannot be made of blanks only. Type a name, or clear it to derive one.",
    );
}

#[test]
fn a_relationship_without_one_of_its_models() {
    let (mut sketch, relationship) = related(Shape::OneToMany);
    let link = sketch.link_mut(relationship);
    link.left.model = None;
    link.right.model = Some(ModelId(99));
    check(
        &sketch,
        "Error r6 Model(Left): No model is chosen here. Choose a model, or delete the relationship.
         Error r6 Model(Right): The model that stood here no longer exists. Choose a model, or delete the relationship.",
    );
}

#[test]
fn two_relationships_want_the_same_column() {
    let (mut sketch, author, book) = author_and_book();
    sketch.one_to_many(author, book);
    let edits = sketch.one_to_many(author, book);
    sketch.name_ends(edits, "edited", "editor");
    sketch.link_mut(edits).key_columns = vec!["Author_ID".into()];
    check(
        &sketch,
        "Error r7 KeyColumns: Two relationships want the column “Author_ID” of books. Rename one of the relationships, or give its key column another name.",
    );
}

#[test]
fn a_field_and_a_key_want_the_same_column() {
    let mut sketch = Sketch::new();
    let author = sketch.model("Author", &[]);
    let book = sketch.model("Book", &[("author_id", FieldType::Integer)]);
    sketch.one_to_many(author, book);
    check(
        &sketch,
        "Error r6 KeyColumns: A field and a relationship both want the column “author_id” of books. Rename one of the relationships, or give its key column another name.",
    );
}

#[test]
fn two_fields_want_the_same_column() {
    let (mut sketch, author, _) = author_and_book();
    sketch.field_mut(author, "name").column = "Id".into();
    check(
        &sketch,
        "Error m1.f3 Column: Two fields want the column “Id” of authors. Give one of them another column name.",
    );
}

#[test]
fn both_keys_of_a_join_table_want_the_same_column() {
    let (mut sketch, relationship) = related(Shape::ManyToMany);
    sketch.link_mut(relationship).join.right_columns = vec!["author_id".into()];
    check(
        &sketch,
        "Error r6 JoinColumns(Right): Two relationships want the column “author_id” of authors_books. Give one of them another column name.",
    );
}

#[test]
fn two_tables_of_one_name() {
    let (mut sketch, author, book) = author_and_book();
    sketch.model_mut(book).table = "AUTHORS".into();
    check(
        &sketch,
        "Error m4 Table: Two tables would be called “AUTHORS”. Give one of them another table name.",
    );
    sketch.model_mut(book).table.clear();
    let relationship = sketch.many_to_many(author, book);
    sketch.link_mut(relationship).join.table = "books".into();
    check(
        &sketch,
        "Error r6 JoinTable: Two tables would be called “books”. Give one of them another table name.",
    );
}

#[test]
fn names_that_sqlite_keeps_for_itself() {
    let (mut sketch, author, _) = author_and_book();
    sketch.model_mut(author).table = "SQLite_authors".into();
    check(
        &sketch,
        "Error m1 Table: “SQLite_authors” begins with “sqlite_”, which SQLite keeps for itself. Choose another table name.",
    );
}

#[test]
fn indexes_share_one_namespace_with_tables_and_each_other() {
    let (mut sketch, relationship) = related(Shape::OneToMany);
    let taken = sketch.model("Taken", &[]);
    sketch.model_mut(taken).table = "ix_books_author_id".into();
    check(
        &sketch,
        "Error r6 KeyColumns: An index and a table would both be called “ix_books_author_id”. Give the table another name.",
    );
    sketch.model_mut(taken).table.clear();
    sketch.link_mut(relationship).key_columns = vec!["b_c".into()];
    let shelf = sketch.model("Shelf", &[]);
    sketch.model_mut(shelf).table = "books_b".into();
    let second = sketch.one_to_many(taken, shelf);
    sketch.link_mut(second).key_columns = vec!["c".into()];
    check(
        &sketch,
        "Error r11 KeyColumns: Two indexes would be called “ix_books_b_c”. Give this key column another name.",
    );
}

/// SQLite's own row id has three names. An integer key is a fourth.
#[test]
fn names_of_the_row_id() {
    let mut sketch = Sketch::new();
    let names = ["ROWID", "oid", "_rowid_"].map(|name| (name, FieldType::Text));
    sketch.model("Counted", &names);
    sketch.keyed("Named", &[("name", FieldType::Text)], &names[..2]);
    check(&sketch, "");
    sketch.keyed("Lost", &[("name", FieldType::Text)], &names);
    check(
        &sketch,
        "Error m10.f13 Column: With “rowid”, “_rowid_” and “oid”, no name is left for SQLite's own row id in losts. Give one of the three columns another name.",
    );
}

#[test]
fn no_primary_key() {
    let (mut sketch, author, book) = author_and_book();
    sketch.field_mut(author, "id").primary_key = false;
    sketch.model_mut(book).fields.clear();
    check(
        &sketch,
        "Error m1 Fields: Author has no primary key, so its objects could not be told apart. Mark a field as key, or add an integer field “id”.
         Error m4 Fields: Book has no primary key, so its objects could not be told apart. Mark a field as key, or add an integer field “id”.",
    );
}

#[test]
fn a_model_that_needs_itself() {
    let mut sketch = Sketch::new();
    let person = sketch.model("Person", &[]);
    let tree = sketch.one_to_many(person, person);
    check(&sketch, "");
    sketch.link_mut(tree).required = true;
    check(
        &sketch,
        "Error r3 Required: Each Person needs another Person, so no first one could be inserted. Make one of the relationships in the ring optional.",
    );
}

#[test]
fn two_models_that_need_each_other() {
    let (mut sketch, author, book) = author_and_book();
    let books = sketch.one_to_many(author, book);
    let best = sketch.one_to_one(author, book);
    sketch.name_ends(best, "best", "best_of");
    sketch.link_mut(best).key_side = Side::Left;
    sketch.link_mut(books).required = true;
    check(&sketch, "");
    sketch.link_mut(best).required = true;
    check(
        &sketch,
        "Error r7 Required: An Author needs a Book first, which in turn needs an Author first, so none could ever be inserted. Make one of the relationships in the ring optional.
         Error r6 Required: A Book needs an Author first, which in turn needs a Book first, so none could ever be inserted. Make one of the relationships in the ring optional.",
    );
}

/// m1 ← m3 ← m5 ← m1: the places are those of the three relationships, and one optional link opens the ring.
#[test]
fn three_models_that_need_each_other_in_a_ring() {
    let mut sketch = Sketch::new();
    let models = ["A", "B", "C"].map(|name| sketch.model(name, &[]));
    let ring = [0, 1, 2].map(|at| sketch.one_to_many(models[at], models[(at + 1) % 3]));
    let outside = sketch.model("D", &[]);
    let last = sketch.one_to_many(models[0], outside);
    for relationship in ring.into_iter().chain([last]) {
        sketch.link_mut(relationship).required = true;
    }
    let mut said = diagnose(&sketch).1;
    said.sort();
    let begins: Vec<&str> = said.iter().map(|line| line.split(':').next().unwrap()).collect();
    assert_eq!(begins, ["Error r7 Required", "Error r8 Required", "Error r9 Required"]);
    sketch.link_mut(ring[2]).required = false;
    check(&sketch, "");
}

#[test]
fn clearing_a_required_key() {
    let (mut sketch, relationship) = related(Shape::OneToMany);
    sketch.link_mut(relationship).on_delete = OnDelete::SetNull;
    check(&sketch, "");
    sketch.link_mut(relationship).required = true;
    check(
        &sketch,
        "Error r6 OnDelete: On delete the key is to be cleared, but it is required: SQLite would refuse every such deletion. Make the relationship optional, or choose another on delete.",
    );
}

#[test]
fn clearing_the_key_of_a_join_row() {
    let (mut sketch, relationship) = related(Shape::ManyToMany);
    for (on_delete, word) in [(OnDelete::SetNull, "SET NULL"), (OnDelete::SetDefault, "SET DEFAULT")] {
        sketch.link_mut(relationship).on_delete = on_delete;
        check(
            &sketch,
            &format!(
                "Error r6 OnDelete: The keys of a join table are its primary key; {word} would always be refused. Choose cascade: a pair goes when either of its objects goes."
            ),
        );
    }
}

#[test]
fn a_default_of_the_wrong_type() {
    let cases = [
        (FieldType::Integer, "1.5", "a whole number between −2⁶³ and 2⁶³−1"),
        (FieldType::Real, "much", "a number like 3.14"),
        (FieldType::Decimal, "1e3", "a decimal number like 9.90"),
        (FieldType::Boolean, "maybe", "true or false"),
        (FieldType::Date, "2026-02-29", "a day like 2026-01-31"),
        (FieldType::DateTime, "now-ish", "a day and time like 2026-01-31 18:30:00"),
        (FieldType::Blob, "caf", "hexadecimal bytes like cafe01"),
    ];
    for (field_type, default, wanted) in cases {
        let mut sketch = Sketch::new();
        let model = sketch.model("Model", &[("value", field_type)]);
        sketch.field_mut(model, "value").default = Some(default.into());
        let example = field_type.example();
        check(
            &sketch,
            &format!(
                "Error m1.f3 Default: The default does not fit: “{default}” is not {wanted}. Type a value like {example}, or remove the default."
            ),
        );
    }
}

#[test]
fn names_without_a_letter_still_give_names() {
    let mut sketch = Sketch::new();
    let (book, pen) = (sketch.model("📚", &[]), sketch.model("✏", &[]));
    sketch.one_to_many(book, pen);
    check(&sketch, "");
    let (schema, relational) = sketch.compile();
    let names: Vec<&str> = relational.tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["📚s", "✏s"]);
    assert_eq!(relational.tables[1].columns[1].name, "📚_id");
    assert!(schema.ends_of(book).map(|end| end.name).eq(["✏s"]));
}
