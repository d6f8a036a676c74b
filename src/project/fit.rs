//! Whether the data that is there would fit a change of the schema: what the form says beforehand.

use std::collections::BTreeSet;

use super::file::Project;
use crate::schema::{FieldDraft, FieldId, FieldType, ModelId, RelationshipId, Side};
use crate::value::Value;

/// How well the values of a field fit what is asked of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fit {
    /// Rows without a value, and without a default to take its place.
    pub missing: usize,
    /// Values that another row before it has.
    pub repeated: usize,
}

impl Project {
    /// How the values of a field would fit if it were required or unique.
    pub fn fit_of_field(&self, model: ModelId, field: FieldId) -> Fit {
        let Some(draft) = self.draft.model(model).and_then(|model| model.field(field)) else {
            return Fit::default();
        };
        let filled_in = draft.default.is_some() || self.is_counted(model, draft);
        let mut seen: BTreeSet<Value> = BTreeSet::new();
        let mut fit = Fit::default();
        for row in self.data.rows_of(model) {
            match row.cells.get(&field) {
                None if filled_in => {}
                None => fit.missing += 1,
                Some(text) => {
                    // A text that is no value of the type is another trouble, told elsewhere.
                    let value = draft.field_type.parse(text);
                    fit.repeated += usize::from(value.is_ok_and(|value| !seen.insert(value)));
                }
            }
        }
        fit
    }

    /// How many values of a field are no values of this type.
    pub fn misfits_of_type(&self, model: ModelId, field: FieldId, field_type: FieldType) -> usize {
        let texts = self.data.rows_of(model).iter().filter_map(|row| row.cells.get(&field));
        texts.filter(|text| field_type.parse(text).is_err()).count()
    }

    /// How many rows hold the key of a relationship but point to nothing: what making it required would shut out.
    pub fn rows_without_link(&self, id: RelationshipId) -> usize {
        let Some(relationship) = self.draft.relationship(id) else { return 0 };
        let Some((holder, model)) =
            relationship.holder().and_then(|side: Side| Some((side, relationship.end(side).model?)))
        else {
            return 0;
        };
        let mut linked = BTreeSet::new();
        linked.extend(self.data.links_of(id).iter().map(|pair| pair.at(holder)));
        self.data.rows_of(model).iter().filter(|row| !linked.contains(&row.id)).count()
    }

    /// Whether the database counts this field up by itself: the only key, and an integer.
    fn is_counted(&self, model: ModelId, field: &FieldDraft) -> bool {
        let keys = self
            .draft
            .model(model)
            .map_or(0, |model| model.fields.iter().filter(|field| field.primary_key).count());
        let alone = keys == 1 && self.draft.identifying(model).next().is_none();
        field.primary_key && alone && field.field_type == FieldType::Integer
    }
}

#[cfg(test)]
mod tests {
    use super::super::{RowId, Sample};
    use super::*;

    #[test]
    fn missing_and_repeated_values_are_counted() {
        let mut project = Sample::AuthorBook.project();
        let (book, title) = (ModelId(2), FieldId(7));
        assert_eq!(project.fit_of_field(book, title), Fit::default());
        let rows: Vec<RowId> = project.data.rows_of(book).iter().map(|row| row.id).collect();
        project.data.set_cell(book, rows[0], title, None);
        project.data.set_cell(book, rows[1], title, Some("Beloved".into()));
        assert_eq!(project.fit_of_field(book, title), Fit { missing: 1, repeated: 1 });
        assert_eq!(project.misfits_of_type(book, title, FieldType::Integer), 6);
    }

    #[test]
    fn a_key_that_counts_up_by_itself_misses_nothing() {
        let mut project = Sample::AuthorBook.project();
        let (book, id) = (ModelId(2), FieldId(6));
        let row = project.data.rows_of(book)[0].id;
        project.data.set_cell(book, row, id, None);
        assert_eq!(project.fit_of_field(book, id).missing, 0);
    }

    #[test]
    fn a_required_relationship_would_shut_out_rows_without_a_link() {
        assert_eq!(Sample::UserProfile.project().rows_without_link(RelationshipId(3)), 1);
        assert_eq!(Sample::StudentCourse.project().rows_without_link(RelationshipId(3)), 0);
    }
}
