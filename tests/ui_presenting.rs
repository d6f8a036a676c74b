//! The page as a class sees it, the query as a sentence, and the advice of a first visit: what shows and hides them.
#![cfg(all(feature = "page", not(target_arch = "wasm32")))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod page;

use page::{AUTHOR, after, served, start, yes};
use relata::project::Sample;
use relata::ui::action::{Action, Edit, Look, Show};
use relata::ui::commands::{Deed, everywhere};
use relata::ui::schema::diagram::Thing;
use relata::ui::scripting::Task;
use relata::ui::state::{Panel, ResultTab, State};

fn show(show: Show) -> Action {
    Action::Show(show)
}

fn presented(state: State) -> State {
    state.after(show(Show::Presenting(true)))
}

fn ran(state: State) -> State {
    served(state.after(Action::Run), yes)
}

#[test]
fn what_leads_to_the_form_or_the_data_ends_the_presentation_and_nothing_else_does() {
    for panel in [Panel::Define, Panel::Data] {
        assert!(!presented(start()).after(show(Show::Panel(panel))).view.presenting, "{panel:?}");
    }
    for panel in [Panel::Schema, Panel::Query] {
        assert!(presented(start()).after(show(Show::Panel(panel))).view.presenting, "{panel:?}");
    }
    let edited = presented(start()).after(show(Show::Diagram(Look::Edit(Thing::Model(AUTHOR)))));
    assert_eq!((edited.view.presenting, edited.view.panel), (false, Panel::Define));
    let other =
        after(presented(start()), [Action::OpenSample(Sample::StudentCourse), Action::Run, Action::Undo]);
    assert!(other.view.presenting);
    assert!(!other.after(show(Show::Presenting(false))).view.presenting);
}

#[test]
fn the_diagram_is_neither_folded_nor_over_everything_when_a_class_looks_on() {
    let hidden =
        after(start(), [show(Show::Diagram(Look::Folded(true))), show(Show::Diagram(Look::Large(true)))]);
    let looks = presented(hidden).view.diagram;
    assert!(!looks.folded && !looks.large);
}

#[test]
fn the_statements_stand_below_the_diagram_while_something_else_of_the_result_is_shown() {
    assert!(!presented(start()).statements_beside(), "nothing was sent yet");
    let sent = presented(ran(start()));
    assert!(!sent.statements_beside(), "they are shown already");
    let rows = sent.after(show(Show::Result(ResultTab::Rows)));
    assert!(rows.statements_beside());
    assert!(!rows.clone().after(show(Show::Task(Task::Session))).statements_beside());
    assert!(!rows.after(show(Show::Presenting(false))).statements_beside());
}

#[test]
fn the_query_is_a_sentence_after_it_has_run_until_it_is_to_be_changed() {
    assert!(!start().view.query_folded);
    let folded = ran(start());
    assert!(folded.view.query_folded);
    let open = folded.after(show(Show::QueryFolded(false)));
    assert_eq!(open.focus.as_ref().unwrap().element, "query-root");
    assert!(!presented(start()).view.query_folded, "what has not run is still to be asked");
    assert!(presented(open).view.query_folded);
    // A query with errors does not run: it has to be mended.
    let wrong = start().after(Action::Edit(Edit::Query(relata::ui::action::QueryEdit::Limit("x".into()))));
    assert!(!wrong.after(Action::Run).view.query_folded);
}

#[test]
fn a_command_presents_and_moves_the_focus_to_what_is_still_there() {
    let commands = everywhere();
    let present = commands.iter().find(|command| command.name.starts_with("Present")).unwrap();
    assert_eq!(
        present.deeds,
        [
            Deed::Act(show(Show::Presenting(true))),
            Deed::Focus(format!("#{}", relata::ui::presenting::BUTTON))
        ]
    );
}

#[test]
fn the_advice_of_a_first_visit_goes_when_it_is_closed() {
    let mut first = start();
    first.view.tips = true;
    assert!(ran(first.clone()).view.tips);
    assert!(!first.after(show(Show::Tips(false))).view.tips);
}
