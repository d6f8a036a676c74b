//! What is seldom asked. Where the worker's program is cut (feature `split`, which `cargo xtask build` sets), all that
//! only this needs is a file of its own, loaded when it is first asked for; in every other build it is there from the
//! start.

#[cfg(target_arch = "wasm32")]
use std::rc::Rc;

#[cfg(target_arch = "wasm32")]
use web_sys::Blob;

use super::compare::compare;
#[cfg(target_arch = "wasm32")]
use super::keeping::Keeping;
use super::session::{Session, no_project, protocol, run_script};
use crate::protocol::{Answer, Ask, Failure, Progress};
#[cfg(target_arch = "wasm32")]
use crate::protocol::{KeptAsk, RequestId};

/// The functions of this part.
pub(super) struct Seldom {
    /// Answers what is seldom asked.
    pub(super) answer: fn(&mut Session, Ask, &mut dyn FnMut(Progress)) -> Result<Answer, Failure>,
    /// Answers, some time later, what is asked of the database that is kept.
    #[cfg(target_arch = "wasm32")]
    pub(super) keep: fn(Rc<Keeping>, RequestId, KeptAsk, Option<Blob>),
    /// SQL was run, on the database that is kept if there is one.
    #[cfg(target_arch = "wasm32")]
    pub(super) after_run: fn(Rc<Keeping>),
}

static SELDOM: Seldom = Seldom {
    answer,
    #[cfg(target_arch = "wasm32")]
    keep: |keeping, id, ask, content| wasm_bindgen_futures::spawn_local(keeping.answer(id, ask, content)),
    #[cfg(target_arch = "wasm32")]
    after_run: |keeping| wasm_bindgen_futures::spawn_local(keeping.after_run()),
};

/// Whether a question needs this part.
#[cfg(feature = "split")]
pub(super) fn is_seldom(ask: &Ask) -> bool {
    !matches!(ask, Ask::Hello | Ask::Open(..) | Ask::Run(..) | Ask::Rows(_))
}

/// The part, if it is there.
pub(super) fn seldom() -> Option<&'static Seldom> {
    #[cfg(feature = "split")]
    return split::HERE.get();
    #[cfg(not(feature = "split"))]
    Some(&SELDOM)
}

fn answer(session: &mut Session, ask: Ask, tell: &mut dyn FnMut(Progress)) -> Result<Answer, Failure> {
    match ask {
        Ask::Foresee(model, rows) => {
            let consequences = session.database()?.foresee(model, &rows)?;
            Ok(Answer::Foreseen(consequences))
        }
        Ask::Script(asked) => run_script(*asked),
        Ask::Compare(query, limits) => {
            let comparison = compare(session.database()?, &query, limits)?;
            Ok(Answer::Compared(Box::new(comparison)))
        }
        Ask::Sql(text, limits) => {
            if let Some(apart) = &session.apart {
                let outcome = session.console.run_apart(apart, &text, limits);
                return Ok(Answer::SqlRan(Box::new(outcome)));
            }
            let database = session.database.as_ref().ok_or_else(no_project)?;
            let outcome = session.console.run(database, &text, limits)?;
            Ok(Answer::SqlRan(Box::new(outcome)))
        }
        Ask::SqlRows(wanted) => Ok(Answer::SqlRows(session.console.rows(session.database.as_ref(), wanted)?)),
        Ask::Kept(_) => Err(protocol("Here nothing can be kept.")),
        Ask::Fill(part) => session.fill(part, tell),
        Ask::Made(wanted) => {
            let made = session.made.as_mut().ok_or_else(|| protocol("No rows were generated."))?;
            Ok(Answer::Made(made.show(wanted)))
        }
        Ask::Hello | Ask::Open(..) | Ask::Run(..) | Ask::Rows(_) => session.answer_telling(ask, tell),
    }
}

/// Loads the part.
///
/// # Errors
/// It could not be loaded; the browser's console says why.
#[cfg(feature = "split")]
pub(super) use split::load;

/// The function at which the program is cut, and what it gave.
#[cfg(feature = "split")]
#[allow(unsafe_code, reason = "wasm_split declares the foreign function that is in the other file")]
mod split {
    use std::cell::Cell;

    use wasm_split_helpers::{SplitLoaderError, wasm_split};

    use super::{SELDOM, Seldom};

    thread_local! {
        pub(super) static HERE: Cell<Option<&'static Seldom>> = const { Cell::new(None) };
    }

    #[wasm_split(seldom, fallible)]
    fn part() -> Result<&'static Seldom, SplitLoaderError> {
        Ok(&SELDOM)
    }

    pub(in super::super) async fn load() -> Result<(), SplitLoaderError> {
        HERE.set(Some(part().await?));
        Ok(())
    }
}
