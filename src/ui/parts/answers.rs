//! The part that understands the worker, and shows the data, the diagram, and what comes of a query.

use std::rc::Rc;

use wasm_bindgen::JsValue;
use yew::{Html, html};

use crate::project::{Project, Sample};
use crate::protocol::Response;
use crate::ui::action::{Action, Edit};
use crate::ui::data::DataPanel;
use crate::ui::define;
use crate::ui::generating;
use crate::ui::legend::Legend;
use crate::ui::query;
use crate::ui::reduce_behind;
use crate::ui::results::{self, Results};
use crate::ui::schema::diagram;
use crate::ui::slice::Slice;
use crate::ui::state::{Good, State};
use crate::wire::from_js;

/// Its functions.
pub struct Answers {
    /// The state after an action that only this part can cause.
    pub after: fn(State, Action) -> State,
    /// Makes an edit that only this part asks for.
    pub apply: fn(&mut Project, &Edit),
    /// The project of any sample.
    pub sample: fn(Sample) -> Project,
    /// Whether the document's recipe for generated rows can be followed as the schema stands.
    pub can_follow: fn(&State) -> bool,
    /// What the worker says.
    pub read: fn(JsValue) -> Result<Response, String>,
    /// What the form about the schema has behind its buttons.
    pub(in crate::ui) define: &'static define::Behind,
    /// What the form of the query shows only sometimes.
    pub(in crate::ui) query: &'static query::Behind,
    /// What came back.
    pub results: fn(&Slice<State>) -> Html,
    /// The statements of the last query, where they stand beside what came of it.
    pub statements: fn(&State) -> Html,
    /// The rows of the models.
    pub data: fn(&Slice<State>) -> Html,
    /// The diagram of the last good schema.
    pub diagram: fn(&State, &Rc<Good>, &Legend) -> Html,
}

pub(super) static ANSWERS: Answers = Answers {
    after: reduce_behind::after,
    apply: reduce_behind::apply,
    sample: Sample::project,
    can_follow: generating::can_follow,
    read: from_js,
    define: &define::BEHIND,
    query: &query::BEHIND,
    results: |state| html! { <Results state={state.clone()} /> },
    statements: results::statements_beside,
    data: |state| html! { <DataPanel state={state.clone()} /> },
    diagram: diagram::diagram,
};

/// The part, if it is there.
pub fn answers() -> Option<&'static Answers> {
    super::arrival::answers()
}
