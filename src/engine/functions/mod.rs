//! The functions that sql.js adds to SQLite's own: mathematics, strings and statistics.
//!
//! Where SQLite has a function of the same name ([`ceil`](https://sqlite.org/lang_mathfunc.html), `log`, `sign`, …),
//! these stand in its place, because that is what sql.js does: `log` is the natural logarithm, and `ceil` gives an
//! integer. Every function gives NULL for a NULL, unless said otherwise.
//!
//! | function | what it gives |
//! |---|---|
//! | `acos` `acosh` `asin` `asinh` `atan` `atanh` `cos` `cosh` `cot` `coth` `exp` `log` `log10` `sin` `sinh` `sqrt` `tan` `tanh` `degrees` `radians` | a real number; NULL outside the domain |
//! | `atan2` `atn2` `power` | the same of two numbers |
//! | `ceil` `floor` | an integer, at most what fits 64 bits |
//! | `sign` `square` | an integer of an integer, else a real number |
//! | `pi` | π |
//! | `replicate(text, n)` | the text n times |
//! | `charindex(part, text[, from])` | where the part begins, counted from 1; 0 for nowhere |
//! | `leftstr(text, n)` `rightstr(text, n)` | the first, the last n characters |
//! | `padl(text, n)` `padr` `padc` | the text filled up with spaces to n characters: before, behind, on both sides |
//! | `reverse(text)` | its characters from last to first |
//! | `proper(text)` | each word with a capital, the rest in small letters (ASCII) |
//! | `strfilter(text, keep)` | only the characters that are in `keep` |
//! | `difference(a, b)` | in how many of four places their sounds agree |
//! | `stdev(x)` `variance(x)` | of a sample; 0.0 for fewer than two values |
//! | `mode(x)` | the value that is there most often; NULL where two are |
//! | `median(x)` `lower_quartile(x)` `upper_quartile(x)` | the value at a half, a quarter, three quarters; the mean of two where it lies between |
//!
//! Texts are read to their first zero byte. An argument that is no number counts as the number that it begins with.

mod call;
mod math;
mod statistics;
mod text;

use rusqlite::{Connection, Result};

/// Adds all of them to a connection.
///
/// # Errors
/// When SQLite refuses a function: only for want of memory, or while a statement runs.
///
/// ```
/// let connection = rusqlite::Connection::open_in_memory()?;
/// relata::engine::functions::register(&connection)?;
/// let sql = "SELECT median(column1) || ' ' || proper('grace hopper') FROM (VALUES (1), (2), (9))";
/// let found: String = connection.query_row(sql, [], |row| row.get(0))?;
/// assert_eq!(found, "2 Grace Hopper");
/// # Ok::<(), rusqlite::Error>(())
/// ```
pub fn register(connection: &Connection) -> Result<()> {
    let scalars = math::FUNCTIONS.iter().chain(text::FUNCTIONS);
    for function in scalars {
        call::add_scalar(connection, function)?;
    }
    statistics::MOMENTS.iter().try_for_each(|function| call::add_aggregate(connection, function))?;
    statistics::RANKS.iter().try_for_each(|function| call::add_aggregate(connection, function))
}
