//! Which tables an SQL text names in its `FROM`s, however it is written.

/// The tables that a statement reads, sorted, as often as it names them. `tables` are all that there are.
pub(crate) fn tables_of(sql: &str, tables: &[String]) -> Vec<String> {
    let words = words(sql);
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
        "SELECT \"say \"\"hi\"\"\".id FROM \"say \"\"hi\"\"\", books WHERE books.id = ?",
        &["books", "say \"hi\""],
    );
}
