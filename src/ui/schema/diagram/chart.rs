//! What the diagram shows: boxes and edges, as they follow from the checked schema and its tables. Knows nothing of
//! places.

use crate::mapping::{Placement, Relational, Table, TableId};
use crate::schema::{EndKind, Link, Model, ModelId, Relationship, Schema, Side};
use crate::ui::legend::Legend;
use crate::ui::state::Good;

use super::looks::Thing;

/// Everything that is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chart {
    /// The boxes: models in the order of the form, then join tables.
    pub nodes: Vec<Node>,
    /// The edges: relationships in the order of the form, then what is a kind of what.
    pub edges: Vec<Edge>,
}

/// A box.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The model, or the relationship whose join table it is.
    pub thing: Thing,
    /// The name of the model or of the join table.
    pub title: String,
    /// The model's letter; empty for a join table.
    pub letter: String,
    /// The class that sets the model's colours.
    pub class: &'static str,
    /// Fields, then columns.
    pub rows: Vec<Row>,
    /// All that in words.
    pub spoken: String,
}

/// A line in a box.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The name.
    pub text: String,
    /// What marks it.
    pub mark: RowMark,
    /// What it stands for, for pointing at it.
    pub of: String,
}

/// What marks a line in a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowMark {
    /// Nothing: a field.
    Plain,
    /// It is, or is part of, the primary key.
    Key,
    /// A column of a foreign key.
    Points,
    /// A column of a foreign key that is part of the primary key.
    KeyPoints,
}

impl RowMark {
    fn column(points: bool, key: bool) -> RowMark {
        match (points, key) {
            (true, true) => RowMark::KeyPoints,
            (true, false) => RowMark::Points,
            (false, true) => RowMark::Key,
            (false, false) => RowMark::Plain,
        }
    }

    /// The mark in words, to stand after the name.
    pub fn words(self) -> &'static str {
        match self {
            RowMark::Plain => "",
            RowMark::Key => " (key)",
            RowMark::Points => " (foreign key)",
            RowMark::KeyPoints => " (key, foreign key)",
        }
    }
}

/// A line between two boxes.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// What is chosen with it: the relationship, or the model that is a kind of another.
    pub thing: Thing,
    /// The boxes, by position.
    pub nodes: [usize; 2],
    /// What the line ends with at each of them.
    pub ends: [EndMark; 2],
    /// The property that leads there; empty where none does.
    pub names: [String; 2],
    /// How the line is drawn.
    pub line: Line,
    /// What it stands for, for pointing at it.
    pub of: String,
    /// All that in words.
    pub spoken: String,
}

impl Edge {
    /// Whether it leads back to where it starts.
    pub fn is_loop(&self) -> bool {
        self.nodes[0] == self.nodes[1]
    }
}

/// How many there are at an end of a relationship for one at the other, or what else stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndMark {
    /// Any number.
    Many,
    /// One or none.
    Optional,
    /// Exactly one.
    One,
    /// A triangle: what the others are kinds of.
    Base,
    /// Nothing.
    Plain,
}

impl EndMark {
    fn words(self) -> &'static str {
        match self {
            EndMark::Many => "any number of",
            EndMark::Optional => "one or no",
            EndMark::One => "exactly one",
            EndMark::Base | EndMark::Plain => "",
        }
    }
}

/// How an edge is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// A foreign key, a join table, or a kind.
    Solid,
    /// A polymorphic key, which no foreign key guards.
    Dashed,
    /// Seen through a join model.
    Dotted,
}

/// The boxes and edges of a schema. `keys` shows the columns of foreign keys, `joins` the join tables.
pub fn chart(good: &Good, legend: &Legend, keys: bool, joins: bool) -> Chart {
    let Good { schema, relational, .. } = good;
    let nodes = schema.models().map(|model| model_box(good, legend, model, keys)).collect();
    let mut chart = Chart { nodes, edges: Vec::new() };
    for relationship in schema.relationships() {
        match join_table(relational, relationship) {
            Some(table) if joins => chart.add_join_table(good, legend, relationship, table),
            _ => chart.add_edge(schema, relationship),
        }
    }
    for model in schema.models() {
        chart.add_kind(schema, model);
    }
    chart
}

