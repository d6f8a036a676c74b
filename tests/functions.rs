//! The functions that sql.js adds, called natively: each answer is the one that sql.js 1.16 gave, which
//! `tests/js/sqljs/record-functions.mjs` writes to `functions.tsv`.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use relata::engine::functions;
use rusqlite::Connection;

/// Only here may the last digit differ: two good libraries round e^x differently.
const ROUNDED: [&str; 2] = ["exp", "cosh"];

fn connection() -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    functions::register(&connection).unwrap();
    connection
}

/// The type and the value as SQLite writes it, or SQLite's words.
fn answer(connection: &Connection, query: &str) -> String {
    let sql = format!("WITH one(x) AS ({query}) SELECT typeof(x) || ' ' || quote(x) FROM one");
    let found = connection
        .query_row(&sql, [], |row| Ok(String::from_utf8_lossy(row.get_ref(0)?.as_bytes()?).into_owned()));
    match found {
        Ok(found) => found.replace('\n', "\\n"),
        Err(rusqlite::Error::SqliteFailure(error, None)) => format!("error {error}"),
        Err(error) => format!("error {error}"),
    }
}

/// Whether two answers are the same, but for a rounding error where that is allowed.
fn agree(query: &str, one: &str, other: &str) -> bool {
    let rounded = ROUNDED.iter().any(|name| query.starts_with(&format!("SELECT {name}(")));
    let real = |answer: &str| answer.strip_prefix("real ").and_then(|digits| digits.parse::<f64>().ok());
    match (real(one), real(other)) {
        (Some(real), Some(in_sql_js)) if rounded && one != other => {
            (real - in_sql_js).abs() <= 2.0 * f64::EPSILON * real.abs()
        }
        _ => one == other,
    }
}

#[test]
fn every_call_gives_what_sql_js_gives() {
    let connection = connection();
    let recorded = include_str!("functions.tsv");
    let different: Vec<String> = recorded
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .filter_map(|(query, expected)| {
            let found = answer(&connection, query);
            (!agree(query, &found, expected)).then(|| format!("{query}: {found}, in sql.js {expected}"))
        })
        .collect();
    assert!(recorded.lines().count() > 1500);
    assert!(different.is_empty(), "{} differ\n{}", different.len(), different.join("\n"));
}

#[test]
fn groups_do_not_mix_and_nothing_is_kept_between_runs() {
    let connection = connection();
    let sql =
        "SELECT group_concat(m, ' ') FROM (SELECT column1 AS g, median(column2) || '/' || mode(column2) AS m
               FROM (VALUES ('a', 1), ('b', 10), ('a', 2), ('b', 10), ('a', 2)) GROUP BY g ORDER BY g)";
    for _ in 0..3 {
        let found: String = connection.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(found, "2/2 10/10");
    }
}

#[test]
fn an_aggregate_left_in_the_middle_is_let_go() {
    let connection = connection();
    let sql = "SELECT median(CASE column1 WHEN 2 THEN abs(-9223372036854775808) ELSE column1 END) FROM (VALUES (1), (2))";
    let error = connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap_err();
    assert!(error.to_string().contains("integer overflow"), "{error}");
}

#[test]
fn many_values_are_no_burden() {
    let connection = connection();
    let sql = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
               SELECT median(i * 7919 % 200001), lower_quartile(i), upper_quartile(i), round(stdev(i), 3) FROM n";
    let found = connection
        .query_row(sql, [], |row| {
            Ok((row.get::<_, f64>(0)?, row.get::<_, f64>(1)?, row.get::<_, f64>(2)?, row.get::<_, f64>(3)?))
        })
        .unwrap();
    assert_eq!(found, (100_000.0, 50_000.0, 150_000.0, 57_735.46));
}

#[test]
fn a_count_beyond_all_bounds_fails_at_once() {
    let connection = connection();
    for call in
        ["replicate('a', 9223372036854775807)", "padl('a', 4294967299)", "padc('', 9223372036854775807)"]
    {
        assert_eq!(answer(&connection, &format!("SELECT {call}")), "error string or blob too big", "{call}");
    }
    assert_eq!(answer(&connection, "SELECT replicate('', 9223372036854775807)"), "text ''");
}
