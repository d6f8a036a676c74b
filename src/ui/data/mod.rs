//! The rows of the models: a grid for each, edited in place.

mod cell;
pub(super) mod generate;
mod grid;
mod links;
mod made;
mod row;
mod view;

use yew::{Callback, Html, MouseEvent, Properties, classes, function_component, html};

use super::action::{Action, DataEdit, Edit, Show};
use super::answers::refused_rows;
use super::app::{PanelProps, use_dispatch};
use super::generating::{Generating, can_follow};
use super::glyph::Glyph;
use super::parts::{Arrivals, tool};
use super::results::words::grouped;
use super::slice::Slice;
use super::state::{Blocked, Good, State};
use super::tone::{Badge, letter, tone};
use crate::project::{Project, Refusal};
use crate::schema::ModelId;
use generate::status;
use grid::Grid;
pub(super) use grid::LONG;

/// The data's panel.
#[function_component]
pub fn DataPanel(props: &PanelProps) -> Html {
    let state = &props.state;
    html! {
        <Tables
            project={Slice::from(&state.project)}
            good={state.good.as_ref().map(Slice::from)}
            refusals={Slice::from(&state.refusals)}
            shown={state.view.grid}
            late={is_late(state)}
            generating={Slice::from(&state.generating)}
            follows={state.has_errors() || can_follow(state)}
            parts={state.parts}
            blocked={state.blocked.as_ref().map(Slice::from)}
        />
    }
}

/// Whether the database has not been made from the data as it stands, because the schema has errors.
fn is_late(state: &State) -> bool {
    state.has_errors() && state.opened.is_none_or(|opened| opened < state.data_revision)
}

#[derive(Properties, PartialEq)]
struct TablesProps {
    project: Slice<Project>,
    good: Option<Slice<Good>>,
    refusals: Slice<Vec<Refusal>>,
    shown: Option<ModelId>,
    late: bool,
    generating: Slice<Generating>,
    /// Whether the recipe of generated rows can be followed.
    follows: bool,
    parts: Arrivals,
    /// The row that was not deleted, and why.
    blocked: Option<Slice<Blocked>>,
}

#[function_component]
fn Tables(props: &TablesProps) -> Html {
    let dispatch = use_dispatch();
    let draft = &props.project.draft;
    let tab = |model: ModelId| tab(props, model, &dispatch);
    let some = props.project.data.generated.is_some();
    let shown = props.shown.filter(|model| draft.model(*model).is_some());
    let add = shown.map(|model| {
        let onclick = dispatch.reform(move |_: MouseEvent| Action::Edit(Edit::Data(DataEdit::AddRow(model))));
        html! {
            <button type="button" id="add-row" class="button button--add" {onclick}>{ Glyph::Plus.draw() }{ "Row" }</button>
        }
    });
    html! {
        <>
            <div class="panel__head data__head">
                <h2 class="panel__title">{ "Data" }</h2>
                <div class="data__tabs" role="group" aria-label="Model">
                    { for draft.models.iter().map(|model| tab(model.id)) }
                </div>
                { add }
                { status(&props.generating, props.follows, some, &dispatch) }
                { troubles(props, &dispatch) }
            </div>
            if let Some(model) = shown {
                <Grid
                    key={model.to_string()}
                    {model}
                    project={props.project.clone()}
                    good={props.good.clone()}
                    refusals={props.refusals.clone()}
                    made={props.generating.count(model)}
                    shown={props.generating.shown.as_ref().map(Slice::from)}
                    blocked={props.blocked.clone()}
                />
            } else {
                <p class="data__empty">{ "Each model gets a table here, to be filled with rows." }</p>
            }
            if let (Some(form), Some(good)) = (props.generating.form.clone(), props.good.clone()) {
                { tool(props.parts, &dispatch, |tools| (tools.generate)(&props.project, &good, &form)) }
            }
        </>
    }
}

fn tab(props: &TablesProps, model: ModelId, dispatch: &Callback<Action>) -> Html {
    let (project, shown) = (&props.project, props.shown == Some(model));
    let rows = project.data.rows_of(model).len() as u32 + props.generating.count(model);
    let draft = &project.draft;
    let name = draft.model(model).map_or("", |model| model.name.trim());
    let onclick = dispatch.reform(move |_: MouseEvent| Action::Show(Show::Grid(model)));
    html! {
        <button
            type="button"
            key={model.to_string()}
            class={classes!("data__tab", tone(draft, model))}
            data-of={model.to_string()}
            aria-pressed={if shown { "true" } else { "false" }}
            {onclick}
        >
            <Badge tone={tone(draft, model)} letter={letter(draft, model)} />
            <span>{ if name.is_empty() { "(no name)" } else { name } }</span>
            <span class="data__count">{ grouped(rows) }</span>
        </button>
    }
}

/// How many rows are not in the database, and where they are.
fn troubles(props: &TablesProps, dispatch: &Callback<Action>) -> Html {
    if props.late {
        return html! {
            <span class="data__trouble">{ "The database has the data from before the errors in the schema." }</span>
        };
    }
    let mut rows: Vec<_> = refused_rows(&props.refusals).collect();
    rows.sort_unstable();
    rows.dedup();
    let pairs = props.refusals.len() - refused_rows(&props.refusals).count();
    let Some(&first) = rows.first() else {
        return if pairs == 0 {
            Html::default()
        } else {
            html! { <span class="data__trouble">{ format!("{pairs} links are not in the database") }</span> }
        };
    };
    let models = props.project.draft.models.iter().map(|model| model.id);
    let at = models.into_iter().find(|model| props.project.data.row(*model, first).is_some());
    let text = match rows.len() {
        1 => "1 row is not in the database".to_owned(),
        many => format!("{many} rows are not in the database"),
    };
    let onclick = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(model) = at {
                dispatch.emit(Action::Show(Show::Grid(model)));
            }
        })
    };
    html! {
        <button type="button" class="data__trouble button button--quiet" title="Show them" {onclick}>{ text }</button>
    }
}
