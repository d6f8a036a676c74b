//! Links the generated rows: trees without rings, keys that may be held once, combinations, pairs.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::check::{has_spread, identifying, is_tuple, spread_of};
use super::tuples::combination;
use super::values::Luck;
use crate::project::{Pair, Recipe, RowId, Spread};
use crate::schema::{KeyLink, Link, ModelId, Relationship, RelationshipId, Schema, Side};

/// Of so many rows that may do without a link, one does.
const UNLINKED: u64 = 10;

pub(super) struct Linker<'a> {
    schema: &'a Schema,
    recipe: &'a Recipe,
    first: &'a BTreeMap<ModelId, u32>,
}

impl<'a> Linker<'a> {
    pub(super) fn new(
        schema: &'a Schema,
        recipe: &'a Recipe,
        first: &'a BTreeMap<ModelId, u32>,
    ) -> Linker<'a> {
        Linker { schema, recipe, first }
    }

    /// All links, relationship by relationship.
    pub(super) fn links(&self) -> Vec<(RelationshipId, Vec<Pair>)> {
        let mut links = Vec::new();
        let mut done: BTreeSet<RelationshipId> = BTreeSet::new();
        for relationship in self.schema.relationships() {
            if !done.insert(relationship.id) {
                continue;
            }
            match &relationship.link {
                Link::Join(_) => links.push((relationship.id, self.pairs(relationship))),
                Link::Key(key) if key.polymorphic.is_some() => {
                    let shared = self.shared(relationship, key);
                    done.extend(shared.iter().map(|(id, _)| *id));
                    links.extend(shared);
                }
                Link::Key(key) if key.identifies && is_tuple(self.schema, relationship.model(key.holder)) => {
                    let tuples = self.tuples(relationship.model(key.holder));
                    done.extend(tuples.iter().map(|(id, _)| *id));
                    links.extend(tuples);
                }
                Link::Key(key) => links.push((relationship.id, self.keys(relationship, key))),
                Link::Through(_) => {}
            }
        }
        links
    }

    /// The generated rows of a model and its kinds.
    fn rows(&self, model: ModelId) -> Vec<RowId> {
        let kinds = self.schema.kinds_of(model).map(|kind| kind.id);
        let ids = kinds.flat_map(|kind| {
            let first = self.first.get(&kind).copied().unwrap_or(0);
            first..first + self.recipe.count(kind)
        });
        ids.map(RowId).collect()
    }

    fn luck(&self, relationship: RelationshipId) -> Luck {
        Luck::new([self.recipe.seed, relationship.0, u32::MAX], 0)
    }

    /// One row for each holder, or none.
    fn keys(&self, relationship: &Relationship, key: &KeyLink) -> Vec<Pair> {
        let mut luck = self.luck(relationship.id);
        let [mut holders, mut targets] =
            [key.holder, key.holder.other()].map(|side| self.rows(relationship.model(side)));
        let itself = Side::BOTH.map(|side| self.schema.root_of(relationship.model(side)));
        if itself[0] == itself[1] {
            return self.tree(relationship, key, &holders, &targets);
        }
        luck.shuffle(&mut holders);
        luck.shuffle(&mut targets);
        let pair = |(holder, target): (&RowId, RowId)| Pair::new(key.holder, *holder, target);
        let spread = match key.unique {
            true => Spread { least: 0, most: Some(1) },
            false if has_spread(self.schema, relationship) => spread_of(self.recipe, relationship),
            false => Spread::default(),
        };
        let wanted = wanted(holders.len(), targets.len(), key.required, spread);
        let chosen = deal(wanted, &targets, spread, &mut luck);
        let mut pairs: Vec<Pair> = holders.iter().zip(chosen).map(pair).collect();
        pairs.sort_by_key(|pair| pair.at(key.holder));
        pairs
    }

    /// A row points only to one made before it, or to one that holds no such key where it needs one: so nothing leads
    /// back to where it came from.
    fn tree(
        &self,
        relationship: &Relationship,
        key: &KeyLink,
        holders: &[RowId],
        targets: &[RowId],
    ) -> Vec<Pair> {
        let mut luck = self.luck(relationship.id);
        let most = if key.unique { 1 } else { spread_of(self.recipe, relationship).most.unwrap_or(u32::MAX) };
        let itself: BTreeSet<RowId> = holders.iter().copied().collect();
        let ends = |target: &RowId| key.required && !itself.contains(target);
        let targets = targets.iter().filter(|_| most > 0);
        let mut open: Vec<(RowId, u32)> =
            targets.clone().filter(|target| ends(target)).map(|target| (*target, 0)).collect();
        let mut pairs = Vec::new();
        let mut next = targets.filter(|target| !ends(target)).peekable();
        for holder in holders {
            while let Some(target) = next.next_if(|target| *target < holder) {
                open.push((*target, 0));
            }
            if open.is_empty() || (!key.required && luck.one_in(UNLINKED as u32)) {
                continue;
            }
            let at = luck.below(open.len());
            pairs.push(Pair::new(key.holder, *holder, open[at].0));
            open[at].1 += 1;
            if open[at].1 == most {
                open.swap_remove(at);
            }
        }
        pairs
    }

    /// Keys that point to one model or another: a holder has one, or none where it may.
    fn shared(&self, relationship: &Relationship, key: &KeyLink) -> Vec<(RelationshipId, Vec<Pair>)> {
        let mut luck = self.luck(relationship.id);
        let holder = self.schema.root_of(relationship.model(key.holder));
        let name =
            |relationship: &Relationship| relationship.polymorphic().map(|shared| shared.name.to_lowercase());
        let together = |other: &&Relationship| match &other.link {
            Link::Key(link) => {
                name(other) == name(relationship) && self.schema.root_of(other.model(link.holder)) == holder
            }
            Link::Join(_) | Link::Through(_) => false,
        };
        let mut ways: Vec<(&Relationship, &KeyLink, Vec<RowId>, Vec<Pair>)> = Vec::new();
        for other in self.schema.relationships().filter(together) {
            let Link::Key(link) = &other.link else { continue };
            ways.push((other, link, self.rows(other.model(link.holder.other())), Vec::new()));
        }
        for row in self.rows(holder) {
            let model = self.model_of(row);
            let open = |way: &(&Relationship, &KeyLink, Vec<RowId>, Vec<Pair>)| {
                let fits =
                    model.is_some_and(|model| self.schema.is_kind_of(model, way.0.model(way.1.holder)));
                fits && way.2.iter().any(|target| *target != row)
            };
            let mut fitting: Vec<_> = ways.iter_mut().filter(|way| open(way)).collect();
            let required = fitting.iter().any(|way| way.1.required);
            if fitting.is_empty() || (!required && luck.one_in(UNLINKED as u32)) {
                continue;
            }
            let chosen = luck.below(fitting.len());
            let (_, link, targets, pairs) = &mut *fitting[chosen];
            let target = targets[luck.below(targets.len())];
            pairs.push(Pair::new(link.holder, row, target));
        }
        ways.into_iter().map(|(other, _, _, pairs)| (other.id, pairs)).collect()
    }

    fn model_of(&self, row: RowId) -> Option<ModelId> {
        let has = |(model, first): &(&ModelId, &u32)| {
            (**first..**first + self.recipe.count(**model)).contains(&row.0)
        };
        self.first.iter().find(has).map(|(model, _)| *model)
    }

    /// The keys that together identify the rows of a model: no two rows have the same ones.
    fn tuples(&self, holder: ModelId) -> Vec<(RelationshipId, Vec<Pair>)> {
        let root = self.schema.root_of(holder);
        let holders = self.rows(root);
        let mut ways: Vec<(&Relationship, Side, Vec<RowId>, Vec<Pair>)> = Vec::new();
        for (relationship, key) in identifying(self.schema, root) {
            let mut targets = self.rows(relationship.model(key.holder.other()));
            self.luck(relationship.id).shuffle(&mut targets);
            ways.push((relationship, key.holder, targets, Vec::new()));
        }
        let sizes: Vec<u64> = ways.iter().map(|way| way.2.len() as u64).collect();
        if sizes.contains(&0) {
            return Vec::new();
        }
        for (number, row) in holders.into_iter().enumerate() {
            let positions = combination(number as u64, &sizes);
            for ((_, side, targets, pairs), at) in ways.iter_mut().zip(positions) {
                pairs.push(Pair::new(*side, row, targets[at as usize]));
            }
        }
        ways.into_iter().map(|(relationship, _, _, pairs)| (relationship.id, pairs)).collect()
    }

    /// The pairs of a many-to-many: for each left row some right ones, each once.
    fn pairs(&self, relationship: &Relationship) -> Vec<Pair> {
        let mut luck = self.luck(relationship.id);
        let rights = self.rows(relationship.model(Side::Right));
        let Spread { least, most } = spread_of(self.recipe, relationship);
        let most = most.unwrap_or(least);
        if relationship.is_symmetric() {
            return both_ways(&rights, most as usize, &mut luck);
        }
        let mut pairs = Vec::new();
        for left in self.rows(relationship.model(Side::Left)) {
            let others = rights.len() - usize::from(rights.binary_search(&left).is_ok());
            let wanted = (luck.between(least, most) as usize).min(others);
            let mut seen = HashSet::new();
            // Those that were drawn already are passed over: there are enough others.
            let mut at = luck.below(rights.len());
            while seen.len() < wanted {
                if rights[at] != left && seen.insert(at) {
                    pairs.push(Pair { left, right: rights[at] });
                    at = luck.below(rights.len());
                } else {
                    at = (at + 1) % rights.len();
                }
            }
        }
        pairs
    }
}

