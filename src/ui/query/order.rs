//! The order of a query: several terms, the first of which counts most.

use yew::{Html, html};

use super::filters::field_choice;
use super::form::{Form, id, line_class};
use super::steps::{moved, replaced};
use crate::query::{OrderDraft, Place};
use crate::schema::Model;
use crate::ui::action::QueryEdit;
use crate::ui::form::{Choice, Select};
use crate::ui::glyph::{Glyph, IconButton};

/// The line of the form that begins with “order by”.
pub(super) fn line(form: &Form) -> Html {
    let Some(root) = form.root() else { return Html::default() };
    let order = &form.query().order;
    // The first field that the order does not name yet.
    let named = |field| order.iter().any(|term| term.field == Some(field));
    let next =
        root.fields.keys().copied().find(|field| !named(*field)).or(root.fields.keys().next().copied());
    let mut longer = order.clone();
    longer.push(OrderDraft { field: next, ..OrderDraft::default() });
    html! {
        <div class={line_class(!order.is_empty())} role="group" aria-labelledby="query-order">
            <span class="query__word" id="query-order">{ "order by" }</span>
            <div class="query__what">
                if !order.is_empty() {
                    <ol class="order">{ for (0..order.len()).map(|at| term(form, root, order, at)) }</ol>
                }
                <button type="button" class="button button--add" id="query-order-add"
                    onclick={form.on_click(QueryEdit::Order(longer))}>{ "+ field" }</button>
            </div>
        </div>
    }
}

fn term(form: &Form, root: &Model, order: &[OrderDraft], at: usize) -> Html {
    let place = Place::Order(at);
    let draft = order[at].clone();
    let direction = {
        let (order, draft) = (order.to_vec(), draft.clone());
        form.on_choice(move |value| {
            let term = OrderDraft { descending: value == "descending", ..draft.clone() };
            Some(QueryEdit::Order(replaced(&order, at, Some(term))))
        })
    };
    let directions = ["ascending", "descending"];
    let direction_now = directions[usize::from(draft.descending)];
    let of = draft.field.map(|field| format!("{field} {}", root.id));
    html! {
        <li class="order__term" key={at}>
            <span class="order__parts" data-of={of}>
                { field_choice(form, root, draft.field, &id(&place), "Order by", {
                    let order = order.to_vec();
                    move |field| {
                        let descending = draft.descending;
                        let term = OrderDraft { field: Some(field), descending, ..OrderDraft::default() };
                        QueryEdit::Order(replaced(&order, at, Some(term)))
                    }
                }) }
                <Select class="query__select" label="Direction" value={direction_now}
                    choices={directions.map(|word| Choice::new(word, word)).to_vec()} onchange={direction} />
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

fn button(form: &Form, glyph: Glyph, what: &'static str, on: bool, order: Vec<OrderDraft>) -> Html {
    html! { <IconButton {glyph} label={what} disabled={!on} onclick={form.on_click(QueryEdit::Order(order))} /> }
}
