//! What every program in Python needs: identifiers and literals.

use std::collections::{BTreeMap, BTreeSet};

use crate::mapping::{ColumnOrigin, Relational, TableId, TableOrigin};
use crate::naming::snake;
use crate::schema::{EndId, FieldType, Model, ModelId, Schema};
use crate::value::Value;

/// Words that no identifier may be.
const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// What an ORM allows as a name in a program that uses it.
pub(super) struct Rules {
    /// Names that the program needs for itself, at its top and within classes.
    pub(super) reserved: &'static [&'static str],
    /// What is put after a name that is reserved.
    pub(super) suffix: &'static str,
    /// Whether `__` may stand within a name, and `_` at its end.
    pub(super) underscores: bool,
}

/// What each part of a schema is called in a program: valid identifiers, none of them twice in its class.
///
/// ```
/// use relata::{emit::sqlalchemy, mapping::map, project::Sample, schema::{ModelId, check}};
/// let schema = check(&Sample::AuthorBook.project().draft).value.unwrap();
/// let relational = map(&schema).value.unwrap();
/// assert_eq!(sqlalchemy::names(&schema, &relational).class(ModelId(1)), "Author");
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Names {
    classes: BTreeMap<ModelId, String>,
    columns: BTreeMap<TableId, Vec<String>>,
    ends: BTreeMap<EndId, String>,
    tables: BTreeMap<TableId, String>,
}

impl Names {
    /// The name of a model's class.
    pub fn class(&self, model: ModelId) -> &str {
        self.classes.get(&model).map_or("", String::as_str)
    }

    /// The names of the attributes that hold the columns of a model's table, in the table's order.
    pub fn columns(&self, table: TableId) -> &[String] {
        self.columns.get(&table).map_or(&[], Vec::as_slice)
    }

    /// The name of a relationship's attribute.
    pub fn end(&self, end: EndId) -> &str {
        self.ends.get(&end).map_or("", String::as_str)
    }

    /// The name of the variable or class that holds a join table.
    pub fn join_table(&self, table: TableId) -> &str {
        self.tables.get(&table).map_or("", String::as_str)
    }

    /// Whether something at the program's top has this name.
    pub(super) fn is_taken(&self, name: &str) -> bool {
        self.classes.values().chain(self.tables.values()).any(|taken| taken == name)
    }

    /// Names each key column of a model after its relationship, as Django does: `author` and `author_id`.
    pub(super) fn keys_follow_relationships(&mut self, relational: &Relational) {
        for table in &relational.tables {
            for key in &table.foreign_keys {
                let end = EndId { relationship: key.relationship, side: key.side.other() };
                if let (Some(name), Some(columns)) = (self.ends.get(&end), self.columns.get_mut(&table.id)) {
                    key.columns.iter().for_each(|&at| columns[at] = format!("{name}_id"));
                }
            }
        }
    }

    pub(super) fn new(schema: &Schema, relational: &Relational, rules: &Rules) -> Names {
        let mut names = Names::default();
        let mut top = Taken::new(rules);
        for model in schema.models() {
            names.classes.insert(model.id, top.class(&model.name));
        }
        let mut all = top;
        // All kinds of a model share one set of names.
        for model in schema.models().filter(|model| model.parent.is_none()) {
            names.name_attributes(schema, relational, model.id, rules, &mut all);
        }
        for table in &relational.tables {
            if matches!(table.origin, TableOrigin::Join(_)) {
                names.tables.insert(table.id, all.attribute(&table.name, "pairs"));
            }
        }
        names
    }

