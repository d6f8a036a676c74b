//! Relationships as a script writes them: sentences, or objects that say more than a sentence can.

use super::Json;
use super::paths::{at, member};
use super::schema::Reading;
use super::sentence;
use crate::schema::{
    EndId, EndOrder, JoinDraft, OnDelete, Place, RelationshipDraft, RelationshipId, RelationshipPart as Part,
    Shape, Side, ways_through,
};

/// Reads a list of relationships.
pub(super) fn read(reading: &mut Reading, json: &Json) {
    // What is read through other relationships may stand before them.
    let mut through = Vec::new();
    for (index, item) in reading.reader.list("relationships", json).iter().enumerate() {
        let path = at("relationships", index);
        let Some(draft) = relationship(reading, &path, item) else { continue };
        if let Json::Map(members) = item
            && let Some((_, model)) = members.iter().find(|(name, _)| name == "through")
        {
            through.push((reading.draft.relationships.len(), member(&path, "through"), model));
        }
        reading.draft.relationships.push(draft);
    }
    for (index, path, model) in through {
        read_through(reading, index, &path, model);
    }
}

const SHAPES: [(&str, Shape); 3] =
    [("one-to-one", Shape::OneToOne), ("one-to-many", Shape::OneToMany), ("many-to-many", Shape::ManyToMany)];

const PARTS: [&str; 17] = [
    "sentence",
    "shape",
    "left",
    "right",
    "required",
    "onDelete",
    "onUpdate",
    "key",
    "keyColumns",
    "references",
    "identifies",
    "polymorphic",
    "index",
    "joinTable",
    "symmetric",
    "through",
    "order",
];

fn relationship(reading: &mut Reading, path: &str, json: &Json) -> Option<RelationshipDraft> {
    if let Json::Text(text) = json {
        return from_sentence(reading, path, text);
    }
    let Json::Map(members) = json else {
        reading.reader.expected(path, "a sentence or an object", json);
        return None;
    };
    let part = |name: &str| members.iter().find(|(known, _)| known == name).map(|(_, part)| part);
    let mut draft = match part("sentence") {
        Some(said) => {
            let path = member(path, "sentence");
            let said = reading.reader.text(&path, said)?;
            from_sentence(reading, &path, &said)?
        }
        None => from_ends(reading, path, part("shape"), [part("left"), part("right")])?,
    };
    for (name, part) in members {
        more(reading, &mut draft, &member(path, name), name, part);
    }
    Some(draft)
}

fn from_sentence(reading: &mut Reading, path: &str, text: &str) -> Option<RelationshipDraft> {
    let names: Vec<&str> = reading.draft.models.iter().map(|model| model.name.as_str()).collect();
    let said = match sentence::read(text, &names) {
        Ok(said) => said,
        Err((message, mend)) => {
            reading.reader.error(path, message, mend);
            return None;
        }
    };
    let [left, right] = said.models.map(|at| reading.draft.models[at].id);
    let id = RelationshipId(reading.draft.fresh_id());
    let mut draft = RelationshipDraft::new(id, said.shape, left, right);
    let [left_name, right_name] = said.names;
    (draft.left.name, draft.right.name) = (left_name, right_name);
    (draft.required, draft.on_delete) = (said.required, said.on_delete);
    Some(draft)
}

fn from_ends(
    reading: &mut Reading,
    path: &str,
    shape: Option<&Json>,
    ends: [Option<&Json>; 2],
) -> Option<RelationshipDraft> {
    let (Some(shape), [Some(left), Some(right)]) = (shape, ends) else {
        let mend = "Write a sentence, or { shape: \"one-to-many\", left: \"Author\", right: \"Book\" }.";
        reading.reader.error(path, "A relationship needs a shape, a left and a right model.", mend);
        return None;
    };
    let shape = reading.reader.choice(&member(path, "shape"), shape, &SHAPES)?;
    let id = RelationshipId(reading.draft.fresh_id());
    let model = |reading: &mut Reading, side: &str, json: &Json| {
        let path = member(path, side);
        let (path, name) = match json {
            Json::Map(members) => {
                let path = member(&path, "model");
                let model =
                    members.iter().find(|(name, _)| name == "model").map_or(&Json::Null, |(_, model)| model);
                (path.clone(), reading.reader.text(&path, model)?)
            }
            other => (path.clone(), reading.reader.text(&path, other)?),
        };
        reading.model_named(&path, &name)
    };
    let (left, right) = (model(reading, "left", left)?, model(reading, "right", right)?);
    reading.note_end(EndId { relationship: id, side: Side::Left }, &member(path, "left"));
    reading.note_end(EndId { relationship: id, side: Side::Right }, &member(path, "right"));
    Some(RelationshipDraft::new(id, shape, left, right))
}

