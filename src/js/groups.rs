//! Groups of objects, as rows in JSON: there are few of them.

use serde_json::{Value as Reply, json};

use super::answers::typed;
use crate::engine::{Live, SqlError};
use crate::query::{self, Grouping};
use crate::schema::{FieldId, FieldType, ModelId, Schema};
use crate::sql::render;

/// Runs a question about groups: the names of what its rows hold and how that is shown, and the statement with its rows.
pub(super) fn groups(live: &Live, grouping: &Grouping) -> Result<Reply, SqlError> {
    let plan = query::group(grouping, live.schema(), live.relational());
    let statement = render(&plan.select, &[]);
    let (rows, micros) = live.rows(&statement)?;
    let names: Vec<&String> = plan.columns.iter().map(|column| &column.label).collect();
    let keys = grouping.keys.iter().map(|key| {
        let end = key.path.through.last().and_then(|end| live.schema().end(*end));
        let model = end.map_or(grouping.root, |end| end.target.id);
        shown(live.schema(), model, key.path.field)
    });
    Ok(json!({
        "names": names,
        "shown": keys.collect::<Vec<_>>(),
        "sql": statement.text,
        "params": statement.params.iter().map(typed).collect::<Vec<_>>(),
        "rows": rows.iter().map(|row| row.iter().map(typed).collect()).collect::<Vec<Reply>>(),
        "ms": micros as f64 / 1000.0,
    }))
}

/// How the values of a field are shown: `b` for a truth, `d` for a decimal.
fn shown(schema: &Schema, model: ModelId, field: FieldId) -> &'static str {
    let field = schema.model(model).and_then(|model| model.fields.get(&field));
    match field.map(|field| field.field_type) {
        Some(FieldType::Boolean) => "b",
        Some(FieldType::Decimal) => "d",
        _ => "",
    }
}