    /// Fields first, then relationships, so that these keep the names that people gave them; then key columns.
    fn name_attributes(
        &mut self,
        schema: &Schema,
        relational: &Relational,
        model: ModelId,
        rules: &Rules,
        all: &mut Taken<'_>,
    ) {
        let Some(table) = relational.table_of(model).map(|id| relational.table(id)) else { return };
        let mut taken = Taken::new(rules);
        let mut columns = vec![String::new(); table.columns.len()];
        let kinds = || schema.kinds_of(model);
        for field in kinds().flat_map(|kind| schema.own_fields(kind)) {
            if let Some(at) = table.field_column(field.id) {
                columns[at] = taken.attribute(&field.name, "field");
            }
        }
        let own_ends = |kind: &Model| {
            let id = kind.id;
            schema.ends_of(id).filter(move |end| end.model.id == id)
        };
        for end in kinds().flat_map(own_ends) {
            self.ends.insert(end.id, taken.attribute(end.name, "others"));
        }
        for (at, column) in table.columns.iter().enumerate() {
            if !matches!(column.origin, ColumnOrigin::Field(..)) {
                columns[at] = taken.attribute(&column.name, "key");
            }
        }
        all.used.extend(taken.used);
        for part in table.whole.iter().flat_map(|whole| &whole.parts) {
            let positions = 0..relational.table(part.table).columns.len();
            let named = positions.map(|at| columns[relational.in_whole(part.table, at).1].clone());
            self.columns.insert(part.table, named.collect());
        }
        self.columns.insert(table.id, columns);
    }
}

/// The names used in one scope.
pub(super) struct Taken<'a> {
    rules: &'a Rules,
    used: BTreeSet<String>,
}

impl<'a> Taken<'a> {
    pub(super) fn new(rules: &'a Rules) -> Taken<'a> {
        Taken { rules, used: BTreeSet::new() }
    }

    fn class(&mut self, name: &str) -> String {
        if is_identifier(name) {
            return self.claim(name.to_owned(), "Model");
        }
        let words = name.split(|letter: char| !is_letter(letter)).filter(|word| !word.is_empty());
        let capital = |word: &str| {
            let mut letters = word.chars();
            letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
        };
        self.claim(identifier(&words.map(capital).collect::<String>()), "Model")
    }

    /// The name itself where it is an identifier and free, else one like it.
    pub(super) fn attribute(&mut self, name: &str, otherwise: &str) -> String {
        self.claim(identifier(name), otherwise)
    }

    /// A variable for one object of a class.
    pub(super) fn variable(&mut self, class: &str) -> String {
        self.claim(identifier(&snake(class)), "found")
    }

    fn claim(&mut self, name: String, otherwise: &str) -> String {
        let mut stem = if name.chars().all(|letter| letter == '_') { otherwise.to_owned() } else { name };
        if !self.rules.underscores {
            while stem.contains("__") {
                stem = stem.replace("__", "_");
            }
            stem = stem.trim_matches('_').to_owned();
            if stem.starts_with(|letter: char| letter.is_ascii_digit()) {
                stem = format!("{otherwise}_{stem}");
            }
        }
        if KEYWORDS.contains(&stem.as_str()) || self.rules.reserved.contains(&stem.as_str()) {
            stem += self.rules.suffix;
        }
        let free = |name: &String| !self.used.contains(name);
        let name = std::iter::once(stem.clone())
            .chain((2..).map(|number| format!("{stem}_{number}")))
            .find(free)
            .unwrap_or(stem);
        self.used.insert(name.clone());
        name
    }
}

/// The name with `_` for everything that cannot stand in an identifier. Two underscores in front would hide the name in
/// its class.
pub(super) fn identifier(name: &str) -> String {
    let mut text: String = name.chars().map(|letter| if is_letter(letter) { letter } else { '_' }).collect();
    while text.starts_with("__") {
        text.remove(0);
    }
    if text.starts_with(|letter: char| letter.is_ascii_digit()) {
        text.insert(0, '_');
    }
    text
}

/// Whether a character can stand in an identifier and stays as it is there: Python takes compatible characters for
/// one another, so only blocks without such are let through.
fn is_letter(letter: char) -> bool {
    match letter {
        '_' | '0'..='9' | 'a'..='z' | 'A'..='Z' => true,
        'ĳ' | 'Ĳ' | 'ŀ' | 'Ŀ' | 'ŉ' | 'ſ' | 'Ǆ'..='ǌ' | 'Ǳ'..='ǳ' => false,
        'À'..='ɏ' | 'Α'..='ω' | 'Ѐ'..='џ' | 'ぁ'..='ゖ' | 'ァ'..='ヺ' | '一'..='鿿' | '가'..='힣' => {
            letter.is_alphabetic()
        }
        _ => false,
    }
}

/// Whether a text can be written as an identifier.
pub(super) fn is_identifier(text: &str) -> bool {
    !text.is_empty() && identifier(text) == text && !KEYWORDS.contains(&text)
}

/// A text as a literal in double quotes.
///
/// Characters that a terminal or an editor would swallow are escaped.
pub(super) fn string(text: &str) -> String {
    let mut literal = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            ' '..='~' => literal.push(letter),
            _ if letter.is_alphanumeric() => literal.push(letter),
            _ => literal.push_str(&match u32::from(letter) {
                code @ 0..=0xff => format!("\\x{code:02x}"),
                code @ 0x100..=0xffff => format!("\\u{code:04x}"),
                code => format!("\\U{code:08x}"),
            }),
        }
    }
    literal.push('"');
    literal
}

