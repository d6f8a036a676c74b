//! The query in one sentence, for where there is no room for its form: what came back matters more once it has run.

use web_sys::MouseEvent;
use yew::{Html, html};

use super::form::Form;
use super::reach::reachable;
use crate::query::{FilterDraft, IncludeDraft, Joiner, OrderDraft, QueryDraft, RelatedTest, Test};
use crate::schema::{FieldId, Model, Schema};
use crate::ui::action::{Action, Show};

/// The id of the button that the sentence is.
pub(super) const SENTENCE: &str = "query-sentence";

/// The sentence, a button that opens the form again.
pub(super) fn sentence(form: &Form) -> Html {
    let open = form.send().reform(|_: MouseEvent| Action::Show(Show::QueryFolded(false)));
    html! {
        <button type="button" id={SENTENCE} class="query__sentence" aria-expanded="false" title="Change the query" onclick={open}>
            <span>{ words(form.query(), &form.good.schema) }</span>
            <span class="query__change" aria-hidden="true">{ "▾" }</span>
        </button>
    }
}

/// `all Author with books (joined), where name = 'Homer', order by name, limit 3`
fn words(query: &QueryDraft, schema: &Schema) -> String {
    let Some(root) = query.root.and_then(|root| schema.model(root)) else { return "the query".into() };
    let what = if query.grouping.is_some() { "groups of" } else { "all" };
    let mut parts = vec![format!("{what} {}", root.name)];
    if query.grouping.is_none() && !query.includes.is_empty() {
        parts[0] = format!("{} with {}", parts[0], includes(&query.includes, schema));
    }
    if !query.filters.is_empty() {
        parts.push(format!("where {}", conditions(query.joiner, &query.filters, root, schema)));
    }
    if query.grouping.is_none() && !query.order.is_empty() {
        let terms: Vec<String> = query.order.iter().map(|term| order(term, root, schema)).collect();
        parts.push(format!("order by {}", terms.join(", ")));
    }
    for (word, typed) in [("limit", &query.limit), ("offset", &query.offset)] {
        if !typed.trim().is_empty() {
            parts.push(format!("{word} {}", typed.trim()));
        }
    }
    parts.join(", ")
}

fn includes(includes: &[IncludeDraft], schema: &Schema) -> String {
    let one = |include: &IncludeDraft| {
        let name = schema.end(include.end).map_or("?", |end| end.name);
        let below = match include.includes.as_slice() {
            [] => String::new(),
            below => format!(" [with {}]", self::includes(below, schema)),
        };
        format!("{name} ({}){below}", include.strategy.label())
    };
    includes.iter().map(one).collect::<Vec<_>>().join(" and ")
}

fn conditions(joiner: Joiner, filters: &[FilterDraft], model: &Model, schema: &Schema) -> String {
    let word = if joiner == Joiner::And { " and " } else { " or " };
    filters.iter().map(|filter| condition(filter, model, schema)).collect::<Vec<_>>().join(word)
}

fn condition(filter: &FilterDraft, model: &Model, schema: &Schema) -> String {
    match filter {
        FilterDraft::Test(test) => {
            let value = match test.test {
                Test::Between => format!(" {} and {}", test.value, test.upper),
                test if !test.takes_value() => String::new(),
                _ => format!(" {}", test.value),
            };
            format!("{} {}{value}", field(test.field, model), test.test.label())
        }
        FilterDraft::Group(joiner, inner) => format!("({})", conditions(*joiner, inner, model, schema)),
        FilterDraft::Not(joiner, inner) => format!("not ({})", conditions(*joiner, inner, model, schema)),
        FilterDraft::Related(related) => {
            let Some(end) = related.end.and_then(|end| schema.end(end)) else { return "?".into() };
            let mut text = format!("{} {}", end.name, related.test.label());
            if related.test == RelatedTest::Count {
                text = format!("{text} {} {}", related.compare.label(), related.count);
            }
            if related.test.takes_conditions() && !related.filters.is_empty() {
                let inner = conditions(related.joiner, &related.filters, end.target, schema);
                text = format!("{text} ({inner})");
            }
            text
        }
    }
}

fn field(id: Option<FieldId>, model: &Model) -> &str {
    id.and_then(|id| model.fields.get(&id)).map_or("?", |field| field.name.as_str())
}

fn order(term: &OrderDraft, root: &Model, schema: &Schema) -> String {
    let named = || {
        let found = reachable(schema, root).into_iter();
        found.filter(|reach| Some(reach.field) == term.field).find(|reach| reach.through == term.through)
    };
    let key = match &term.aggregate {
        Some(_) => "a computed value".to_owned(),
        None => named().map_or("?".to_owned(), |reach| reach.name),
    };
    if term.descending { format!("{key} descending") } else { key }
}

#[cfg(test)]
mod tests {
    use super::words;
    use crate::project::Sample;
    use crate::query::{FilterDraft, Joiner, OrderDraft, RelatedDraft, RelatedTest, Test, TestDraft};
    use crate::schema::{self, EndId, FieldId, RelationshipId, Side};

    #[test]
    fn a_query_is_one_sentence() {
        let project = Sample::AuthorBook.project();
        let schema = schema::check(&project.draft).value.unwrap();
        let mut query = project.query.clone();
        assert_eq!(words(&query, &schema), "all Author with books (lazy)");
        let books = EndId { relationship: RelationshipId(3), side: Side::Left };
        let test = |field, test, value: &str| {
            FilterDraft::Test(TestDraft {
                field: Some(FieldId(field)),
                test,
                value: value.into(),
                ..TestDraft::default()
            })
        };
        query.filters = vec![
            test(5, Test::Like, "%e%"),
            FilterDraft::Not(Joiner::Or, vec![test(5, Test::IsNull, "")]),
            FilterDraft::Related(RelatedDraft {
                end: Some(books),
                test: RelatedTest::Some,
                filters: vec![test(7, Test::Equal, "Beloved")],
                ..RelatedDraft::default()
            }),
        ];
        query.order = vec![OrderDraft { field: Some(FieldId(5)), descending: true, ..OrderDraft::default() }];
        query.limit = "3".into();
        assert_eq!(
            words(&query, &schema),
            "all Author with books (lazy), where name like %e% and not (name is null) and books some (title = \
             Beloved), order by name descending, limit 3"
        );
        query.root = None;
        assert_eq!(words(&query, &schema), "the query");
    }
}
