//! Where an object came from, in words: which rows of which statements named it, and which loads it saved.

use super::state::Ran;
use crate::protocol::{ObjectView, RowNumber};
use crate::trace::ObjectId;
use crate::value::Value;

/// `Book 3 came from rows 4 and 7 of statement 2. The identity map saved 2 loads of it.` `None` for an object that is not among those told.
pub fn words(ran: &Ran, object: ObjectId) -> Option<String> {
    let object = ran.outcome.graph.objects.iter().find(|known| known.id == object)?;
    let mut text = format!("{} came from {}.", called(ran, object), rows(object));
    match object.saved {
        0 => {}
        1 => text.push_str(" The identity map saved 1 load of it."),
        many => text.push_str(&format!(" The identity map saved {many} loads of it.")),
    }
    Some(text)
}

/// `Book 3`.
pub fn called(ran: &Ran, object: &ObjectView) -> String {
    let name = ran.good.schema.model(object.model).map_or("", |model| model.name.as_str());
    let key: Vec<String> = object.key.iter().map(Value::to_string).collect();
    format!("{name} {}", key.join("·"))
}

/// `row 1 of statement 1 and rows 4 and 7 of statement 2`.
pub fn rows(object: &ObjectView) -> String {
    let by_statement = object.named.chunk_by(|one, two| one.statement == two.statement);
    let mut parts: Vec<String> = by_statement.map(of_statement).collect();
    let more = object.seen as usize - object.named.len().min(object.seen as usize);
    if more > 0 {
        parts.push(format!("{more} more"));
    }
    listed(&parts)
}

fn of_statement(rows: &[RowNumber]) -> String {
    let statement = rows.first().map_or(0, |row| row.statement);
    let noun = if rows.len() == 1 { "row" } else { "rows" };
    let runs = rows.chunk_by(|one, two| two.row == one.row + 1);
    let numbers: Vec<String> = runs.flat_map(run).collect();
    format!("{noun} {} of statement {statement}", listed(&numbers))
}

/// Rows that follow each other: two are named, more are `4 to 9`.
fn run(rows: &[RowNumber]) -> Vec<String> {
    match rows {
        [first, _, .., last] => vec![format!("{} to {}", first.row, last.row)],
        few => few.iter().map(|row| row.row.to_string()).collect(),
    }
}

fn listed(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_follow_each_other_are_told_as_one() {
        let check = |rows: &[(u32, u32)], expected: &str| {
            let rows: Vec<RowNumber> =
                rows.iter().map(|&(statement, row)| RowNumber { statement, row }).collect();
            let parts: Vec<String> =
                rows.chunk_by(|one, two| one.statement == two.statement).map(of_statement).collect();
            assert_eq!(listed(&parts), expected);
        };
        check(&[(2, 4), (2, 7)], "rows 4 and 7 of statement 2");
        check(&[(1, 1)], "row 1 of statement 1");
        check(&[(1, 1), (1, 2), (1, 3), (1, 9)], "rows 1 to 3 and 9 of statement 1");
        check(&[(1, 2), (3, 1), (3, 2)], "row 2 of statement 1 and rows 1 and 2 of statement 3");
    }
}
