//! Filters as typed in, checked filters and diagnostics out.

use super::check::{Checker, Place};
use super::checked::{Filter, Predicate, Quantifier};
use super::draft::{FilterDraft, Joiner, Path, RelatedDraft, RelatedTest, Test, TestDraft};
use crate::schema::{End, FieldType, Findings, shorten};

/// What is wrong, and what to do about it.
pub(super) type Trouble = (String, String);

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
            let filter = self.filter(draft, path, findings);
            // An empty pair of parentheses, or one of only such pairs, asks for nothing.
            filters.extend(filter.filter(|filter| !filter.is_anything()));
            path.pop();
        }
        match joiner {
            // No condition at all: everything holds, whichever word would have joined them.
            _ if filters.is_empty() => Filter::anything(),
            _ if filters.len() == 1 => filters.remove(0),
            Joiner::And => Filter::All(filters),
            Joiner::Or => Filter::Any(filters),
        }
    }

    fn filter_place(&self, path: &Path) -> Place {
        match &self.include {
            None => Place::Filter(path.clone()),
            Some(include) => Place::IncludeFilter(include.clone(), path.clone()),
        }
    }

    fn filter(&self, draft: &FilterDraft, path: &mut Path, findings: &mut Findings<Place>) -> Option<Filter> {
        match draft {
            FilterDraft::Test(test) => self.test(test, path, findings),
            FilterDraft::Group(joiner, inner) => Some(self.group(*joiner, inner, path, findings)),
            FilterDraft::Not(joiner, inner) => {
                let group = self.group(*joiner, inner, path, findings);
                Some(if group.is_anything() { group } else { Filter::Not(Box::new(group)) })
            }
            FilterDraft::Related(related) => self.related(related, path, findings),
        }
    }

    fn test(&self, draft: &TestDraft, path: &Path, findings: &mut Findings<Place>) -> Option<Filter> {
        let place = || self.filter_place(path);
        let (field, predicate) = self
            .field_path(&[], draft.field)
            .and_then(|(path, field)| {
                Ok((path.field, predicate(field.field_type, draft.test, &draft.value, &draft.upper)?))
            })
            .map_err(|(message, mend)| findings.error(place(), message, mend))
            .ok()?;
        if let Predicate::Between(lower, upper) = &predicate
            && lower > upper
        {
            let message = format!("Nothing lies between {} and {}.", draft.value.trim(), draft.upper.trim());
            findings.warning(place(), message, "Swap the two values.");
        }
        Some(Filter::Test(field, predicate))
    }

    fn related(
        &self,
        draft: &RelatedDraft,
        path: &mut Path,
        findings: &mut Findings<Place>,
    ) -> Option<Filter> {
        let end = draft.end.and_then(|end| self.schema.end_at(self.root.id, end));
        let Some(end) = end else {
            let message = format!("No relationship of {} is chosen here.", self.root.name);
            let mend = "Choose a relationship, or remove this line.";
            findings.error(self.filter_place(path), message, mend);
            return None;
        };
        let quantifier = quantifier(draft, &end)
            .map_err(|(message, mend)| findings.error(self.filter_place(path), message, mend))
            .ok();
        let condition = if draft.test.takes_conditions() {
            let there = Checker { root: end.target, ..self.clone() };
            there.group(draft.joiner, &draft.filters, path, findings)
        } else {
            Filter::anything()
        };
        let quantifier = quantifier?;
        // Nothing is asked of every one of them: that asks for nothing.
        if quantifier == Quantifier::Every && condition.is_anything() {
            return Some(condition);
        }
        Some(Filter::Related(end.id, quantifier, Box::new(condition)))
    }
}

