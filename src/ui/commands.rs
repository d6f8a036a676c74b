//! Everything one can do, in one table: what the palette lists, what keys do everywhere, and what the help says of them.
//!
//! Another command is one line in [`everywhere`], or in [`here`] if it depends on the document.

use super::action::{Action, DataEdit, Edit, QueryEdit, Show};
use super::presenting::BUTTON;
use super::programs::Language;
use super::results;
use super::schema::language_tab;
use super::scripting::Task;
use super::shell::TASKS;
use super::state::{Panel, State, Theme};
use crate::project::Sample;
use crate::query::Strategy;
use crate::schema::{EndId, ModelId, RelationshipId, Side};

/// Something one can do.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// What it does, in a few words.
    pub name: String,
    /// What it is about, for the eye.
    pub group: &'static str,
    /// The keys that do it everywhere; the first are those that are told.
    pub keys: &'static [Keys],
    /// What happens, in this order.
    pub deeds: Vec<Deed>,
}

/// A part of what a command does.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// Something happens to the state.
    Act(Action),
    /// The button with this id is pressed.
    Press(&'static str),
    /// The first visible element that this selector finds gets the focus.
    Focus(String),
}

/// A key, and those held down with it. On a Mac, Cmd counts as Ctrl.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keys {
    /// Whether Ctrl is held down.
    pub ctrl: bool,
    /// Whether Shift is held down, if it matters.
    pub shift: Option<bool>,
    /// The key as browsers call it, in lower case.
    pub key: &'static str,
    /// What is written on it.
    pub told: &'static str,
}

const fn ctrl(key: &'static str, told: &'static str) -> Keys {
    Keys { ctrl: true, shift: Some(false), key, told }
}

const fn alone(key: &'static str, told: &'static str) -> Keys {
    Keys { ctrl: false, shift: None, key, told }
}

const RUN: &[Keys] = &[ctrl("enter", "Enter")];
const UNDO: &[Keys] = &[ctrl("z", "Z")];
const REDO: &[Keys] = &[Keys { shift: Some(true), ..ctrl("z", "Z") }, ctrl("y", "Y")];
const OPEN: &[Keys] = &[ctrl("o", "O")];
const SAVE: &[Keys] = &[ctrl("s", "S")];
const COMMANDS: &[Keys] = &[ctrl("k", "K")];
const HELP: &[Keys] = &[alone("?", "?"), alone("f1", "F1")];

impl Keys {
    /// Whether these keys were pressed. While something is typed, a sign by itself is only that.
    pub fn are(self, ctrl: bool, shift: bool, key: &str, typing: bool) -> bool {
        let sign = !self.ctrl && self.key.len() == 1;
        self.ctrl == ctrl
            && self.shift.is_none_or(|wanted| wanted == shift)
            && self.key == key.to_lowercase()
            && !(sign && typing)
    }

    /// What is written on the keys.
    pub fn told(self) -> Vec<&'static str> {
        let held = [(self.ctrl, "Ctrl"), (self.shift == Some(true), "Shift")];
        held.into_iter().filter(|(held, _)| *held).map(|(_, name)| name).chain([self.told]).collect()
    }
}

/// Keys that do something in one place only, and what.
pub const IN_PLACES: [(&[&str], &str); 13] = [
    (&["Tab"], "to the next field or cell"),
    (&["Enter"], "data: to the cell below; in the last row, a new row"),
    (&["Shift", "Enter"], "data: to the cell above"),
    (&["Delete"], "data: in an empty cell, no value (NULL) instead of an empty text"),
    (&["Ctrl", "Delete"], "data: delete the row"),
    (&["Alt", "↑ ↓"], "models, fields and relationships: move up or down"),
    (&["Alt", "↑ ↓"], "SQL: what was run before"),
    (&["← →"], "on a border between panels: move it; on tabs: the next one"),
    (
        &["← → ↑ ↓"],
        "diagram: move the box that has the focus; Enter chooses it, Enter again leads to the form",
    ),
    (&["← → ↑ ↓"], "results: from cell to cell, from object to object"),
    (&["Delete"], "results: what if the object with the focus were deleted"),
    (&["Esc"], "presenting: back to work"),
    (&["+", "−", "0"], "diagram: larger, smaller, all of it"),
];

const DO: &str = "Do";
const ADD: &str = "Add";
const GO: &str = "Go to";
const LOAD: &str = "Load";
const SAMPLE: &str = "Sample";
const LOOK: &str = "Look";

fn command(group: &'static str, name: impl Into<String>, keys: &'static [Keys], deeds: Vec<Deed>) -> Command {
    Command { name: name.into(), group, keys, deeds }
}