/// How many of the holders get a target.
fn wanted(holders: usize, targets: usize, required: bool, spread: Spread) -> usize {
    let (held, pointed) = (holders as u64, targets as u64);
    let room = spread.most.map_or(u64::MAX, |most| u64::from(most) * pointed);
    let usual = if required { held } else { held - held / UNLINKED };
    let wanted = usual.max(u64::from(spread.least) * pointed).min(room).min(held);
    if targets == 0 { 0 } else { wanted as usize }
}

/// So many targets as are wanted: first the least of each, then by chance and unevenly, but none more than the most.
fn deal(wanted: usize, targets: &[RowId], spread: Spread, luck: &mut Luck) -> Vec<RowId> {
    let mut dealt: Vec<RowId> = Vec::new();
    let surely = targets.iter().flat_map(|target| (0..spread.least).map(|_| *target));
    dealt.extend(surely.take(wanted));
    let left = spread.most.unwrap_or(u32::MAX).saturating_sub(spread.least);
    let mut open: Vec<(RowId, u32)> =
        targets.iter().filter(|_| left > 0).map(|target| (*target, left)).collect();
    while dealt.len() < wanted && !open.is_empty() {
        // Of two the earlier: some have many, most have few.
        let at = luck.below(open.len()).min(luck.below(open.len()));
        dealt.push(open[at].0);
        open[at].1 -= 1;
        if open[at].1 == 0 {
            open.swap_remove(at);
        }
    }
    luck.shuffle(&mut dealt);
    dealt
}

