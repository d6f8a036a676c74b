//! Includes as typed in, checked includes and diagnostics out.

use std::collections::BTreeMap;

use super::check::{Checker, Place};
use super::checked::{Filter, Include};
use super::draft::{IncludeDraft, Path};
use crate::schema::{End, EndId, Findings, ModelId, shorten};

impl Checker<'_> {
    pub(super) fn includes(
        &self,
        drafts: &[IncludeDraft],
        model: ModelId,
        path: &mut Path,
        findings: &mut Findings<Place>,
    ) -> Vec<Include> {
        let mut includes: Vec<Include> = Vec::new();
        for (index, draft) in drafts.iter().enumerate() {
            path.push(index);
            let end = self.schema.end_at(model, draft.end);
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
                        filter: self.condition(draft, &end, path, findings),
                        includes: inner,
                    };
                    includes.push(repeated(once, depth));
                }
            }
            path.pop();
        }
        includes
    }

    /// The condition on the targets.
    fn condition(
        &self,
        draft: &IncludeDraft,
        end: &End<'_>,
        path: &Path,
        findings: &mut Findings<Place>,
    ) -> Filter {
        let Some(target) = self.schema.model(end.target.id) else { return Filter::anything() };
        let there = Checker { schema: self.schema, root: target, include: Some(path.clone()) };
        there.group(draft.joiner, &draft.filters, &mut Path::new(), findings)
    }

    /// An object has one list of books: it cannot be loaded with one condition here and with another there.
    pub(super) fn one_condition_each(&self, includes: &[Include], findings: &mut Findings<Place>) {
        let mut known: BTreeMap<EndId, Filter> = BTreeMap::new();
        let mut open: Vec<(Path, &Include)> =
            includes.iter().enumerate().map(|(at, include)| (vec![at], include)).collect();
        while let Some((path, include)) = open.pop() {
            for (at, below) in include.includes.iter().enumerate() {
                open.push(([path.as_slice(), &[at]].concat(), below));
            }
            let first = known.entry(include.end).or_insert_with(|| include.filter.clone());
            if *first != include.filter {
                let name = self.schema.end(include.end).map_or("", |end| end.name);
                let message = format!(
                    "{} is loaded twice with different conditions, but an object has it only once.",
                    shorten(name)
                );
                findings.error(Place::Include(path), message, "Give both the same condition, or remove one.");
            }
        }
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
        let mend = "Do without the inner join.";
        if !draft.strategy.joins() {
            let message = format!("{} is not joined, so there is no inner join.", shorten(end.name));
            findings.error(
                Place::Include(path.clone()),
                message,
                "Load it joined, or do without the inner join.",
            );
        } else if !draft.filters.is_empty() || !end.always_there(self.schema) {
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
            _ if !self.schema.is_kind_of(end.target.id, end.model.id) => findings.error(
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
