//! A script as the lines that it sends, and the sketches and steps to make scripts of.
#![allow(dead_code, reason = "every test binary includes this file and uses a part of it")]
#![allow(clippy::panic, reason = "a script that does not hold is a mistake in the test")]

use relata::protocol::Limits;
use relata::schema::FieldType::Text;
use relata::schema::{Cascades, EndId, ModelId, PassiveDeletes, RelationshipId};
use relata::session::{Deed, Happening, ObjectDraft, ScriptDraft, StepDraft, What, check};

use crate::support::{self, Sketch};

/// Runs a script twice on the same rows and gives what happened, a line each; the last line is the error, if any.
pub(crate) fn lines(sketch: &Sketch, steps: Vec<StepDraft>) -> Vec<String> {
    let (schema, relational) = sketch.compile();
    let report = check(&ScriptDraft { steps }, &schema, &relational);
    let script = report.value.unwrap_or_else(|| panic!("{:?}", report.diagnostics));
    let mut database = sketch.open();
    let run = database.run_script(&script, Limits::default());
    assert_eq!(sketch.open().run_script(&script, Limits::default()), run, "the same script does the same");
    for happening in &run.happenings {
        if let What::Sent(sent) = &happening.what {
            support::check_spans(&sent.statement);
        }
    }
    let mut lines: Vec<String> =
        run.happenings.iter().flat_map(|happening| told(happening, &schema, &database)).collect();
    lines.extend(run.failure.map(|(step, error)| format!("step {step}: {}: {error}", error.exception())));
    lines
}

fn told(
    happening: &Happening,
    schema: &relata::schema::Schema,
    database: &relata::engine::Database,
) -> Vec<String> {
    let sent = match &happening.what {
        What::Sent(sent) => sent,
        What::Committed => return vec!["commit".into()],
        What::RolledBack => return vec!["rollback".into()],
        What::Warned(words) => return vec![format!("warned: {words}")],
    };
    let text: Vec<&str> = sent.statement.text.split_whitespace().collect();
    let mut text = text.join(" ");
    if let Some(at) = text.find(" FROM ").filter(|_| text.starts_with("SELECT")) {
        text = format!("SELECT{}", &text[at..]);
    }
    let auto = if happening.autoflush { "(autoflush) " } else { "" };
    let mut lines = Vec::new();
    for (at, set) in sent.sets.iter().enumerate() {
        let params: Vec<String> = set.params.iter().map(ToString::to_string).collect();
        let start = if at == 0 { format!("{auto}{text}") } else { "  again".into() };
        lines.push(format!("{start} [{}] {}", params.join(", "), set.reason.words(schema)));
        for doing in &set.doings {
            let table = &database.relational().table(doing.row.table).name;
            let deed = match doing.deed {
                Deed::Deleted => "deleted".to_owned(),
                Deed::KeyChanged(relationship) => format!("cleared {relationship} of"),
            };
            lines.push(format!("  the database {deed} {table} {}", doing.row.key[0]));
        }
    }
    lines
}

pub(crate) fn check_lines(sketch: &Sketch, steps: Vec<StepDraft>, expected: &str) {
    let wanted: Vec<&str> = expected.lines().map(str::trim_start).filter(|line| !line.is_empty()).collect();
    let lines = lines(sketch, steps);
    let found: Vec<&str> = lines.iter().map(|line| line.trim_start()).collect();
    assert_eq!(found, wanted, "\n{}\n", lines.join("\n"));
}

pub(crate) const AUTHOR: ModelId = ModelId(1);
pub(crate) const BOOK: ModelId = ModelId(4);
pub(crate) const BOOKS: RelationshipId = RelationshipId(7);

/// Author m1 has many Books m4 by r7. Author 1 has the books 1 and 2, author 2 has none.
pub(crate) fn authors(change: impl FnOnce(&mut Sketch)) -> Sketch {
    let mut sketch = Sketch::new();
    let author = sketch.model("Author", &[("name", Text)]);
    let book = sketch.model("Book", &[("title", Text)]);
    let books = sketch.one_to_many(author, book);
    assert_eq!((author, book, books), (AUTHOR, BOOK, BOOKS));
    let one = sketch.row(author, &["1", "one"]);
    sketch.row(author, &["2", "two"]);
    for key in ["1", "2"] {
        let row = sketch.row(book, &[key, "book"]);
        sketch.link(books, one, row);
    }
    change(&mut sketch);
    sketch
}

pub(crate) fn cascading(cascades: Cascades) -> Sketch {
    authors(|sketch| sketch.link_mut(BOOKS).left.cascades = cascades)
}

pub(crate) const DELETE: Cascades = Cascades {
    save_update: true,
    delete: true,
    delete_orphan: false,
    single_parent: false,
    passive_deletes: PassiveDeletes::Off,
    post_update: false,
};
pub(crate) const ORPHAN: Cascades = Cascades { delete_orphan: true, ..DELETE };

pub(crate) fn stored(model: ModelId, key: &str) -> ObjectDraft {
    ObjectDraft::Stored(Some(model), vec![key.into()])
}

pub(crate) fn named(name: &str) -> ObjectDraft {
    ObjectDraft::New(name.into())
}

pub(crate) fn new(name: &str, model: ModelId) -> StepDraft {
    StepDraft::New { name: name.into(), model: Some(model), values: Default::default(), add: true }
}

pub(crate) fn unadded(name: &str, model: ModelId) -> StepDraft {
    StepDraft::New { name: name.into(), model: Some(model), values: Default::default(), add: false }
}

pub(crate) fn delete(object: ObjectDraft) -> StepDraft {
    StepDraft::Delete { object }
}

pub(crate) fn load(object: ObjectDraft, end: EndId) -> StepDraft {
    StepDraft::Load { object, end: Some(end) }
}

pub(crate) fn link(object: ObjectDraft, end: EndId, target: ObjectDraft) -> StepDraft {
    StepDraft::Link { object, end: Some(end), target }
}

pub(crate) fn unlink(object: ObjectDraft, end: EndId, target: Option<ObjectDraft>) -> StepDraft {
    StepDraft::Unlink { object, end: Some(end), target }
}
