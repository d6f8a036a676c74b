//! The console's own database: chosen, made of a file, refused, lost, and what SQL runs on meanwhile.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use relata::protocol::{Answer, Ask, KeptAsk, KeptName, KeptNow, KeptTold, Limits, RequestId, SqlOutcome};
use relata::ui::action::{Action, Asked, Edit, Show};
use relata::ui::console::size;
use relata::ui::keeping::{Keep, Status};
use relata::ui::pump::due;
use relata::ui::scripting::Task;
use relata::ui::state::State;

mod page;
use page::{after, edit, served, start, yes};

fn now(name: &str) -> KeptNow {
    let words = "Kept in this browser.".into();
    KeptNow { name: name.into(), bytes: 8192, only_in_memory: false, at_once: true, words }
}

fn kept(name: &str) -> KeptName {
    KeptName { name: name.into(), bytes: 8192 }
}

/// Sends what is wanted, and gives this answer.
fn answered(state: State, told: KeptTold) -> State {
    let id = RequestId(state.last_request + 1);
    let answer = Action::Answered(id, Ok(Answer::Kept(told)));
    after(state, [Action::Keep(Keep::Asked(id)), answer])
}

/// The console, shown, with these databases.
fn shown(names: &[&str]) -> State {
    let state = after(served(start(), yes), [Action::Show(Show::Task(Task::Sql)), Action::Keep(Keep::Shown)]);
    assert_eq!((state.keeping.worker, &state.keeping.wanted), (1, &Some(KeptAsk::List)));
    answered(state, KeptTold::Listed(names.iter().map(|name| kept(name)).collect()))
}

fn open(name: &str) -> State {
    let state = shown(&[name]).after(Action::Keep(Keep::Choose(Some(name.into()))));
    let ask = KeptAsk::Open { name: name.into(), copy: false };
    assert_eq!(state.keeping.wanted, Some(ask));
    answered(state, KeptTold::Open(now(name)))
}

#[test]
fn sql_runs_on_what_is_chosen() {
    let state = edit(shown(&["notes"]), Edit::Sql("SELECT 1".into()));
    let state = state.after(Action::Keep(Keep::Choose(Some("notes".into())))).after(Action::Run);
    assert!(due(&state, true).is_none(), "it waits until the database is open");
    let state = answered(state, KeptTold::Open(now("notes")));
    assert_eq!(state.keeping.remembered.as_deref(), Some("notes"));
    let (request, asked) = due(&state, true).unwrap();
    assert_eq!((request.ask, &asked), (Ask::Sql("SELECT 1".into(), Limits::default()), &Asked::Sql));
    let outcome = SqlOutcome { number: 1, statements: vec![], failure: None };
    let answer = Ok(Answer::SqlRan(Box::new(outcome)));
    let state = after(state, [Action::Asked(request.id, asked), Action::Answered(request.id, answer)]);
    let ran = state.console.ran.clone().unwrap();
    assert!(ran.good.schema.models().next().is_none(), "its columns are not those of the project's models");
    // What came of it goes with the database.
    let state = state.after(Action::Keep(Keep::Choose(None)));
    assert_eq!((state.keeping.wanted.clone(), state.console.ran.clone()), (Some(KeptAsk::Close), None));
    assert_eq!(state.keeping.remembered, None);
}

#[test]
fn the_one_from_last_time_is_opened_again_if_it_is_still_there() {
    for (there, wanted) in [(vec![kept("notes")], Some("notes")), (Vec::new(), None)] {
        let mut state = start();
        state.keeping.remembered = Some("notes".into());
        let state = answered(state.after(Action::Keep(Keep::Shown)), KeptTold::Listed(there));
        assert_eq!(state.keeping.name(), wanted);
    }
}

#[test]
fn a_file_gets_a_name_of_its_own_and_says_how_far_it_is() {
    let state = shown(&["big", "big 2"]).after(Action::Keep(Keep::File("big.sqlite".into())));
    assert_eq!(state.keeping.status, Status::Opening("big 3".into()));
    let id = RequestId(state.last_request + 1);
    let progress = KeptTold::Progress { read: 4, of: 100 };
    let state =
        after(state, [Action::Keep(Keep::Asked(id)), Action::Answered(id, Ok(Answer::Kept(progress)))]);
    assert_eq!(state.keeping.progress, Some((4, 100)));
    let stopped = state.clone().after(Action::Keep(Keep::Stop));
    assert_eq!(stopped.keeping.stops, 1);
    let told = KeptTold::Refused { taken: false, words: "Stopped. Nothing was changed.".into() };
    let stopped = stopped.after(Action::Answered(id, Ok(Answer::Kept(told))));
    assert_eq!((&stopped.keeping.status, stopped.keeping.progress), (&Status::Project, None));
    let state = state.after(Action::Answered(id, Ok(Answer::Kept(KeptTold::Open(now("big 3"))))));
    let names: Vec<&str> = state.keeping.all.iter().map(|kept| kept.name.as_str()).collect();
    assert_eq!(names, ["big", "big 2", "big 3"]);
}

