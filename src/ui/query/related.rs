//! Conditions on what a relationship leads to: some of the books, every one, none, or how many of them.

use yew::{Html, html};

use super::filters::{Ground, set};
use super::form::Form;
use crate::query::{FilterDraft, Path, RelatedDraft, RelatedTest, Test};
use crate::schema::End;
use crate::ui::define::words::plural;

/// What stands behind the name of a property in a condition on it: what is asked of the objects there.
pub(super) fn parts(form: &Form, ground: &Ground<'_>, draft: &RelatedDraft, path: &Path) -> Html {
    let Some(end) = draft.end.and_then(|end| form.good.schema.end(end)) else {
        return ground.remove(form, path, "Remove this condition");
    };
    html! {
        <>
            { test(form, ground, draft, &end, path) }
            if draft.test == RelatedTest::Count { { number(form, ground, draft, path) } }
            <span class="filters__words">{ words(draft, &end.target.name) }</span>
            { ground.remove(form, path, "Remove this condition") }
        </>
    }
}

/// `at least one Book with`, when conditions follow.
fn words(draft: &RelatedDraft, target: &str) -> String {
    let quantity = match draft.test {
        RelatedTest::Some => "at least one ",
        RelatedTest::Every => "each ",
        RelatedTest::None | RelatedTest::IsNot | RelatedTest::HasNone => "no ",
        RelatedTest::Is | RelatedTest::HasOne => "one ",
        RelatedTest::Count => "",
    };
    let with = if draft.filters.is_empty() || !draft.test.takes_conditions() { "" } else { " with" };
    let target = if draft.test == RelatedTest::Count { plural(target) } else { target.to_owned() };
    format!("{quantity}{target}{with}")
}

fn test(form: &Form, ground: &Ground<'_>, draft: &RelatedDraft, end: &End<'_>, path: &Path) -> Html {
    let tests: Vec<RelatedTest> = RelatedTest::of(end.kind.is_collection()).collect();
    let options = tests.iter().map(|test| {
        let changed = RelatedDraft { test: *test, ..draft.clone() };
        (test.label().to_owned(), ground.set(path, FilterDraft::Related(changed)))
    });
    let chosen = tests.iter().position(|test| *test == draft.test);
    form.pick(None, "What is asked of them", options.collect(), chosen)
}

/// How the number of objects compares, and with what.
fn number(form: &Form, ground: &Ground<'_>, draft: &RelatedDraft, path: &Path) -> Html {
    let compares: Vec<Test> = Test::compares().collect();
    let options = compares.iter().map(|compare| {
        let changed = RelatedDraft { compare: *compare, ..draft.clone() };
        (compare.label().to_owned(), ground.set(path, FilterDraft::Related(changed)))
    });
    let chosen = compares.iter().position(|compare| *compare == draft.compare);
    let (owner, at, before) = (ground.owner.clone(), path.clone(), draft.clone());
    html! {
        <>
            { form.pick(None, "How the number compares", options.collect(), chosen) }
            { form.text("query__number", "Number", &ground.place(path), &draft.count, "2", move |count| {
                set(&owner, &at, FilterDraft::Related(RelatedDraft { count, ..before.clone() }))
            }) }
        </>
    }
}
