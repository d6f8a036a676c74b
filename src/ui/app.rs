//! The root component: holds the state, hands slices of it down and the dispatcher round.
//!
//! How the panels get what they need:
//! - Each panel (`define::DefinePanel`, `schema::SchemaPanel`, `data::DataPanel`, `query::QueryForm`,
//!   `results::Results`) has [`PanelProps`]: `state: Slice<State>`. A new one comes with every action, so a panel
//!   itself draws little: it gives its children parts of it as [`Slice`]s (`Slice::from(&state.project)`, which are
//!   equal while that part is the same), and those are drawn only when their part changes.
//! - Actions go up through [`use_dispatch`]: a `Callback<Action>` that stays the same for the whole life of the page.
//! - In a test, put a component inside `<ContextProvider<Dispatch> context={callback}>`.

use wasm_bindgen_futures::spawn_local;
use yew::{
    Callback, ContextProvider, Html, Properties, Renderer, function_component, hook, html, use_context,
    use_reducer,
};

use super::action::Action;
use super::effects::{use_engine, use_focus, use_history, use_saving, use_theme, use_tips};
use super::keeper::use_keeper;
use super::parts::use_parts;
use super::pointing::use_pointing;
use super::presenting::use_presenting;
use super::shell::Shell;
use super::slice::Slice;
use super::state::State;
use super::storage;

/// Where actions go. The only thing that lives in a Yew context.
pub type Dispatch = Callback<Action>;

/// Properties of each panel.
#[derive(Properties, PartialEq, Clone)]
pub struct PanelProps {
    /// The state as it is.
    pub state: Slice<State>,
}

/// The way up for actions. Without a context around, in a test, they go nowhere.
#[hook]
pub fn use_dispatch() -> Dispatch {
    use_context::<Dispatch>().unwrap_or_else(Callback::noop)
}

/// Properties of [`App`].
#[derive(Properties, PartialEq)]
pub struct AppProps {
    /// The state to begin with.
    pub first: Slice<State>,
}

/// Draws the page, with the project from last time or a sample.
pub fn start() {
    spawn_local(async {
        let first = Slice::new(storage::first_state().await);
        Renderer::<App>::with_props(AppProps { first }).render();
    });
}

/// The page.
#[function_component]
pub fn App(props: &AppProps) -> Html {
    let state = use_reducer(|| (*props.first).clone());
    use_engine(&state);
    use_keeper(&state);
    use_saving(&state);
    use_theme(&state);
    use_history(&state);
    use_tips(&state);
    use_focus(&state);
    use_pointing();
    use_presenting(&state);
    use_parts(&state);
    let dispatch: Dispatch = state.dispatcher().to_callback();
    let slice = Slice::new((*state).clone());
    html! {
        <ContextProvider<Dispatch> context={dispatch}>
            <Shell state={slice} />
        </ContextProvider<Dispatch>>
    }
}