/// One of the parts that are the same whether the rest is a sentence or not.
fn more(reading: &mut Reading, draft: &mut RelationshipDraft, path: &str, name: &str, json: &Json) {
    let mut note = |part| reading.paths.note(Place::Relationship(draft.id, part), path);
    match name {
        "required" => note(Part::Required),
        "onDelete" => note(Part::OnDelete),
        "onUpdate" => note(Part::OnUpdate),
        "keyColumns" => note(Part::KeyColumns),
        "references" => note(Part::References),
        "identifies" => note(Part::Identifies),
        "polymorphic" => note(Part::Polymorphic),
        "symmetric" => note(Part::Symmetric),
        "joinTable" => note(Part::JoinTable),
        _ => {}
    }
    let reader = &mut reading.reader;
    let actions = OnDelete::ALL.map(|action| (action.sql(), action));
    match name {
        // These were read before.
        "sentence" | "shape" | "through" => {}
        "left" => end(reading, draft, Side::Left, path, json),
        "right" => end(reading, draft, Side::Right, path, json),
        "required" => draft.required = reader.truth(path, json),
        "onDelete" => draft.on_delete = reader.choice(path, json, &actions).unwrap_or_default(),
        "onUpdate" => draft.on_update = reader.choice(path, json, &actions).unwrap_or_default(),
        "key" => {
            let sides = [("left", Side::Left), ("right", Side::Right)];
            draft.key_side = reader.choice(path, json, &sides).unwrap_or(Side::Right);
        }
        "keyColumns" => draft.key_columns = reader.texts(path, json),
        "references" => {
            let names = reader.texts(path, json);
            let target = draft.holder().and_then(|holder| draft.end(holder.other()).model);
            draft.references =
                names.iter().filter_map(|name| reading.field_named(path, target?, name)).collect();
        }
        "identifies" => draft.identifies = reader.truth(path, json),
        "polymorphic" => draft.polymorphic = reader.text(path, json),
        "index" => draft.index = reader.truth(path, json),
        "joinTable" => draft.join = join(reading, path, json),
        "symmetric" => draft.symmetric = reader.truth(path, json),
        "order" => order(reading, draft, Side::Left, path, json),
        other => reader.unknown(path, "part of a relationship", other, PARTS),
    }
}

/// An end: a model's name, or what else there is to say of the property there.
fn end(reading: &mut Reading, draft: &mut RelationshipDraft, side: Side, path: &str, json: &Json) {
    let Json::Map(members) = json else { return };
    for (name, part) in members {
        let path = member(path, name);
        match name.as_str() {
            "model" => {}
            "name" => {
                reading.paths.note(Place::Relationship(draft.id, Part::Name(side)), &path);
                draft.end_mut(side).name = reading.reader.text(&path, part).unwrap_or_default();
            }
            "order" => order(reading, draft, side, &path, part),
            other => reading.reader.unknown(&path, "part of an end", other, ["model", "name", "order"]),
        }
    }
}

/// The order of the collection at an end: fields of its objects, with a `-` for the greatest first.
fn order(reading: &mut Reading, draft: &mut RelationshipDraft, side: Side, path: &str, json: &Json) {
    reading.paths.note(Place::Relationship(draft.id, Part::Order(side)), path);
    let Some(target) = draft.end(side.other()).model else { return };
    for term in reading.reader.texts(path, json) {
        let (name, descending) = descending(&term);
        let field = reading.field_named(path, target, name);
        draft.end_mut(side).order.extend(field.map(|field| EndOrder { field, descending }));
    }
}

/// A term of an order: the name, and whether the greatest comes first.
pub(super) fn descending(term: &str) -> (&str, bool) {
    match term.strip_prefix('-') {
        Some(name) => (name, true),
        None => (term.strip_prefix('+').unwrap_or(term), false),
    }
}

fn join(reading: &mut Reading, path: &str, json: &Json) -> JoinDraft {
    let mut join = JoinDraft::default();
    let Json::Map(members) = json else {
        join.table = reading.reader.text(path, json).unwrap_or_default();
        return join;
    };
    for (name, part) in members {
        let path = member(path, name);
        match name.as_str() {
            "table" => join.table = reading.reader.text(&path, part).unwrap_or_default(),
            "leftColumns" => join.left_columns = reading.reader.texts(&path, part),
            "rightColumns" => join.right_columns = reading.reader.texts(&path, part),
            other => {
                let known = ["table", "leftColumns", "rightColumns"];
                reading.reader.unknown(&path, "part of a join table", other, known);
            }
        }
    }
    join
}

/// Has a many-to-many read through a join model.
fn read_through(reading: &mut Reading, index: usize, path: &str, json: &Json) {
    let Some(name) = reading.reader.text(path, json) else { return };
    let Some(model) = reading.model_named(path, &name) else { return };
    let ways = ways_through(&reading.draft, &reading.draft.relationships[index]);
    let mut ways = ways.into_iter().filter(|(join, _)| *join == model).map(|(_, way)| way);
    match ways.next() {
        Some(way) => reading.draft.relationships[index].through = Some(way),
        None => {
            let message = format!("{name} does not hold the keys of both models.");
            reading.reader.error(path, message, "Relate both of them to it first: each as “has many”.");
        }
    }
}