fn act(action: Action) -> Deed {
    Deed::Act(action)
}

fn show(show: Show) -> Deed {
    Deed::Act(Action::Show(show))
}

fn focus(selector: impl Into<String>) -> Deed {
    Deed::Focus(selector.into())
}

fn press(panel: Panel, id: &'static str) -> Vec<Deed> {
    vec![show(Show::Panel(panel)), Deed::Press(id)]
}

/// What can be done whatever the document is.
pub fn everywhere() -> Vec<Command> {
    let edit = |panel, edit| vec![show(Show::Panel(panel)), act(Action::Edit(edit))];
    let mut all = vec![
        command(DO, "Run", RUN, vec![act(Action::Run)]),
        command(DO, "Stop what is running", &[], vec![act(Action::Stop)]),
        command(DO, "Undo", UNDO, vec![act(Action::Undo)]),
        command(DO, "Redo", REDO, vec![act(Action::Redo)]),
        command(
            DO,
            "New, empty project",
            &[],
            vec![act(Action::NewProject), show(Show::Panel(Panel::Define))],
        ),
        command(DO, "Open a file", OPEN, vec![Deed::Press("open-file")]),
        command(DO, "Save as a file", SAVE, vec![Deed::Press("save-file")]),
        command(DO, "Commands", COMMANDS, vec![Deed::Press("show-commands")]),
        command(
            LOOK,
            "Present: diagram, SQL and results for a class",
            &[],
            vec![show(Show::Presenting(true)), focus(format!("#{BUTTON}"))],
        ),
        command(DO, "Help and keys", HELP, vec![Deed::Press("show-help")]),
        command(ADD, "Add a model", &[], edit(Panel::Define, Edit::AddModel)),
        command(ADD, "Generate rows", &[], press(Panel::Data, "generate")),
        command(ADD, "Add a relationship", &[], press(Panel::Define, "add-relationship")),
        command(GO, "Define: models and relationships", &[], panel(Panel::Define, ".panel--define input")),
        command(
            GO,
            "Data: the rows of the models",
            &[],
            panel(Panel::Data, ".panel--data [aria-pressed=true]"),
        ),
    ];
    all.extend(Language::ALL.map(|language| {
        let tab = focus(format!("#{}", language_tab(language)));
        let deeds = vec![show(Show::Panel(Panel::Schema)), show(Show::Language(language)), tab];
        command(GO, format!("Schema in {}", language.name()), &[], deeds)
    }));
    all.extend(TASKS.map(|(task, name, id)| {
        let field = if task == Task::Sql { "console-sql" } else { id };
        let what = match task {
            Task::Query => "ask for objects",
            Task::Session => "change objects",
            Task::Sql => "write it by hand",
        };
        command(GO, format!("{name}: {what}"), &[], go_to_task(task, vec![focus(format!("#{field}"))]))
    }));
    all.extend(results::tabs().map(|(tab, name, id)| {
        let deeds = vec![show(Show::Result(tab)), focus(format!("#{id}"))];
        command(GO, format!("Results: {name}"), &[], go_to_task(Task::Query, deeds))
    }));
    all.extend(results::script_tabs().map(|(tab, name, id)| {
        let deeds = vec![show(Show::Script(tab)), focus(format!("#{id}"))];
        command(GO, format!("Session: {name}"), &[], go_to_task(Task::Session, deeds))
    }));
    all.extend(Strategy::all().map(|strategy| {
        let every = act(Action::Edit(Edit::Query(QueryEdit::EveryStrategy(strategy))));
        command(
            LOAD,
            format!("Load all relationships {}", strategy.label()),
            &[],
            go_to_task(Task::Query, vec![every]),
        )
    }));
    all.extend(Sample::all().map(|sample| {
        let name = format!("{}: {}", sample.title(), sample.shape());
        command(SAMPLE, name, &[], vec![act(Action::OpenSample(sample))])
    }));
    let themes = [("As the system has them", Theme::System), ("Light", Theme::Light), ("Dark", Theme::Dark)];
    all.extend(
        themes.map(|(name, theme)| {
            command(LOOK, format!("Colours: {name}"), &[], vec![show(Show::Theme(theme))])
        }),
    );
    all
}

fn panel(panel: Panel, selector: &str) -> Vec<Deed> {
    vec![show(Show::Panel(panel)), focus(selector)]
}

fn go_to_task(task: Task, more: Vec<Deed>) -> Vec<Deed> {
    [show(Show::Panel(Panel::Query)), show(Show::Task(task))].into_iter().chain(more).collect()
}

