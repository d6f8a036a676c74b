//! Small changes of lists that the query form sends up whole, and the words that it uses.

use crate::query::{IncludeDraft, Path, Strategy};
use crate::schema::{End, EndKind};
use crate::ui::define::words::plural;

/// A path one level further down.
pub(super) fn below(path: &Path, at: usize) -> Path {
    path.iter().copied().chain([at]).collect()
}

/// The list with the item at `at` one up (−1) or one down (1), where there is a place.
pub(super) fn moved<T: Clone>(list: &[T], at: usize, by: isize) -> Vec<T> {
    let mut list = list.to_vec();
    if let Some(to) = at.checked_add_signed(by).filter(|to| *to < list.len() && at < list.len()) {
        list.swap(at, to);
    }
    list
}

/// The list with another item in place of the one at `at`, or without it.
pub(super) fn replaced<T: Clone>(list: &[T], at: usize, item: Option<T>) -> Vec<T> {
    let mut list = list.to_vec();
    if at < list.len() {
        list.splice(at..=at, item);
    }
    list
}

/// The list with one more at its end.
pub(super) fn longer<T: Clone>(list: &[T], item: T) -> Vec<T> {
    list.iter().cloned().chain([item]).collect()
}

/// The strategy that all includes share, however deep; `None` if they differ or there are none.
pub(super) fn common_strategy(includes: &[IncludeDraft]) -> Option<Strategy> {
    let mut strategies = Vec::new();
    collect(includes, &mut strategies);
    let first = strategies.first().copied()?;
    strategies.iter().all(|strategy| *strategy == first).then_some(first)
}

fn collect(includes: &[IncludeDraft], into: &mut Vec<Strategy>) {
    for include in includes {
        into.push(include.strategy);
        collect(&include.includes, into);
    }
}

/// What a property leads to: `many Books`, `one Author`.
pub(super) fn leads_to(end: &End<'_>) -> String {
    let name = &end.target.name;
    if end.kind.is_collection() { format!("many {}", plural(name)) } else { format!("one {name}") }
}

/// The kind of a property in words.
pub(super) fn kind_in_words(end: &End<'_>) -> String {
    let (model, target, targets) = (&end.model.name, &end.target.name, plural(&end.target.name));
    match end.kind {
        EndKind::BelongsTo => format!("each {model} has one {target} and holds its key"),
        EndKind::HasOne => format!("each {model} has one {target}, which holds the key"),
        EndKind::HasMany => format!("each {model} has many {targets}, each of which holds the key"),
        EndKind::ManyToMany => {
            format!("each {model} has many {targets} and the other way round, by a join table")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::OrderDraft;
    use crate::schema::{EndId, FieldId, RelationshipId, Side};

    fn term(field: u32) -> OrderDraft {
        OrderDraft { field: Some(FieldId(field)), ..OrderDraft::default() }
    }

    #[test]
    fn terms_move_as_far_as_there_is_a_place() {
        let order = [term(1), term(2), term(3)];
        assert_eq!(moved(&order, 1, -1), [term(2), term(1), term(3)]);
        assert_eq!(moved(&order, 2, 1), order);
        assert_eq!(moved(&order, 0, -1), order);
        assert_eq!(moved(&order, 7, -1), order);
        assert!(moved::<OrderDraft>(&[], 0, 1).is_empty());
        assert_eq!(longer(&order[..2], term(3)), order);
    }

    #[test]
    fn terms_are_replaced_and_removed() {
        let order = [term(1), term(2)];
        assert_eq!(replaced(&order, 0, Some(term(9))), [term(9), term(2)]);
        assert_eq!(replaced(&order, 1, None), [term(1)]);
        assert_eq!(replaced(&order, 2, None), order);
    }

    #[test]
    fn a_strategy_is_common_if_every_include_has_it() {
        let include = |strategy, includes| {
            IncludeDraft::new(EndId { relationship: RelationshipId(1), side: Side::Left }, strategy, includes)
        };
        let deep = |inner| vec![include(Strategy::Lazy, vec![include(inner, vec![])])];
        assert_eq!(common_strategy(&deep(Strategy::Lazy)), Some(Strategy::Lazy));
        assert_eq!(common_strategy(&deep(Strategy::Joined)), None);
        assert_eq!(common_strategy(&[]), None);
    }
}
