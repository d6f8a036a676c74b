//! `EXPLAIN QUERY PLAN` as data.

use serde::{Deserialize, Serialize};

/// One line of a query plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanLine {
    /// How deep it stands in the tree; 0 for the statement's own lines. A line belongs to the nearest one above it that
    /// stands less deep.
    pub depth: u32,
    /// SQLite's own words.
    pub detail: String,
    /// What they mean.
    pub access: Access,
}

/// What SQLite does in one line of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Access {
    /// Reads a source from its first row to its last.
    Scan {
        /// The source, by its alias if it has one.
        source: String,
        /// In which order.
        way: Way,
    },
    /// Goes straight to the rows of a source that have some values.
    Search {
        /// The source, by its alias if it has one.
        source: String,
        /// By what it finds them.
        way: Way,
        /// Which values it looks for, as SQLite writes it: `author_id=?`.
        terms: String,
    },
    /// Keeps rows in a temporary tree, to sort them or to tell equal ones: the clause that needs it.
    TemporaryTree(String),
    /// Runs a subquery; once for each row of what is around it if it is correlated.
    Subquery {
        /// Whether it depends on the row that is looked at.
        correlated: bool,
    },
    /// Makes the rows of a subquery, under this name, for others to read.
    Source(String),
    /// Something else.
    Other,
}

/// How the rows of a source are reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    /// In the order in which the table keeps them.
    Table,
    /// By the integer primary key, which is where a row lies.
    RowId,
    /// By an index.
    Index {
        /// Its name.
        name: String,
        /// Whether the index holds all that is wanted, so that the table is not read.
        covering: bool,
    },
    /// By an index that SQLite makes for this statement alone and throws away.
    Automatic,
}

/// The lines of a plan in the order of the tree, of what SQLite answers: id, parent's id, words.
///
/// ```
/// use relata::explain::{Access, Way, plan_lines};
/// let lines = plan_lines(&[(2, 0, "SCAN books".into())]);
/// assert_eq!(lines[0].access, Access::Scan { source: "books".into(), way: Way::Table });
/// ```
pub fn plan_lines(answer: &[(i64, i64, String)]) -> Vec<PlanLine> {
    let mut lines = Vec::new();
    below(answer, 0, 0, &mut lines);
    lines
}

/// Adds the lines below a parent. An id is greater than its parent's, so this comes to an end.
fn below(answer: &[(i64, i64, String)], parent: i64, depth: u32, lines: &mut Vec<PlanLine>) {
    for (id, _, detail) in answer.iter().filter(|(id, of, _)| *of == parent && *id > parent) {
        lines.push(PlanLine { depth, detail: detail.clone(), access: access(detail) });
        below(answer, *id, depth + 1, lines);
    }
}

fn access(detail: &str) -> Access {
    if let Some(clause) = detail.strip_prefix("USE TEMP B-TREE FOR ") {
        return Access::TemporaryTree(clause.to_owned());
    }
    if detail == "SCAN CONSTANT ROW" {
        return Access::Other;
    }
    if let Some(rest) = detail.strip_prefix("SCAN ") {
        let (source, way, _) = reached(rest);
        return Access::Scan { source, way };
    }
    if let Some(rest) = detail.strip_prefix("SEARCH ") {
        let (source, way, terms) = reached(rest);
        return Access::Search { source, way, terms };
    }
    if let Some(name) = detail.strip_prefix("MATERIALIZE ").or_else(|| detail.strip_prefix("CO-ROUTINE ")) {
        return Access::Source(name.to_owned());
    }
    if detail.contains("SUBQUERY") && !detail.starts_with("REUSE") {
        return Access::Subquery { correlated: detail.starts_with("CORRELATED") };
    }
    Access::Other
}

