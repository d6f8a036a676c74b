//! Filters as typed in, checked filters and diagnostics out.

use super::check::{Checker, Place};
use super::draft::{FilterDraft, Joiner, Path, Test, TestDraft};
use super::plan::{Filter, Predicate};
use crate::schema::{FieldType, Findings};

impl Checker<'_> {
    pub(super) fn group(
        &self,
        joiner: Joiner,
        drafts: &[FilterDraft],
        path: &mut Path,
        findings: &mut Findings<Place>,
    ) -> Filter {
        let mut filters = Vec::new();
        for (index, draft) in drafts.iter().enumerate() {
            path.push(index);
            match draft {
                FilterDraft::Group(joiner, inner) => {
                    let group = self.group(*joiner, inner, path, findings);
                    // An empty pair of parentheses, or one of only such pairs, asks for nothing.
                    filters.extend((group != Filter::All(Vec::new())).then_some(group));
                }
                FilterDraft::Test(test) => filters.extend(self.test(test, path, findings)),
            }
            path.pop();
        }
        match joiner {
            // No condition at all: everything holds, whichever word would have joined them.
            _ if filters.is_empty() => Filter::All(filters),
            Joiner::And => Filter::All(filters),
            Joiner::Or => Filter::Any(filters),
        }
    }

    fn test(&self, draft: &TestDraft, path: &Path, findings: &mut Findings<Place>) -> Option<Filter> {
        let place = || Place::Filter(path.clone());
        let field = self.field(draft.field, place(), findings)?;
        let predicate = predicate(field.field_type, draft).map_err(|message| {
            let mend = format!("Type a value like {}.", field.field_type.example());
            findings.error(place(), message, mend);
        });
        predicate.ok().map(|predicate| Filter::Test(field.id, predicate))
    }
}

fn predicate(field_type: FieldType, draft: &TestDraft) -> Result<Predicate, String> {
    let parse = |text: &str| field_type.parse(text).map_err(|error| format!("{error}."));
    match draft.test {
        Test::IsNull => Ok(Predicate::IsNull),
        Test::IsNotNull => Ok(Predicate::IsNotNull),
        Test::In => split_list(&draft.value)
            .iter()
            .map(|text| parse(text))
            .collect::<Result<_, _>>()
            .map(Predicate::In),
        // A pattern is text whatever it is matched against.
        Test::Like => Ok(Predicate::Like(draft.value.clone())),
        test => {
            let value = parse(&draft.value)?;
            let operator = test.operator().ok_or("This test takes no value.")?;
            Ok(Predicate::Compare(operator, value))
        }
    }
}

/// Values separated by commas. A comma inside double quotes belongs to its value.
fn split_list(text: &str) -> Vec<String> {
    let mut items = vec![String::new()];
    let mut quoted = false;
    for character in text.chars() {
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => items.push(String::new()),
            other => items.last_mut().into_iter().for_each(|item| item.push(other)),
        }
    }
    items.iter().map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::split_list;

    #[test]
    fn commas_in_quotes_do_not_separate() {
        assert_eq!(split_list(r#"a, "b, c" ,,d"#), ["a", "b, c", "d"]);
        assert!(split_list(" ").is_empty());
    }
}
