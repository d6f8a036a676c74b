//! What a card of the form is drawn from beside its own model, or the models at its ends: a letter typed into one card
//! is not to draw the sixty others anew.
//!
//! Two documents have the same outline as long as they differ in nothing but fields that nothing else speaks of. Cards
//! with the same outline, the same models of their own and the same things to be told look the same.

use std::rc::Rc;

use yew::{hook, use_mut_ref};

use super::Source;
use crate::project::{Data, Project};
use crate::schema::{Diagnostic, Draft, FieldId, ModelDraft, ModelId, Place, RelationshipDraft};
use crate::ui::slice::Slice;

/// The outline of a document, as the very same one while it is equal.
#[hook]
pub(super) fn use_outline(project: &Slice<Project>) -> Slice<Draft> {
    let last = use_mut_ref(|| None::<(Slice<Project>, Slice<Draft>)>);
    let mut last = last.borrow_mut();
    let outline = match &*last {
        Some((before, outline)) if before == project => outline.clone(),
        Some((before, outline)) if same_data(&before.data, &project.data) => {
            let now = outline_of(&project.draft);
            if now == **outline { outline.clone() } else { Slice::new(now) }
        }
        _ => Slice::new(outline_of(&project.draft)),
    };
    *last = Some((project.clone(), outline.clone()));
    outline
}

/// Whether the rows are the very same ones. Copies of a document share those that did not change.
fn same_data(before: &Data, after: &Data) -> bool {
    let rows = before.rows.len() == after.rows.len()
        && before.rows.iter().zip(&after.rows).all(|((model, before), (other, after))| {
            let same = before.len() == after.len()
                && before.iter().zip(after).all(|(before, after)| Rc::ptr_eq(before, after));
            model == other && same
        });
    rows && before.links == after.links
}

/// The draft without the fields that only their own model's card shows.
fn outline_of(draft: &Draft) -> Draft {
    let spoken_of: Vec<FieldId> = draft.relationships.iter().flat_map(fields_of).collect();
    let is_family = |model: &ModelDraft| {
        model.kind.parent.is_some() || draft.models.iter().any(|other| other.kind.parent == Some(model.id))
    };
    let outlined = |model: &ModelDraft| {
        let mut model = model.clone();
        if !is_family(&model) {
            model.fields.retain(|field| field.primary_key || spoken_of.contains(&field.id));
        }
        model
    };
    Draft { models: draft.models.iter().map(outlined).collect(), ..draft.clone() }
}

/// The fields that a relationship speaks of: those that its key refers to, and those that its collections are ordered by.
fn fields_of(relationship: &RelationshipDraft) -> Vec<FieldId> {
    let ordered = [&relationship.left, &relationship.right].into_iter().flat_map(|end| &end.order);
    relationship.references.iter().copied().chain(ordered.map(|term| term.field)).collect()
}

impl Source {
    /// Whether a card of these models looks the same: they are as they were, and as much is told of what `concerns` it.
    pub(super) fn looks_like(
        &self,
        before: &Source,
        models: impl IntoIterator<Item = Option<ModelId>>,
        concerns: impl Fn(&Place) -> bool,
    ) -> bool {
        // Once errors are mended, the last good schema is another one, whatever was mended.
        let good = |source: &Source| (source.good.is_some(), source.compiled.good.is_some());
        if self.outline != before.outline || self.parts != before.parts || good(self) != good(before) {
            return false;
        }
        let same_model = |id: ModelId| self.project.draft.model(id) == before.project.draft.model(id);
        let told = |source: &Source| -> Vec<Diagnostic<Place>> {
            let told = source.compiled.schema_diagnostics.iter();
            told.filter(|diagnostic| concerns(&diagnostic.place)).cloned().collect()
        };
        models.into_iter().flatten().all(same_model) && told(self) == told(before)
    }
}

#[cfg(test)]
mod tests {
    use super::{outline_of, same_data};
    use crate::project::{Project, Sample};
    use crate::schema::EndOrder;

    /// Whether the outline is the same after a change.
    fn same(sample: Sample, change: impl FnOnce(&mut Project)) -> bool {
        let before = sample.project();
        let mut after = before.clone();
        change(&mut after);
        outline_of(&before.draft) == outline_of(&after.draft) && same_data(&before.data, &after.data)
    }

    #[test]
    fn only_a_field_that_nothing_else_speaks_of_is_not_in_the_outline() {
        let book = |project: &mut Project, at: usize| project.draft.models[1].fields[at].name.push('x');
        assert!(same(Sample::AuthorBook, |project| book(project, 1)));
        assert!(!same(Sample::AuthorBook, |project| book(project, 0)), "a key");
        assert!(!same(Sample::AuthorBook, |project| project.draft.models[1].name.push('x')));
        assert!(!same(Sample::AuthorBook, |project| project.draft.relationships[0].required = true));
        let ordered = |project: &mut Project| {
            let field = project.draft.models[1].fields[1].id;
            project.draft.relationships[0].left.order.push(EndOrder { field, descending: false });
        };
        let mut before = Sample::AuthorBook.project();
        ordered(&mut before);
        let mut after = before.clone();
        book(&mut after, 1);
        assert!(outline_of(&before.draft) != outline_of(&after.draft), "a collection is ordered by it");
    }

    #[test]
    fn every_change_of_the_rows_changes_it() {
        assert!(!same(Sample::AuthorBook, |project| {
            let model = project.draft.models[0].id;
            project.data.add_row(model);
        }));
        assert!(!same(Sample::AuthorBook, |project| project.data.links.clear()));
    }
}
