//! Foreign keys that refer to a unique column, that follow their target on update, and that are part of the primary key.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use relata::project::{RowSource, Sample};
use relata::protocol::Limits;
use relata::schema::FieldType::Text;
use relata::schema::{FieldId, ModelId, OnDelete, OnUpdate, ReferentialAction, RelationshipId};
use relata::value::Value;

mod support;
use support::shapes::{check, created, enrollments, loaded};
use support::{Sketch, all, answer, diagnose, lazy, left, right};

/// A country with a unique code, which its cities refer to; one city has none.
fn cities() -> (Sketch, ModelId, ModelId, RelationshipId) {
    let mut sketch = Sketch::new();
    let country = sketch.model("Country", &[("code", Text), ("name", Text)]);
    sketch.field_mut(country, "code").unique = true;
    let city = sketch.model("City", &[("name", Text)]);
    let cities = sketch.one_to_many(country, city);
    sketch.link_mut(cities).references = vec![sketch.field(country, "code")];
    let countries = [["1", "PE"], ["2", "AR"]].map(|cells| sketch.row(country, &cells));
    for (key, home) in [("1", Some(0)), ("2", Some(1)), ("3", Some(1)), ("4", None)] {
        let row = sketch.row(city, &[key]);
        home.into_iter().for_each(|home: usize| sketch.link(cities, countries[home], row));
    }
    (sketch, country, city, cities)
}

#[test]
fn a_key_that_refers_to_a_unique_column() {
    let (mut sketch, country, city, cities) = cities();
    sketch.link_mut(cities).on_update = OnUpdate::Cascade;
    check(&sketch, &[]);
    assert_eq!(
        created(&sketch, 1),
        "CREATE TABLE cities (\n  id INTEGER PRIMARY KEY,\n  name TEXT,\n  \
         country_code TEXT REFERENCES countries (code) ON UPDATE CASCADE\n)"
    );
    assert_eq!(loaded(&sketch, country, left(cities)), "1: 1; 2: 2 3");
    assert_eq!(loaded(&sketch, city, right(cities)), "1: 1; 2: 2; 3: 2; 4: ");
}

/// The identity map knows objects by their primary key: SQLAlchemy sends a statement for each such key.
#[test]
fn no_identity_map_for_a_key_that_is_not_the_primary_key() {
    let (mut sketch, _, city, cities) = cities();
    let statements = |sketch: &Sketch| {
        let plan = sketch.plan(&all(city, vec![lazy(right(cities), vec![])]));
        sketch.open().run(&plan, Limits::default()).trace.statements()
    };
    assert_eq!(statements(&sketch), 5, "one for each city, even for the one without a country");
    sketch.link_mut(cities).references.clear();
    assert_eq!(statements(&sketch), 3);
}

/// A default is known beforehand, and so is what it makes of a key.
#[test]
fn a_default_that_is_referred_to() {
    let (mut sketch, country, city, cities) = cities();
    sketch.field_mut(country, "code").default = Some("XX".into());
    let nowhere = sketch.row(country, &["3"]);
    let row = sketch.row(city, &["5"]);
    sketch.link(cities, nowhere, row);
    assert_eq!(loaded(&sketch, country, left(cities)), "1: 1; 2: 2 3; 3: 5");
    sketch.field_mut(country, "code").default = None;
    let refused = sketch.try_open().1;
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].message, "It points to a Country that is not in the database.");
}

/// Of two rows with the same code SQLite takes the first; a link to the second must not lead there.
#[test]
fn a_link_to_a_row_that_was_refused() {
    let (mut sketch, country, city, cities) = cities();
    let double = sketch.row(country, &["3", "PE"]);
    let row = sketch.row(city, &["5"]);
    sketch.link(cities, double, row);
    let refused: Vec<RowSource> = sketch.try_open().1.iter().map(|refusal| refusal.source).collect();
    assert_eq!(refused, [RowSource::Row(double), RowSource::Row(row)]);
}

#[test]
fn fields_that_no_key_can_refer_to() {
    let (mut sketch, country, _, cities) = cities();
    let [id, code, name] = ["id", "code", "name"].map(|field| sketch.field(country, field));
    let mut said = |fields: &[FieldId]| {
        sketch.link_mut(cities).references = fields.to_vec();
        diagnose(&sketch).1.join("\n")
    };
    assert_eq!(said(&[code]), "");
    assert_eq!(said(&[id]), "", "that is the primary key");
    let mend = "Choose the primary key, or a field that is unique.";
    assert_eq!(
        said(&[name]),
        format!(
            "Error r8 References: Country.name is not unique, so a key that refers to it could mean several rows: SQLite would refuse it. {mend}"
        )
    );
    assert_eq!(
        said(&[code, name]),
        format!(
            "Error r8 References: These fields together are not the primary key of Country, so they could name several of them. {mend}"
        )
    );
    assert_eq!(
        said(&[FieldId(99)]),
        format!("Error r8 References: Country has no such field any more. {mend}")
    );
    sketch.link_mut(cities).references = vec![id];
    assert_eq!(loaded(&sketch, country, left(cities)), "1: 1; 2: 2 3");
}

