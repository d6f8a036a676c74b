//! Where each object stands at the end of the script.

use yew::{Html, classes, html};

use super::super::badge;
use crate::session::{FinalObject, Status};
use crate::ui::legend::Legend;
use crate::ui::script_changes::table_columns;
use crate::ui::scripting::Scripted;
use crate::ui::sql_view::literal;

/// The objects that the session met.
pub(super) fn objects(ran: &Scripted, legend: &Legend) -> Html {
    if ran.outcome.objects.is_empty() {
        return html! { <p class="results__none">{ "The script came upon no object." }</p> };
    }
    html! {
        <table class="standing">
            <thead>
                <tr>
                    <th scope="col">{ "Object" }</th><th scope="col">{ "State" }</th><th scope="col">{ "Values" }</th>
                </tr>
            </thead>
            <tbody>{ for ran.outcome.objects.iter().map(|object| one(object, ran, legend)) }</tbody>
        </table>
    }
}

fn one(object: &FinalObject, ran: &Scripted, legend: &Legend) -> Html {
    let of = object.model.to_string();
    let called = object.name.clone().unwrap_or_else(|| legend.name(object.model).to_owned());
    html! {
        <tr>
            <th scope="row" class="standing__object" data-of={of}>
                { badge(legend, object.model, object.key.as_deref().unwrap_or_default(), "") }
                { " " }{ called }
            </th>
            <td>
                <strong>{ object.status.to_string() }</strong>
                <span class="standing__meaning">{ meaning(object.status) }</span>
            </td>
            <td class="standing__values">{ for values(object, ran) }</td>
        </tr>
    }
}

fn meaning(status: Status) -> &'static str {
    match status {
        Status::Transient => "the session does not know it, it has no row",
        Status::Pending => "to be inserted at the next flush",
        Status::Persistent => "it has a row",
        Status::Deleted => "its row is deleted, not yet committed",
        Status::Detached => "no object of the session any more",
    }
}

/// The values, as far as they are loaded.
fn values(object: &FinalObject, ran: &Scripted) -> Vec<Html> {
    let columns = table_columns(&ran.good.relational, object.model);
    if object.values.iter().all(Option::is_none) {
        return vec![
            html! { <span class="standing__meaning">{ "out of date: read again when touched" }</span> },
        ];
    }
    let one = |(name, value): (&str, &Option<_>)| {
        let text = value.as_ref().map_or("not loaded".into(), literal);
        let class = classes!("standing__value", value.is_none().then_some("standing__value--none"));
        html! { <span {class}><span class="standing__name">{ name }</span>{ " " }{ text }</span> }
    };
    columns.into_iter().zip(&object.values).map(one).collect()
}
