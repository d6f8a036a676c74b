//! Groups of objects as a script asks for them: `{ by: "author.name", compute: { n: { count: true } }, having: { n: { ">": 1 } } }`.

use super::Json;
use super::conditions::{named_tests, test_of};
use super::functions::FUNCTIONS;
use super::paths::member;
use super::query::Reading;
use super::relationships::descending;
use crate::query::{GroupKeyDraft, GroupValueDraft, GroupingDraft, HavingDraft, Place};
use crate::schema::{FieldType, ModelId};
use crate::sql::Function;

/// Something computed of each group: where it was written, and the type of what comes out.
struct Value {
    draft: GroupValueDraft,
    path: String,
    kind: FieldType,
}

impl Reading<'_> {
    pub(super) fn grouping(&mut self, model: ModelId, path: &str, json: &Json) -> GroupingDraft {
        self.paths.note(Place::Groups, path);
        let members = self.reader.map(path, json);
        let (mut keys, mut values) = (Vec::new(), Vec::new());
        for (name, part) in members {
            let path = member(path, name);
            match name.as_str() {
                "by" => keys = self.group_keys(model, &path, part),
                "compute" => values = self.group_values(model, &path, part),
                // They speak of what is computed, wherever that stands.
                "having" | "order" => {}
                other => {
                    let known = ["by", "compute", "having", "order"];
                    self.reader.unknown(&path, "part of a group", other, known);
                }
            }
        }
        let part = |name: &str| members.iter().find(|(known, _)| known == name).map(|(_, part)| part);
        if let Some(having) = part("having") {
            self.having(&member(path, "having"), having, &mut values);
        }
        if let Some(order) = part("order") {
            self.group_order(&member(path, "order"), order, &mut values);
        }
        for (at, value) in values.iter().enumerate() {
            if keys.iter().any(|(name, _)| name.eq_ignore_ascii_case(&value.draft.name)) {
                let message = format!("A key is called {} already.", value.draft.name);
                self.reader.error(&value.path, message, "Give it another name.");
            }
            self.paths.note(Place::GroupValue(at), &value.path);
            self.paths.note(Place::Having(at), &member(path, "having"));
        }
        let keys = keys.into_iter().map(|(_, key)| key).collect();
        GroupingDraft { keys, values: values.into_iter().map(|value| value.draft).collect() }
    }

    /// `"author.name"`, with a `-` for the greatest first; or a list of these. Each with its name, `author_name`.
    fn group_keys(&mut self, model: ModelId, path: &str, json: &Json) -> Vec<(String, GroupKeyDraft)> {
        let mut keys = Vec::new();
        for (path, term) in self.reader.texts_at(path, json) {
            let (name, descending) = descending(&term);
            if let Some((through, field)) = self.field_at(model, &path, name) {
                self.paths.note(Place::GroupKey(keys.len()), &path);
                let key = GroupKeyDraft { through, field: Some(field), descending };
                keys.push((name.replace('.', "_"), key));
            }
        }
        keys
    }

    /// `{ n: { count: true }, dearest: { max: "price" } }`.
    fn group_values(&mut self, model: ModelId, path: &str, json: &Json) -> Vec<Value> {
        let mut values = Vec::new();
        for (name, part) in self.reader.map(path, json) {
            let path = member(path, name);
            let Json::Map(members) = part else {
                self.reader.expected(&path, "a function such as { count: true }", part);
                continue;
            };
            let [(label, of)] = members.as_slice() else {
                let message = format!("Expected one function, not {}.", members.len());
                self.reader.error(&path, message, "Write it as { count: true } or { max: \"price\" }.");
                continue;
            };
            let within = member(&path, label);
            let Some((_, function)) = FUNCTIONS.iter().find(|(known, _)| known == label) else {
                self.reader.unknown(&within, "function", label, FUNCTIONS.map(|(name, _)| name));
                continue;
            };
            let mut draft =
                GroupValueDraft { function: *function, name: name.clone(), ..GroupValueDraft::default() };
            let kind = match (function, of) {
                (Function::Count, Json::Bool(true)) => Some(FieldType::Integer),
                (Function::Count, other) => {
                    self.reader.expected(&within, "true: a group's objects are counted", other);
                    None
                }
                (function, of) => self.measured(model, &within, *function, of, &mut draft),
            };
            values.extend(kind.map(|kind| Value { draft, path, kind }));
        }
        values
    }

    /// Reads the field that a function is of; gives the type of what comes out.
    fn measured(
        &mut self,
        model: ModelId,
        path: &str,
        function: Function,
        json: &Json,
        draft: &mut GroupValueDraft,
    ) -> Option<FieldType> {
        let name = self.reader.text(path, json)?;
        let (through, field) = self.field_at(model, path, &name)?;
        let owner = through.last().and_then(|end| self.target(*end)).unwrap_or(model);
        let kind = self.schema.model(owner)?.fields.get(&field)?.field_type;
        (draft.through, draft.field) = (through, Some(field));
        Some(match (function, kind) {
            (Function::Average, _) => FieldType::Real,
            (Function::Sum, FieldType::Boolean) => FieldType::Integer,
            (_, kind) => kind,
        })
    }

    /// `{ n: { ">": 1 } }`: one test of each.
    fn having(&mut self, path: &str, json: &Json, values: &mut [Value]) {
        for (name, part) in self.reader.map(path, json) {
            let path = member(path, name);
            let Some(at) = self.computed_at(&path, name, values) else { continue };
            let tests = named_tests(self, &path, part);
            if let [_, second, ..] = tests.as_slice() {
                self.reader.error(&second.0, "One test of it is possible here.", "Take one away.");
            }
            for (path, test, part) in tests.into_iter().take(1) {
                let read = test_of(self, &path, values[at].kind, test, part);
                values[at].draft.having = read.map(|draft| HavingDraft {
                    test: draft.test,
                    value: draft.value,
                    upper: draft.upper,
                });
            }
        }
    }

    /// `"-n"`, or a list of these: what groups are ordered by, before they are by their keys.
    fn group_order(&mut self, path: &str, json: &Json, values: &mut [Value]) {
        for (first, (path, term)) in self.reader.texts_at(path, json).into_iter().enumerate() {
            let (name, descending) = descending(&term);
            let Some(at) = self.computed_at(&path, name, values) else { continue };
            values[at].draft.descending = Some(descending);
            if at >= first {
                // They count in the order in which they are computed.
                values[first..=at].rotate_right(1);
            }
        }
    }

    /// Where the computed value with this name is.
    fn computed_at(&mut self, path: &str, name: &str, values: &[Value]) -> Option<usize> {
        let found = values.iter().position(|value| value.draft.name == name);
        if found.is_none() {
            self.reader.unknown(
                path,
                "computed value",
                name,
                values.iter().map(|value| value.draft.name.as_str()),
            );
        }
        found
    }
}