#[test]
fn what_happens_on_update() {
    let (mut sketch, _, _, cities) = cities();
    for action in ReferentialAction::ALL {
        sketch.link_mut(cities).on_update = action;
        let expected: &[&str] = match action {
            ReferentialAction::SetDefault => {
                &["Note r8 OnUpdate: A key has no default, so on update it is cleared, as by SET NULL."]
            }
            _ => &[],
        };
        check(&sketch, expected);
        let mut database = sketch.open();
        let changed = answer(&mut database, "UPDATE countries SET code = 'BR' WHERE id = 2");
        let refuses = matches!(action, ReferentialAction::NoAction | ReferentialAction::Restrict);
        assert_eq!(changed.is_err(), refuses, "{}", action.sql());
        let codes =
            answer(&mut database, "SELECT coalesce(country_code, '-') FROM cities WHERE id = 3").unwrap();
        let code = match action {
            ReferentialAction::NoAction | ReferentialAction::Restrict => "AR",
            ReferentialAction::Cascade => "BR",
            ReferentialAction::SetNull | ReferentialAction::SetDefault => "-",
        };
        assert_eq!(codes, [[Value::Text(code.into())]], "{}", action.sql());
    }
    let link = sketch.link_mut(cities);
    (link.required, link.on_update, link.on_delete) = (true, OnUpdate::SetNull, OnDelete::SetDefault);
    check(
        &sketch,
        &[
            "Warning r8 OnDelete: On delete the key is to be reset, but it has no default and is required: SQLite will refuse every such deletion. Make the relationship optional, or choose another on delete.",
            "Error r8 OnUpdate: On update the key is to be cleared, but it is required: SQLite would refuse every such change. Make the relationship optional, or choose another on update.",
        ],
    );
    let mut sketch = Sketch::of(Sample::StudentCourse);
    sketch.project.draft.relationships[0].on_update = OnUpdate::SetNull;
    check(
        &sketch,
        &[
            "Error r3 OnUpdate: The keys of a join table are its primary key; SET NULL would always be refused. Choose cascade: a pair follows the keys of its objects.",
        ],
    );
}

/// The enrollments above, told apart by their student and course alone, with an exam m9 that belongs to one of them.
#[test]
fn keys_that_are_part_of_the_primary_key() {
    let (mut sketch, [of_student, of_course, courses]) = enrollments();
    let enrollment = ModelId(7);
    sketch.model_mut(enrollment).fields.retain(|field| field.name == "grade");
    for tie in [of_student, of_course] {
        sketch.link_mut(tie).identifies = true;
    }
    let exam = sketch.model("Exam", &[]);
    let exams = sketch.one_to_many(enrollment, exam);
    check(&sketch, &[]);
    assert_eq!(
        created(&sketch, 2),
        "CREATE TABLE enrollments (\n  grade INTEGER,\n  student_id INTEGER NOT NULL REFERENCES students (id),\n  \
         course_id INTEGER NOT NULL REFERENCES courses (id),\n  PRIMARY KEY (student_id, course_id)\n)"
    );
    assert!(created(&sketch, 3).contains(
        "FOREIGN KEY (enrollment_student_id, enrollment_course_id) REFERENCES enrollments (student_id, course_id)"
    ));
    let rows: Vec<_> = sketch.project.data.rows_of(enrollment).iter().map(|row| row.id).collect();
    let (refused, double) = (sketch.try_open().1, RowSource::Row(rows[3]));
    assert_eq!(refused[0].source, double);
    assert_eq!(refused[0].message, "Another row has the same key.");
    assert_eq!(refused[1].message, "course is required: give it a Course.");
    sketch.project.remove_rows(&rows[3..]);
    let row = sketch.row(exam, &[]);
    sketch.link(exams, rows[1], row);
    assert_eq!(loaded(&sketch, exam, right(exams)), "1: 1/2");
    assert_eq!(loaded(&sketch, enrollment, left(exams)), "1/1: ; 1/2: 1; 2/1: ");
    assert_eq!(loaded(&sketch, ModelId(1), left(courses)), "1: 1 2; 2: 1; 3: ");
}

/// A profile whose key is its user's: SQLite must not count it up.
#[test]
fn a_shared_primary_key() {
    let mut sketch = Sketch::new();
    let (user, profile) = (sketch.model("User", &[]), sketch.model("Profile", &[("bio", Text)]));
    sketch.model_mut(profile).fields.retain(|field| field.name == "bio");
    let one = sketch.one_to_one(user, profile);
    sketch.link_mut(one).identifies = true;
    check(&sketch, &[]);
    assert_eq!(
        created(&sketch, 1),
        "CREATE TABLE profiles (\n  bio TEXT,\n  user_id INTEGER PRIMARY KEY REFERENCES users (id)\n)"
    );
    let (owner, row) = (sketch.row(user, &["7"]), sketch.row(profile, &["tall"]));
    let refused = sketch.try_open().1;
    assert_eq!(refused[0].message, "user is required: give it a User.");
    sketch.link(one, owner, row);
    assert_eq!(loaded(&sketch, user, left(one)), "7: 7");
}

#[test]
fn primary_keys_that_cannot_be() {
    let mut sketch = Sketch::new();
    let [house, room] = ["House", "Room"].map(|name| sketch.model(name, &[("note", Text)]));
    let rooms = sketch.one_to_many(house, room);
    sketch.link_mut(rooms).identifies = true;
    check(&sketch, &[]);
    sketch.model_mut(room).fields.retain(|field| field.name == "note");
    check(
        &sketch,
        &[
            "Warning r7 Identifies: The key would be all there is to tell one Room from another, so each target could have one only. Mark a field as key too, let another relationship identify it as well, or make this one a one-to-one.",
        ],
    );
    let back = sketch.one_to_one(room, house);
    sketch.name_ends(back, "in_house", "hall");
    sketch.link_mut(back).identifies = true;
    let said = diagnose(&sketch).1.join("\n");
    assert!(said.contains(
        "Error r7 Identifies: A Room needs a House first, which in turn needs a Room first, so none could ever be inserted. Take it out of the key, and make it optional."
    ));
    sketch.link_mut(back).identifies = false;
    sketch.link_mut(rooms).on_delete = OnDelete::SetNull;
    assert!(diagnose(&sketch).1.join("\n").contains("Error r7 OnDelete: On delete the key is to be cleared"));
}
