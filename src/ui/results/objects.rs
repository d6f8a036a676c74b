//! The objects nested, as code would walk them: each told once, and named again where the walk comes back to it.

use std::collections::BTreeMap;

use gloo::utils::document;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, MouseEvent};
use yew::{Callback, Classes, Html, classes, function_component, html, use_memo};

use super::walk::{Road, Visit, by_id, walk};
use super::words::{count, grouped};
use super::{TabProps, badge, object_tokens, token};
use crate::mapping::ColumnOrigin;
use crate::naming::{pluralise, snake};
use crate::protocol::ObjectView;
use crate::query::Runs;
use crate::schema::{EndId, FieldType};
use crate::trace::ObjectId;
use crate::ui::arrows;
use crate::ui::define::words::plural;
use crate::ui::state::Planned;
use crate::value::Value;

/// With more objects than this, only the first roots are open at the start.
const OPEN_OBJECTS: usize = 60;
/// How many roots are open at the start where there are many objects.
const OPEN_ROOTS: usize = 5;

/// The objects nested.
#[function_component]
pub(super) fn ObjectsTab(props: &TabProps) -> Html {
    let visits = use_memo(props.ran.clone(), |ran| walk(&ran.outcome.graph));
    let graph = &props.ran.outcome.graph;
    if graph.objects.is_empty() {
        return html! { <p class="results__none">{ "No objects: no row came back, so there is nothing to make one of." }</p> };
    }
    let objects = by_id(graph);
    let tree = Tree { props, objects, small: graph.objects.len() <= OPEN_OBJECTS };
    let list = props.ran.planned.root();
    let list = pluralise(&snake(props.legend.name(list)));
    let onclick = Callback::from(|event: MouseEvent| jump(&event));
    let items = visits
        .iter()
        .enumerate()
        .map(|(at, visit)| tree.visit(visit, &format!("{list}[{at}]"), None, tree.small || at < OPEN_ROOTS));
    let shown = graph.objects.len() as u32;
    html! {
        <div class="objects" {onclick} onkeydown={on_key}>
            <p class="objects__total">
                { count(graph.total, "object") }{ ", each told once" }
                if shown < graph.total {
                    { format!(" · showing the first {} of {}", grouped(shown), grouped(graph.total)) }
                }
            </p>
            <ul class="objects__list">{ for items }</ul>
        </div>
    }
}

/// Up and down go from object to object, left and right fold and unfold.
fn on_key(event: KeyboardEvent) {
    let line = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let details = line.filter(|line| line.tag_name() == "SUMMARY").and_then(|line| line.parent_element());
    match (event.key().as_str(), details) {
        ("ArrowRight", Some(details)) => drop(details.set_attribute("open", "")),
        ("ArrowLeft", Some(details)) => drop(details.remove_attribute("open")),
        ("ArrowUp" | "ArrowDown", _) => arrows::go(&event, ".objects", ".objects__line[data-of]"),
        _ => {}
    }
}

/// A reference leads to the object's own place: everything around that is opened, and it gets the focus.
fn jump(event: &MouseEvent) {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let link = element.and_then(|element| element.closest("[data-jump]").ok().flatten());
    let Some(id) = link.and_then(|link| link.get_attribute("data-jump")) else { return };
    let Some(target) = document().get_element_by_id(&id) else { return };
    let mut around = target.closest("details").ok().flatten();
    while let Some(details) = around {
        // An element that does not open leaves its content where it is.
        let _ = details.set_attribute("open", "");
        around = details.parent_element().and_then(|parent| parent.closest("details").ok().flatten());
    }
    target.scroll_into_view();
    if let Some(target) = target.dyn_ref::<HtmlElement>() {
        // What cannot take the focus is in view all the same.
        let _ = target.focus();
    }
}

struct Tree<'a> {
    props: &'a TabProps,
    objects: BTreeMap<ObjectId, &'a ObjectView>,
    small: bool,
}

