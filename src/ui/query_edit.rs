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
        group = match group.1.get_mut(*at)? {
            FilterDraft::Group(joiner, filters) => (joiner, filters),
            FilterDraft::Test(_) => return None,
        };
    }
    Some(group)
}
