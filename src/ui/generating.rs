//! Generated rows, as far as the page has to do with them: the recipe as typed, how far the rows are, and which of them
//! are on screen. Pure, like the rest of the reducer.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::action::{DataEdit, Edit};
use super::answers::without_worker;
use super::first_error::Needed;
use super::parts;
use super::reduce::bad;
use super::state::{EngineStatus, Notice, State};
use crate::generate::{self, Place, suggest};
use crate::project::{Data, Recipe, Spread};
use crate::protocol::{Failure, MadeShown, MadeWanted, Progress};
use crate::schema::{Diagnostic, ModelId, RelationshipId, Schema, Severity};

/// How many rows a preset makes together.
pub const PRESETS: [u32; 4] = [100, 1_000, 10_000, 100_000];
/// How many generated rows are asked for at a time, how many of them lie before the first one on screen, and how many
/// may be on screen at once.
const WINDOW: u32 = 360;
const BEFORE: u32 = 120;
const ON_SCREEN: u32 = 120;

/// What happens to generated rows.
#[derive(Clone, Debug, PartialEq)]
pub enum Generate {
    /// The dialog is wanted.
    Open,
    /// It is not any more; nothing was changed.
    Close,
    /// Something was typed into it.
    Typed(Place, String),
    /// As many rows together, spread over the models.
    Preset(u32),
    /// What was typed is to be generated.
    Confirm,
    /// There are to be no generated rows.
    Remove,
    /// The rows on their way are not wanted.
    Stop,
    /// Those that were stopped are wanted after all.
    Again,
    /// What makes them has failed; why.
    Failed(String),
    /// This generated row of the grid is the first on screen.
    Seen(u32),
}

/// The state of generated rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Generating {
    /// The recipe as typed, while the dialog is open.
    pub form: Option<Form>,
    /// How far the rows are, while they are on their way.
    pub progress: Option<Progress>,
    /// Whether the rows are left out, because they were stopped or could not be made.
    pub held: bool,
    /// The recipe that was sent.
    sent: Option<Recipe>,
    /// The recipe whose rows the database has.
    pub filled: Option<Recipe>,
    /// The rows at hand.
    pub shown: Option<Rc<MadeShown>>,
    /// The first generated row on screen.
    pub seen: u32,
}

/// A recipe as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// The text in each field. One that is not there is empty.
    texts: BTreeMap<Place, String>,
}

impl Form {
    /// A recipe as one would type it.
    pub fn of(recipe: &Recipe) -> Form {
        let mut texts = BTreeMap::from([(Place::Seed, recipe.seed.to_string())]);
        texts.extend(recipe.counts.iter().map(|(model, count)| (Place::Count(*model), count.to_string())));
        for (relationship, spread) in &recipe.spreads {
            texts.insert(Place::Least(*relationship), spread.least.to_string());
            texts.extend(spread.most.map(|most| (Place::Most(*relationship), most.to_string())));
        }
        Form { texts }
    }

    /// The text in a field.
    pub fn text(&self, place: Place) -> &str {
        self.texts.get(&place).map_or("", String::as_str)
    }

    /// What was typed as a recipe, and everything that keeps it from being followed.
    pub fn check(&self, schema: &Schema, data: &Data) -> (Recipe, Vec<Diagnostic<Place>>) {
        let mut told = Vec::new();
        let mut number = |place: Place| -> Option<u32> {
            let text = self.text(place).replace(['\u{202f}', ' ', ',', '\''], "");
            let number = text.parse().ok();
            if number.is_none() && !text.is_empty() {
                let message = format!("“{}” is not a whole number.", self.text(place).trim());
                let mend = "Type one like 100.".to_owned();
                told.push(Diagnostic { severity: Severity::Error, place, message, mend });
            }
            number
        };
        let mut recipe = Recipe { seed: number(Place::Seed).unwrap_or(0), ..Recipe::default() };
        for model in schema.models() {
            let count = number(Place::Count(model.id)).unwrap_or(0);
            recipe.counts.insert(model.id, count);
        }
        for relationship in schema.relationships().filter(|link| generate::has_spread(schema, link)) {
            let (least, most) = (number(Place::Least(relationship.id)), number(Place::Most(relationship.id)));
            if least.is_some() || most.is_some() {
                recipe.spreads.insert(relationship.id, Spread { least: least.unwrap_or(0), most });
            }
        }
        if told.is_empty() {
            told = generate::check(&recipe, schema, data);
        }
        (recipe, told)
    }
}

impl Generating {
    /// What the database has is not that of a document with generated rows any more, or there is none.
    pub(super) fn forget_rows(&mut self) {
        (self.progress, self.sent, self.filled, self.shown) = (None, None, None, None);
    }

    /// How many generated rows of a model the database has.
    pub fn count(&self, model: ModelId) -> u32 {
        self.filled.as_ref().map_or(0, |recipe| recipe.count(model))
    }
}

/// Whether the document's recipe can be followed as the schema stands.
pub fn can_follow(state: &State) -> bool {
    let good = state.compiled.good.as_ref();
    state
        .project
        .data
        .generated
        .as_ref()
        .zip(good)
        .is_none_or(|(recipe, good)| generate::check(recipe, &good.schema, &state.project.data).is_empty())
}