/// Pairs that count for both: no row has more than the most.
fn both_ways(rows: &[RowId], most: usize, luck: &mut Luck) -> Vec<Pair> {
    let mut degree = vec![0_usize; rows.len()];
    let mut pairs = Vec::new();
    for at in 0..rows.len() {
        let wanted = luck.below(most / 2 + 1);
        let mut there = at;
        for _ in 0..wanted {
            there += 1 + luck.below(7);
            if there >= rows.len() {
                break;
            }
            if degree[at] < most && degree[there] < most {
                pairs.push(Pair { left: rows[at], right: rows[there] });
                degree[at] += 1;
                degree[there] += 1;
            }
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_target_gets_its_share() {
        let targets: Vec<RowId> = (1..=10).map(RowId).collect();
        let mut luck = Luck::new([1, 2, 3], 4);
        let spread = Spread { least: 2, most: Some(4) };
        let dealt = deal(wanted(35, 10, true, spread), &targets, spread, &mut luck);
        assert_eq!(dealt.len(), 35);
        for target in targets {
            let count = dealt.iter().filter(|dealt| **dealt == target).count();
            assert!((2..=4).contains(&count), "{target} has {count}");
        }
    }

    #[test]
    fn one_in_ten_does_without_where_it_may() {
        let spread = Spread::default();
        assert_eq!(wanted(100, 5, true, spread), 100);
        assert_eq!(wanted(100, 5, false, spread), 90);
        assert_eq!(wanted(100, 0, false, spread), 0);
        assert_eq!(wanted(100, 20, false, Spread { least: 5, most: None }), 100);
    }
}
