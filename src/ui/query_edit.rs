//! What each edit of the query form does to the query.

use super::action::QueryEdit;
use crate::query::{FilterDraft, IncludeDraft, Joiner, Path, QueryDraft, Strategy};

/// Makes an edit. A path that leads nowhere changes nothing.
pub fn apply(query: &mut QueryDraft, edit: &QueryEdit) {
    match edit {
        QueryEdit::Root(model) => {
            if query.root != Some(*model) {
                let (limit, offset) = (std::mem::take(&mut query.limit), std::mem::take(&mut query.offset));
                *query = QueryDraft { limit, offset, ..QueryDraft::all(*model) };
            }
        }
        QueryEdit::Include(path, include) => {
            if let Some(list) = includes_at(&mut query.includes, path) {
                list.push(include.clone());
            }
        }
        QueryEdit::Strategy(path, strategy) => {
            if let Some(include) = include_at(&mut query.includes, path) {
                include.strategy = *strategy;
            }
        }
        QueryEdit::EveryStrategy(strategy) => set_strategies(&mut query.includes, *strategy),
        QueryEdit::RemoveInclude(path) => {
            if let Some((last, parent)) = path.split_last() {
                includes_at(&mut query.includes, parent).into_iter().for_each(|list| remove(list, *last));
            }
        }
        QueryEdit::Joiner(path, joiner) => {
            if let Some((at, _)) = group_at(query, path) {
                *at = *joiner;
            }
        }
        QueryEdit::AddFilter(path, filter) => {
            if let Some((_, list)) = group_at(query, path) {
                list.push(filter.clone());
            }
        }
        QueryEdit::SetFilter(path, filter) => set_filter(query, path, filter),
        QueryEdit::RemoveFilter(path) => {
            if let Some((last, parent)) = path.split_last() {
                group_at(query, parent).into_iter().for_each(|(_, list)| remove(list, *last));
            }
        }
        QueryEdit::Order(order) => query.order.clone_from(order),
        QueryEdit::Limit(text) => query.limit.clone_from(text),
        QueryEdit::Offset(text) => query.offset.clone_from(text),
    }
}

/// The element to focus after an edit: what was added, or a neighbour of what was removed.
pub fn focus_after(edit: &QueryEdit, before: &QueryDraft, after: &QueryDraft) -> Option<String> {
    let at = |part: &str, path: &[usize]| {
        path.iter().fold(format!("query-{part}"), |text, step| format!("{text}-{step}"))
    };
    match edit {
        QueryEdit::Include(path, _) => {
            let list = includes_at(&mut after.includes.clone(), path)?.len();
            Some(at("include", &[path.as_slice(), &[list.checked_sub(1)?]].concat()))
        }
        QueryEdit::RemoveInclude(path) => match path.split_last()? {
            (_, []) => Some("query-root".into()),
            (_, parent) => Some(at("include", parent)),
        },
        QueryEdit::AddFilter(path, filter) => {
            let list = group_at(&mut after.clone(), path)?.1.len();
            let added = at("filter", &[path.as_slice(), &[list.checked_sub(1)?]].concat());
            // A group itself takes no focus: its first condition does.
            Some(if let FilterDraft::Group(..) = filter { format!("{added}-0") } else { added })
        }
        QueryEdit::RemoveFilter(path) => Some(format!("{}-add", at("filter", path.split_last()?.1))),
        QueryEdit::Order(order) if order.len() > before.order.len() => {
            Some(format!("query-order-{}", order.len() - 1))
        }
        QueryEdit::Order(order) if order.len() < before.order.len() => Some("query-order-add".into()),
        _ => None,
    }
}

fn remove<T>(list: &mut Vec<T>, at: usize) {
    if at < list.len() {
        list.remove(at);
    }
}

/// The includes below the include at this path; those of the root for the empty path.
fn includes_at<'a>(includes: &'a mut Vec<IncludeDraft>, path: &[usize]) -> Option<&'a mut Vec<IncludeDraft>> {
    match path.split_first() {
        None => Some(includes),
        Some((first, rest)) => includes_at(&mut includes.get_mut(*first)?.includes, rest),
    }
}

fn include_at<'a>(includes: &'a mut Vec<IncludeDraft>, path: &[usize]) -> Option<&'a mut IncludeDraft> {
    let (last, parent) = path.split_last()?;
    includes_at(includes, parent)?.get_mut(*last)
}

fn set_strategies(includes: &mut [IncludeDraft], strategy: Strategy) {
    for include in includes {
        include.strategy = strategy;
        set_strategies(&mut include.includes, strategy);
    }
}

fn set_filter(query: &mut QueryDraft, path: &Path, filter: &FilterDraft) {
    let Some((last, parent)) = path.split_last() else { return };
    if let Some(slot) = group_at(query, parent).and_then(|(_, list)| list.get_mut(*last)) {
        slot.clone_from(filter);
    }
}

/// How the filters of the group at this path are combined, and the filters; the outermost for the empty path.
fn group_at<'a>(
    query: &'a mut QueryDraft,
    path: &[usize],
) -> Option<(&'a mut Joiner, &'a mut Vec<FilterDraft>)> {
    let mut group = (&mut query.joiner, &mut query.filters);
    for at in path {
        group = group.1.get_mut(*at)?.inner_mut()?;
    }
    Some(group)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::{OrderDraft, TestDraft};
    use crate::schema::{EndId, RelationshipId, Side};

    fn test() -> FilterDraft {
        FilterDraft::Test(TestDraft::default())
    }

    fn include() -> IncludeDraft {
        let end = EndId { relationship: RelationshipId(1), side: Side::Left };
        IncludeDraft::new(end, Strategy::Lazy, Vec::new())
    }

    /// Makes the edits one after the other and tells where the focus is after the last.
    fn check(edits: &[QueryEdit], expected: Option<&str>) {
        let mut after = QueryDraft::default();
        let mut focus = None;
        for edit in edits {
            let before = after.clone();
            apply(&mut after, edit);
            focus = focus_after(edit, &before, &after);
        }
        assert_eq!(focus.as_deref(), expected);
    }

    #[test]
    fn the_focus_goes_to_what_was_added() {
        use QueryEdit::{AddFilter, Include, Order};
        check(&[Include(vec![], include())], Some("query-include-0"));
        check(&[Include(vec![], include()), Include(vec![0], include())], Some("query-include-0-0"));
        check(&[AddFilter(vec![], test()), AddFilter(vec![], test())], Some("query-filter-1"));
        check(&[AddFilter(vec![], FilterDraft::Group(Joiner::Or, vec![test()]))], Some("query-filter-0-0"));
        check(
            &[Order(vec![OrderDraft { descending: true, ..OrderDraft::default() }])],
            Some("query-order-0"),
        );
        check(&[Include(vec![7], include())], None);
    }

    #[test]
    fn the_focus_stays_near_what_was_removed() {
        use QueryEdit::{AddFilter, Include, Order, RemoveFilter, RemoveInclude};
        check(&[Include(vec![], include()), RemoveInclude(vec![0])], Some("query-root"));
        check(&[RemoveInclude(vec![2, 1])], Some("query-include-2"));
        check(&[AddFilter(vec![], test()), RemoveFilter(vec![0])], Some("query-filter-add"));
        check(&[RemoveFilter(vec![3, 0])], Some("query-filter-3-add"));
        let term = OrderDraft::default();
        check(&[Order(vec![term]), Order(vec![])], Some("query-order-add"));
    }
}
