//! The order of a query: several terms, the first of which counts most.

use yew::{Html, html};

use super::form::{Form, id, line_class};
use super::measure;
use super::reach::{Reach, reachable};
use super::steps::{longer, moved, replaced};
use crate::query::{AggregateDraft, OrderDraft, Place};
use crate::schema::Model;
use crate::ui::action::QueryEdit;
use crate::ui::glyph::{Glyph, IconButton};

/// The line of the form that begins with “order by”.
pub(super) fn line(form: &Form) -> Html {
    let Some(root) = form.root() else { return Html::default() };
    let order = &form.query().order;
    // The first field that the order does not name yet.
    let named = |field| order.iter().any(|term| term.field == Some(field));
    let next =
        root.fields.keys().copied().find(|field| !named(*field)).or(root.fields.keys().next().copied());
    let more = longer(order, OrderDraft { field: next, ..OrderDraft::default() });
    html! {
        <div class={line_class(!order.is_empty())} role="group" aria-labelledby="query-order">
            <span class="query__word" id="query-order">{ "order by" }</span>
            <div class="query__what">
                if !order.is_empty() {
                    { form.behind(|behind| (behind.terms)(form, root)) }
                }
                { form.adds("query-order-add".into(), "+ field", "", QueryEdit::Order(more)) }
            </div>
        </div>
    }
}

/// The terms of the order.
pub(super) fn terms(form: &Form, root: &Model) -> Html {
    let order = &form.query().order;
    html! { <ol class="order">{ for (0..order.len()).map(|at| term(form, root, order, at)) }</ol> }
}

fn term(form: &Form, root: &Model, order: &[OrderDraft], at: usize) -> Html {
    let place = Place::Order(at);
    let draft = &order[at];
    let with = |term: OrderDraft| QueryEdit::Order(replaced(order, at, Some(term)));
    let directions = [false, true].map(|descending| with(OrderDraft { descending, ..draft.clone() }));
    let of = draft.field.filter(|_| draft.through.is_empty()).map(|field| format!("{field} {}", root.id));
    html! {
        <li class="order__term" key={at}>
            <span class="order__parts" data-of={of}>
                { key(form, root, draft, &place, &with) }
                if let Some(aggregate) = &draft.aggregate {
                    { measure::over(form, root, aggregate, None, &|aggregate: AggregateDraft| {
                        with(OrderDraft { aggregate: Some(aggregate), ..draft.clone() })
                    }) }
                }
                { form.direction(draft.descending, directions) }
                if order.len() > 1 {
                    { button(form, Glyph::Up, "Counts more", at > 0, moved(order, at, -1)) }
                    { button(form, Glyph::Down, "Counts less", at + 1 < order.len(), moved(order, at, 1)) }
                }
                { button(form, Glyph::Cross, "Do not order by this", true, replaced(order, at, None)) }
            </span>
            { form.said(&place) }
        </li>
    }
}

/// What to order by: a field, one of a related object, or something computed of many.
fn key(
    form: &Form,
    root: &Model,
    draft: &OrderDraft,
    place: &Place,
    with: &dyn Fn(OrderDraft) -> QueryEdit,
) -> Html {
    let descending = draft.descending;
    let reach = reachable(&form.good.schema, root);
    let named = |reach: &Reach| Some(reach.field) == draft.field && reach.through == draft.through;
    let mut chosen = reach.iter().position(named).filter(|_| draft.aggregate.is_none());
    let of_reach = |reach: Reach| {
        let term =
            OrderDraft { field: Some(reach.field), through: reach.through, descending, aggregate: None };
        (reach.name, with(term))
    };
    let mut options: Vec<(String, QueryEdit)> = reach.into_iter().map(of_reach).collect();
    let first = draft.aggregate.clone().or_else(|| measure::first(&form.good.schema, root));
    if let Some(aggregate) = first {
        if draft.aggregate.is_some() {
            chosen = Some(options.len());
        }
        let term = OrderDraft { aggregate: Some(aggregate), descending, ..OrderDraft::default() };
        options.push(("a computed value:".into(), with(term)));
    }
    form.pick(Some(id(place)), "Order by", options, chosen)
}

fn button(form: &Form, glyph: Glyph, what: &'static str, on: bool, order: Vec<OrderDraft>) -> Html {
    html! { <IconButton {glyph} label={what} disabled={!on} onclick={form.on_click(QueryEdit::Order(order))} /> }
}
