//! Puts things in order by what has to come before what.

use std::collections::{BTreeMap, BTreeSet};

/// Cuts the items into groups, each of which depends on those before it only, and gives what is left over when nothing
/// can come next.
pub(super) fn groups<T: Copy + Ord>(edges: &BTreeSet<(T, T)>, items: &[T]) -> (Vec<Vec<T>>, Vec<T>) {
    let mut before: BTreeMap<T, Vec<T>> = BTreeMap::new();
    for (first, second) in edges {
        before.entry(*second).or_default().push(*first);
    }
    let mut left: Vec<T> = items.to_vec();
    let mut open: BTreeSet<T> = items.iter().copied().collect();
    let mut groups = Vec::new();
    loop {
        let waits =
            |item: &T| before.get(item).is_some_and(|list| list.iter().any(|other| open.contains(other)));
        let (waiting, group): (Vec<T>, Vec<T>) = left.iter().copied().partition(waits);
        if group.is_empty() {
            return (groups, left);
        }
        group.iter().for_each(|item| _ = open.remove(item));
        left = waiting;
        groups.push(group);
    }
}

/// Everything that depends on itself, by way of others or directly.
pub(super) fn cycles<T: Copy + Ord>(edges: &BTreeSet<(T, T)>) -> BTreeSet<T> {
    let mut after: BTreeMap<T, Vec<T>> = BTreeMap::new();
    for (first, second) in edges {
        after.entry(*first).or_default().push(*second);
    }
    let mut found = BTreeSet::new();
    for &start in after.keys() {
        let (mut seen, mut open) = (BTreeSet::new(), vec![start]);
        while let Some(item) = open.pop() {
            for next in after.get(&item).into_iter().flatten() {
                if *next == start {
                    found.insert(start);
                }
                if seen.insert(*next) {
                    open.push(*next);
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{cycles, groups};

    #[test]
    fn groups_come_after_what_they_depend_on() {
        let edges = [(1, 2), (1, 3), (3, 4)].into();
        assert_eq!(groups(&edges, &[4, 3, 2, 1]), (vec![vec![1], vec![3, 2], vec![4]], vec![]));
        assert_eq!(groups(&[(1, 2), (2, 1)].into(), &[1, 2, 3]), (vec![vec![3]], vec![1, 2]));
    }

    #[test]
    fn only_what_leads_back_to_itself_is_in_a_cycle() {
        assert_eq!(cycles(&[(1, 2), (2, 1), (2, 3), (4, 4)].into()), [1, 2, 4].into());
        assert!(cycles(&[(1, 2), (2, 3)].into()).is_empty());
    }
}
