//! What each edit of the query form does to the query.

use super::action::{FilterEdit, QueryEdit};
use crate::query::{FilterDraft, GroupValueDraft, GroupingDraft, IncludeDraft, Joiner, Path, QueryDraft};

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
        QueryEdit::EveryStrategy(strategy) => query.load_every(*strategy),
        QueryEdit::RemoveInclude(path) => {
            if let Some((last, parent)) = path.split_last() {
                includes_at(&mut query.includes, parent).into_iter().for_each(|list| remove(list, *last));
            }
        }
        QueryEdit::Inner(path, inner) => {
            if let Some(include) = include_at(&mut query.includes, path) {
                include.inner = *inner;
            }
        }
        QueryEdit::Depth(path, depth) => {
            if let Some(include) = include_at(&mut query.includes, path) {
                include.depth = *depth;
            }
        }
        QueryEdit::Filter(of, edit) => {
            if let Some(conditions) = conditions(query, of.as_ref()) {
                edit_filter(conditions, edit);
            }
        }
        QueryEdit::Fields(fields) => query.fields.clone_from(fields),
        QueryEdit::Computed(computed) => query.computed.clone_from(computed),
        QueryEdit::ComputedName(at, name) => {
            if let Some(computed) = query.computed.get_mut(*at) {
                computed.name.clone_from(name);
            }
        }
        QueryEdit::Distinct(distinct) => query.distinct = *distinct,
        QueryEdit::Order(order) => query.order.clone_from(order),
        QueryEdit::Groups(grouping) => query.grouping.clone_from(grouping),
        QueryEdit::GroupName(at, name) => {
            if let Some(value) = group_value_at(query, *at) {
                value.name.clone_from(name);
            }
        }
        QueryEdit::Having(at, having) => {
            if let Some(value) = group_value_at(query, *at) {
                value.having = Some(having.clone());
            }
        }
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
        QueryEdit::Filter(of, edit) => {
            let list = match of {
                None => "filter".to_owned(),
                Some(include) => format!("{}-filter", at("include", include)),
            };
            let at = |path: &[usize]| at(list.trim_start_matches("query-"), path);
            match edit {
                FilterEdit::Add(path, filter) => {
                    let count = group_at(conditions(&mut after.clone(), of.as_ref())?, path)?.1.len();
                    let added = at(&[path.as_slice(), &[count.checked_sub(1)?]].concat());
                    // A group itself takes no focus: its first condition does.
                    Some(if let FilterDraft::Group(..) = filter { format!("{added}-0") } else { added })
                }
                FilterEdit::Remove(path) => Some(format!("{}-add", at(path.split_last()?.1))),
                FilterEdit::Joiner(..) | FilterEdit::Set(..) => None,
            }
        }
        QueryEdit::Fields(fields) if before.fields.is_empty() != fields.is_empty() => {
            Some(if fields.is_empty() { "query-more".into() } else { "query-fields".into() })
        }
        QueryEdit::Distinct(on) => Some(if *on { "query-distinct".into() } else { "query-more".into() }),
        QueryEdit::Computed(computed) => {
            grown("query-computed", "query-computed-add", "query-more", before.computed.len(), computed.len())
        }
        QueryEdit::Groups(grouping) => focus_in_groups(before.grouping.as_ref(), grouping.as_ref()),
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

fn group_value_at(query: &mut QueryDraft, at: usize) -> Option<&mut GroupValueDraft> {
    query.grouping.as_mut()?.values.get_mut(at)
}

/// Conditions, and how they are combined.
type Conditions<'a> = (&'a mut Joiner, &'a mut Vec<FilterDraft>);

/// The conditions on the targets of the include at a path; the query's own for none.
fn conditions<'a>(query: &'a mut QueryDraft, of: Option<&Path>) -> Option<Conditions<'a>> {
    Some(match of {
        None => (&mut query.joiner, &mut query.filters),
        Some(path) => {
            let include = include_at(&mut query.includes, path)?;
            (&mut include.joiner, &mut include.filters)
        }
    })
}

fn edit_filter(conditions: Conditions<'_>, edit: &FilterEdit) {
    match edit {
        FilterEdit::Joiner(path, joiner) => {
            if let Some((at, _)) = group_at(conditions, path) {
                *at = *joiner;
            }
        }
        FilterEdit::Add(path, filter) => {
            if let Some((_, list)) = group_at(conditions, path) {
                list.push(filter.clone());
            }
        }
        FilterEdit::Set(path, filter) => {
            let Some((last, parent)) = path.split_last() else { return };
            if let Some(slot) = group_at(conditions, parent).and_then(|(_, list)| list.get_mut(*last)) {
                slot.clone_from(filter);
            }
        }
        FilterEdit::Remove(path) => {
            if let Some((last, parent)) = path.split_last() {
                group_at(conditions, parent).into_iter().for_each(|(_, list)| remove(list, *last));
            }
        }
    }
}

/// The conditions of the group at this path; the outermost for the empty path.
fn group_at<'a>(mut group: Conditions<'a>, path: &[usize]) -> Option<Conditions<'a>> {
    for at in path {
        group = group.1.get_mut(*at)?.inner_mut()?;
    }
    Some(group)
}

