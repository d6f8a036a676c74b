//! JSON aggregate: the parents' own statement grows a subquery that makes the targets' rows into JSON, so that nothing
//! more is sent and nothing repeats.
//!
//! The shape is Drizzle's for SQLite, and Prisma's for databases with lateral joins. SQLAlchemy has no such loader.

use super::{Loader, StatementUse};
use crate::query::chosen::places;
use crate::query::plan::{Cells, JsonAt, JsonColumn, NodeId};
use crate::query::planner::{Asked, Planner, columns};
use crate::schema::{FieldType, Origin};
use crate::sql::{Expr, Join, JoinKind, Json, JsonMember, JsonValue, Select};

pub(super) struct JsonAggregate;

impl Loader for JsonAggregate {
    fn label(&self) -> &'static str {
        "json"
    }

    fn summary(&self) -> &'static str {
        "No further statement: a subquery gathers the rows of each object into one cell, as JSON."
    }

    fn uses_statement(&self) -> StatementUse {
        StatementUse::Widens
    }

    fn load(&self, planner: &mut Planner<'_>, asked: &Asked<'_>) -> NodeId {
        let (json, members, source) = json(planner, asked);
        let target = planner.table_of(asked.end.target.id);
        let loaded = planner.loaded(asked.end.target.id);
        let key = places(&target.primary_key, &loaded).collect();
        let step = planner.step_of(asked.parent);
        let place = Some((asked.parent, asked.end.id));
        let node = planner.next_node();
        let at = match planner.node(asked.parent).cells {
            Cells::Columns { .. } => {
                let origin = json.origin;
                let value = Expr::Json(Box::new(json));
                JsonAt::Cell(planner.add_named_output(step, node, asked.end.name, value, origin))
            }
            Cells::Json { .. } => JsonAt::Member(planner.add_json_member(asked.parent, asked.end.name, json)),
        };
        planner.push_node(place, asked.end.target.id, step, source, Cells::Json { at, members, key })
    }
}

/// The subquery, the members for the columns, and the alias of the target's table in it.
fn json(planner: &mut Planner<'_>, asked: &Asked<'_>) -> (Json, Vec<JsonColumn>, String) {
    let (step, near) = (planner.step_of(asked.parent), planner.source_of(asked.parent));
    let hop = planner.hop(&asked.end);
    let origin = Origin::Relationship(asked.end.id.relationship);
    let (mut select, alias) = match hop.through {
        None => {
            let alias = planner.alias(step, hop.target);
            let mut select = Select::from(hop.target_source(Some(&alias)));
            select.and(hop.meets(&near, &alias));
            (select, alias)
        }
        Some(through) => {
            let join = planner.alias(step, through.table);
            let alias = planner.alias(step, hop.target);
            let mut select = Select::from(through.source(Some(&join)));
            let on = through.meets(&hop, &join, &alias);
            let source = hop.target_source(Some(&alias));
            select.joins.push(Join { kind: JoinKind::Inner, source, on, origin });
            select.and(hop.meets(&near, &join));
            (select, alias)
        }
    };
    planner.target_condition(asked, hop.target, &alias).into_iter().for_each(|filter| select.and(filter));
    select.order = planner.order_of(&asked.end, hop.target, &alias);
    let loaded = planner.loaded(asked.end.target.id);
    let members: Vec<JsonColumn> = loaded
        .iter()
        .map(|&at| &hop.target.columns[at])
        .map(|column| JsonColumn { name: column.name.clone(), quoted: needs_quote(column.field_type) })
        .collect();
    let values = members.iter().zip(columns(hop.target, &alias, &loaded)).map(|(member, column)| {
        let value = if member.quoted { JsonValue::Quoted(column) } else { JsonValue::Column(column) };
        JsonMember { name: member.name.clone(), value }
    });
    let json = Json { select, array: asked.end.kind.is_collection(), members: values.collect(), origin };
    (json, members, alias)
}

fn needs_quote(field_type: FieldType) -> bool {
    matches!(field_type, FieldType::Real | FieldType::Decimal | FieldType::Blob)
}
