//! The part that asks the worker, and shows the data, the diagram, and what comes of a query.

use std::rc::Rc;

use yew::{Callback, Html, html};

use crate::ui::action::Action;
use crate::ui::bridge::{Bridge, Line};
use crate::ui::data::DataPanel;
use crate::ui::legend::Legend;
use crate::ui::results::Results;
use crate::ui::schema::diagram;
use crate::ui::slice::Slice;
use crate::ui::state::{Good, State};

/// Its functions.
pub struct Answers {
    /// Starts a worker.
    pub engine: fn(Callback<Action>) -> Result<Box<dyn Line>, String>,
    /// What came back.
    pub results: fn(&Slice<State>) -> Html,
    /// The rows of the models.
    pub data: fn(&Slice<State>) -> Html,
    /// The diagram of the last good schema.
    pub diagram: fn(&State, &Rc<Good>, &Legend) -> Html,
}

pub(super) static ANSWERS: Answers = Answers {
    engine: |tell| Ok(Box::new(Bridge::start(tell)?)),
    results: |state| html! { <Results state={state.clone()} /> },
    data: |state| html! { <DataPanel state={state.clone()} /> },
    diagram: diagram::diagram,
};

/// The part, if it is there.
pub fn answers() -> Option<&'static Answers> {
    super::arrival::answers()
}
