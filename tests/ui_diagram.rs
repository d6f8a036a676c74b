//! The diagram: what is drawn of a schema, where it lies, how the edges run, and what moving and choosing do.
#![cfg(all(feature = "page", feature = "layout", not(target_arch = "wasm32")))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod page;

use std::rc::Rc;

use page::{AUTHOR, BOOK, BOOK_TITLE, LINK, after, edit, rename, start};
use relata::layout::{Point, Size, lay_out};
use relata::project::{Project, Sample, Spot, Spots};
use relata::schema::{
    Draft, FieldDraft, FieldId, FieldType, KindTables, ModelDraft, ModelId, RelationshipDraft,
    RelationshipId, Shape,
};
use relata::ui::action::{Action, DiagramEdit, Edit, FieldEdit, Look, ModelEdit, RelationshipEdit, Show};
use relata::ui::legend::Legend;
use relata::ui::schema::diagram::Thing;
use relata::ui::schema::diagram::chart::{Chart, Edge, EndMark, Line, RowMark, chart};
use relata::ui::schema::diagram::places::{Area, Last, Scene, outline, scene};
use relata::ui::schema::diagram::route::routes;
use relata::ui::schema::diagram::sight::Sight;
use relata::ui::state::{Panel, State, Theme};

const AUTHOR_BOX: Thing = Thing::Model(AUTHOR);

fn sample(sample: Sample) -> State {
    State::new(sample.project(), Theme::System)
}

fn charted(state: &State, keys: bool, joins: bool) -> Rc<Chart> {
    let good = state.good.as_ref().unwrap();
    let legend = Legend::new(&good.schema, &state.project.draft);
    Rc::new(chart(good, &legend, keys, joins))
}

/// The chart laid out as the page has it done.
fn laid(chart: &Rc<Chart>, spots: &Spots) -> Scene {
    scene(chart, Some(&lay_out(&outline(chart))), &Last::new(), spots)
}

fn drawn(state: &State) -> Scene {
    laid(&charted(state, true, true), &state.project.diagram)
}

/// An edge in short: `Author |o--o< Book author/books`.
fn short(chart: &Chart, edge: &Edge) -> String {
    let mark = |mark: EndMark, text: [&'static str; 4]| match mark {
        EndMark::Many => text[0],
        EndMark::Optional => text[1],
        EndMark::One => text[2],
        EndMark::Base => text[3],
        EndMark::Plain => "",
    };
    let line = match edge.line {
        Line::Solid => "--",
        Line::Dashed => "- -",
        Line::Dotted => "..",
    };
    let [from, to] = edge.nodes.map(|node| chart.nodes[node].title.as_str());
    let left = mark(edge.ends[0], [">o", "|o", "||", "<|"]);
    let right = mark(edge.ends[1], ["o<", "o|", "||", "|>"]);
    format!("{from} {left}{line}{right} {to} {}", edge.names.join("/"))
}

fn edges(state: &State, joins: bool) -> Vec<String> {
    let chart = charted(state, false, joins);
    chart.edges.iter().map(|edge| short(&chart, edge)).collect()
}

fn rows(chart: &Chart, title: &str) -> Vec<(String, RowMark)> {
    let node = chart.nodes.iter().find(|node| node.title == title).unwrap();
    node.rows.iter().map(|row| (row.text.clone(), row.mark)).collect()
}

// ---- what is drawn

#[test]
fn ends_say_how_many_there_are() {
    assert_eq!(edges(&start(), false), ["Author |o--o< Book author/books"]);
    let required = edit(start(), Edit::Relationship(LINK, RelationshipEdit::Required(true)));
    assert_eq!(edges(&required, false), ["Author ||--o< Book author/books"]);
    let profile = edges(&sample(Sample::UserProfile), false);
    assert_eq!(profile, ["Profile |o--o| User profile/user"]);
    let many = edges(&sample(Sample::StudentCourse), false);
    assert_eq!(many, ["Student >o--o< Course students/courses"]);
}