/// What is asked of the objects at an end, if it can be asked of as many as there are.
fn quantifier(draft: &RelatedDraft, end: &End<'_>) -> Result<Quantifier, Trouble> {
    let collection = end.kind.is_collection();
    if draft.test.is_of_collection() != collection {
        let many = if collection { "many objects" } else { "one object" };
        let message =
            format!("{} leads to {many}: “{}” does not fit.", shorten(end.name), draft.test.label());
        let labels: Vec<&str> = RelatedTest::of(collection).map(RelatedTest::label).collect();
        return Err((message, format!("Choose one of: {}.", labels.join(", "))));
    }
    Ok(match draft.test {
        RelatedTest::Some | RelatedTest::Is | RelatedTest::HasOne => Quantifier::Some,
        RelatedTest::Every => Quantifier::Every,
        RelatedTest::None | RelatedTest::IsNot | RelatedTest::HasNone => Quantifier::None,
        RelatedTest::Count => {
            let Some(operator) = draft.compare.comparison() else {
                let message = format!("A number of objects is not tested with “{}”.", draft.compare.label());
                return Err((message, "Choose =, ≠, <, ≤, > or ≥.".into()));
            };
            Quantifier::Count(operator, number(&draft.count)?)
        }
    })
}

fn number(text: &str) -> Result<i64, Trouble> {
    text.trim().parse().ok().filter(|number| *number >= 0).ok_or_else(|| {
        (
            format!("{} is not a number of objects.", shorten(text.trim())),
            "Type a whole number like 2.".into(),
        )
    })
}

/// A test against values as typed, as a predicate on values of a type.
pub(super) fn predicate(
    field_type: FieldType,
    test: Test,
    value: &str,
    upper: &str,
) -> Result<Predicate, Trouble> {
    let mend = || format!("Type a value like {}.", field_type.example());
    let parse = |text: &str| field_type.parse(text).map_err(|error| (format!("{error}."), mend()));
    let list = || {
        let values = split_list(value).iter().map(|text| parse(text)).collect::<Result<Vec<_>, _>>()?;
        if values.is_empty() {
            return Err(("No value is in the list.".into(), "Type values, separated by commas.".into()));
        }
        Ok(values)
    };
    match test {
        Test::Between => Ok(Predicate::Between(parse(value)?, parse(upper)?)),
        // A pattern is text whatever it is matched against.
        Test::Like => Ok(Predicate::Like(value.to_owned())),
        Test::NotLike => Ok(Predicate::NotLike(value.to_owned())),
        Test::In => list().map(Predicate::In),
        Test::NotIn => list().map(Predicate::NotIn),
        Test::IsNull => Ok(Predicate::IsNull),
        Test::IsNotNull => Ok(Predicate::IsNotNull),
        comparison => {
            let operator =
                comparison.comparison().ok_or_else(|| ("This test takes no value.".into(), mend()))?;
            Ok(Predicate::Compare(operator, parse(value)?))
        }
    }
}

/// Values separated by commas. What stands inside double quotes belongs to its value, commas and blanks too; `""` is an empty
/// value, and inside quotes a quote.
fn split_list(text: &str) -> Vec<String> {
    // Of each value, how much of it was quoted, and so must not be trimmed.
    let mut items = vec![(String::new(), None)];
    let mut quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let Some((item, kept)) = items.last_mut() else { break };
        match letter {
            '"' if quoted && letters.next_if_eq(&'"').is_some() => item.push('"'),
            '"' => {
                quoted = !quoted;
                *kept = Some(item.len());
            }
            ',' if !quoted => items.push((String::new(), None)),
            blank if blank.is_whitespace() && !quoted && item.is_empty() => {}
            other => item.push(other),
        }
    }
    let there = items.into_iter().filter(|(item, kept)| kept.is_some() || !item.is_empty());
    let trimmed = |(mut item, kept): (String, Option<usize>)| {
        item.truncate(item.trim_end().len().max(kept.unwrap_or_default()));
        item
    };
    there.map(trimmed).collect()
}

#[cfg(test)]
mod tests {
    use super::split_list;

    #[test]
    fn commas_in_quotes_do_not_separate() {
        assert_eq!(split_list(r#"a, "b, c" ,,d, """#), ["a", "b, c", "d", ""]);
        assert!(split_list(" , ").is_empty());
        assert_eq!(split_list(r#" " a " , b c ,"say ""so""", """" "#), [" a ", "b c", "say \"so\"", "\""]);
    }
}
