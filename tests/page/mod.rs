//! The page's state and a worker that says yes to everything, for the tests of the reducer.
#![allow(dead_code, reason = "each of the tests uses what it needs")]

use relata::project::Sample;
use relata::protocol::{
    Answer, Ask, BUILD, Changes, Comparison, Consequences, Failure, FailureKind, GraphView, KeptTold,
    MadeShown, Outcome, ResultShape, RowsShown, ScriptOutcome, SqlOutcome, SqlRowsShown,
};
use relata::query::StepId;
use relata::schema::{FieldId, ModelId, RelationshipId};
use relata::ui::action::{Action, Edit, ModelEdit};
use relata::ui::pump::due;
use relata::ui::state::{State, Theme};

pub(crate) const AUTHOR: ModelId = ModelId(1);
pub(crate) const BOOK: ModelId = ModelId(2);
pub(crate) const LINK: RelationshipId = RelationshipId(3);
pub(crate) const AUTHOR_NAME: FieldId = FieldId(5);
pub(crate) const BOOK_TITLE: FieldId = FieldId(7);

pub(crate) fn start() -> State {
    State::new(Sample::AuthorBook.project(), Theme::System)
}

/// The state after these actions.
pub(crate) fn after(state: State, actions: impl IntoIterator<Item = Action>) -> State {
    actions.into_iter().fold(state, State::after)
}

pub(crate) fn edit(state: State, edit: Edit) -> State {
    state.after(Action::Edit(edit))
}

pub(crate) fn rename(model: ModelId, name: &str) -> Action {
    Action::Edit(Edit::Model(model, ModelEdit::Name(name.into())))
}

pub(crate) fn name_of(state: &State, model: ModelId) -> &str {
    &state.project.draft.model(model).unwrap().name
}

/// Sends what is due and answers it, until nothing is due: a worker that says yes to everything.
pub(crate) fn served(mut state: State, answer: impl Fn(&Ask) -> Result<Answer, Failure>) -> State {
    while let Some((request, asked)) = due(&state, true) {
        let answer = answer(&request.ask);
        state = after(state, [Action::Asked(request.id, asked), Action::Answered(request.id, answer)]);
    }
    state
}

pub(crate) fn yes(ask: &Ask) -> Result<Answer, Failure> {
    Ok(match ask {
        Ask::Hello => Answer::Hello { build: BUILD.into(), sqlite: "3".into() },
        Ask::Open(..) => Answer::Opened(Vec::new()),
        Ask::Run(..) => Answer::Ran(Box::new(outcome(1, 0))),
        Ask::Sql(..) => {
            Answer::SqlRan(Box::new(SqlOutcome { number: 1, statements: Vec::new(), failure: None }))
        }
        Ask::SqlRows(wanted) => {
            let shown = RowsShown { wanted: *wanted, rows: Vec::new() };
            Answer::SqlRows(SqlRowsShown { shown, documents: Vec::new() })
        }
        Ask::Rows(wanted) => Answer::Rows(RowsShown { wanted: *wanted, rows: Vec::new() }),
        Ask::Foresee(_, rows) => {
            Answer::Foreseen(Consequences::Allowed(Changes { deleted: rows.clone(), ..Changes::default() }))
        }
        Ask::Fill(_) => Answer::Opened(Vec::new()),
        Ask::Made(wanted) => Answer::Made(MadeShown { wanted: *wanted, rows: Vec::new() }),
        Ask::Script(_) => Answer::Scripted(Box::new(ScriptOutcome {
            happenings: Vec::new(),
            objects: Vec::new(),
            before: Vec::new(),
            sources: Vec::new(),
            tables: Vec::new(),
            dangling: Vec::new(),
            failure: None,
        })),
        Ask::Kept(_) => Answer::Kept(KeptTold::Closed),
        Ask::Compare(..) => Answer::Compared(Box::new(Comparison { ways: Vec::new() })),
    })
}

pub(crate) fn outcome(number: u32, rows: u32) -> Outcome {
    let shape = ResultShape { step: StepId(0), columns: Vec::new(), nodes: Vec::new(), rows };
    Outcome {
        number,
        statements: Vec::new(),
        results: vec![shape],
        graph: GraphView::default(),
        failure: None,
    }
}

pub(crate) fn failure(message: &str) -> Failure {
    Failure { kind: FailureKind::Sqlite, message: message.into(), sqlite: "its words".into() }
}