/// The focus after a list became longer or shorter: its last element, what adds to it, or where there is none any more.
fn grown(element: &str, add: &str, none: &str, before: usize, after: usize) -> Option<String> {
    match after {
        _ if after > before => Some(format!("{element}-{}", after - 1)),
        _ if after == before => None,
        0 => Some(none.into()),
        _ => Some(add.into()),
    }
}

fn focus_in_groups(before: Option<&GroupingDraft>, after: Option<&GroupingDraft>) -> Option<String> {
    let (Some(before), Some(after)) = (before, after) else {
        return Some(if after.is_some() { "query-group-key-0".into() } else { "query-root".into() });
    };
    let (key, value) = ("query-group-key-add", "query-group-value-add");
    grown("query-group-key", key, key, before.keys.len(), after.keys.len())
        .or_else(|| grown("query-group-value", value, value, before.values.len(), after.values.len()))
        .or_else(|| {
            let mut pairs = before.values.iter().zip(&after.values);
            let at = pairs.position(|(before, after)| before.having.is_some() != after.having.is_some())?;
            Some(format!("query-having-{at}"))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::{ComputedDraft, GroupKeyDraft, HavingDraft, OrderDraft, Strategy, TestDraft};
    use crate::schema::{EndId, FieldId, RelationshipId, Side};

    fn test() -> FilterDraft {
        FilterDraft::Test(TestDraft::default())
    }

    fn include() -> IncludeDraft {
        let end = EndId { relationship: RelationshipId(1), side: Side::Left };
        IncludeDraft::new(end, Strategy::Lazy, Vec::new())
    }

    fn add(path: Path, filter: FilterDraft) -> QueryEdit {
        QueryEdit::Filter(None, FilterEdit::Add(path, filter))
    }

    fn gone(path: Path) -> QueryEdit {
        QueryEdit::Filter(None, FilterEdit::Remove(path))
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
        use QueryEdit::{Include, Order};
        check(&[Include(vec![], include())], Some("query-include-0"));
        check(&[Include(vec![], include()), Include(vec![0], include())], Some("query-include-0-0"));
        check(&[add(vec![], test()), add(vec![], test())], Some("query-filter-1"));
        check(&[add(vec![], FilterDraft::Group(Joiner::Or, vec![test()]))], Some("query-filter-0-0"));
        check(
            &[Order(vec![OrderDraft { descending: true, ..OrderDraft::default() }])],
            Some("query-order-0"),
        );
        check(&[Include(vec![7], include())], None);
    }

    #[test]
    fn the_focus_stays_near_what_was_removed() {
        use QueryEdit::{Include, Order, RemoveInclude};
        check(&[Include(vec![], include()), RemoveInclude(vec![0])], Some("query-root"));
        check(&[RemoveInclude(vec![2, 1])], Some("query-include-2"));
        check(&[add(vec![], test()), gone(vec![0])], Some("query-filter-add"));
        check(&[gone(vec![3, 0])], Some("query-filter-3-add"));
        let term = OrderDraft::default();
        check(&[Order(vec![term]), Order(vec![])], Some("query-order-add"));
    }

    #[test]
    fn the_focus_follows_the_conditions_on_an_include() {
        let of = |edit| QueryEdit::Filter(Some(vec![0]), edit);
        let add = of(FilterEdit::Add(vec![], test()));
        check(&[QueryEdit::Include(vec![], include()), add.clone()], Some("query-include-0-filter-0"));
        let gone = of(FilterEdit::Remove(vec![0]));
        check(
            &[QueryEdit::Include(vec![], include()), add.clone(), gone],
            Some("query-include-0-filter-add"),
        );
        check(&[add], None);
    }

    #[test]
    fn the_focus_follows_what_is_rarely_asked_for() {
        use QueryEdit::{Computed, Distinct, Fields, Groups};
        let one = || vec![ComputedDraft::default()];
        check(&[Computed(one())], Some("query-computed-0"));
        check(&[Computed(one()), Computed(vec![])], Some("query-more"));
        check(&[Computed([one(), one()].concat()), Computed(one())], Some("query-computed-add"));
        check(&[Distinct(true)], Some("query-distinct"));
        check(&[Fields(vec![FieldId(1), FieldId(2)]), Fields(vec![FieldId(1)])], None);
        let groups = |keys, values| {
            let values = vec![GroupValueDraft::default(); values];
            Groups(Some(GroupingDraft { keys: vec![GroupKeyDraft::default(); keys], values }))
        };
        check(&[groups(1, 1)], Some("query-group-key-0"));
        check(&[groups(1, 1), groups(1, 2)], Some("query-group-value-1"));
        check(&[groups(1, 1), groups(0, 1)], Some("query-group-key-add"));
        check(&[groups(1, 1), Groups(None)], Some("query-root"));
        let having = Some(HavingDraft::default());
        let kept = vec![GroupValueDraft::default(), GroupValueDraft { having, ..GroupValueDraft::default() }];
        let kept = Groups(Some(GroupingDraft { keys: vec![GroupKeyDraft::default()], values: kept }));
        check(&[groups(1, 2), kept], Some("query-having-1"));
    }
}
