//! Groups as typed in, a checked question and diagnostics out.

use super::check::{Checker, Place};
use super::checked::{FieldPath, Measure};
use super::draft::{GroupKeyDraft, GroupValueDraft, GroupingDraft};
use super::filters::{Trouble, predicate};
use super::grouping::{GroupKey, GroupValue};
use super::values::measurable;
use crate::schema::{Field, FieldType, Findings};
use crate::sql::Function;

impl Checker<'_> {
    pub(super) fn groups(
        &self,
        draft: &GroupingDraft,
        findings: &mut Findings<Place>,
    ) -> (Vec<GroupKey>, Vec<GroupValue>) {
        if draft.keys.is_empty() && draft.values.is_empty() {
            let message = "Nothing is asked of the groups.";
            findings.error(Place::Groups, message, "Choose a field to group by, or something to compute.");
        }
        let keys = draft.keys.iter().enumerate().filter_map(|(at, draft)| {
            let key = self.group_key(draft);
            key.map_err(|(message, mend)| findings.error(Place::GroupKey(at), message, mend)).ok()
        });
        let keys = keys.collect();
        let values = draft.values.iter().enumerate();
        let values = values.filter_map(|(at, draft)| self.group_value(at, draft, findings));
        (keys, values.collect())
    }

    fn group_key(&self, draft: &GroupKeyDraft) -> Result<GroupKey, Trouble> {
        let (path, field) = self.field_path(&draft.through, draft.field)?;
        Ok(GroupKey { name: self.path_name(&path, field), path, descending: draft.descending })
    }

    fn group_value(
        &self,
        at: usize,
        draft: &GroupValueDraft,
        findings: &mut Findings<Place>,
    ) -> Option<GroupValue> {
        let (measure, derived, kind) = self
            .measure(draft)
            .map_err(|(message, mend)| findings.error(Place::GroupValue(at), message, mend))
            .ok()?;
        let having = draft.having.as_ref().map(|having| {
            let Ok(predicate) = predicate(kind, having.test, &having.value, &having.upper)
                .map_err(|(message, mend)| findings.error(Place::Having(at), message, mend))
            else {
                return None;
            };
            Some(predicate)
        });
        let name = if draft.name.trim().is_empty() { derived } else { draft.name.trim().to_owned() };
        Some(GroupValue { name, measure, having: having.flatten(), descending: draft.descending })
    }

    /// What is computed, a name for it, and the type of what comes out.
    fn measure(&self, draft: &GroupValueDraft) -> Result<(Measure<FieldPath>, String, FieldType), Trouble> {
        if draft.function == Function::Count {
            return Ok((Measure::Count, "count".into(), FieldType::Integer));
        }
        let (path, field) = self.field_path(&draft.through, draft.field)?;
        measurable(draft.function, field)?;
        let kind = match (draft.function, field.field_type) {
            (Function::Average, _) => FieldType::Real,
            (Function::Sum, FieldType::Boolean) => FieldType::Integer,
            (_, kind) => kind,
        };
        let name = format!("{}_{}", self.path_name(&path, field), draft.function.label());
        Ok((Measure::Of(draft.function, path), name, kind))
    }

    /// `title` for a field of the model itself, `author_name` for one of a related object.
    fn path_name(&self, path: &FieldPath, field: &Field) -> String {
        let ends = path.through.iter().filter_map(|end| self.schema.end(*end));
        let mut name: String = ends.map(|end| format!("{}_", end.name)).collect();
        name.push_str(field.column.as_deref().unwrap_or(&field.name));
        name
    }
}
