//! What a query rarely asks for, one click away: computed values, chosen fields, distinct, and groups in place of objects.

use yew::{Callback, Html, MouseEvent, classes, html};

use super::form::{Form, id};
use super::measure;
use super::reach::{first_field, reachable};
use super::steps::{longer, replaced};
use crate::query::{AggregateDraft, ComputedDraft, GroupKeyDraft, GroupValueDraft, GroupingDraft, Place};
use crate::schema::{FieldId, Model};
use crate::ui::action::QueryEdit;
use crate::ui::glyph::Glyph;
use crate::ui::state::Planned;

/// Something that can be added to the query: its name, what it is for, and the edit that adds it.
type Offer = (&'static str, String, QueryEdit);

/// The button behind which the rest of what a query can ask for is, and that.
pub(super) fn more(form: &Form, root: &Model) -> Html {
    let open = form.is_open("more");
    html! {
        <div class={classes!("query__more", open.then_some("query__line--full"))}>
            <button type="button" class="button button--add" id="query-more" aria-expanded={open.to_string()}
                onclick={form.toggle("more")}>{ if open { "less" } else { "more …" } }</button>
            if open { { form.behind(|behind| (behind.offers)(form, root)) } }
        </div>
    }
}

/// What could be asked for, each with a button that does.
pub(super) fn list(form: &Form, root: &Model) -> Html {
    let items = offers(form, root).into_iter().map(|(name, why, edit)| {
        let (add, close): (Callback<MouseEvent>, Callback<MouseEvent>) =
            (form.on_click(edit), form.toggle("more"));
        let onclick = Callback::from(move |event: MouseEvent| {
            add.emit(event.clone());
            close.emit(event);
        });
        html! {
            <li class="offers__one" key={name}>
                <button type="button" class="button button--add" {onclick}>{ name }</button>
                <span class="offers__why">{ why }</span>
            </li>
        }
    });
    html! { <ul class="offers">{ for items }</ul> }
}

fn offers(form: &Form, root: &Model) -> Vec<Offer> {
    let (query, schema) = (form.query(), &form.good.schema);
    let mut offers: Vec<Offer> = Vec::new();
    if query.computed.is_empty()
        && let Some(aggregate) = measure::first(schema, root)
    {
        let why = format!(
            "For each {}, a count, sum, average, least or greatest over what it has many of.",
            root.name
        );
        let computed = vec![ComputedDraft { aggregate, name: String::new() }];
        offers.push(("+ computed value", why, QueryEdit::Computed(computed)));
    }
    if query.fields.is_empty() {
        let why = "Load only some: the others are not in the statement, and not loaded in the objects.";
        offers.push(("choose fields", why.into(), QueryEdit::Fields(root.fields.keys().copied().collect())));
    }
    if !query.distinct {
        let why = "SELECT DISTINCT: equal rows of the statement come back once.";
        offers.push(("distinct", why.into(), QueryEdit::Distinct(true)));
    }
    let why = format!(
        "Rows about groups of {} objects, such as how many there are of each kind, instead of the objects.",
        root.name
    );
    offers.push(("group", why, QueryEdit::Groups(Some(first_groups(form, root)))));
    offers
}

/// How many objects there are for each value of the field that one most likely means: that of the nearest object they
/// belong to, or one of their own.
fn first_groups(form: &Form, root: &Model) -> GroupingDraft {
    let reach = reachable(&form.good.schema, root);
    let end = form.good.schema.ends_of(root.id).find(|end| !end.kind.is_collection());
    let far = end.and_then(|end| {
        let field = first_field(end.target)?.id;
        reach.iter().find(|reach| reach.through == [end.id] && reach.field == field)
    });
    let near = || reach.iter().find(|reach| Some(reach.field) == first_field(root).map(|field| field.id));
    let key = far.or_else(near).map(|reach| GroupKeyDraft {
        through: reach.through.clone(),
        field: Some(reach.field),
        descending: false,
    });
    GroupingDraft { keys: key.into_iter().collect(), values: vec![GroupValueDraft::default()] }
}

/// The lines for what the query asks for of this, if anything.
pub(super) fn lines(form: &Form, root: &Model) -> Html {
    let query = form.query();
    html! {
        <>
            if !query.computed.is_empty() { { computed(form, root, &query.computed) } }
            if !query.fields.is_empty() { { fields(form, root, &query.fields) } }
            if query.distinct { { distinct(form) } }
        </>
    }
}

/// The fields as boxes to tick. The key is always read: it is what makes the object that one.
fn fields(form: &Form, root: &Model, wanted: &[FieldId]) -> Html {
    let boxes = root.fields.values().map(|field| {
        let ticked = wanted.contains(&field.id) || field.primary_key;
        let ids = root.fields.keys().copied();
        let toggled: Vec<FieldId> =
            ids.filter(|id| (*id == field.id) != (wanted.contains(id) || is_key(root, *id))).collect();
        let onclick = form.on_click(QueryEdit::Fields(toggled));
        html! {
            <label class="ticks__one" key={field.id.0} data-of={format!("{} {}", field.id, root.id)}
                title={field.primary_key.then_some("The key is always loaded: it says which object it is.")}>
                <input type="checkbox" checked={ticked} disabled={field.primary_key} {onclick} />
                { &field.name }
            </label>
        }
    });
    html! {
        <div class="query__line query__line--full" role="group" aria-labelledby="query-fields-word">
            <span class="query__word" id="query-fields-word">{ "fields" }</span>
            <div class="query__what">
                <div class="ticks" id="query-fields" tabindex="-1">
                    { for boxes }
                    { form.icon(Glyph::Cross, "Load all fields", QueryEdit::Fields(Vec::new())) }
                </div>
                { for (0..wanted.len()).map(|at| form.said(&Place::Field(at))) }
            </div>
        </div>
    }
}

fn is_key(root: &Model, field: FieldId) -> bool {
    root.fields.get(&field).is_some_and(|field| field.primary_key)
}

fn distinct(form: &Form) -> Html {
    html! {
        <div class="query__line query__line--full" role="group" aria-labelledby="query-distinct-word">
            <span class="query__word" id="query-distinct-word">{ "distinct" }</span>
            <div class="query__what query__what--row" id="query-distinct" tabindex="-1">
                { form.said(&Place::Distinct) }
                { form.icon(Glyph::Cross, "Not distinct", QueryEdit::Distinct(false)) }
            </div>
        </div>
    }
}

fn computed(form: &Form, root: &Model, computed: &[ComputedDraft]) -> Html {
    let more = longer(
        computed,
        ComputedDraft {
            aggregate: measure::first(&form.good.schema, root).unwrap_or_default(),
            name: String::new(),
        },
    );
    html! {
        <div class="query__line query__line--full" role="group" aria-labelledby="query-compute">
            <span class="query__word" id="query-compute">{ "compute" }</span>
            <div class="query__what">
                <ol class="order">{ for (0..computed.len()).map(|at| one_computed(form, root, computed, at)) }</ol>
                { form.adds("query-computed-add".into(), "+ computed value", "", QueryEdit::Computed(more)) }
            </div>
        </div>
    }
}

fn one_computed(form: &Form, root: &Model, computed: &[ComputedDraft], at: usize) -> Html {
    let (place, draft) = (Place::Computed(at), &computed[at]);
    let edit = |aggregate: AggregateDraft| {
        let changed = ComputedDraft { aggregate, name: draft.name.clone() };
        QueryEdit::Computed(replaced(computed, at, Some(changed)))
    };
    let derived = match form.planned() {
        Some(Planned::Objects { query, .. }) => query.computed.get(at).map(|computed| computed.name.clone()),
        _ => None,
    };
    html! {
        <li class="order__term" key={at}>
            <span class="order__parts">
                { measure::over(form, root, &draft.aggregate, Some(id(&place)), &edit) }
                <span class="filters__words">{ "as" }</span>
                { form.text("filters__value", "Name", &place, &draft.name, &derived.unwrap_or("name".into()),
                    move |name| QueryEdit::ComputedName(at, name)) }
                { form.icon(Glyph::Cross, "Do not compute this", QueryEdit::Computed(replaced(computed, at, None))) }
            </span>
            { form.said(&place) }
        </li>
    }
}
