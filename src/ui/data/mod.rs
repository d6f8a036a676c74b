//! The rows of the models: a tab for each model, and its rows as a grid in which everything is typed in place.

mod columns;
mod grid;
mod links;
mod row;

use yew::{Html, MouseEvent, classes, function_component, html};

use super::action::{Action, DataEdit, Edit, Show};
use super::answers::refused_rows;
use super::app::{PanelProps, use_dispatch};
use super::glyph::Glyph;
use super::state::State;
use super::tone::{Badge, letter, tone};
use crate::schema::{ModelDraft, ModelId};
use grid::Grid;

/// The rows of the models.
#[function_component]
pub fn DataPanel(props: &PanelProps) -> Html {
    let state = &props.state;
    let dispatch = use_dispatch();
    let shown = shown_model(state);
    let tab = |model: &ModelDraft| {
        let onclick = {
            let id = model.id;
            dispatch.reform(move |_: MouseEvent| Action::Show(Show::Grid(id)))
        };
        model_tab(state, model, shown == Some(model.id), onclick)
    };
    html! {
        <>
            <div class="panel__head data__head">
                <h2 class="panel__title">{ "Data" }</h2>
                <nav class="data__tabs" aria-label="Models">{ for state.project.draft.models.iter().map(tab) }</nav>
                if let Some(model) = shown {
                    <button type="button" class="button button--add"
                        onclick={dispatch.reform(move |_: MouseEvent| Action::Edit(Edit::Data(DataEdit::AddRow(model))))}>
                        { Glyph::Plus.draw() }{ "Row" }
                    </button>
                }
            </div>
            <div class="panel__body">
                if let Some(model) = shown {
                    <Grid key={model.0} state={state.clone()} {model} />
                } else {
                    <p class="data__empty">{ "There is no model yet. Add one under Define, then fill in its rows here." }</p>
                }
            </div>
        </>
    }
}

/// The model whose rows are shown: the one chosen, else the first.
fn shown_model(state: &State) -> Option<ModelId> {
    let draft = &state.project.draft;
    let chosen = state.view.grid.filter(|id| draft.model(*id).is_some());
    chosen.or_else(|| draft.models.first().map(|model| model.id))
}

fn model_tab(state: &State, model: &ModelDraft, shown: bool, onclick: yew::Callback<MouseEvent>) -> Html {
    let draft = &state.project.draft;
    let rows = state.project.data.rows_of(model.id);
    let refused = refused_rows(&state.refusals).filter(|id| rows.iter().any(|row| row.id == *id)).count();
    html! {
        <button type="button" key={model.id.0} {onclick}
            class={classes!("data__tab", tone(draft, model.id))}
            aria-pressed={if shown { "true" } else { "false" }}
            data-of={model.id.to_string()}>
            <Badge tone={tone(draft, model.id)} letter={letter(draft, model.id)} />
            <span>{ &model.name }</span>
            <span class="data__count">{ rows.len() }</span>
            if refused > 0 {
                <span class="data__refused" title="Rows that are not in the database">
                    { format!("{refused} refused") }
                </span>
            }
        </button>
    }
}