#[test]
fn what_another_tab_has_can_be_had_as_a_copy() {
    let state = shown(&["notes"]).after(Action::Keep(Keep::Choose(Some("notes".into()))));
    let state = answered(state, KeptTold::Refused { taken: true, words: "Another tab has it.".into() });
    assert_eq!(state.keeping.status, Status::Project);
    assert!(state.keeping.trouble.as_ref().unwrap().taken);
    let state = state.after(Action::Keep(Keep::Copy));
    assert_eq!(state.keeping.wanted, Some(KeptAsk::Open { name: "notes".into(), copy: true }));
    let copy = KeptNow { only_in_memory: true, at_once: false, ..now("notes") };
    let state = answered(state, KeptTold::Open(copy));
    assert_eq!(state.keeping.remembered, None, "a copy is not there after a reload");
}

#[test]
fn a_lost_worker_takes_only_what_was_in_memory() {
    let state = open("notes").after(Action::Keep(Keep::Lost("It failed.".into())));
    assert_eq!(state.keeping.worker, 2);
    assert_eq!(state.keeping.wanted, Some(KeptAsk::Open { name: "notes".into(), copy: false }));
    let memory = KeptNow { only_in_memory: true, at_once: false, ..now("notes") };
    let state = answered(
        open("notes").after(Action::Keep(Keep::Choose(Some("notes".into())))),
        KeptTold::Open(memory),
    );
    let state = state.after(Action::Keep(Keep::Lost("It failed.".into())));
    assert_eq!(state.keeping.status, Status::Project);
    assert!(state.keeping.trouble.unwrap().words.contains("was lost"));
}

#[test]
fn what_is_only_in_memory_is_not_left_without_asking() {
    let copy = KeptNow { only_in_memory: true, at_once: false, ..now("notes") };
    let state = open("notes").after(Action::Answered(RequestId(0), Ok(Answer::Kept(KeptTold::Open(copy)))));
    let asked = state.after(Action::Keep(Keep::Choose(None)));
    assert!(asked.keeping.is_apart() && asked.keeping.wanted.is_none());
    let stays = asked.clone().after(Action::Keep(Keep::Leave(false)));
    assert_eq!((stays.keeping.name(), &stays.keeping.leaving), (Some("notes"), &None));
    let leaves = asked.after(Action::Keep(Keep::Leave(true)));
    assert_eq!((&leaves.keeping.status, &leaves.keeping.wanted), (&Status::Project, &Some(KeptAsk::Close)));
}

#[test]
fn deleting_is_asked_first() {
    let state = open("notes").after(Action::Keep(Keep::Delete(true)));
    assert!(state.keeping.deleting && state.keeping.wanted.is_none());
    let state = state.after(Action::Keep(Keep::DeleteNow));
    assert_eq!((&state.keeping.status, &state.keeping.wanted), (&Status::Project, &Some(KeptAsk::Delete)));
    let state = answered(state, KeptTold::Closed);
    assert_eq!(state.keeping.wanted, Some(KeptAsk::List));
}

#[test]
fn what_is_told_of_the_open_one_shows_at_once() {
    let full =
        KeptNow { only_in_memory: true, at_once: false, words: "Only in memory: …".into(), ..now("notes") };
    let state = open("notes");
    let told = |id: u32, now: KeptNow| Action::Answered(RequestId(id), Ok(Answer::Kept(KeptTold::Open(now))));
    assert_eq!(state.clone().after(told(0, full.clone())).keeping.open(), Some(&full));
    assert_eq!(state.after(told(0, now("other"))).keeping.open(), Some(&now("notes")));
}

#[test]
fn sizes_are_told_as_people_read_them() {
    let told: Vec<String> = [0, 512, 8_192, 1_000_000, 104_857_600].into_iter().map(size).collect();
    assert_eq!(told, ["0 bytes", "512 bytes", "9 KB", "1.0 MB", "104 MB"]);
}