#[test]
fn a_join_table_can_have_a_box_of_its_own() {
    let state = sample(Sample::StudentCourse);
    assert_eq!(charted(&state, false, false).nodes.len(), 2);
    assert_eq!(
        edges(&state, true),
        ["Student ||--o< enrollments /courses", "Course ||--o< enrollments /students"]
    );
    let chart = charted(&state, false, true);
    assert_eq!(
        rows(&chart, "enrollments"),
        [("student_id".into(), RowMark::KeyPoints), ("course_id".into(), RowMark::KeyPoints)]
    );
}

#[test]
fn boxes_show_fields_and_if_asked_the_columns_of_keys() {
    let fields = [("id".to_string(), RowMark::Key), ("title".into(), RowMark::Plain)];
    assert_eq!(rows(&charted(&start(), false, false), "Book"), fields);
    let chart = charted(&start(), true, false);
    assert_eq!(rows(&chart, "Book")[2..], [("author_id".into(), RowMark::Points)]);
    assert_eq!(rows(&chart, "Author").len(), 2);
    assert_eq!(chart.nodes[1].spoken, "Model Book: id (key), title, author_id (foreign key)");
}

#[test]
fn what_has_no_foreign_key_is_dashed_and_its_columns_stand_there_once() {
    let state = sample(Sample::Comments);
    let chart = charted(&state, true, false);
    assert!(chart.edges.len() > 1 && chart.edges.iter().all(|edge| edge.line == Line::Dashed));
    assert!(chart.edges.iter().all(|edge| edge.ends == [EndMark::Optional, EndMark::Many]));
    let columns: Vec<String> = rows(&chart, "Comment").into_iter().map(|(text, _)| text).collect();
    assert_eq!(columns.iter().filter(|text| text.ends_with("_type")).count(), 1);
    assert_eq!(columns.iter().filter(|text| text.ends_with("able_id")).count(), 1);
}

#[test]
fn what_is_seen_through_a_join_model_is_dotted_and_not_laid_out() {
    let chart = charted(&sample(Sample::Enrollment), false, true);
    let dotted: Vec<&Edge> = chart.edges.iter().filter(|edge| edge.line == Line::Dotted).collect();
    assert_eq!(dotted.len(), 1);
    assert!(dotted[0].spoken.ends_with(", through Enrollment"), "{}", dotted[0].spoken);
    assert_eq!(outline(&chart).connections.len(), chart.edges.len() - 1);
}

#[test]
fn a_kind_points_to_its_base_and_repeats_none_of_its_fields() {
    let state = sample(Sample::Employees);
    let chart = charted(&state, false, false);
    let kinds: Vec<String> = chart
        .edges
        .iter()
        .filter(|edge| edge.ends[0] == EndMark::Base)
        .map(|edge| short(&chart, edge))
        .collect();
    assert!(kinds.contains(&"Employee <|-- Manager /".to_owned()), "{kinds:?}");
    assert!(rows(&chart, "Manager").iter().all(|(text, _)| text != "id"));
    assert!(chart.nodes.iter().any(|node| node.spoken.starts_with("Model Manager, a kind of Employee")));
}

#[test]
fn a_kind_with_a_table_of_its_own_points_to_that_of_its_base() {
    let mut project = Sample::Employees.project();
    let base = project.draft.models.iter_mut().find(|model| model.name == "Employee").unwrap();
    base.kind.tables = KindTables::Each;
    let state = State::new(project, Theme::System);
    let chart = charted(&state, true, false);
    assert!(rows(&chart, "Manager").contains(&("id".into(), RowMark::KeyPoints)));
    assert!(rows(&chart, "Employee").contains(&("id".into(), RowMark::Key)));
    assert!(rows(&chart, "Employee").contains(&("company_id".into(), RowMark::Points)));
}