/// A value of a field as a literal of the Python type that stands for it.
pub(super) fn literal(value: &Value, field_type: FieldType) -> String {
    match (field_type, value) {
        (_, Value::Null) => "None".into(),
        (FieldType::Boolean, Value::Integer(0)) => "False".into(),
        (FieldType::Boolean, Value::Integer(1)) => "True".into(),
        (FieldType::Decimal, Value::Integer(_) | Value::Real(_)) => {
            format!("Decimal({})", string(&field_type.show(value).unwrap_or_default()))
        }
        (FieldType::Date | FieldType::DateTime, Value::Text(text)) => date(field_type, text),
        (_, Value::Text(text)) => string(text),
        (_, Value::Blob(bytes)) => {
            let escaped: String = bytes.iter().map(|byte| format!("\\x{byte:02x}")).collect();
            format!("b\"{escaped}\"")
        }
        (_, number) => number.to_string(),
    }
}

fn date(field_type: FieldType, text: &str) -> String {
    let class = if field_type == FieldType::Date { "date" } else { "datetime" };
    format!("datetime.{class}.fromisoformat({})", string(text))
}

/// The Python type that stands for a field's.
pub(super) fn annotation(field_type: FieldType) -> &'static str {
    match field_type {
        FieldType::Integer => "int",
        FieldType::Text => "str",
        FieldType::Real => "float",
        FieldType::Decimal => "Decimal",
        FieldType::Boolean => "bool",
        FieldType::Date => "datetime.date",
        FieldType::DateTime => "datetime.datetime",
        FieldType::Blob => "bytes",
    }
}

/// A call with its arguments on one line if they fit, else one a line.
pub(super) fn call(function: &str, arguments: &[String], indent: usize, before: usize) -> String {
    const WIDTH: usize = 88;
    let line = format!("{function}({})", arguments.join(", "));
    if indent + before + line.chars().count() <= WIDTH && !line.contains('\n') {
        return line;
    }
    let inner = " ".repeat(indent + 4);
    let lines: String = arguments.iter().map(|argument| format!("{inner}{argument},\n")).collect();
    format!("{function}(\n{lines}{})", " ".repeat(indent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_python_would_not_take() {
        let cases = [
            ("author", "author"),
            ("class", "class_"),
            ("2nd hand", "_2nd_hand"),
            ("say \"hi\"", "say__hi_"),
            ("__secret", "_secret"),
            ("Ünïcode", "Ünïcode"),
            ("ﬁsh", "_sh"),
            ("📚", "field"),
        ];
        let rules = Rules { reserved: &[], suffix: "_", underscores: true };
        for (name, expected) in cases {
            assert_eq!(Taken::new(&rules).attribute(name, "field"), expected, "{name}");
        }
        let mut taken = Taken::new(&rules);
        assert_eq!([taken.attribute("a b", "f"), taken.attribute("a_b", "f")], ["a_b", "a_b_2"]);
        assert_eq!(taken.class("blog post"), "BlogPost");
    }

    #[test]
    fn literals_are_what_python_reads_back() {
        assert_eq!(string("it's \"x\"\\\n\0é📚"), r#""it's \"x\"\\\n\x00é\U0001f4da""#);
        assert_eq!(literal(&Value::Integer(1), FieldType::Boolean), "True");
        assert_eq!(literal(&Value::Real(9.9), FieldType::Decimal), "Decimal(\"9.9\")");
        assert_eq!(literal(&Value::Real(1e300), FieldType::Real), "1e300");
        assert_eq!(literal(&Value::Blob(vec![202, 254]), FieldType::Blob), r#"b"\xca\xfe""#);
    }
}
