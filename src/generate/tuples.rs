//! Combinations of rows, no two alike: for models that only what they point to tells apart.

/// The positions that the `number`th of all combinations has in pools of these sizes, which must not be 0. As many
/// numbers as the sizes multiplied give different combinations, and whatever is asked for first is spread evenly.
///
/// The first position counts round; when it has come round, the second is one further than it would be.
pub(super) fn combination(number: u64, sizes: &[u64]) -> Vec<u64> {
    let mut rest = number;
    let mut shift = 0;
    let mut positions = Vec::new();
    for size in sizes {
        let digit = rest % size;
        positions.push((digit + shift) % size);
        rest /= size;
        // The same shift for the same digits before it: so combinations stay different.
        shift = positions.iter().sum();
    }
    positions
}

#[cfg(test)]
mod tests {
    use super::combination;
    use std::collections::BTreeSet;

    #[test]
    fn combinations_are_different_and_spread_evenly() {
        for sizes in [vec![3, 5], vec![5, 3], vec![2, 2, 3], vec![1, 4], vec![7]] {
            let all: u64 = sizes.iter().product();
            let seen: BTreeSet<Vec<u64>> = (0..all).map(|number| combination(number, &sizes)).collect();
            assert_eq!(seen.len() as u64, all, "{sizes:?}");
            let longest = *sizes.iter().max().unwrap_or(&1);
            for at in 0..sizes.len() {
                let used: BTreeSet<u64> =
                    (0..longest).map(|number| combination(number, &sizes)[at]).collect();
                assert!(used.len() as u64 >= sizes[at].min(longest) / 2, "{sizes:?} {at}");
            }
        }
    }
}