#[test]
fn a_model_is_related_to_itself_by_a_loop() {
    let tree = charted(&sample(Sample::CategoryTree), false, false);
    assert!(tree.edges[0].is_loop() && tree.edges[0].names.iter().all(|name| !name.is_empty()));
    let friends = charted(&sample(Sample::Friends), false, false);
    assert_eq!(friends.edges[0].names.iter().filter(|name| !name.is_empty()).count(), 1);
    assert!(friends.edges[0].spoken.ends_with(", both ways"));
}

// ---- where it lies

fn overlap(a: &Area, b: &Area) -> bool {
    a.at.x < b.right() && b.at.x < a.right() && a.at.y < b.bottom() && b.at.y < a.bottom()
}

fn assert_apart(scene: &Scene) {
    for (at, a) in scene.areas.iter().enumerate() {
        for b in &scene.areas[at + 1..] {
            assert!(!overlap(a, b), "{a:?} {b:?}");
        }
    }
}

#[test]
fn no_two_boxes_of_a_sample_overlap_and_every_edge_is_drawn() {
    for one in Sample::all() {
        let scene = drawn(&sample(one));
        assert_apart(&scene);
        let routes = routes(&scene);
        assert_eq!(routes.len(), scene.chart.edges.len());
        for (route, edge) in routes.iter().zip(&scene.chart.edges) {
            assert!(route.line.starts_with('M') && !route.marks.is_empty() && !route.line.contains("NaN"));
            let named = edge.names.iter().filter(|name| !name.is_empty()).count();
            // As it is laid out there is room for every name.
            if edge.line != Line::Dotted {
                assert_eq!(route.names.iter().flatten().count(), named, "{}", edge.spoken);
            }
        }
    }
}

/// How far each box lies from where it was, the boxes that both have.
fn shifts(before: &Scene, after: &Scene) -> Vec<f64> {
    let (before, after) = (before.last(), after.last());
    let far = |(thing, at): (&Thing, &Point)| after.get(thing).map(|to| (to.x - at.x).hypot(to.y - at.y));
    before.iter().filter_map(far).collect()
}

/// Models in layers of five, each of the next layer with the key of two of the layer before.
fn large(models: u32) -> State {
    let id = |at: u32| ModelId(1 + at * 10);
    let mut draft = Draft { last_id: 10_000, ..Draft::default() };
    for at in 0..models {
        let field =
            |of: u32| FieldDraft::new(FieldId(id(at).0 + 1 + of), &format!("field{of}"), FieldType::Text);
        let key = FieldDraft::key(FieldId(id(at).0 + 9));
        let fields = std::iter::once(key).chain((0..4).map(field)).collect();
        draft.models.push(ModelDraft::new(id(at), &format!("Model{at}"), fields));
    }
    for at in 5..models {
        for (which, from) in [(0, at - 5), (1, at / 5 * 5 - 5 + (at * 3 + 1) % 5)] {
            let link = RelationshipId(1000 + at * 2 + which);
            let mut one = RelationshipDraft::new(link, Shape::OneToMany, id(from), id(at));
            (one.left.name, one.right.name) = (format!("{link}_many"), format!("{link}_one"));
            draft.relationships.push(one);
        }
    }
    let state = State::new(Project { draft, ..Sample::AuthorBook.project() }, Theme::System);
    assert!(!state.has_errors(), "{:?}", state.compiled.schema_diagnostics);
    state
}

#[test]
fn a_small_edit_moves_little() {
    let state = large(20);
    let before = drawn(&state);
    let (model, field) = {
        let model = &state.project.draft.models[7];
        (model.id, model.fields[2].id)
    };
    let same = edit(state.clone(), Edit::Field(model, field, FieldEdit::Name("renamed".into())));
    assert!(shifts(&before, &drawn(&same)).iter().all(|far| *far == 0.0));
    let longer =
        edit(state.clone(), Edit::Field(model, field, FieldEdit::Name("a_name_that_is_much_longer".into())));
    assert!(shifts(&before, &drawn(&longer)).iter().all(|far| *far < 200.0));
    let more = edit(state.clone(), Edit::Model(model, ModelEdit::AddField));
    assert!(shifts(&before, &drawn(&more)).iter().all(|far| *far <= 24.0));
    let loose = edit(state, Edit::AddModel);
    assert!(shifts(&before, &drawn(&loose)).iter().all(|far| *far == 0.0));
}

