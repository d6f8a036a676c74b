//! For each relationship where its key lies, and why.

use yew::{Html, Properties, function_component, html};

use crate::mapping::explain;
use crate::schema::{Relationship, Side};
use crate::ui::legend::Legend;
use crate::ui::slice::Slice;
use crate::ui::state::Good;

/// What [`Keys`] explains.
#[derive(Properties, PartialEq)]
pub(super) struct KeysProps {
    /// The schema and its tables.
    pub good: Slice<Good>,
    /// The models' colours.
    pub legend: Legend,
}

/// For each relationship where its key lies, and why.
#[function_component]
pub(super) fn Keys(props: &KeysProps) -> Html {
    let good = &props.good;
    if good.schema.relationships().len() == 0 {
        return Html::default();
    }
    let items = good.schema.relationships().filter_map(|relationship| {
        let text = explain(&good.schema, &good.relational, relationship.id)?;
        let id = relationship.id.to_string();
        Some(html! {
            <li class="explained__one" key={id.clone()} data-of={id}>
                <p class="explained__name">{ properties(relationship, &props.legend) }</p>
                <p class="explained__text">{ text }</p>
            </li>
        })
    });
    html! {
        <section class="schema__part">
            <h3 class="schema__title">{ "Where the keys lie, and why" }</h3>
            <ul class="explained">{ for items }</ul>
        </section>
    }
}

/// Both properties: `Author.books ⇄ Book.author`. What goes both ways has one.
fn properties(relationship: &Relationship, legend: &Legend) -> Html {
    let property = |side: Side| {
        let model = relationship.model(side);
        html! {
            <span class={legend.class(model)}>
                <span class="explained__model">{ legend.name(model) }</span>{ "." }{ relationship.name(side) }
            </span>
        }
    };
    if relationship.is_symmetric() {
        return html! { <>{ property(Side::Left) }<span class="explained__and">{ " ⇄" }</span></> };
    }
    html! { <>{ property(Side::Left) }<span class="explained__and">{ " ⇄ " }</span>{ property(Side::Right) }</> }
}
