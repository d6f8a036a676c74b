//! Functions over what a collection leads to: the number of books, the least of their years.

use yew::{Html, html};

use super::form::Form;
use crate::query::AggregateDraft;
use crate::schema::{EndId, FieldId, FieldType, Model, Schema};
use crate::sql::Function;
use crate::ui::action::QueryEdit;

/// What a function can be applied to: a collection, or a field of what it leads to.
struct Target {
    end: EndId,
    field: Option<FieldId>,
    /// `books`, `books.year`.
    name: String,
}

/// A function over the first collection of a model that comes to mind: how many there are. `None` without any.
pub(super) fn first(schema: &Schema, model: &Model) -> Option<AggregateDraft> {
    let target = targets(schema, model, Function::Count).into_iter().next()?;
    Some(AggregateDraft { function: Function::Count, end: Some(target.end), field: None })
}

/// Whether a function can be applied to values of a type.
pub(super) fn fits(function: Function, field_type: FieldType) -> bool {
    use FieldType::{Boolean, Decimal, Integer, Real};
    let is_number = matches!(field_type, Integer | Real | Decimal | Boolean);
    is_number || !matches!(function, Function::Sum | Function::Average)
}

fn targets(schema: &Schema, model: &Model, function: Function) -> Vec<Target> {
    let mut found = Vec::new();
    for end in schema.ends_of(model.id).filter(|end| end.kind.is_collection()) {
        if function == Function::Count {
            found.push(Target { end: end.id, field: None, name: end.name.to_owned() });
            continue;
        }
        let fields = end.target.fields.values().filter(|field| fits(function, field.field_type));
        let target = |field: &crate::schema::Field| Target {
            end: end.id,
            field: Some(field.id),
            name: format!("{}.{}", end.name, field.name),
        };
        // Keys come last: there is little to be learnt from the sum of them.
        let (keys, others): (Vec<_>, Vec<_>) = fields.partition(|field| field.primary_key);
        found.extend(others.into_iter().chain(keys).map(target));
    }
    found
}

/// Another function over the same as before, as far as it can be applied to that.
fn with_function(
    schema: &Schema,
    model: &Model,
    draft: &AggregateDraft,
    function: Function,
) -> AggregateDraft {
    let targets = targets(schema, model, function);
    let same = targets.iter().find(|target| Some(target.end) == draft.end && target.field == draft.field);
    let near = || targets.iter().find(|target| Some(target.end) == draft.end);
    match same.or_else(near).or(targets.first()) {
        Some(target) => AggregateDraft { function, end: Some(target.end), field: target.field },
        None => AggregateDraft { function, ..draft.clone() },
    }
}

/// `count of books`, each word to be chosen.
pub(super) fn over(
    form: &Form,
    model: &Model,
    draft: &AggregateDraft,
    id: Option<String>,
    edit: &dyn Fn(AggregateDraft) -> QueryEdit,
) -> Html {
    let schema = &form.good.schema;
    let functions = Function::all()
        .map(|function| (function.label().to_owned(), edit(with_function(schema, model, draft, function))));
    let function = Function::all().position(|function| function == draft.function);
    let targets = targets(schema, model, draft.function);
    let chosen = targets.iter().position(|target| {
        Some(target.end) == draft.end && (draft.function == Function::Count || target.field == draft.field)
    });
    let options = targets.into_iter().map(|target| {
        let changed = AggregateDraft { function: draft.function, end: Some(target.end), field: target.field };
        (target.name, edit(changed))
    });
    html! {
        <>
            { form.pick(id, "Function", functions.collect(), function) }
            <span class="filters__words">{ "of" }</span>
            { form.pick(None, "Of what", options.collect(), chosen) }
        </>
    }
}