/// What can be done with the document as it is.
pub fn here(state: &State) -> Vec<Command> {
    let draft = &state.project.draft;
    let models = draft.models.iter().map(|model| (model.id, named(&model.name)));
    let mut all = Vec::new();
    for (id, name) in models {
        all.push(command(GO, format!("Model {name}"), &[], panel(Panel::Define, &format!("#{id}-name"))));
        all.push(command(GO, format!("Rows of {name}"), &[], rows(id)));
        let add = act(Action::Edit(Edit::Data(DataEdit::AddRow(id))));
        all.push(command(
            ADD,
            format!("Add a row to {name}"),
            &[],
            rows(id).into_iter().take(2).chain([add]).collect(),
        ));
        let root = act(Action::Edit(Edit::Query(QueryEdit::Root(id))));
        all.push(command(
            DO,
            format!("Query {name}"),
            &[],
            go_to_task(Task::Query, vec![root, focus("#query-root")]),
        ));
    }
    for relationship in &draft.relationships {
        let name = format!("Relationship {}", relationship_name(state, relationship.id));
        let place = format!("#{}-left", relationship.id);
        all.push(command(GO, name, &[], panel(Panel::Define, &place)));
    }
    all
}

fn rows(model: ModelId) -> Vec<Deed> {
    vec![show(Show::Panel(Panel::Data)), show(Show::Grid(model)), focus(".panel--data [aria-pressed=true]")]
}

fn named(name: &str) -> &str {
    if name.trim().is_empty() { "(no name)" } else { name.trim() }
}

/// `Author.books ⇄ Book.author`, as far as the schema knows the names.
fn relationship_name(state: &State, relationship: RelationshipId) -> String {
    let end = |side| {
        let schema = &state.good.as_ref()?.schema;
        let end = schema.end(EndId { relationship, side })?;
        Some(format!("{}.{}", end.model.name, end.name))
    };
    let ends: Vec<String> = Side::BOTH.into_iter().filter_map(end).collect();
    if ends.is_empty() { relationship.to_string() } else { ends.join(" ⇄ ") }
}

/// A command that was found, by its position, and the letters of its name that say why: their positions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its position.
    pub at: usize,
    /// The letters.
    pub letters: Vec<usize>,
}

/// The names that what was typed is found in, the best first: those that begin with it, where its words begin words,
/// where they stand anywhere, and where its letters stand in this order.
///
/// ```
/// use relata::ui::commands::find;
/// let names = ["Undo", "Add a model", "Model Author"];
/// let order = |typed| find(typed, &names).iter().map(|found| found.at).collect::<Vec<_>>();
/// assert_eq!(order("mod"), [2, 1]);
/// assert_eq!(order("model au"), [2]);
/// assert_eq!(order("adm"), [1]);
/// assert_eq!(order(""), [0, 1, 2]);
/// ```
pub fn find(typed: &str, names: &[impl AsRef<str>]) -> Vec<Found> {
    let lower = |text: &str| -> Vec<char> {
        // Letter by letter, so that positions stay those of the name.
        text.chars().map(|letter| letter.to_lowercase().next().unwrap_or(letter)).collect()
    };
    let words: Vec<Vec<char>> = typed.split_whitespace().map(lower).collect();
    let mut found: Vec<(u8, Found)> = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let name = lower(name.as_ref());
        let whole = words_in(&words, &name, true);
        let ahead = whole.clone().filter(|letters| letters.first().is_none_or(|first| *first == 0));
        let ways = [ahead, whole, words_in(&words, &name, false), letters_in(&words, &name)];
        let best = (0..).zip(ways).find_map(|(rank, letters)| Some((rank, letters?)));
        found.extend(best.map(|(rank, letters)| (rank, Found { at, letters })));
    }
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, found)| found).collect()
}

fn words_in(words: &[Vec<char>], name: &[char], at_starts: bool) -> Option<Vec<usize>> {
    let mut letters = Vec::new();
    for word in words {
        let begins = |at: usize| at == 0 || !name[at - 1].is_alphanumeric();
        let place = (0..name.len()).find(|&at| name[at..].starts_with(word) && (!at_starts || begins(at)))?;
        letters.extend(place..place + word.len());
    }
    letters.sort_unstable();
    letters.dedup();
    Some(letters)
}

fn letters_in(words: &[Vec<char>], name: &[char]) -> Option<Vec<usize>> {
    let mut from = 0;
    let mut next = |letter: &char| {
        let at = from + name[from..].iter().position(|other| other == letter)?;
        from = at + 1;
        Some(at)
    };
    words.iter().flatten().map(&mut next).collect()
}
