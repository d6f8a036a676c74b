//! Every shape of relationship as a small project, and queries that load it in every way.

use relata::project::{Project, RowId, Sample};
use relata::query::{IncludeDraft, QueryDraft, Strategy};
use relata::schema::FieldType::{Blob, Boolean, Date, DateTime, Decimal, Integer, Real, Text};
use relata::schema::{
    End, EndId, EndKind, KindTables, ModelId, OnDelete, Relationship, RelationshipId, Schema, Side,
};

use super::support::{Sketch, by};

/// A shape by its name in the documentation.
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    pub(crate) project: Project,
}

/// All of them.
pub(crate) fn all() -> Vec<Shape> {
    type Made = (&'static str, fn() -> Sketch);
    let shapes: [Made; 17] = [
        ("one-to-one, key on the left", || one_to_one(Side::Left)),
        ("one-to-one, key on the right", || one_to_one(Side::Right)),
        ("one-to-many", || one_to_many(false)),
        ("one-to-many, required", || one_to_many(true)),
        ("many-to-many", many_to_many),
        ("tree", tree),
        ("one-to-one with itself", chain),
        ("many-to-many with itself", follows),
        ("two between the same models", author_and_editor),
        ("ring of two models", ring),
        ("composite key, one-to-many", composite),
        ("composite key, many-to-many", composite_pairs),
        ("composite key, one-to-one", composite_one_to_one),
        ("text key", text_key),
        ("odd names", || odd_names("\"")),
        ("odd names without quotation marks", || odd_names("'")),
        ("kinds of kinds, a table for each", kinds_of_kinds),
    ];
    let samples = [
        ("through a join model", Sample::Enrollment),
        ("symmetric", Sample::Friends),
        ("identifying key", Sample::RoomDesk),
        ("key to a unique column", Sample::CountryCity),
        ("ordered collection", Sample::PlaylistSong),
        ("polymorphic key", Sample::Comments),
        ("kinds in one table", Sample::Employees),
        ("a table for each kind", Sample::Publications),
    ];
    let drawn = shapes.into_iter().map(|(name, sketch)| Shape { name, project: sketch().project });
    let samples = samples.into_iter().map(|(name, sample)| Shape { name, project: sample.project() });
    drawn.chain(samples).collect()
}

pub(crate) fn rows(sketch: &mut Sketch, model: ModelId, number: usize) -> Vec<RowId> {
    (1..=number).map(|key| sketch.row(model, &[&key.to_string(), &format!("name {key}")])).collect()
}

pub(crate) fn link_all(
    sketch: &mut Sketch,
    link: RelationshipId,
    left: &[RowId],
    right: &[RowId],
    pairs: &[(usize, usize)],
) {
    for (from, to) in pairs {
        sketch.link(link, left[from - 1], right[to - 1]);
    }
}

pub(crate) fn pair(left: &str, right: &str) -> (Sketch, ModelId, ModelId) {
    let mut sketch = Sketch::new();
    let left = sketch.model(left, &[("name", Text)]);
    let right = sketch.model(right, &[("name", Text)]);
    (sketch, left, right)
}

fn one_to_one(holder: Side) -> Sketch {
    let (mut sketch, user, profile) = pair("User", "Profile");
    let link = sketch.one_to_one(user, profile);
    sketch.link_mut(link).key_side = holder;
    sketch.link_mut(link).on_delete = OnDelete::SetNull;
    let (users, profiles) = (rows(&mut sketch, user, 4), rows(&mut sketch, profile, 4));
    link_all(&mut sketch, link, &users, &profiles, &[(1, 2), (2, 1), (4, 4)]);
    sketch
}

fn one_to_many(required: bool) -> Sketch {
    let (mut sketch, author, book) = pair("Author", "Book");
    let link = sketch.one_to_many(author, book);
    sketch.link_mut(link).required = required;
    sketch.link_mut(link).on_delete = OnDelete::Cascade;
    let (authors, books) = (rows(&mut sketch, author, 4), rows(&mut sketch, book, 6));
    link_all(&mut sketch, link, &authors, &books, &[(1, 1), (1, 2), (1, 3), (2, 4), (4, 5), (4, 6)]);
    if !required {
        sketch.row(book, &["7", "nobody's"]);
    }
    sketch
}

fn many_to_many() -> Sketch {
    let (mut sketch, student, course) = pair("Student", "Course");
    let link = sketch.many_to_many(student, course);
    let (students, courses) = (rows(&mut sketch, student, 4), rows(&mut sketch, course, 4));
    link_all(&mut sketch, link, &students, &courses, &[(1, 1), (1, 2), (2, 1), (2, 3), (3, 1), (3, 2)]);
    sketch
}

/// Employees of whom some are managers, and of those some directors: keys lead between the tables of all three.
fn kinds_of_kinds() -> Sketch {
    let mut sketch = Sketch::of(Sample::Employees);
    let (company, employee) = (ModelId(1), ModelId(4));
    sketch.project.delete_model(company);
    sketch.model_mut(employee).kind.tables = KindTables::Each;
    let director = sketch.model("Director", &[("shares", Integer)]);
    sketch.project.set_parent(director, Some(ModelId(7)));
    let mentors = sketch.one_to_many(director, employee);
    sketch.name_ends(mentors, "advised", "adviser");
    let directors = [7, 8].map(|key: i32| sketch.row(director, &[&key.to_string(), "a director", "5", "6"]));
    let others: Vec<RowId> = sketch.project.data.rows_of(ModelId(9)).iter().map(|row| row.id).collect();
    link_all(&mut sketch, mentors, &directors, &others, &[(1, 1), (2, 2)]);
    sketch.link(RelationshipId(12), directors[0], directors[1]);
    sketch
}

fn tree() -> Sketch {
    let mut sketch = Sketch::new();
    let node = sketch.model("Node", &[("name", Text)]);
    let link = sketch.one_to_many(node, node);
    sketch.name_ends(link, "children", "parent");
    let nodes = rows(&mut sketch, node, 8);
    link_all(&mut sketch, link, &nodes, &nodes, &[(1, 2), (1, 3), (2, 4), (2, 5), (5, 6), (7, 8)]);
    sketch
}

fn chain() -> Sketch {
    let mut sketch = Sketch::new();
    let step = sketch.model("Step", &[("name", Text)]);
    let link = sketch.one_to_one(step, step);
    sketch.name_ends(link, "next", "previous");
    let steps = rows(&mut sketch, step, 5);
    link_all(&mut sketch, link, &steps, &steps, &[(1, 2), (2, 3), (4, 4)]);
    sketch
}

fn follows() -> Sketch {
    let mut sketch = Sketch::new();
    let person = sketch.model("Person", &[("name", Text)]);
    let link = sketch.many_to_many(person, person);
    sketch.name_ends(link, "follows", "followers");
    let people = rows(&mut sketch, person, 5);
    link_all(&mut sketch, link, &people, &people, &[(1, 2), (2, 1), (1, 3), (3, 3), (4, 1)]);
    sketch
}

fn author_and_editor() -> Sketch {
    let (mut sketch, person, book) = pair("Person", "Book");
    let (written, edited) = (sketch.one_to_many(person, book), sketch.one_to_many(person, book));
    sketch.name_ends(written, "written", "author");
    sketch.name_ends(edited, "edited", "editor");
    let (people, books) = (rows(&mut sketch, person, 3), rows(&mut sketch, book, 4));
    link_all(&mut sketch, written, &people, &books, &[(1, 1), (1, 2), (2, 3)]);
    link_all(&mut sketch, edited, &people, &books, &[(1, 1), (2, 2), (1, 3), (3, 4)]);
    sketch
}

/// Each team has many players and one captain, who is a player: keys in both directions.
fn ring() -> Sketch {
    let (mut sketch, team, player) = pair("Team", "Player");
    let (members, captain) = (sketch.one_to_many(team, player), sketch.one_to_one(team, player));
    sketch.name_ends(members, "players", "team");
    sketch.name_ends(captain, "captain", "captain_of");
    sketch.link_mut(captain).key_side = Side::Left;
    let (teams, players) = (rows(&mut sketch, team, 3), rows(&mut sketch, player, 5));
    link_all(&mut sketch, members, &teams, &players, &[(1, 1), (1, 2), (2, 3), (2, 4)]);
    link_all(&mut sketch, captain, &teams, &players, &[(1, 2), (2, 5)]);
    sketch
}

fn keyed_rows(sketch: &mut Sketch, model: ModelId) -> Vec<RowId> {
    let cells = [["1", "a", "x"], ["1", "b", "y"], ["2", "a", "z"], ["2", "b", ""]];
    cells.iter().map(|cells| sketch.row(model, cells)).collect()
}

fn composite() -> Sketch {
    let mut sketch = Sketch::new();
    let order = sketch.keyed("Order", &[("shop", Integer), ("number", Text)], &[("note", Text)]);
    let item = sketch.model("Item", &[("name", Text)]);
    let link = sketch.one_to_many(order, item);
    sketch.link_mut(link).on_delete = OnDelete::Cascade;
    let (orders, items) = (keyed_rows(&mut sketch, order), rows(&mut sketch, item, 6));
    link_all(&mut sketch, link, &orders, &items, &[(1, 1), (1, 2), (2, 3), (4, 4), (4, 5)]);
    sketch
}

fn composite_pairs() -> Sketch {
    let mut sketch = Sketch::new();
    let order = sketch.keyed("Order", &[("shop", Integer), ("number", Text)], &[("note", Text)]);
    let label = sketch.keyed("Label", &[("shop", Integer), ("word", Text)], &[("colour", Text)]);
    let link = sketch.many_to_many(order, label);
    let (orders, labels) = (keyed_rows(&mut sketch, order), keyed_rows(&mut sketch, label));
    link_all(&mut sketch, link, &orders, &labels, &[(1, 1), (1, 2), (2, 1), (3, 3), (3, 1)]);
    sketch
}

fn composite_one_to_one() -> Sketch {
    let mut sketch = Sketch::new();
    let order = sketch.keyed("Order", &[("shop", Integer), ("number", Text)], &[("note", Text)]);
    let invoice = sketch.model("Invoice", &[("name", Text)]);
    let link = sketch.one_to_one(order, invoice);
    let (orders, invoices) = (keyed_rows(&mut sketch, order), rows(&mut sketch, invoice, 3));
    link_all(&mut sketch, link, &orders, &invoices, &[(1, 3), (4, 1)]);
    sketch
}

fn text_key() -> Sketch {
    let mut sketch = Sketch::new();
    let fields = [
        ("area", Real),
        ("gdp", Decimal),
        ("un", Boolean),
        ("since", Date),
        ("seen", DateTime),
        ("flag", Blob),
    ];
    let country = sketch.keyed("Country", &[("code", Text)], &fields);
    let city = sketch.model("City", &[("name", Text)]);
    let link = sketch.one_to_many(country, city);
    let cells = [
        ["CL", "756102.5", "9.90", "true", "1818-02-12", "2026-01-31 18:30:00", "cafe"],
        ["it's", "-0.5", "10", "false", "1999-12-31", "2024-02-29 00:00", ""],
        ["", "", "", "", "", "", ""],
    ];
    let countries: Vec<RowId> = cells[..2].iter().map(|cells| sketch.row(country, cells)).collect();
    let cities = rows(&mut sketch, city, 4);
    link_all(&mut sketch, link, &countries, &cities, &[(1, 1), (1, 2), (2, 3)]);
    sketch
}

/// Python's keywords, what SQLAlchemy keeps for itself, blanks, quotes, digits first, letters beyond ASCII.
fn odd_names(mark: &str) -> Sketch {
    let mut sketch = Sketch::new();
    let class =
        sketch.model("class", &[("metadata", Text), ("import", Integer), ("2nd hand", Text), ("str", Text)]);
    let session = sketch.model(
        "Session",
        &[(&format!("say {mark}hi{mark}"), Text), ("Größe", Real), ("📚", Text), ("registry", Text)],
    );
    let (many, pairs) = (sketch.one_to_many(class, session), sketch.many_to_many(session, class));
    sketch.name_ends(many, "yield", "lambda");
    sketch.name_ends(pairs, "select", "Mapped");
    sketch.link_mut(pairs).join.table = "odd table; name's".into();
    sketch.link_mut(pairs).join.left_columns = vec!["keys".into()];
    sketch.link_mut(pairs).join.right_columns = vec![format!("a {mark}b{mark}")];
    sketch.link_mut(many).key_columns = vec!["from".into()];
    sketch.field_mut(class, "import").column = "order".into();
    sketch.field_mut(class, "str").default = Some("it's 100%: \"x\"".into());
    let classes: Vec<RowId> =
        ["1", "2"].iter().map(|key| sketch.row(class, &[key, "m", "3", "", "s"])).collect();
    let sessions: Vec<RowId> =
        ["1", "2", "3"].iter().map(|key| sketch.row(session, &[key, "hi", "1.5", "b", ""])).collect();
    link_all(&mut sketch, many, &classes, &sessions, &[(1, 1), (1, 3)]);
    link_all(&mut sketch, pairs, &sessions, &classes, &[(1, 1), (2, 1), (2, 2)]);
    sketch
}

/// A way to load a property and what hangs on it, by its place in the table of the documentation.
pub(crate) struct Way {
    pub(crate) strategy: Strategy,
    pub(crate) query: QueryDraft,
}

/// Each property of each model in each way: alone, and with each property behind it in each way, with and without a
/// limit.
pub(crate) fn ways(schema: &Schema) -> Vec<Way> {
    let mut ways = Vec::new();
    for model in schema.models() {
        let identifies = |end: End<'_>| {
            end.kind == EndKind::BelongsTo
                && schema.relationship(end.id.relationship).is_some_and(Relationship::identifies)
        };
        let is_identified = schema.ends_of(model.id).any(identifies);
        for end in schema.ends_of(model.id) {
            for strategy in Strategy::all() {
                let mut inner = vec![Vec::new()];
                for below in schema.ends_of(end.target.id) {
                    inner.extend(
                        Strategy::all().map(|below_strategy| vec![include(below.id, below_strategy, vec![])]),
                    );
                }
                for includes in inner {
                    let query = QueryDraft {
                        includes: vec![include(end.id, strategy, includes)],
                        ..QueryDraft::all(model.id)
                    };
                    let limited = QueryDraft {
                        order: model.key().map(|key| by(key.id, true)).collect(),
                        limit: "2".into(),
                        offset: "1".into(),
                        ..query.clone()
                    };
                    // Without a whole order, chance decides which objects a limit keeps.
                    let limited = (!is_identified).then_some(limited);
                    let queries = std::iter::once(query).chain(limited);
                    ways.extend(queries.map(|query| Way { strategy, query }));
                }
            }
        }
    }
    ways
}

