//! SQL as a syntax tree, and its rendering to text, parameters and spans.
//!
//! The tree is Relata's own because of the spans: every fragment of the text knows the model, field or
//! relationship that it came from. It holds no more of SQL than Relata writes.

mod ddl;
mod json;
mod render;
mod scan;
mod statement;
mod tree;
mod write;
mod writer;

pub use ddl::{create_index, create_table, ddl, default_sql, insert};
pub use json::{Json, JsonMember, JsonValue};
pub use render::{KeySlots, render, render_shape};
pub use scan::{Token, quoted, statements, tokens};
pub use statement::{Segment, Span, Statement};
pub use tree::{ColumnRef, Expr, Function, Join, JoinKind, Operator, Order, Output, Select, Source};
pub use write::{Cells, Write, render_write};
pub use writer::quote;
