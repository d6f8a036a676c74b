//! Query draft in, checked query and diagnostics out.

use super::Strategy;
use super::draft::{FilterDraft, IncludeDraft, Joiner, OrderDraft, Path, QueryDraft, Test, TestDraft};
use super::plan::{Filter, Include, OrderBy, Predicate, Query};
use crate::schema::{End, Field, FieldType, Findings, Model, ModelId, Report, Schema, shorten};

/// The form field that a diagnostic of a query stands beside.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// The model.
    Root,
    /// An included relationship.
    Include(Path),
    /// A filter.
    Filter(Path),
    /// A term of the order.
    Order(usize),
    /// The limit.
    Limit,
    /// The offset.
    Offset,
}

/// Checks a query against a schema. The query is there exactly when no diagnostic is an error.
///
/// ```
/// use relata::{project::Sample, query, schema};
/// let project = Sample::AuthorBook.project();
/// let schema = schema::check(&project.draft).value.unwrap();
/// let mut draft = project.query.clone();
/// draft.limit = "ten".into();
/// let report = query::check(&draft, &schema);
/// assert_eq!(report.diagnostics[0].place, query::Place::Limit);
/// ```
pub fn check(draft: &QueryDraft, schema: &Schema) -> Report<Query, Place> {
    let mut findings = Findings::default();
    let Some(root) = draft.root.and_then(|id| schema.model(id)) else {
        findings.error(Place::Root, "No model is chosen.", "Choose the model whose objects you want.");
        return Report { value: None, diagnostics: findings.into_vec() };
    };
    let checker = Checker { schema, root };
    let query = Query {
        root: root.id,
        includes: checker.includes(&draft.includes, root.id, &mut Path::new(), &mut findings),
        filter: checker.group(draft.joiner, &draft.filters, &mut Path::new(), &mut findings),
        order: checker.order(&draft.order, &mut findings),
        limit: count(&draft.limit, Place::Limit, &mut findings),
        offset: count(&draft.offset, Place::Offset, &mut findings),
    };
    Report::new(query, findings.into_vec())
}

fn count(text: &str, place: Place, findings: &mut Findings<Place>) -> Option<u64> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    // SQLite counts with 63 bits.
    let number = text.parse().ok().filter(|number| *number <= i64::MAX as u64);
    if number.is_none() {
        findings.error(
            place,
            format!("{} is not a number of objects.", shorten(text)),
            "Type a whole number, or clear it.",
        );
    }
    number
}

/// An include that follows a property of a model with itself so many times, with the same below each.
fn repeated(once: Include, depth: u32) -> Include {
    (1..depth).fold(once.clone(), |below, _| {
        let mut above = once.clone();
        above.includes.push(below);
        above
    })
}

/// The first depth that is too much: each level may be another join.
const DEEPEST: u32 = 11;

struct Checker<'a> {
    schema: &'a Schema,
    root: &'a Model,
}

impl Checker<'_> {
    fn includes(
        &self,
        drafts: &[IncludeDraft],
        model: ModelId,
        path: &mut Path,
        findings: &mut Findings<Place>,
    ) -> Vec<Include> {
        let mut includes: Vec<Include> = Vec::new();
        for (index, draft) in drafts.iter().enumerate() {
            path.push(index);
            let end = self.schema.end(draft.end).filter(|end| end.model.id == model);
            match end {
                None => findings.error(
                    Place::Include(path.clone()),
                    "This relationship is no longer there.",
                    "Remove it from the query.",
                ),
                Some(end) if includes.iter().any(|include| include.end == end.id) => findings.error(
                    Place::Include(path.clone()),
                    format!("{} is included twice.", shorten(end.name)),
                    "Remove one of the two.",
                ),
                Some(end) => {
                    let inner = self.includes(&draft.includes, end.target.id, path, findings);
                    self.inner_is_safe(draft, &end, path, findings);
                    let depth = self.depth(draft, &end, path, findings);
                    let once = Include {
                        end: end.id,
                        strategy: draft.strategy,
                        inner: draft.inner,
                        filter: Filter::none(),
                        includes: inner,
                    };
                    includes.push(repeated(once, depth));
                }
            }
            path.pop();
        }
        includes
    }

    /// An inner join may be asked for only where it leaves out nothing.
    fn inner_is_safe(
        &self,
        draft: &IncludeDraft,
        end: &End<'_>,
        path: &Path,
        findings: &mut Findings<Place>,
    ) {
        if !draft.inner {
            return;
        }
        let mend = "Choose the outer join.";
        if draft.strategy != Strategy::Joined {
            let message = format!("{} is not joined, so there is no inner join.", shorten(end.name));
            findings.error(
                Place::Include(path.clone()),
                message,
                "Load it joined, or choose the outer join.",
            );
        } else if !end.always_there(self.schema) {
            let message = format!(
                "An inner join would leave out each {} without {}: another result, not another way to load it.",
                end.model.name, end.name
            );
            findings.error(Place::Include(path.clone()), message, mend);
        }
    }

    /// How often to follow the property, at least once.
    fn depth(&self, draft: &IncludeDraft, end: &End<'_>, path: &Path, findings: &mut Findings<Place>) -> u32 {
        let place = || Place::Include(path.clone());
        let again = draft.includes.iter().any(|include| include.end == draft.end);
        match draft.depth {
            1 => {}
            _ if end.model.id != end.target.id => findings.error(
                place(),
                format!("{} leads to another model, so it can be followed only once.", shorten(end.name)),
                "Set the depth to 1.",
            ),
            0 | DEEPEST.. => findings.error(
                place(),
                format!("{} is no depth to follow {} to.", draft.depth, shorten(end.name)),
                format!("Choose one from 1 to {}.", DEEPEST - 1),
            ),
            _ if again => findings.error(
                place(),
                format!("{} is followed by its depth, and once more by hand.", shorten(end.name)),
                "Remove the inner one, or set the depth to 1.",
            ),
            depth => return depth,
        }
        1
    }

    fn group(
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

    fn field(
        &self,
        id: Option<crate::schema::FieldId>,
        place: Place,
        findings: &mut Findings<Place>,
    ) -> Option<&Field> {
        let field = id.and_then(|id| self.root.fields.get(&id));
        if field.is_none() {
            let message = format!("No field of {} is chosen here.", self.root.name);
            findings.error(place, message, "Choose a field, or remove this line.");
        }
        field
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

    fn order(&self, drafts: &[OrderDraft], findings: &mut Findings<Place>) -> Vec<OrderBy> {
        drafts
            .iter()
            .enumerate()
            .filter_map(|(index, draft)| {
                let field = self.field(draft.field, Place::Order(index), findings)?;
                Some(OrderBy { field: field.id, descending: draft.descending })
            })
            .collect()
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
