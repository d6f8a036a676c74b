//! Which tables an SQL text reads rows from, however it is written.

/// The tables that a statement reads, sorted, as often as it names them. `tables` are all that there are. What stands in
/// the subqueries of conditions and of values is left out: whether those find the same is told by the rows.
pub(crate) fn tables_of(sql: &str, tables: &[String]) -> Vec<String> {
    let words = without_conditions(words(sql));
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let before = at.checked_sub(1).map_or("", |before| words[before].as_str());
        let after = words.get(at + 1).map_or("", String::as_str);
        // Columns are always written behind their table's name, labels and aliases always behind AS.
        let column_or_alias = before == "." || after == "." || before.eq_ignore_ascii_case("as");
        let name = word.strip_prefix('"').and_then(|word| word.strip_suffix('"'));
        let name = name.map_or_else(|| word.clone(), |name| name.replace("\"\"", "\""));
        if !column_or_alias && tables.contains(&name) {
            found.push(name);
        }
    }
    found.sort();
    found
}

/// The words without subqueries, except for those that rows are read from.
fn without_conditions(words: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    // For each open parenthesis, whether what is in it is left out.
    let mut open = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let inside = open.last().is_some_and(|left_out| *left_out);
        if word == "(" {
            let select = words.get(at + 1).is_some_and(|next| next.eq_ignore_ascii_case("select"));
            let source = kept.iter().rev().find(|before| *before != "(").is_some_and(|before| {
                before.eq_ignore_ascii_case("from") || before.eq_ignore_ascii_case("join")
            });
            open.push(inside || (select && !source));
        } else if word == ")" {
            open.pop();
        }
        if !inside {
            kept.push(word.clone());
        }
    }
    kept
}

/// Bare words, quoted names with their quotes, and single marks.
fn words(sql: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut letters = sql.chars().peekable();
    while let Some(letter) = letters.next() {
        let mut word = String::from(letter);
        if letter == '"' {
            while let Some(next) = letters.next() {
                word.push(next);
                if next == '"' && letters.next_if_eq(&'"').is_none() {
                    break;
                } else if next == '"' {
                    word.push('"');
                }
            }
        } else if letter.is_alphanumeric() || letter == '_' {
            while let Some(next) = letters.next_if(|next| next.is_alphanumeric() || *next == '_') {
                word.push(next);
            }
        } else if letter.is_whitespace() {
            continue;
        }
        words.push(word);
    }
    words
}

#[test]
fn tables_are_told_from_columns_aliases_and_labels() {
    let tables = ["books".to_owned(), "say \"hi\"".to_owned(), "books_1".to_owned()];
    let check = |sql: &str, expected: &[&str]| assert_eq!(tables_of(sql, &tables), expected, "{sql}");
    check(
        "SELECT books.id, books_1.id AS books FROM books LEFT JOIN books AS books_1 ON 1",
        &["books", "books"],
    );
    check(
        "SELECT (SELECT count(*) FROM books) FROM (SELECT * FROM books WHERE EXISTS (SELECT 1 FROM books_1)) AS anon_1",
        &["books"],
    );
    check(
        "SELECT \"say \"\"hi\"\"\".id FROM \"say \"\"hi\"\"\", books WHERE books.id = ?",
        &["books", "say \"hi\""],
    );
}