#[test]
fn sixty_models_lie_apart() {
    let scene = drawn(&large(60));
    assert_eq!((scene.areas.len(), scene.chart.edges.len()), (60, 110));
    assert_apart(&scene);
}

#[test]
fn boxes_stay_until_they_are_laid_out_anew_and_new_ones_wait_below() {
    let before = drawn(&start());
    let state = edit(start(), Edit::AddModel);
    let chart = charted(&state, true, true);
    let waiting = scene(&chart, None, &before.last(), &Spots::default());
    assert_eq!(waiting.areas[0].at, before.areas[0].at);
    assert_apart(&waiting);
}

#[test]
fn what_was_put_somewhere_lies_there_and_others_make_room() {
    let before = drawn(&start());
    let on = before.areas[0].at;
    let spot = Spot { x: on.x as i32 + 10, y: on.y as i32 + 10 };
    let state = edit(start(), Edit::Diagram(DiagramEdit::Put(Thing::Model(BOOK), spot)));
    let now = drawn(&state);
    assert_eq!(now.areas[1].at, Point { x: on.x + 10.0, y: on.y + 10.0 });
    assert_apart(&now);
    // Out of all bounds is brought back in.
    let far = Spot { x: i32::MIN, y: i32::MAX };
    let state = edit(start(), Edit::Diagram(DiagramEdit::Put(Thing::Model(BOOK), far)));
    assert!(drawn(&state).areas[1].at.x >= -100_000.0);
}

#[test]
fn a_dragged_box_takes_its_edges_along() {
    let mut scene = drawn(&start());
    let before = routes(&scene);
    assert_ne!(before[0].names, [None, None]);
    scene.areas[1].at = Point { x: scene.areas[0].at.x, y: scene.areas[0].bottom() + 100.0 };
    scene.loosen(1);
    let below = routes(&scene);
    assert_ne!(below[0].line, before[0].line);
    // From the lower side of one to the upper side of the other.
    let start: f64 = below[0].line[1..].split([' ', 'C']).nth(1).unwrap().parse().unwrap();
    assert!(start > scene.areas[0].bottom() && start < scene.areas[0].bottom() + 20.0);
    // Side by side without room between them, there is none for the names.
    scene.areas[1].at = Point { x: scene.areas[0].right() + 50.0, y: scene.areas[0].at.y };
    assert_eq!(routes(&scene)[0].names, [None, None]);
}

#[test]
fn what_is_seen_can_be_zoomed_about_a_point() {
    let room = Size { width: 400.0, height: 300.0 };
    let whole = Area { at: Point { x: -50.0, y: 0.0 }, size: Size { width: 1600.0, height: 300.0 } };
    let fitting = Sight::fitting(&whole, room);
    assert!(fitting.shows(&whole, room) && fitting.is_far());
    let start = Sight::start(&whole, room);
    assert!(!start.is_far() && !start.shows(&whole, room));
    let about = Point { x: 100.0, y: 40.0 };
    let larger = start.zoomed(2.0, about);
    let inside = |sight: Sight| sight.at.x + about.x / sight.zoom;
    assert!((inside(start) - inside(larger)).abs() < 1e-9 && larger.zoom > start.zoom);
    let small = Area { at: Point { x: 1400.0, y: 250.0 }, size: Size { width: 100.0, height: 40.0 } };
    assert!(start.towards(&small, room).shows(&small, room));
}

// ---- moving and choosing

fn put(state: State, spot: Spot) -> State {
    edit(state, Edit::Diagram(DiagramEdit::Put(AUTHOR_BOX, spot)))
}

