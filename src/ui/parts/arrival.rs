//! How parts come: loaded one after the other, and then kept.

use yew::{UseReducerHandle, hook};

use super::answers::Answers;
use super::tools::Tools;
use crate::ui::state::State;

#[cfg(not(feature = "split"))]
pub(super) fn answers() -> Option<&'static Answers> {
    Some(&super::answers::ANSWERS)
}

#[cfg(not(feature = "split"))]
pub(super) fn tools() -> Option<&'static Tools> {
    Some(&super::tools::TOOLS)
}

#[cfg(feature = "split")]
pub(super) use self::split::{answers, tools};

/// Loads the parts that are not there: first what answers, and when the database is there, or cannot be, the tools.
#[hook]
pub fn use_parts(state: &UseReducerHandle<State>) {
    #[cfg(feature = "split")]
    {
        use super::Part;
        use crate::ui::state::EngineStatus;
        split::use_part(state, Part::Answers, true);
        split::use_part(state, Part::Tools, state.engine != EngineStatus::Starting);
    }
    #[cfg(not(feature = "split"))]
    let _ = state;
}

/// The functions at which the program is cut, and what they gave.
#[cfg(feature = "split")]
// The attribute writes the declarations of a foreign function for each: the linker's view of the other file.
#[allow(unsafe_code, reason = "wasm_split writes it")]
mod split {
    use std::cell::Cell;

    use wasm_bindgen_futures::spawn_local;
    use wasm_split_helpers::{SplitLoaderError, wasm_split};
    use yew::{UseReducerHandle, hook, use_effect_with};

    use super::super::{Arrival, Part};
    use super::{Answers, State, Tools};
    use crate::ui::action::Action;
    use crate::ui::parts::{answers::ANSWERS, tools::TOOLS};

    thread_local! {
        static ANSWERS_HERE: Cell<Option<&'static Answers>> = const { Cell::new(None) };
        static TOOLS_HERE: Cell<Option<&'static Tools>> = const { Cell::new(None) };
    }

    pub(crate) fn answers() -> Option<&'static Answers> {
        ANSWERS_HERE.get()
    }

    pub(crate) fn tools() -> Option<&'static Tools> {
        TOOLS_HERE.get()
    }

    #[wasm_split(answers, fallible)]
    fn load_answers() -> Result<&'static Answers, SplitLoaderError> {
        Ok(&ANSWERS)
    }

    #[wasm_split(tools, fallible)]
    fn load_tools() -> Result<&'static Tools, SplitLoaderError> {
        Ok(&TOOLS)
    }

    async fn load(part: Part) -> Result<(), SplitLoaderError> {
        match part {
            Part::Answers => ANSWERS_HERE.set(Some(load_answers().await?)),
            Part::Tools => TOOLS_HERE.set(Some(load_tools().await?)),
        }
        Ok(())
    }

    /// Loads a part as soon as it is wanted, and again when it is to be tried again.
    #[hook]
    pub(super) fn use_part(state: &UseReducerHandle<State>, part: Part, wanted: bool) {
        let dispatcher = state.dispatcher();
        let load_now = wanted && state.parts.of(part) == Arrival::Coming;
        use_effect_with(load_now, move |load_now| {
            if *load_now {
                spawn_local(async move {
                    let arrival = match load(part).await {
                        Ok(()) => Arrival::Here,
                        Err(_) => Arrival::Failed,
                    };
                    dispatcher.dispatch(Action::Part(part, arrival));
                });
            }
        });
    }
}
