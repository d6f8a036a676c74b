//! The settings that decide what becomes of what hangs on an object, to be switched where their consequence shows.

use yew::{Html, html};

use super::consequences::Shown;
use crate::schema::{Cascades, EndId, OnDelete, PassiveDeletes, Place, RelationshipDraft, RelationshipPart};
use crate::ui::action::{Edit, RelationshipEdit};
use crate::ui::consequences::Setting;
use crate::ui::form::{Choice, Select, has_error, on_chosen, told, told_at};

/// What the session does on delete, as one choice: a key for the page, what it says, and the cascades that it means.
type Way = (&'static str, &'static str, fn(Cascades) -> Cascades);

const WAYS: [Way; 4] = [
    ("keep", "sets their key to NULL", |chosen| Cascades {
        delete: false,
        delete_orphan: false,
        passive_deletes: PassiveDeletes::Off,
        ..chosen
    }),
    ("delete", "deletes them, too", |chosen| Cascades {
        delete: true,
        delete_orphan: false,
        passive_deletes: PassiveDeletes::Off,
        ..chosen
    }),
    ("loaded", "deletes those it has loaded, leaves others to the database", |chosen| Cascades {
        delete: true,
        delete_orphan: false,
        passive_deletes: PassiveDeletes::Unloaded,
        ..chosen
    }),
    ("database", "leaves them to the database", |chosen| Cascades {
        delete: false,
        delete_orphan: false,
        passive_deletes: PassiveDeletes::All,
        ..chosen
    }),
];

const ORPHANS: Way = ("orphans", "deletes them, and those that are unlinked", |chosen| Cascades {
    delete: true,
    delete_orphan: true,
    passive_deletes: PassiveDeletes::Off,
    ..chosen
});

/// The session's choice and the database's.
pub(super) fn settings(shown: &Shown<'_>, setting: Setting) -> Html {
    let end = setting.end;
    let Some(draft) = shown.state.project.draft.relationship(end.relationship) else {
        return Html::default();
    };
    let property = shown.ran.good.schema.end(end);
    let property = property.map_or(String::new(), |end| format!("{}.{}", end.model.name, end.name));
    let said: Vec<_> = [RelationshipPart::OnDelete, RelationshipPart::Cascades(end.side)]
        .into_iter()
        .flat_map(|part| {
            told_at(&shown.state.compiled.schema_diagnostics, &Place::Relationship(end.relationship, part))
        })
        .filter(|diagnostic| diagnostic.severity != crate::schema::Severity::Note)
        .collect();
    let of = end.relationship.to_string();
    html! {
        <div class="setting">
            <span class="setting__of" data-of={of}>{ &property }</span>
            { session(shown, end, draft, &property) }
            if draft.polymorphic.is_none() { { database(shown, end, draft, &property) } }
            { told(&format!("{}-setting", end.relationship), &said) }
        </div>
    }
}

fn session(shown: &Shown<'_>, end: EndId, draft: &RelationshipDraft, property: &str) -> Html {
    // What hangs on a key for several tables, or is read through a model, the session leaves alone.
    if draft.polymorphic.is_some() || draft.read_through().is_some() {
        return Html::default();
    }
    let chosen = draft.end(end.side).cascades;
    let mut ways = WAYS.to_vec();
    if draft.holder().is_some_and(|holder| holder != end.side) {
        ways.insert(2, ORPHANS);
    }
    let value = ways.iter().find(|(_, _, set)| set(chosen) == chosen).map_or("other", |(key, ..)| *key);
    let mut choices: Vec<Choice> = ways.iter().map(|(key, words, _)| Choice::new(*key, *words)).collect();
    if value == "other" {
        choices.insert(0, Choice::new("other", "does as chosen with the relationship"));
    }
    let onchange = on_chosen(shown.dispatch, move |value| {
        let (_, _, set) = ways.iter().find(|(key, ..)| *key == value)?;
        Some(Edit::Relationship(end.relationship, RelationshipEdit::Cascades(end.side, set(chosen))))
    });
    html! {
        <label class="setting__line">
            <span>{ "the session" }</span>
            <Select label={format!("What the session does with {property} on delete")} {value} {choices} {onchange} />
        </label>
    }
}

fn database(shown: &Shown<'_>, end: EndId, draft: &RelationshipDraft, property: &str) -> Html {
    let id = end.relationship;
    let choices = OnDelete::ALL
        .map(|choice| Choice::new(choice.sql(), format!("{}: {}", choice.sql(), choice.meaning())));
    let onchange = on_chosen(shown.dispatch, move |sql| {
        let chosen = OnDelete::ALL.into_iter().find(|choice| choice.sql() == sql)?;
        Some(Edit::Relationship(id, RelationshipEdit::OnDelete(chosen)))
    });
    let part = Place::Relationship(id, RelationshipPart::OnDelete);
    let invalid = has_error(&told_at(&shown.state.compiled.schema_diagnostics, &part));
    html! {
        <label class="setting__line">
            <span>{ "the database, ON DELETE" }</span>
            <Select label={format!("What the database does with {property} on delete")} value={draft.on_delete.sql()}
                choices={choices.to_vec()} {onchange} {invalid} />
        </label>
    }
}
