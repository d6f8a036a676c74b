//! Groups of objects in place of the objects: what those of a group have in common, and what is computed of each.

use yew::{Html, classes, html};

use super::filters::hint;
use super::form::{Form, id};
use super::measure::fits;
use super::reach::{Reach, reachable};
use super::steps::{longer, moved, replaced};
use crate::query::{GroupKeyDraft, GroupValueDraft, GroupingDraft, HavingDraft, Place, Test};
use crate::schema::{FieldType, Model};
use crate::sql::Function;
use crate::ui::action::QueryEdit;
use crate::ui::glyph::Glyph;
use crate::ui::state::Planned;

/// Objects or groups: the choice, once there is one.
pub(super) fn switch(form: &Form) -> Html {
    let grouping = form.query().grouping.clone();
    let button = |groups: bool, label: &'static str, title: &'static str| {
        let on = groups == grouping.is_some();
        let edit = QueryEdit::Groups(grouping.clone().filter(|_| groups));
        html! {
            <button type="button" class={classes!("choice", on.then_some("choice--on"))} aria-pressed={on.to_string()}
                {title} onclick={form.on_click(edit)}>{ label }</button>
        }
    };
    html! {
        <span class="choices" role="group" aria-label="What is asked for">
            { button(false, "objects", "The objects, with what is loaded with them") }
            { button(true, "groups", "Rows about groups of them, and no objects") }
        </span>
    }
}

/// The lines that say how the objects are grouped and what is computed.
pub(super) fn lines(form: &Form, root: &Model, grouping: &GroupingDraft) -> Html {
    let reach = reachable(&form.good.schema, root);
    html! {
        <>
            { form.said(&Place::Groups) }
            { keys(form, grouping, &reach) }
            { values(form, grouping, &reach) }
        </>
    }
}

fn with_keys(grouping: &GroupingDraft, keys: Vec<GroupKeyDraft>) -> QueryEdit {
    QueryEdit::Groups(Some(GroupingDraft { keys, ..grouping.clone() }))
}

fn with_values(grouping: &GroupingDraft, values: Vec<GroupValueDraft>) -> QueryEdit {
    QueryEdit::Groups(Some(GroupingDraft { values, ..grouping.clone() }))
}

fn keys(form: &Form, grouping: &GroupingDraft, reach: &[Reach]) -> Html {
    let keys = &grouping.keys;
    let is_new = |reach: &&Reach| {
        !keys.iter().any(|key| key.field == Some(reach.field) && key.through == reach.through)
    };
    let next = reach.iter().find(is_new).or(reach.first());
    let next = next.map(|reach| GroupKeyDraft {
        through: reach.through.clone(),
        field: Some(reach.field),
        descending: false,
    });
    let more = with_keys(grouping, longer(keys, next.unwrap_or_default()));
    html! {
        <div class="query__line query__line--full" role="group" aria-labelledby="query-by">
            <span class="query__word" id="query-by">{ "by" }</span>
            <div class="query__what">
                if keys.is_empty() { <span class="query__note">{ "nothing: all of them are one group" }</span> }
                <ol class="order">{ for (0..keys.len()).map(|at| key(form, grouping, reach, at)) }</ol>
                { form.adds("query-group-key-add".into(), "+ field", "", more) }
            </div>
        </div>
    }
}

fn key(form: &Form, grouping: &GroupingDraft, reach: &[Reach], at: usize) -> Html {
    let (place, draft, keys) = (Place::GroupKey(at), &grouping.keys[at], &grouping.keys);
    let with = |key| with_keys(grouping, replaced(keys, at, Some(key)));
    let options = reach.iter().map(|reach| {
        let key = GroupKeyDraft { through: reach.through.clone(), field: Some(reach.field), ..draft.clone() };
        (reach.name.clone(), with(key))
    });
    let chosen =
        reach.iter().position(|reach| draft.field == Some(reach.field) && draft.through == reach.through);
    let directions = [false, true].map(|descending| with(GroupKeyDraft { descending, ..draft.clone() }));
    html! {
        <li class="order__term" key={at}>
            <span class="order__parts">
                { form.pick(Some(id(&place)), "Group by", options.collect(), chosen) }
                { form.direction(draft.descending, directions) }
                if at > 0 { { form.icon(Glyph::Up, "Counts more", with_keys(grouping, moved(keys, at, -1))) } }
                { form.icon(Glyph::Cross, "Do not group by this", with_keys(grouping, replaced(keys, at, None))) }
            </span>
            { form.said(&place) }
        </li>
    }
}

fn values(form: &Form, grouping: &GroupingDraft, reach: &[Reach]) -> Html {
    let values = &grouping.values;
    let more = with_values(grouping, longer(values, GroupValueDraft::default()));
    html! {
        <div class="query__line query__line--full" role="group" aria-labelledby="query-values">
            <span class="query__word" id="query-values">{ "compute" }</span>
            <div class="query__what">
                <ol class="order">{ for (0..values.len()).map(|at| value(form, grouping, reach, at)) }</ol>
                { form.adds("query-group-value-add".into(), "+ computed value", "", more) }
            </div>
        </div>
    }
}

