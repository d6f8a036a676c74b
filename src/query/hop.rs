//! The way from the rows of a model to those that a property of theirs leads to.

use super::planner::{Planner, columns};
use super::scope::{Breadth, source, table_source};
use crate::mapping::{Discriminator, Placement, Relational, Table};
use crate::schema::{End, EndKind, ModelId, Origin};
use crate::sql::{ColumnRef, Expr, Join, JoinKind, Select, Source};
use crate::value::Value;

/// The columns by which a property's rows are found: its model's equal its target's, or a join table has both.
#[derive(Clone, Copy)]
pub(super) struct Hop<'a> {
    /// The table that the property starts from.
    pub(super) owner: &'a Table,
    /// The table that it leads to.
    pub(super) target: &'a Table,
    /// The models that it leads from and to.
    models: [ModelId; 2],
    /// Whether ORMs know their objects by the keys that it goes by, if those are the primary keys.
    known: [bool; 2],
    /// The columns of the owner.
    pub(super) near: &'a [usize],
    /// The columns of the target.
    pub(super) far: &'a [usize],
    /// The join table, if there is one.
    pub(super) through: Option<Through<'a>>,
    /// Whether the owner holds the key.
    pub(super) holds_key: bool,
    /// Whether it leads to one object at most.
    pub(super) to_one: bool,
    /// What says that the key points this way, if it may point to other tables. A column of the table that holds it.
    pub(super) kind: Option<&'a Discriminator>,
}

/// A join table on the way.
#[derive(Clone, Copy)]
pub(super) struct Through<'a> {
    /// The table.
    pub(super) table: &'a Table,
    /// The columns that point to the owner.
    pub(super) near: &'a [usize],
    /// The columns that point to the target.
    pub(super) far: &'a [usize],
}

impl<'a> Hop<'a> {
    /// The way of a property of the schema that the tables were made of.
    pub(super) fn of(relational: &'a Relational, end: &End<'_>) -> Hop<'a> {
        match relational.placement(end.id.relationship) {
            Some(placement) => Hop::new(relational, placement, end),
            None => unreachable!("the schema and its tables were made together"),
        }
    }

    fn new(relational: &'a Relational, placement: &'a Placement, end: &End<'_>) -> Hop<'a> {
        let (here, there) = (end.id.side as usize, end.id.side.other() as usize);
        let models = [end.model.id, end.target.id];
        let known = models.map(|model| relational.is_known_by_key(model));
        match placement {
            Placement::Key { table, columns, target, target_columns, discriminator, .. } => {
                let (holder, wanted) = (relational.table(*table), relational.table(*target));
                let holds_key = end.kind == EndKind::BelongsTo;
                let to_one = !end.kind.is_collection();
                let (owner, near, target, far) = if holds_key {
                    (holder, columns, wanted, target_columns)
                } else {
                    (wanted, target_columns, holder, columns)
                };
                Hop {
                    owner,
                    target,
                    models,
                    known,
                    near,
                    far,
                    through: None,
                    holds_key,
                    to_one,
                    kind: discriminator.as_ref(),
                }
            }
            Placement::Join { table, columns, targets, target_columns } => Hop {
                owner: relational.table(targets[here]),
                target: relational.table(targets[there]),
                models,
                known,
                near: &target_columns[here],
                far: &target_columns[there],
                through: Some(Through {
                    table: relational.table(*table),
                    near: &columns[here],
                    far: &columns[there],
                }),
                holds_key: false,
                to_one: false,
                kind: None,
            },
        }
    }

    /// The owner's rows as a source, for their keys alone.
    pub(super) fn owner_source(&self, alias: Option<&str>) -> Source {
        source(self.owner, self.models[0], alias, Breadth::Own)
    }

    /// The targets' rows as a source, for objects of any kind to be made of them.
    pub(super) fn target_source(&self, alias: Option<&str>) -> Source {
        source(self.target, self.models[1], alias, Breadth::Whole)
    }

    /// Whether a parent's own columns hold the whole identity of its target, which may then be known already. So they do
    /// where a target's key is its primary key, too.
    pub(super) fn names_target(&self) -> bool {
        self.to_one && self.kind.is_none() && self.known[1] && *self.far == *self.target.primary_key
    }

    /// The columns of a parent whose values ask for its targets: with the key goes what says where it points.
    pub(super) fn asks_by(&self) -> Vec<usize> {
        let kind = self.kind.filter(|_| self.holds_key).map(|kind| kind.column);
        self.near.iter().copied().chain(kind).collect()
    }

    /// That a key which may point to other tables points this way. `owner` and `other` are the names of the two tables.
    pub(super) fn says_kind(&self, owner: &str, other: &str) -> Option<Expr> {
        let (holder, name) = if self.holds_key { (self.owner, owner) } else { (self.target, other) };
        let kind = self.kind?;
        let column = columns(holder, name, &[kind.column]).into_iter().next()?;
        Some(Expr::equal(Expr::Column(column), kind_value(kind)))
    }

    /// That a row of the target is one that the property leads to from a row of the owner, without a join table. In a
    /// subquery, its own columns come first.
    pub(super) fn reaches(&self, owner: &str, target: &str) -> Expr {
        let keys = pairs((self.target, target, self.far), (self.owner, owner, self.near));
        self.of_kind(keys, owner, target)
    }

    fn of_kind(&self, keys: Expr, owner: &str, other: &str) -> Expr {
        match self.says_kind(owner, other) {
            None => keys,
            Some(kind) => Expr::All(vec![keys, kind]),
        }
    }

    /// That a row of the owner and one of the target, or of the join table if there is one, belong together. ORMs
    /// write the side that is pointed to first.
    pub(super) fn meets(&self, owner: &str, other: &str) -> Expr {
        let keys = match self.through {
            Some(through) => pairs((self.owner, owner, self.near), (through.table, other, through.near)),
            None if self.holds_key => pairs((self.target, other, self.far), (self.owner, owner, self.near)),
            None => pairs((self.owner, owner, self.near), (self.target, other, self.far)),
        };
        self.of_kind(keys, owner, other)
    }
}

