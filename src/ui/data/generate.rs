//! The recipe of generated rows as a form, and how far they are.

use std::rc::Rc;

use yew::{Html, InputEvent, MouseEvent, Properties, SubmitEvent, classes, function_component, html};

use crate::generate::{Extent, Place, extent, spread_of};
use crate::project::{Project, Recipe};
use crate::protocol::{Preview, Progress, Stage};
use crate::schema::{Diagnostic, Link, Model, Relationship, Side};
use crate::ui::action::Action;
use crate::ui::app::{Dispatch, use_dispatch};
use crate::ui::dialog::Dialog;
use crate::ui::form::{described, has_error, told, told_at, typed};
use crate::ui::generating::{Form, Generate, Generating, PRESETS};
use crate::ui::generator::use_preview;
use crate::ui::glyph::Glyph;
use crate::ui::results::words::{count, grouped};
use crate::ui::slice::Slice;
use crate::ui::state::Good;
use crate::ui::tone::{Badge, letter, tone};

/// Properties of [`GenerateDialog`].
#[derive(Properties, PartialEq)]
struct GenerateProps {
    pub project: Slice<Project>,
    pub good: Slice<Good>,
    pub form: Form,
}

/// What the parts of the form have in common.
struct Sheet<'a> {
    props: &'a GenerateProps,
    recipe: Recipe,
    told: Vec<Diagnostic<Place>>,
    dispatch: Dispatch,
}

/// The dialog.
pub(in crate::ui) fn dialog(project: &Slice<Project>, good: &Slice<Good>, form: &Form) -> Html {
    html! { <GenerateDialog project={project.clone()} good={good.clone()} form={form.clone()} /> }
}

#[function_component]
fn GenerateDialog(props: &GenerateProps) -> Html {
    let dispatch = use_dispatch();
    let (recipe, told_now) = props.form.check(&props.good.schema, &props.project.data);
    let preview = use_preview(&props.project, recipe.seed);
    let preview = preview.as_ref().map(Rc::as_ref);
    let sheet = Sheet { props, recipe, told: told_now, dispatch: dispatch.clone() };
    let send = |what: Generate| dispatch.reform(move |_: MouseEvent| Action::Generate(what.clone()));
    let onsubmit = dispatch.reform(|event: SubmitEvent| {
        event.prevent_default();
        Action::Generate(Generate::Confirm)
    });
    let there = props.project.data.generated.is_some();
    html! {
        <Dialog title="Generate rows" onclose={dispatch.reform(|()| Action::Generate(Generate::Close))}>
            <form class="generate" {onsubmit}>
                <p class="generate__intro">
                    { "Believable rows on top of those you type. The project keeps this recipe, and makes the same rows \
                       from it again whenever they are needed." }
                </p>
                { sheet.presets() }
                <div class="generate__models">
                    { for props.good.schema.models().map(|model| sheet.model(model, preview)) }
                </div>
                { sheet.relationships() }
                <div class="sheet__actions generate__actions">
                    { sheet.seed() }
                    <span class="generate__space" />
                    if there {
                        <button type="button" class="button" onclick={send(Generate::Remove)}>{ "Remove them" }</button>
                    }
                    <button type="submit" class="button button--primary" disabled={has_error(&sheet.told)}>{ "Generate" }</button>
                </div>
            </form>
        </Dialog>
    }
}