/// Whether the schema has join tables.
pub fn has_join_tables(good: &Good) -> bool {
    good.schema.relationships().any(|relationship| join_table(&good.relational, relationship).is_some())
}

/// The join table that a relationship has to itself.
fn join_table(relational: &Relational, relationship: &Relationship) -> Option<TableId> {
    match (&relationship.link, relational.placement(relationship.id)?) {
        (Link::Join(_), Placement::Join { table, .. }) => Some(*table),
        _ => None,
    }
}

fn model_box(good: &Good, legend: &Legend, model: &Model, keys: bool) -> Node {
    let parent = model.parent.and_then(|parent| good.schema.model(parent));
    let own = model
        .fields
        .values()
        .filter(|field| parent.is_none_or(|parent| !parent.fields.contains_key(&field.id)));
    let mut rows: Vec<Row> = own
        .map(|field| Row {
            text: field.name.clone(),
            mark: RowMark::column(false, field.primary_key),
            of: format!("{} {}", field.id, model.id),
        })
        .collect();
    if keys {
        rows.extend(key_columns(good, model.id));
    }
    let kind = parent.map_or(String::new(), |parent| format!(", a kind of {}", parent.name));
    Node {
        thing: Thing::Model(model.id),
        title: model.name.clone(),
        letter: legend.letter(model.id).to_owned(),
        class: legend.class(model.id),
        spoken: spoken(&format!("Model {}{kind}", model.name), &rows),
        rows,
    }
}

fn spoken(what: &str, rows: &[Row]) -> String {
    let rows: Vec<String> = rows.iter().map(|row| format!("{}{}", row.text, row.mark.words())).collect();
    if rows.is_empty() { what.to_owned() } else { format!("{what}: {}", rows.join(", ")) }
}

/// The columns of the keys that a model holds. A column that relationships share stands there once.
fn key_columns(good: &Good, model: ModelId) -> Vec<Row> {
    let mut seen: Vec<usize> = Vec::new();
    let mut rows = inherited_key(&good.relational, model);
    for relationship in good.schema.relationships() {
        let Some(Placement::Key { holder, table, columns, discriminator, .. }) =
            good.relational.placement(relationship.id)
        else {
            continue;
        };
        if relationship.model(*holder) != model {
            continue;
        }
        let table = good.relational.table(*table);
        let mark = discriminator.iter().map(|discriminator| discriminator.column);
        for at in mark.chain(columns.iter().copied()) {
            if !seen.contains(&at) {
                seen.push(at);
                let mark = RowMark::column(true, table.primary_key.contains(&at));
                let text = column_name(table, at).to_owned();
                rows.push(Row { text, mark, of: relationship.id.to_string() });
            }
        }
    }
    rows
}

/// The columns by which a row of a kind that has a table of its own goes on in that of what it is a kind of.
fn inherited_key(relational: &Relational, model: ModelId) -> Vec<Row> {
    let Some(table) = relational.own_table_of(model) else { return Vec::new() };
    let table = relational.table(table);
    let key = (0..table.columns.len()).filter(|&at| table.is_inherited_key(at));
    key.map(|at| Row {
        text: table.columns[at].name.clone(),
        mark: RowMark::KeyPoints,
        of: model.to_string(),
    })
    .collect()
}

/// The name that a column was created with: of several tables as one, that in its own.
fn column_name(table: &Table, at: usize) -> &str {
    let lies = table.whole.as_ref().and_then(|whole| whole.lies.get(at));
    lies.map_or(&table.columns[at].name, |(_, name)| name)
}

impl Chart {
    /// Where a model's box is.
    fn of(&self, model: ModelId) -> usize {
        // Every model of the schema has one.
        self.nodes.iter().position(|node| node.thing == Thing::Model(model)).unwrap_or_default()
    }

