//! Statements to start from, made of the schema at hand.

use crate::mapping::{ForeignKey, Relational, Table};
use crate::sql::quote;

/// A statement to start from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// What it shows.
    pub what: &'static str,
    /// The statement.
    pub sql: String,
}

/// Up to three of them: a join along the first foreign key, a count along it, and how SQLite finds its rows.
pub fn statements(relational: &Relational) -> Vec<Example> {
    let mut keys =
        relational.tables.iter().flat_map(|table| table.foreign_keys.iter().map(move |key| (table, key)));
    match (keys.next(), relational.tables.first()) {
        (Some((holder, key)), _) => along(relational, holder, key),
        (None, Some(table)) => {
            let name = quote(&table.name);
            let all = Example { what: "All rows of a table", sql: format!("SELECT *\nFROM {name}") };
            let count = Example { what: "How many there are", sql: format!("SELECT count(*)\nFROM {name}") };
            vec![all, count]
        }
        (None, None) => Vec::new(),
    }
}

fn along(relational: &Relational, holder: &Table, key: &ForeignKey) -> Vec<Example> {
    let target = relational.table(key.target);
    let (from, to) = aliases(&holder.name, &target.name);
    let on: Vec<String> = key
        .columns
        .iter()
        .zip(&key.target_columns)
        .map(|(own, its)| format!("{from}.{} = {to}.{}", name(holder, *own), name(target, *its)))
        .collect();
    let on = on.join(" AND ");
    let (targets, holders) =
        (format!("{} AS {to}", quote(&target.name)), format!("{} AS {from}", quote(&holder.name)));
    let shown: Vec<String> = shown(target, &to).into_iter().chain(shown(holder, &from)).collect();
    let join = format!("SELECT {}\nFROM {targets}\nJOIN {holders} ON {on}", shown.join(", "));
    let (one, counted) = (telling(target), name(holder, key.columns[0]));
    let grouped: Vec<String> =
        target.primary_key.iter().map(|at| format!("{to}.{}", name(target, *at))).collect();
    let count = format!(
        "SELECT {to}.{one}, count({from}.{counted}) AS {}\nFROM {targets}\nLEFT JOIN {holders} ON {on}\nGROUP BY {}",
        quote(&format!("{}_count", holder.name)),
        grouped.join(", ")
    );
    let plan = format!("EXPLAIN QUERY PLAN\nSELECT *\nFROM {}\nWHERE {counted} = 1", quote(&holder.name));
    vec![
        Example { what: "A join along the first foreign key", sql: join },
        Example { what: "How many there are of each", sql: count },
        Example { what: "How SQLite finds the rows", sql: plan },
    ]
}

/// Short names for two tables: their first letters, or something that tells them apart.
fn aliases(one: &str, other: &str) -> (String, String) {
    let letter =
        |name: &str| name.chars().find(char::is_ascii_alphabetic).unwrap_or('t').to_ascii_lowercase();
    let (first, second) = (letter(one), letter(other));
    if first == second { (format!("{first}1"), format!("{second}2")) } else { (first.into(), second.into()) }
}

fn name(table: &Table, at: usize) -> String {
    quote(&table.columns[at].name)
}

/// The key of a table, and a column that says more.
fn shown(table: &Table, alias: &str) -> Vec<String> {
    let mut shown: Vec<String> = table.primary_key.iter().map(|at| name(table, *at)).collect();
    let more = telling(table);
    if !shown.contains(&more) {
        shown.push(more);
    }
    shown.into_iter().map(|column| format!("{alias}.{column}")).collect()
}

/// The first column that is in no key; the first one where all are.
fn telling(table: &Table) -> String {
    let in_key = |at: &usize| {
        table.primary_key.contains(at) || table.foreign_keys.iter().any(|key| key.columns.contains(at))
    };
    name(table, (0..table.columns.len()).find(|at| !in_key(at)).unwrap_or(0))
}