pub(crate) fn include(end: EndId, strategy: Strategy, includes: Vec<IncludeDraft>) -> IncludeDraft {
    IncludeDraft::new(end, strategy, includes)
}

/// More parents than one statement takes keys, and more children than parents, in two levels.
pub(crate) fn large() -> Project {
    let mut sketch = Sketch::new();
    let shelf = sketch.model("Shelf", &[]);
    let (box_, thing) = (sketch.model("Box", &[]), sketch.model("Thing", &[]));
    let (boxes, things) = (sketch.one_to_many(shelf, box_), sketch.one_to_many(box_, thing));
    let shelf_rows: Vec<RowId> = (1..=7).map(|key: u32| sketch.row(shelf, &[&key.to_string()])).collect();
    let box_rows: Vec<RowId> = (1..=1203).map(|key: u32| sketch.row(box_, &[&key.to_string()])).collect();
    let thing_rows: Vec<RowId> = (1..=1203).map(|key: u32| sketch.row(thing, &[&key.to_string()])).collect();
    for (at, row) in box_rows.iter().enumerate() {
        sketch.link(boxes, shelf_rows[at % 7], *row);
    }
    for (at, row) in thing_rows.iter().enumerate() {
        sketch.link(things, box_rows[(at * 2) % 1203], *row);
    }
    sketch.project
}