#[test]
fn a_move_is_saved_with_the_document_and_can_be_taken_back() {
    let state = put(start(), Spot { x: 40, y: -7 });
    let opened = Project::from_json(&state.project.to_json()).unwrap();
    assert_eq!(opened.diagram.models.get(&AUTHOR), Some(&Spot { x: 40, y: -7 }));
    let arranged = edit(state.clone(), Edit::Diagram(DiagramEdit::Arrange));
    assert!(arranged.project.diagram.is_empty());
    assert_eq!(arranged.after(Action::Undo).project.diagram, state.project.diagram);
    assert!(state.after(Action::Undo).project.diagram.is_empty());
    // What nobody moved leaves no trace in a file.
    assert!(!start().project.to_json().contains("diagram"));
}

#[test]
fn keys_pressed_in_a_row_are_one_step() {
    let nudge = |x: i32| Action::Edit(Edit::Diagram(DiagramEdit::Nudge(AUTHOR_BOX, Spot { x, y: 0 })));
    let state = after(start(), [nudge(8), nudge(16), nudge(24)]);
    assert_eq!(state.history.undo.len(), 1);
    let twice = put(put(start(), Spot { x: 1, y: 1 }), Spot { x: 2, y: 2 });
    assert_eq!(twice.history.undo.len(), 2);
}

#[test]
fn a_move_changes_neither_the_database_nor_the_result() {
    let state = put(start(), Spot { x: 1, y: 1 });
    assert_eq!((state.data_revision, state.query_revision), (0, 0));
    assert!(Rc::ptr_eq(state.good.as_ref().unwrap(), state.compiled.good.as_ref().unwrap()));
    assert_eq!(state.revision, 1);
}

#[test]
fn the_place_of_what_is_deleted_goes_with_it() {
    let state = put(start(), Spot { x: 1, y: 1 });
    let join = Thing::Relationship(LINK);
    let state = edit(state, Edit::Diagram(DiagramEdit::Put(join, Spot { x: 2, y: 2 })));
    let without = edit(state.clone(), Edit::Relationship(LINK, RelationshipEdit::Delete));
    assert_eq!((without.project.diagram.joins.len(), without.project.diagram.models.len()), (0, 1));
    assert!(edit(state, Edit::Model(AUTHOR, ModelEdit::Delete)).project.diagram.is_empty());
}

fn look(state: State, look: Look) -> State {
    state.after(Action::Show(Show::Diagram(look)))
}

#[test]
fn choosing_marks_and_editing_leads_to_the_form() {
    let state = look(start(), Look::Choose(Some(AUTHOR_BOX)));
    assert_eq!((state.view.diagram.chosen, state.view.panel), (Some(AUTHOR_BOX), Panel::Define));
    assert!(state.focus.is_none() && state.revision == 0);
    let shown = after(state, [Action::Show(Show::Panel(Panel::Schema))]);
    let link = Thing::Relationship(RelationshipId(3));
    let edited = look(look(shown, Look::Large(true)), Look::Edit(link));
    assert_eq!((edited.view.diagram.chosen, edited.view.panel), (Some(link), Panel::Define));
    assert!(!edited.view.diagram.large);
    assert_eq!(edited.focus.as_ref().unwrap().element, "r3-left");
    // It can be asked for again.
    let again = look(edited, Look::Choose(Some(link)));
    assert!(again.focus.is_none());
    assert_eq!(look(again, Look::Choose(None)).view.diagram.chosen, None);
}

#[test]
fn an_error_leaves_the_last_good_diagram() {
    let state = after(start(), [rename(AUTHOR, "")]);
    assert!(state.has_errors());
    assert_eq!(charted(&state, false, false).nodes[0].title, "Author");
    let mended = edit(state, Edit::Model(AUTHOR, ModelEdit::Name("Writer".into())));
    assert_eq!(charted(&mended, false, false).nodes[0].title, "Writer");
    let typed = edit(mended, Edit::Field(BOOK, BOOK_TITLE, FieldEdit::Name("name".into())));
    assert_eq!(rows(&charted(&typed, false, false), "Book")[1].0, "name");
}