impl Sheet<'_> {
    fn input(&self, place: Place, id: &str, label: &str, placeholder: &'static str) -> Html {
        let told_here = told_at(&self.told, &place);
        let oninput = self
            .dispatch
            .reform(move |event: InputEvent| Action::Generate(Generate::Typed(place, typed(&event))));
        html! {
            <input
                id={id.to_owned()}
                class="generate__number"
                inputmode="numeric"
                autocomplete="off"
                aria-label={label.to_owned()}
                aria-invalid={has_error(&told_here).then_some("true")}
                aria-describedby={described(id, &told_here)}
                {placeholder}
                value={self.props.form.text(place).to_owned()}
                {oninput}
            />
        }
    }

    fn told(&self, place: Place, id: &str) -> Html {
        told(id, &told_at(&self.told, &place))
    }

    fn seed(&self) -> Html {
        let id = "generate-seed";
        html! {
            <span class="generate__seed" title="Another seed gives other rows, the same one the same rows.">
                <label for={id}>{ "Seed" }</label>
                { self.input(Place::Seed, id, "Seed", "0") }
                { self.told(Place::Seed, id) }
            </span>
        }
    }

    /// Presets, and what the form amounts to.
    fn presets(&self) -> Html {
        let Extent { rows, links } = extent(&self.recipe, &self.props.good.schema);
        let whole = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let preset = |total: u32| {
            let on = rows == u64::from(total);
            let onclick =
                self.dispatch.reform(move |_: MouseEvent| Action::Generate(Generate::Preset(total)));
            html! {
                <button type="button" class={classes!("choice", on.then_some("choice--on"))} aria-pressed={on.to_string()} {onclick}>
                    { grouped(total) }
                </button>
            }
        };
        let links =
            if links > 0 { format!(", about {}", count(whole(links), "link")) } else { String::new() };
        html! {
            <div class="generate__total">
                <span class="choices" role="group" aria-label="Rows together">{ for PRESETS.into_iter().map(preset) }</span>
                <output class="generate__sum" aria-live="polite">
                    { format!("{} together{links}", count(whole(rows), "row")) }
                </output>
                { self.told(Place::Total, "generate-total") }
            </div>
        }
    }

    fn model(&self, model: &Model, preview: Option<&Result<Preview, String>>) -> Html {
        let draft = &self.props.project.draft;
        let id = format!("generate-{}", model.id);
        let place = Place::Count(model.id);
        html! {
            <fieldset class={classes!("generate__model", tone(draft, model.id))} key={model.id.to_string()}>
                <legend class="generate__name">
                    <Badge tone={tone(draft, model.id)} letter={letter(draft, model.id)} />
                    { &model.name }
                </legend>
                <div class="generate__count">
                    { self.input(place, &id, &format!("Rows of {}", model.name), "0") }
                    <span>{ "rows" }</span>
                </div>
                { self.told(place, &id) }
                { rows_like(model, preview) }
            </fieldset>
        }
    }

    fn relationships(&self) -> Html {
        let schema = &self.props.good.schema;
        let lines: Vec<Html> = schema.relationships().filter_map(|link| self.relationship(link)).collect();
        html! {
            if !lines.is_empty() {
                <fieldset class="generate__links">
                    <legend class="generate__name">{ "How many each" }</legend>
                    { for lines }
                </fieldset>
            }
        }
    }

    /// *Each* Author *has* 0 *to* any *number of* books.
    fn relationship(&self, link: &Relationship) -> Option<Html> {
        let schema = &self.props.good.schema;
        if !crate::generate::has_spread(schema, link) {
            return None;
        }
        let side = match &link.link {
            Link::Key(key) => key.holder.other(),
            Link::Join(_) | Link::Through(_) => Side::Left,
        };
        let (model, property) = (schema.model(link.model(side))?, link.name(side));
        let property =
            if property.is_empty() { &schema.model(link.model(side.other()))?.name } else { property };
        let [least, most] = ["least", "most"].map(|which| format!("generate-{}-{which}", link.id));
        let (at_least, at_most) = (Place::Least(link.id), Place::Most(link.id));
        let usual = match spread_of(&Recipe::default(), link).most {
            Some(_) => "3",
            None => "any",
        };
        let draft = &self.props.project.draft;
        let label = |bound: &str| format!("{bound} {property} of each {}", model.name);
        Some(html! {
            <div class="generate__link" key={link.id.to_string()}>
                <span>
                    { "Each " }
                    <span class={classes!("generate__of", tone(draft, model.id))}>
                        <Badge tone={tone(draft, model.id)} letter={letter(draft, model.id)} />{ &model.name }
                    </span>
                    { " has " }
                </span>
                { self.input(at_least, &least, &label("Fewest"), "0") }
                <span>{ "to" }</span>
                { self.input(at_most, &most, &label("Most"), usual) }
                <span>{ property }</span>
                { self.told(at_least, &least) }
                { self.told(at_most, &most) }
            </div>
        })
    }
}

/// The first rows of a model, as they will be.
fn rows_like(model: &Model, preview: Option<&Result<Preview, String>>) -> Html {
    let rows = match preview {
        None => return html! { <p class="generate__wait" aria-busy="true">{ "…" }</p> },
        Some(Err(why)) => return html! { <p class="generate__wait">{ format!("No preview: {why}") }</p> },
        Some(Ok(preview)) => preview.iter().find(|(of, _)| *of == model.id).map(|(_, rows)| rows),
    };
    let cell = |text: &Option<String>| match text {
        Some(text) => html! { <td>{ text }</td> },
        None => html! { <td class="generate__null">{ "NULL" }</td> },
    };
    let row = |cells: &Vec<Option<String>>| html! { <tr>{ for cells.iter().map(cell) }</tr> };
    html! {
        <div class="generate__rows" tabindex="0" role="region" aria-label={format!("First rows of {}", model.name)}>
            <table>
                <thead>
                    <tr>{ for model.fields.values().map(|field| html! { <th scope="col">{ &field.name }</th> }) }</tr>
                </thead>
                <tbody>{ for rows.into_iter().flatten().map(row) }</tbody>
            </table>
        </div>
    }
}

/// The button that opens the dialog, or stops the rows that are on their way; how far those are, or why there are none.
pub(super) fn status(generating: &Generating, follows: bool, some: bool, dispatch: &Dispatch) -> Html {
    let send = |what: Generate| dispatch.reform(move |_: MouseEvent| Action::Generate(what.clone()));
    let (what, class) = match generating.progress {
        Some(_) => (Generate::Stop, "button"),
        None => (Generate::Open, "button button--add"),
    };
    let trouble = match (some && generating.progress.is_none(), follows, generating.held) {
        (true, false, _) => Some("Generated rows are left out: the recipe does not fit."),
        (true, true, true) => Some("Generated rows are left out."),
        _ => None,
    };
    // One button for both, so that it keeps the focus.
    html! {
        <>
            if let Some(progress) = generating.progress { { how_far(progress) } }
            <button type="button" id="generate" {class} onclick={send(what)}>
                if generating.progress.is_some() { { "Stop" } } else { { Glyph::Plus.draw() }{ "Generate…" } }
            </button>
            if let Some(trouble) = trouble {
                <span class="data__held">
                    { trouble }
                    if follows {
                        { " " }<button type="button" class="button" onclick={send(Generate::Again)}>{ "Make them" }</button>
                    }
                </span>
            }
        </>
    }
}

fn how_far(Progress { stage, done, total }: Progress) -> Html {
    let (doing, before) = match stage {
        Stage::Making => ("Making", 0),
        // The two take about as long as each other.
        Stage::Inserting => ("Inserting", total),
    };
    let (done, all) = (done.min(total), (2 * total.max(1)).to_string());
    html! {
        <span class="data__progress">
            <progress max={all} value={(before + done).to_string()} aria-label="Generated rows" />
            <span class="data__doing">{ format!("{doing} {} of {} rows", grouped(done), grouped(total)) }</span>
        </span>
    }
}
