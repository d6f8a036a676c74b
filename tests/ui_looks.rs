//! How the diagram is looked at: what is shown of it until somebody says otherwise, and what is seen of it.
#![cfg(all(feature = "page", not(target_arch = "wasm32")))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod page;

use page::start;
use relata::layout::{Point, Size};
use relata::project::Sample;
use relata::ui::action::{Action, Look, Show};
use relata::ui::schema::diagram::places::Area;
use relata::ui::schema::diagram::sight::Sight;
use relata::ui::state::{State, Theme};

/// A join table is what a many-to-many is about: its box is there until somebody switches it off, and stays off.
#[test]
fn join_tables_are_shown_where_there_are_some_until_they_are_switched_off() {
    let shown = |state: &State| state.view.diagram.shows_joins(state.good.as_ref().unwrap());
    let many = State::new(Sample::StudentCourse.project(), Theme::System);
    assert!(shown(&many) && !shown(&start()));
    let off = many.after(Action::Show(Show::Diagram(Look::Joins(false))));
    assert!(!shown(&off));
    assert!(
        !shown(&off.after(Action::OpenSample(Sample::StudentCourse))),
        "another document does not switch it on"
    );
}

/// What is seen stays while one types, but not when the diagram has come to need much less or to lie elsewhere.
#[test]
fn what_is_seen_stays_only_while_it_still_fits() {
    let room = Size { width: 400.0, height: 300.0 };
    let area = |x: f64, width: f64| Area { at: Point { x, y: 0.0 }, size: Size { width, height: 200.0 } };
    let sight = Sight::start(&area(0.0, 560.0), room);
    assert!(sight.does_for(&area(0.0, 560.0), room) && sight.does_for(&area(4.0, 548.0), room));
    let narrow = area(0.0, 300.0);
    assert!(sight.shows(&narrow, room) && !sight.does_for(&narrow, room), "it could be larger");
    let start = Sight::start(&area(0.0, 300.0), room);
    let beside = area(0.0, 200.0);
    assert!(start.shows(&beside, room) && !start.does_for(&beside, room), "it lies at the left");
}