impl Hop<'_> {
    /// Whether the targets can be found by the parents' keys without the parents' own table: what points to them points
    /// to their primary key. Of a join table between a model and itself SQLAlchemy does not see it.
    pub(super) fn leaves_out_owner(&self) -> bool {
        match self.through {
            Some(_) => self.owner.id != self.target.id && self.near_is_known(),
            None if self.holds_key => self.names_target(),
            None => self.kind.is_none() && self.near_is_known(),
        }
    }

    fn near_is_known(&self) -> bool {
        self.known[0] && *self.near == *self.owner.primary_key
    }

    /// Joins the targets to the rows that are in the next step's statement under the name `near`. `far` is the alias
    /// of their table.
    pub(super) fn join(
        &self,
        planner: &mut Planner<'_>,
        select: &mut Select,
        (near, far): (&str, Option<&str>),
        origin: Origin,
    ) {
        let step = planner.next_step();
        let target = far.unwrap_or(&self.target.name).to_owned();
        let mut add = |source, on| select.joins.push(Join { kind: JoinKind::Inner, source, on, origin });
        let Some(through) = self.through else {
            add(self.target_source(far), self.meets(near, &target));
            return;
        };
        let alias = planner.alias(step, through.table);
        add(through.source(Some(&alias)), self.meets(near, &alias));
        add(self.target_source(far), through.meets(self, &alias, &target));
    }
}

impl Through<'_> {
    /// The join table as a source.
    pub(super) fn source(&self, alias: Option<&str>) -> Source {
        table_source(self.table, alias)
    }

    /// That a row of the join table stands for one of the owner. In a subquery, its own columns come first.
    pub(super) fn stands_for(&self, hop: &Hop<'_>, join: &str, owner: &str) -> Expr {
        pairs((self.table, join, self.near), (hop.owner, owner, hop.near))
    }

    /// That a row of the join table and one of the target belong together.
    pub(super) fn meets(&self, hop: &Hop<'_>, join: &str, target: &str) -> Expr {
        pairs((hop.target, target, hop.far), (self.table, join, self.far))
    }
}

/// What a key's type says where it points this way.
pub(super) fn kind_value(kind: &Discriminator) -> Expr {
    Expr::Value(Value::Text(kind.value.clone()))
}

/// `near = far` for each pair of columns of two sources.
fn pairs(near: (&Table, &str, &[usize]), far: (&Table, &str, &[usize])) -> Expr {
    let refs = |side: (&Table, &str, &[usize])| -> Vec<ColumnRef> { columns(side.0, side.1, side.2) };
    let equal = |(near, far)| Expr::equal(Expr::Column(near), Expr::Column(far));
    Expr::all(refs(near).into_iter().zip(refs(far)).map(equal).collect())
}
