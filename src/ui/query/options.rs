//! What there is to choose about an included relationship beside its strategy: conditions, depth, an inner join.

use yew::{Html, html};

use super::filters::{Ground, group};
use super::form::{Form, id};
use crate::query::{IncludeDraft, Path, Place, Strategy};
use crate::schema::End;
use crate::ui::action::QueryEdit;

/// The greatest depth that the form offers. What is behind it is loaded by each level as by the one before.
const DEEPEST: u32 = 10;

/// Whether something is chosen here, so that it has to be seen.
pub(super) fn in_use(include: &IncludeDraft) -> bool {
    include.inner || include.depth != 1 || !include.filters.is_empty()
}

/// The name of the place that opens and closes.
pub(super) fn name(path: &Path) -> String {
    format!("{}-options", id(&Place::Include(path.clone())))
}

/// The choices.
pub(super) fn options(form: &Form, include: &IncludeDraft, end: &End<'_>, path: &Path) -> Html {
    let ground = Ground { owner: Some(path.clone()), model: end.target, elsewhere: true };
    let itself = end.model.id == end.target.id || include.depth != 1;
    let joined = include.strategy == Strategy::Joined && end.always_there(&form.good.schema);
    html! {
        <div class="includes__options" id={name(path)}>
            if itself { { depth(form, include, end, path) } }
            if joined || include.inner { { inner(form, include, end, path) } }
            <div class="query__line" role="group" aria-label={format!("Which {} are loaded", end.name)}>
                <span class="query__word">{ "only where" }</span>
                <div class="query__what">
                    { group(form, &ground, include.joiner, &include.filters, &Path::new()) }
                    <p class="includes__summary">{ filtered(end) }</p>
                </div>
            </div>
        </div>
    }
}

/// What conditions on the targets make of the property.
fn filtered(end: &End<'_>) -> String {
    if end.kind.is_collection() {
        format!("A filtered include: {} holds only those for which this is true.", end.name)
    } else {
        format!("A filtered include: {} is None unless this is true.", end.name)
    }
}

fn depth(form: &Form, include: &IncludeDraft, end: &End<'_>, path: &Path) -> Html {
    let depths = (1..=DEEPEST.max(include.depth))
        .map(|depth| (depth.to_string(), QueryEdit::Depth(path.clone(), depth)));
    let chosen = include.depth.checked_sub(1).map(|at| at as usize);
    let again = format!("{0}, their {0}, and so on, as many times.", end.name);
    html! {
        <div class="query__line">
            <span class="query__word">{ "depth" }</span>
            { form.pick(None, "Depth", depths.collect(), chosen) }
            <p class="includes__summary includes__summary--beside">{ again }</p>
        </div>
    }
}

fn inner(form: &Form, include: &IncludeDraft, end: &End<'_>, path: &Path) -> Html {
    let why = format!("Safe, for each {} has its {}: no row is lost.", end.model.name, end.name);
    let onclick = form.on_click(QueryEdit::Inner(path.clone(), !include.inner));
    html! {
        <div class="query__line">
            <label class="ticks__one">
                <input type="checkbox" checked={include.inner} {onclick} />
                { "inner join" }
            </label>
            <p class="includes__summary includes__summary--beside">{ why }</p>
        </div>
    }
}