impl Tree<'_> {
    fn visit(&self, visit: &Visit, place: &str, by: Option<EndId>, open: bool) -> Html {
        let Some(object) = self.objects.get(&visit.object) else { return Html::default() };
        let name = badge(&self.props.legend, object.model, &object.key, "");
        let place = html! { <span class="objects__place">{ place.to_owned() }</span> };
        let Some(roads) = &visit.links else {
            return html! {
                <li class="objects__item" key={object.id.0} data-of={self.of(object, by)}>
                    <span class="objects__line objects__line--again">
                        { place }{ name }
                        <button type="button" class="objects__jump" data-jump={element(object.id)}>
                            { "↑ already shown above" }
                        </button>
                    </span>
                </li>
            };
        };
        let line = html! { <>{ place }{ name }{ self.fields(object) }</> };
        let id = element(object.id);
        if roads.is_empty() {
            return html! {
                <li class="objects__item" key={object.id.0}>
                    <span class="objects__line" {id} tabindex={if self.is_first(object) { "0" } else { "-1" }} data-of={self.of(object, by)}>{ line }</span>
                </li>
            };
        }
        html! {
            <li class="objects__item" key={object.id.0}>
                <details class="objects__details" {open}>
                    <summary class="objects__line" {id} data-of={self.of(object, by)}>{ line }</summary>
                    <ul class="objects__links">{ for roads.iter().map(|road| self.road(road, open)) }</ul>
                </details>
            </li>
        }
    }

    /// Whether it is the first: Tab leads to it, arrows from there.
    fn is_first(&self, object: &ObjectView) -> bool {
        self.props.ran.outcome.graph.roots.first() == Some(&object.id)
    }

    /// An object's tokens, with that of the relationship it hangs by.
    fn of(&self, object: &ObjectView, hangs_by: Option<EndId>) -> String {
        let by = hangs_by.map_or(String::new(), |end| format!(" {}", end.relationship));
        format!("{}{by}", object_tokens(object))
    }

    /// The fields, not the columns: a foreign key is no field, it shows as the property that it became.
    fn fields(&self, object: &ObjectView) -> Html {
        let good = &self.props.ran.good;
        let (Some(model), Some(table)) =
            (good.schema.model(object.model), good.relational.table_of(object.model))
        else {
            return Html::default();
        };
        let columns = (0..).zip(good.relational.table(table).columns.iter().zip(&object.values));
        let fields = columns.filter_map(|(at, (column, value))| {
            let ColumnOrigin::Field(_, id) = column.origin else { return None };
            let field = model.fields.get(&id)?;
            let row = object.row.map_or(String::new(), |row| format!("{row} "));
            let of = format!("{} {row}{} {}", token(object.id), id, model.id);
            let unloaded = object.unloaded.contains(&at);
            let text = if unloaded { "not loaded".into() } else { written(field.field_type, value) };
            Some(html! {
                <span class="objects__field" key={id.0} data-of={of}>
                    <span class="objects__label">{ &field.name }{ " " }</span>
                    <span class={value_class(value.is_null(), unloaded)}>{ text }</span>
                </span>
            })
        });
        html! { <span class="objects__fields">{ for fields }{ self.computed(object) }{ self.raising(object) }</span> }
    }

    /// What the query computed for the object: not its own, but it carries them.
    fn computed(&self, object: &ObjectView) -> Html {
        let Planned::Objects { query, .. } = &*self.props.ran.planned else { return Html::default() };
        let values = query.computed.iter().zip(&object.computed).map(|(computed, value)| {
            let of = format!("{} {}", token(object.id), computed.aggregate.end.relationship);
            let text = match value {
                Value::Null => "None".to_owned(),
                Value::Text(text) => format!("“{text}”"),
                other => other.to_string(),
            };
            html! {
                <span class="objects__field" key={computed.name.as_str()} data-of={of} title="Computed by the query">
                    <span class="objects__label objects__label--computed">{ &computed.name }{ " = " }</span>
                    <span class={value_class(value.is_null(), false)}>{ text }</span>
                </span>
            }
        });
        values.collect()
    }

    /// The properties that the query forbids to load: the first that code touches is the end of it.
    fn raising(&self, object: &ObjectView) -> Html {
        let Some(plan) = self.props.ran.planned.plan() else { return Html::default() };
        let raises = plan.steps.iter().filter(|step| matches!(step.runs, Runs::Raises { .. }));
        let ends = raises.filter_map(|step| plan.node(step.node).parent).filter_map(|(_, end)| {
            let loaded = object.links.iter().any(|link| link.end == end);
            self.props.ran.good.schema.end(end).filter(|end| end.model.id == object.model && !loaded)
        });
        let marks = ends.map(|end| {
            html! {
                <span class="objects__field" data-of={end.id.relationship.to_string()}>
                    <span class="objects__property">{ "." }{ end.name }{ " " }</span>
                    <span class="objects__value--unloaded">{ "raises" }</span>
                </span>
            }
        });
        marks.collect()
    }

    fn road(&self, road: &Road, open: bool) -> Html {
        let Some(end) = self.props.ran.good.schema.end(road.end) else { return Html::default() };
        let of = road.end.relationship.to_string();
        let label = html! { <span class="objects__property" data-of={of.clone()}>{ "." }{ end.name }</span> };
        let key = format!("{of}-{:?}", road.end.side);
        if road.visits.is_empty() && road.total == 0 {
            let nothing = if end.kind.is_collection() { "[]" } else { "None" };
            return html! {
                <li class="objects__road" {key}>{ label }<span class="objects__nothing">{ nothing }</span></li>
            };
        }
        let missing = road.total.saturating_sub(road.visits.len() as u32);
        let items = road.visits.iter().enumerate().map(|(at, visit)| {
            let place = if end.kind.is_collection() { format!("[{at}]") } else { String::new() };
            self.visit(visit, &place, Some(road.end), open && self.small)
        });
        html! {
            <li class="objects__road" {key}>
                { label }
                if end.kind.is_collection() {
                    <span class="objects__count">{ counted(road.total, &end.target.name) }</span>
                }
                <ul class="objects__list">{ for items }</ul>
                if missing > 0 {
                    <p class="objects__more">{ format!("… and {} more, not shown", grouped(missing)) }</p>
                }
            </li>
        }
    }
}

/// `1 Book`, `3 Books`.
fn counted(number: u32, model: &str) -> String {
    let name = if number == 1 { model.to_owned() } else { plural(model) };
    format!("{} {name}", grouped(number))
}

fn value_class(none: bool, unloaded: bool) -> Classes {
    let unloaded = unloaded.then_some("objects__value--unloaded");
    classes!("objects__value", none.then_some("objects__value--none"), unloaded)
}

/// The id of the element where an object is told.
fn element(object: ObjectId) -> String {
    format!("object-{}", object.0)
}

/// A value as code would write it.
fn written(field_type: FieldType, value: &Value) -> String {
    match (field_type, value) {
        (FieldType::Text, Value::Text(text)) => format!("“{text}”"),
        _ => field_type.show(value).unwrap_or_else(|| "None".into()),
    }
}