    /// A relationship as one edge: from the model that is pointed to, to the one that holds the key.
    fn add_edge(&mut self, schema: &Schema, relationship: &Relationship) {
        let from = match &relationship.link {
            Link::Key(key) => key.holder.other(),
            Link::Join(_) | Link::Through(_) => Side::Left,
        };
        let sides = [from, from.other()];
        let line = match &relationship.link {
            Link::Through(_) => Line::Dotted,
            Link::Key(key) if key.polymorphic.is_some() => Line::Dashed,
            Link::Key(_) | Link::Join(_) => Line::Solid,
        };
        let models = sides.map(|side| relationship.model(side));
        self.edges.push(Edge {
            thing: Thing::Relationship(relationship.id),
            nodes: models.map(|model| self.of(model)),
            ends: sides.map(|side| mark(relationship, side)),
            names: sides.map(|side| leading_to(relationship, side).to_owned()),
            line,
            of: format!("{} {} {}", relationship.id, models[0], models[1]),
            spoken: in_words(schema, relationship),
        });
    }

    /// A relationship as its join table, with an edge to either model.
    fn add_join_table(&mut self, good: &Good, legend: &Legend, relationship: &Relationship, table: TableId) {
        let table = good.relational.table(table);
        let rows: Vec<Row> = (0..table.columns.len())
            .map(|at| {
                let points = table.foreign_keys.iter().any(|key| key.columns.contains(&at));
                let mark = RowMark::column(points, table.primary_key.contains(&at));
                Row { text: table.columns[at].name.clone(), mark, of: relationship.id.to_string() }
            })
            .collect();
        let join = self.nodes.len();
        self.nodes.push(Node {
            thing: Thing::Relationship(relationship.id),
            title: table.name.clone(),
            letter: String::new(),
            class: "tone-none",
            spoken: spoken(&format!("Join table {}", table.name), &rows),
            rows,
        });
        for side in Side::BOTH {
            let model = relationship.model(side);
            self.edges.push(Edge {
                thing: Thing::Relationship(relationship.id),
                nodes: [self.of(model), join],
                ends: [EndMark::One, EndMark::Many],
                names: [String::new(), leading_to(relationship, side.other()).to_owned()],
                line: Line::Solid,
                of: format!("{} {model}", relationship.id),
                spoken: format!(
                    "{}: each row of {} has one {}",
                    in_words(&good.schema, relationship),
                    table.name,
                    legend.name(model)
                ),
            });
        }
    }

    fn add_kind(&mut self, schema: &Schema, model: &Model) {
        let Some(parent) = model.parent.and_then(|parent| schema.model(parent)) else { return };
        self.edges.push(Edge {
            thing: Thing::Model(model.id),
            nodes: [self.of(parent.id), self.of(model.id)],
            ends: [EndMark::Base, EndMark::Plain],
            names: Default::default(),
            line: Line::Solid,
            of: format!("{} {}", model.id, parent.id),
            spoken: format!("{} is a kind of {}", model.name, parent.name),
        });
    }
}

/// The property that leads to the model at this side. What goes both ways has one only.
fn leading_to(relationship: &Relationship, side: Side) -> &str {
    if relationship.is_symmetric() && side == Side::Left { "" } else { relationship.name(side.other()) }
}

/// How many objects of the model at this side there are for one at the other.
fn mark(relationship: &Relationship, side: Side) -> EndMark {
    match (relationship.kind(side.other()), &relationship.link) {
        (EndKind::HasMany | EndKind::ManyToMany, _) => EndMark::Many,
        // Of a polymorphic key's targets the holder needs one, whichever it is.
        (EndKind::BelongsTo, Link::Key(key)) if key.required && key.polymorphic.is_none() => EndMark::One,
        _ => EndMark::Optional,
    }
}

/// `Author.books: any number of Book; Book.author: exactly one Author`.
fn in_words(schema: &Schema, relationship: &Relationship) -> String {
    let name = |side| schema.model(relationship.model(side)).map_or("", |model| model.name.as_str());
    let property = |side: Side| {
        let many = mark(relationship, side.other()).words();
        format!("{}.{}: {many} {}", name(side), relationship.name(side), name(side.other()))
    };
    if relationship.is_symmetric() {
        return format!("{}, both ways", property(Side::Left));
    }
    let how = match &relationship.link {
        Link::Through(through) => {
            format!(", through {}", schema.model(through.model).map_or("", |model| model.name.as_str()))
        }
        Link::Key(key) if key.polymorphic.is_some() => ", by a key that no foreign key guards".into(),
        Link::Key(_) | Link::Join(_) => String::new(),
    };
    format!("{}; {}{how}", property(Side::Left), property(Side::Right))
}
