//! Random models that are kinds of others.

use relata::schema::{Draft, KindTables, ModelDraft, ModelId};

use super::projects::Chooser;

/// Makes a model a kind of another: its key goes, and its fields get names that no other kind's have.
pub(super) fn make_kind(model: &mut ModelDraft, parent: ModelId) {
    model.kind.parent = Some(parent);
    if model.id.0.is_multiple_of(2) {
        model.kind.name = format!("it's {}", model.id);
    }
    model.fields.retain(|field| !field.primary_key);
    for field in &mut model.fields {
        field.name = format!("{} of {}", field.name, model.id);
    }
}

/// Gives some models at the top a table for each of their kinds.
pub(super) fn choose_tables(draft: &mut Draft, choose: &mut Chooser) {
    for model in draft.models.iter_mut().filter(|model| model.kind.parent.is_none()) {
        if choose.one_in(2) {
            model.kind.tables = KindTables::Each;
        }
    }
}

/// A draft in which each model repeats the fields of what it is a kind of, to choose from.
pub(super) fn flat(draft: &Draft) -> Draft {
    let mut flat = draft.clone();
    for model in &mut flat.models {
        model.fields = draft.fields_of(model.id).into_iter().cloned().collect();
    }
    flat
}
