//! What a run cost, in figures, and whether two runs brought the same: so that ways to load can be put side by side.

use serde::{Deserialize, Serialize};

use crate::graph::{Canonical, Object, ObjectGraph};
use crate::query::{Cells, Plan};
use crate::trace::Trace;
use crate::value::Value;

/// What a run sent and what came back, added up over all its statements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// How many statements were sent. Each is a round trip: the next one waits for its rows.
    pub statements: u32,
    /// How many rows came back.
    pub rows: u32,
    /// How many cells they have.
    pub cells: u64,
    /// How many of the cells say what an earlier one has said: the same column of the same object. A join of two
    /// collections multiplies them.
    pub repeated: u64,
    /// The bytes of all cells: texts in UTF-8, bytes as they are, 8 for a number, none for `NULL`.
    pub bytes: u64,
    /// The time that SQLite took, in microseconds.
    pub micros: u64,
}

/// The figures of a run.
pub fn figures(plan: &Plan, trace: &Trace, graph: &ObjectGraph) -> Figures {
    let mut figures = Figures::default();
    for (_, sent) in trace.sent() {
        figures.statements += 1;
        figures.rows += sent.rows.len() as u32;
        figures.cells += sent.rows.iter().map(|row| row.len() as u64).sum::<u64>();
        figures.bytes += sent.rows.iter().flatten().map(bytes).sum::<u64>();
        figures.micros += sent.micros;
    }
    figures.repeated = graph.objects.iter().map(|object| repeated(plan, object)).sum();
    figures
}

/// How many bytes a value takes.
///
/// ```
/// use relata::{compare::bytes, value::Value};
/// assert_eq!(bytes(&Value::Text("Ürsula".into())), 7);
/// assert_eq!(bytes(&Value::Integer(7)), 8);
/// ```
pub fn bytes(value: &Value) -> u64 {
    match value {
        Value::Null => 0,
        Value::Integer(_) | Value::Real(_) => 8,
        Value::Text(text) => text.len() as u64,
        Value::Blob(bytes) => bytes.len() as u64,
    }
}

/// How many cells brought a column of an object again.
fn repeated(plan: &Plan, object: &Object) -> u64 {
    let mut known = vec![false; object.values.len()];
    let mut repeated = 0;
    for at in &object.seen {
        let node = plan.node(at.node);
        // What comes as JSON is one cell, however much it holds.
        let cells = matches!(node.cells, Cells::Columns { .. });
        for (column, known) in known.iter_mut().enumerate() {
            if !node.unloaded.contains(&column) {
                repeated += u64::from(cells && *known);
                *known = true;
            }
        }
    }
    repeated
}

/// Whether two runs brought the same objects, values and links, and the same objects that were asked for. Their order is
/// left out: where rows are equal to the query, it is the database's.
pub fn same(one: &Canonical, other: &Canonical) -> bool {
    let sorted = |graph: &Canonical| {
        let mut roots = graph.roots.clone();
        roots.sort();
        roots
    };
    one.objects == other.objects && one.computed == other.computed && sorted(one) == sorted(other)
}

/// The middle one of some times; of two in the middle, the lower. 0 for none.
///
/// ```
/// assert_eq!(relata::compare::median(&[30, 10, 20]), 20);
/// ```
pub fn median(times: &[u64]) -> u64 {
    let mut times = times.to_vec();
    times.sort_unstable();
    times.get(times.len().saturating_sub(1) / 2).copied().unwrap_or_default()
}

/// The time that a run takes over a network: each statement waits for the one before it. `latency` is that of one trip
/// there and back, in milliseconds; the result is in microseconds.
///
/// ```
/// use relata::compare::{Figures, over_network};
/// let figures = Figures { statements: 6, micros: 250, ..Figures::default() };
/// assert_eq!(over_network(&figures, 20), 120_250);
/// ```
pub fn over_network(figures: &Figures, latency: u32) -> u64 {
    u64::from(figures.statements) * u64::from(latency) * 1000 + figures.micros
}
