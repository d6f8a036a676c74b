//! The settings that decide what becomes of what hangs on an object, to be switched where their consequence shows.

use yew::{Html, html};

use super::consequences::Shown;
use crate::schema::{
    Cascades, EndId, OnDelete, PassiveDeletes, Place, RelationshipDraft, RelationshipPart, Severity, Side,
};
use crate::ui::action::{Edit, RelationshipEdit};
use crate::ui::consequences::Setting;
use crate::ui::form::{Choice, Select, has_error, on_chosen, told, told_at};

/// What the session does with what hangs on an object when that is deleted, as one choice.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    Keep,
    Delete,
    Orphans,
    Loaded,
    Database,
}

const WAYS: [Way; 5] = [Way::Keep, Way::Delete, Way::Orphans, Way::Loaded, Way::Database];

impl Way {
    /// Its value in the page.
    fn key(self) -> &'static str {
        match self {
            Way::Keep => "keep",
            Way::Delete => "delete",
            Way::Orphans => "orphans",
            Way::Loaded => "loaded",
            Way::Database => "database",
        }
    }

    /// What it says, for the property on this side.
    fn words(self, draft: &RelationshipDraft, side: Side) -> &'static str {
        match (self, draft.holder()) {
            (Way::Keep, None) => "takes the links away",
            (Way::Keep, Some(holder)) if holder == side => "leaves it alone",
            (Way::Keep, Some(_)) => "sets their key to NULL",
            (Way::Delete, None) => "deletes them, too, with the links",
            (Way::Delete, Some(holder)) if holder == side => "deletes it, too",
            (Way::Delete, Some(_)) => "deletes them, too",
            (Way::Orphans, _) => "deletes them, and those that are unlinked",
            (Way::Loaded, _) => "deletes those it has loaded, leaves others to the database",
            (Way::Database, _) => "leaves them to the database",
        }
    }

    /// The cascades that it means.
    fn set(self, chosen: Cascades) -> Cascades {
        let passive_deletes = match self {
            Way::Keep | Way::Delete | Way::Orphans => PassiveDeletes::Off,
            Way::Loaded => PassiveDeletes::Unloaded,
            Way::Database => PassiveDeletes::All,
        };
        let delete = matches!(self, Way::Delete | Way::Orphans | Way::Loaded);
        Cascades { delete, delete_orphan: self == Way::Orphans, passive_deletes, ..chosen }
    }

    /// Whether it is offered for the property on this side: only what belongs to one alone can be an orphan, and what
    /// an object points to is none of ON DELETE's business.
    fn fits(self, draft: &RelationshipDraft, side: Side) -> bool {
        match self {
            Way::Keep | Way::Delete => true,
            Way::Orphans => draft.holder().is_some_and(|holder| holder != side),
            Way::Loaded | Way::Database => draft.holder() != Some(side),
        }
    }
}

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
        .filter(|diagnostic| diagnostic.severity != Severity::Note)
        .collect();
    let of = end.relationship.to_string();
    html! {
        <div class="setting" key={end.relationship.0}>
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
    let ways = WAYS.into_iter().filter(|way| way.fits(draft, end.side));
    let mut choices: Vec<Choice> =
        ways.clone().map(|way| Choice::new(way.key(), way.words(draft, end.side))).collect();
    let value = ways.clone().find(|way| way.set(chosen) == chosen).map_or("other", Way::key);
    if value == "other" {
        choices.insert(0, Choice::new("other", "does as chosen with the relationship"));
    }
    let onchange = on_chosen(shown.dispatch, move |value| {
        let way = WAYS.into_iter().find(|way| way.key() == value)?;
        Some(Edit::Relationship(end.relationship, RelationshipEdit::Cascades(end.side, way.set(chosen))))
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