fn value(form: &Form, grouping: &GroupingDraft, reach: &[Reach], at: usize) -> Html {
    let (place, draft, values) = (Place::GroupValue(at), &grouping.values[at], &grouping.values);
    let with = |value| with_values(grouping, replaced(values, at, Some(value)));
    let derived = match form.planned() {
        Some(Planned::Groups(grouping)) => grouping.values.get(at).map(|value| value.name.clone()),
        _ => None,
    };
    html! {
        <li class="order__term" key={at}>
            <span class="order__parts">
                { function(form, draft, reach, &place, &with) }
                <span class="filters__words">{ "as" }</span>
                { form.text("filters__value", "Name", &place, &draft.name, &derived.unwrap_or("name".into()),
                    move |name| QueryEdit::GroupName(at, name)) }
                { form.icon(Glyph::Cross, "Do not compute this", with_values(grouping, replaced(values, at, None))) }
            </span>
            { form.said(&place) }
            <span class="order__parts order__parts--inner">
                { order(form, draft, &with) }
                { kept_if(form, draft, reach, at, &with) }
            </span>
            { form.said(&Place::Having(at)) }
        </li>
    }
}

/// The function, and what it is applied to.
fn function(
    form: &Form,
    draft: &GroupValueDraft,
    reach: &[Reach],
    place: &Place,
    with: &dyn Fn(GroupValueDraft) -> QueryEdit,
) -> Html {
    let is_it = |reach: &Reach| draft.field == Some(reach.field) && draft.through == reach.through;
    let of = |function: Function, reach: Option<&Reach>| GroupValueDraft {
        function,
        through: reach.map(|reach| reach.through.clone()).unwrap_or_default(),
        field: reach.map(|reach| reach.field),
        ..draft.clone()
    };
    let functions = Function::all().map(|function| {
        let mut fitting = reach.iter().filter(|reach| fits(function, reach.field_type));
        // Keys stand first in each model, and are seldom what one wants the sum of.
        let target = fitting.clone().find(|reach| is_it(reach)).or(fitting.clone().nth(1)).or(fitting.next());
        (function.label().to_owned(), with(of(function, target.filter(|_| function != Function::Count))))
    });
    let chosen = Function::all().position(|function| function == draft.function);
    let fitting: Vec<&Reach> = reach.iter().filter(|reach| fits(draft.function, reach.field_type)).collect();
    let target = fitting.iter().position(|reach| is_it(reach));
    let targets = fitting.iter().map(|reach| (reach.name.clone(), with(of(draft.function, Some(reach)))));
    html! {
        <>
            { form.pick(Some(id(place)), "Function", functions.collect(), chosen) }
            if draft.function != Function::Count {
                <span class="filters__words">{ "of" }</span>
                { form.pick(None, "Of what", targets.collect(), target) }
            }
        </>
    }
}

/// Whether the groups are ordered by it.
fn order(form: &Form, draft: &GroupValueDraft, with: &dyn Fn(GroupValueDraft) -> QueryEdit) -> Html {
    let orders = [("in no order", None), ("ascending", Some(false)), ("descending", Some(true))];
    let options = orders
        .map(|(name, descending)| (name.to_owned(), with(GroupValueDraft { descending, ..draft.clone() })));
    let chosen = orders.iter().position(|(_, descending)| *descending == draft.descending);
    form.pick(None, "Order of the groups by it", options.to_vec(), chosen)
}

/// The condition that keeps a group.
fn kept_if(
    form: &Form,
    draft: &GroupValueDraft,
    reach: &[Reach],
    at: usize,
    with: &dyn Fn(GroupValueDraft) -> QueryEdit,
) -> Html {
    let place = Place::Having(at);
    let Some(having) = &draft.having else {
        let having = HavingDraft { test: Test::GreaterOrEqual, value: "2".into(), upper: String::new() };
        let edit = with(GroupValueDraft { having: Some(having), ..draft.clone() });
        return form.adds(id(&place), "+ having", "Keep only the groups for which this holds", edit);
    };
    let tests = Test::all().map(|test| {
        let having = HavingDraft { test, ..having.clone() };
        (test.label().to_owned(), with(GroupValueDraft { having: Some(having), ..draft.clone() }))
    });
    let field = reach.iter().find(|reach| draft.field == Some(reach.field) && draft.through == reach.through);
    let field_type = field.map_or(FieldType::Integer, |reach| reach.field_type);
    let hint = hint(having.test, field_type);
    let (lower, upper) = (having.clone(), having.clone());
    html! {
        <>
                <span class="filters__words">{ "having" }</span>
                { form.pick(Some(id(&place)), "Test", tests.collect(), Test::all().position(|test| test == having.test)) }
                if having.test.takes_value() {
                    { form.text("filters__value", "Value", &place, &having.value, &hint,
                        move |value| QueryEdit::Having(at, HavingDraft { value, ..lower.clone() })) }
                }
                if having.test == Test::Between {
                    <span class="filters__words">{ "and" }</span>
                    { form.text("filters__value", "Up to", &place, &having.upper, &hint,
                        move |value| QueryEdit::Having(at, HavingDraft { upper: value, ..upper.clone() })) }
                }
                { form.icon(Glyph::Cross, "Keep all groups", with(GroupValueDraft { having: None, ..draft.clone() })) }
        </>
    }
}