/// The document's rows as the worker is to get them: without a recipe that is not to be followed now.
pub(super) fn data_wanted(state: &State) -> Data {
    let mut data = state.project.data.clone();
    // The worker was heard, so the part that hears it is there, and knows of recipes.
    let follow = |part: &parts::Answers| (part.can_follow)(state);
    if data.generated.is_some() && (state.generating.held || !parts::answers().is_some_and(follow)) {
        data.generated = None;
    }
    data
}

/// Notes that the document was sent.
pub(super) fn sent(state: &mut State) {
    let recipe = data_wanted(state).generated;
    Rc::make_mut(&mut state.generating).sent = recipe;
}

/// Notes that the worker has the document.
pub(super) fn opened(state: &mut State) {
    let generating = Rc::make_mut(&mut state.generating);
    let recipe = generating.sent.take();
    generating.forget_rows();
    generating.filled = recipe;
}

/// Notes how far the rows are.
pub(super) fn went_on(mut state: State, progress: Progress) -> State {
    Rc::make_mut(&mut state.generating).progress = Some(progress);
    state
}

/// Takes the rows to show in. If there are none, none are asked for again.
pub(super) fn shown(mut state: State, shown: Result<MadeShown, Failure>) -> State {
    let generating = Rc::make_mut(&mut state.generating);
    match shown {
        Ok(shown) => generating.shown = Some(Rc::new(shown)),
        Err(_) => generating.filled = None,
    }
    state
}

/// The generated rows around those on screen, if the grid lacks some of them.
pub(super) fn rows_wanted(state: &State) -> Option<MadeWanted> {
    let (generating, model) = (&state.generating, state.view.grid?);
    let total = generating.count(model);
    let first = generating.seen.min(total.saturating_sub(1));
    let last = first.saturating_add(ON_SCREEN).min(total);
    let covers = |shown: &Rc<MadeShown>| {
        let MadeWanted { model: of, start, count } = shown.wanted;
        of == model && start <= first && last <= start.saturating_add(count)
    };
    if total == 0 || generating.shown.as_ref().is_some_and(covers) {
        return None;
    }
    Some(MadeWanted { model, start: first.saturating_sub(BEFORE), count: WINDOW })
}

/// The state after something happened to generated rows.
pub(super) fn happened(mut state: State, what: Generate) -> State {
    let good = state.compiled.good.clone();
    let now = state.project.data.generated.clone();
    let generating = Rc::make_mut(&mut state.generating);
    match what {
        Generate::Open => {
            let Some(good) = good else {
                return state.refusing(Needed::Schema);
            };
            generating.form =
                Some(now.map_or_else(|| first(&good.schema, &state.project.data), |now| Form::of(&now)));
        }
        Generate::Close => generating.form = None,
        Generate::Typed(place, text) => {
            generating.form.get_or_insert_default().texts.insert(place, text);
        }
        Generate::Preset(total) => {
            if let Some((form, good)) = generating.form.as_mut().zip(good) {
                for (model, count) in suggest(&good.schema, &state.project.data, total) {
                    form.texts.insert(Place::Count(model), count.to_string());
                }
                // They were about other numbers.
                form.texts.retain(|place, _| !matches!(place, Place::Least(_) | Place::Most(_)));
            }
        }
        Generate::Confirm => return confirmed(state),
        Generate::Remove => {
            generating.form = None;
            return state.edited(&Edit::Data(DataEdit::Generate(None)));
        }
        Generate::Stop => {
            let text = "The generated rows were stopped and are left out. What you typed is there.";
            return held(state, text.into()).telling(Notice { text: text.into(), ..Notice::default() });
        }
        Generate::Again => {
            generating.held = false;
            state.opened = None;
        }
        Generate::Failed(why) => {
            let text = format!("The rows could not be generated, and are left out: {why}");
            return held(state, text.clone()).telling(bad(text));
        }
        Generate::Seen(row) => generating.seen = row,
    }
    state
}

/// What is proposed to whoever has no recipe yet.
fn first(schema: &Schema, data: &Data) -> Form {
    Form::of(&Recipe { seed: 1, counts: suggest(schema, data, PRESETS[1]), ..Recipe::default() })
}

/// The recipe becomes the document's. One of no rows is none.
fn confirmed(mut state: State) -> State {
    let Some((form, good)) = state.generating.form.clone().zip(state.compiled.good.clone()) else {
        return state;
    };
    let (recipe, told) = form.check(&good.schema, &state.project.data);
    if !told.is_empty() {
        return state;
    }
    let generating = Rc::make_mut(&mut state.generating);
    generating.form = None;
    if std::mem::take(&mut generating.held) {
        state.opened = None;
    }
    let any = recipe.counts.values().any(|count| *count > 0);
    state.edited(&Edit::Data(DataEdit::Generate(any.then_some(recipe))))
}

/// Without the worker, which is in the middle of it, and without the generated rows.
fn held(state: State, why: String) -> State {
    let mut state = without_worker(state);
    Rc::make_mut(&mut state.generating).held = true;
    state.engine = EngineStatus::Restarting(why);
    state
}

/// The recipe's relationships of which it can be said how many each row is linked to.
pub fn spreads(schema: &Schema) -> Vec<RelationshipId> {
    let with = schema.relationships().filter(|relationship| generate::has_spread(schema, relationship));
    with.map(|relationship| relationship.id).collect()
}
