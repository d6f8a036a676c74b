//! A rendered statement: text, parameters, and what each piece of the text came from.

use serde::{Deserialize, Serialize};

use crate::schema::Origin;
use crate::value::Value;

/// A statement ready to be sent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// The SQL, with `?` for each parameter, without a closing semicolon.
    pub text: String,
    /// The parameters, in the order of the question marks.
    pub params: Vec<Value>,
    /// What came from where. Spans nest and never cross; an outer one stands before those inside it.
    pub spans: Vec<Span>,
}

/// A piece of a statement's text and what it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
    /// What the piece came from.
    pub origin: Origin,
}

/// A stretch of text that has the same origins throughout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment<'a> {
    /// The text.
    pub text: &'a str,
    /// Everything it came from, the innermost first. Empty for SQL that came from nothing in particular.
    pub origins: Vec<Origin>,
}

impl Statement {
    /// Cuts the text where its origins change. The segments in a row are the whole text.
    ///
    /// ```
    /// use relata::{schema::{ModelId, Origin}, sql::{Span, Statement}};
    /// let spans = vec![Span { start: 5, end: 12, origin: Origin::Model(ModelId(1)) }];
    /// let statement = Statement { text: "FROM authors".into(), params: vec![], spans };
    /// let segments = statement.segments();
    /// assert_eq!(segments[1].text, "authors");
    /// assert_eq!(segments[1].origins, [Origin::Model(ModelId(1))]);
    /// ```
    pub fn segments(&self) -> Vec<Segment<'_>> {
        let mut edges: Vec<u32> = self.spans.iter().flat_map(|span| [span.start, span.end]).collect();
        edges.extend([0, self.text.len() as u32]);
        edges.sort_unstable();
        edges.dedup();
        edges.windows(2).map(|edge| self.segment(edge[0], edge[1])).collect()
    }

    fn segment(&self, start: u32, end: u32) -> Segment<'_> {
        let covering = self.spans.iter().rev().filter(|span| span.start <= start && end <= span.end);
        Segment {
            text: &self.text[start as usize..end as usize],
            origins: covering.map(|span| span.origin).collect(),
        }
    }
}