/// The source, the way and the terms of `books USING INDEX ix (author_id=?) LEFT-JOIN`.
fn reached(text: &str) -> (String, Way, String) {
    let join = [" LEFT-JOIN", " RIGHT-JOIN", " EXISTS"].into_iter();
    let text = join.fold(text, |text, join| text.strip_suffix(join).unwrap_or(text));
    let Some((source, using)) = text.split_once(" USING ") else {
        return (text.to_owned(), Way::Table, String::new());
    };
    let (by, terms) = match using.split_once(" (") {
        Some((by, terms)) => (by, terms.strip_suffix(')').unwrap_or(terms)),
        None => (using, ""),
    };
    let way = if by == "INTEGER PRIMARY KEY" {
        Way::RowId
    } else if by.starts_with("AUTOMATIC") {
        Way::Automatic
    } else if let Some(name) = by.strip_prefix("COVERING INDEX ") {
        Way::Index { name: name.to_owned(), covering: true }
    } else if let Some(name) = by.strip_prefix("INDEX ") {
        Way::Index { name: name.to_owned(), covering: false }
    } else {
        Way::Table
    };
    // Of what is only asked whether it is there, the word stands behind its name.
    (source.strip_suffix(" EXISTS").unwrap_or(source).to_owned(), way, terms.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(name: &str, covering: bool) -> Way {
        Way::Index { name: name.into(), covering }
    }

    #[test]
    fn the_words_of_sqlite_are_understood() {
        let scan = |source: &str, way| Access::Scan { source: source.into(), way };
        let search = |source: &str, way, terms: &str| Access::Search {
            source: source.into(),
            way,
            terms: terms.into(),
        };
        let cases = [
            ("SCAN books", scan("books", Way::Table)),
            ("SCAN blog posts LEFT-JOIN", scan("blog posts", Way::Table)),
            ("SCAN b USING COVERING INDEX ix_b", scan("b", index("ix_b", true))),
            ("SEARCH a USING INTEGER PRIMARY KEY (rowid=?)", search("a", Way::RowId, "rowid=?")),
            (
                "SEARCH b_1 USING INDEX ix_b_a (a=? AND c>?) LEFT-JOIN",
                search("b_1", index("ix_b_a", false), "a=? AND c>?"),
            ),
            (
                "SEARCH b USING AUTOMATIC COVERING INDEX (a_id=?) LEFT-JOIN",
                search("b", Way::Automatic, "a_id=?"),
            ),
            (
                "SEARCH b USING COVERING INDEX sqlite_autoindex_b_1 (x=?)",
                search("b", index("sqlite_autoindex_b_1", true), "x=?"),
            ),
            (
                "SEARCH b EXISTS USING AUTOMATIC PARTIAL COVERING INDEX (a_id=?)",
                search("b", Way::Automatic, "a_id=?"),
            ),
            ("USE TEMP B-TREE FOR ORDER BY", Access::TemporaryTree("ORDER BY".into())),
            ("CORRELATED SCALAR SUBQUERY 1", Access::Subquery { correlated: true }),
            ("LIST SUBQUERY 2", Access::Subquery { correlated: false }),
            ("REUSE LIST SUBQUERY 2", Access::Other),
            ("MATERIALIZE anon_1", Access::Source("anon_1".into())),
            ("CO-ROUTINE anon_1", Access::Source("anon_1".into())),
            ("BLOOM FILTER ON b (a=?)", Access::Other),
            ("SCAN CONSTANT ROW", Access::Other),
        ];
        for (detail, expected) in cases {
            assert_eq!(access(detail), expected, "{detail}");
        }
    }

    #[test]
    fn lines_stand_below_their_parents() {
        let answer = [
            (3, 0, "CO-ROUTINE x"),
            (5, 3, "SCAN a"),
            (20, 0, "SCAN x"),
            (9, 3, "USE TEMP B-TREE FOR ORDER BY"),
        ];
        let lines = plan_lines(&answer.map(|(id, parent, words)| (id, parent, words.to_owned())));
        let told: Vec<(u32, &str)> = lines.iter().map(|line| (line.depth, line.detail.as_str())).collect();
        assert_eq!(
            told,
            [(0, "CO-ROUTINE x"), (1, "SCAN a"), (1, "USE TEMP B-TREE FOR ORDER BY"), (0, "SCAN x")]
        );
    }
}
