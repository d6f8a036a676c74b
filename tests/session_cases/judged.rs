//! What Relata's session left beside what SQLAlchemy's left, and how often each came out.

use std::collections::BTreeMap;
use std::fmt;

use relata::trace::Rows;

use super::oracle::Oracle;
use super::{Case, choices};

/// What a script left.
#[derive(Debug, PartialEq)]
pub(crate) struct Left {
    pub(crate) tables: BTreeMap<String, Rows>,
    pub(crate) error: Option<String>,
    pub(crate) sent: Vec<(String, String, usize)>,
}

/// What SQLAlchemy left, and what it says of its failure: the step, the message, and where in itself it was.
pub(crate) struct Theirs {
    pub(crate) left: Left,
    pub(crate) said: String,
    pub(crate) place: String,
}

/// How many orders of SQLAlchemy's are tried.
const CHANCES: u32 = 24;

/// Where SQLAlchemy fails at itself rather than at the script, in the words of `docs/differences.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stumble {
    /// It looks for an object that it did not take into the flush.
    PostUpdate,
    /// It adds an object to the flush when that is planned already.
    FlushContext,
    /// It binds a mark of its own as a parameter, for the key that an object has not got yet.
    Mark,
}

impl Stumble {
    pub(crate) const ALL: [Stumble; 3] = [Stumble::PostUpdate, Stumble::FlushContext, Stumble::Mark];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Stumble::PostUpdate => "post-update of an object that is not in the session",
            Stumble::FlushContext => {
                "an object that changed and was taken from the identity map before the flush"
            }
            Stumble::Mark => "a new object that a deletion takes along",
        }
    }

    /// Each is known by its message and by the function of SQLAlchemy's that it comes from.
    fn of(theirs: &Theirs) -> Option<Stumble> {
        let says = |text: &str| theirs.said.contains(text);
        match theirs.left.error.as_deref()? {
            "KeyError" if theirs.place.starts_with("unitofwork.py") => Some(Stumble::PostUpdate),
            "AssertionError" if says("Failed to add object to the flush context") => {
                Some(Stumble::FlushContext)
            }
            "ProgrammingError" if says("type 'LoaderCallableStatus' is not supported") => Some(Stumble::Mark),
            _ => None,
        }
    }
}

/// What came of comparing a script.
pub(crate) enum Judged {
    Same,
    /// The same as SQLAlchemy does when it goes through its sets in another order.
    SameByChance,
    /// SQLAlchemy fails at itself; the same until there.
    Stumbled(Stumble),
    Different(String),
}

impl Left {
    /// The statements. Of one that failed, SQLAlchemy tells the sets of parameters that it would have sent, too.
    fn statements(&self) -> Vec<(String, String, usize)> {
        let mut sent = self.sent.clone();
        if let (Some(last), true) = (sent.last_mut(), self.error.is_some()) {
            last.2 = 1;
        }
        sent
    }

    fn difference(&self, theirs: &Theirs) -> Option<String> {
        let (left, said) = (&theirs.left, &theirs.said);
        if self.error != left.error {
            return Some(format!(
                "error {:?}, SQLAlchemy's {:?} {said} {}",
                self.error, left.error, theirs.place
            ));
        }
        if self.tables != left.tables {
            return Some(format!("rows {:?},\nSQLAlchemy's {:?}", self.tables, left.tables));
        }
        if self.statements() != left.statements() {
            return Some(format!("statements {:?},\nSQLAlchemy's {:?}", self.sent, left.sent));
        }
        None
    }

    /// Whether these statements begin with those that were sent before a failure.
    fn begins_with(&self, theirs: &Left) -> bool {
        let (ours, theirs) = (&self.sent, &theirs.sent);
        let same = |(at, sent): (usize, &(String, String, usize))| {
            ours.get(at).is_some_and(|own| {
                own == sent || (at + 1 == theirs.len() && (&own.0, &own.1) == (&sent.0, &sent.1))
            })
        };
        theirs.iter().enumerate().all(same)
    }
}

/// Compares with every order that SQLAlchemy may come upon by chance.
pub(crate) fn judge(case: &Case, oracle: &mut Oracle) -> Judged {
    let ours = case.run();
    let first = oracle.run(case, 0);
    let Some(difference) = ours.difference(&first) else { return Judged::Same };
    let mut stumbled = None;
    for order in 0..=CHANCES {
        let theirs = oracle.run(case, order);
        if ours.difference(&theirs).is_none() {
            return Judged::SameByChance;
        }
        let same_until_there = ours.begins_with(&theirs.left);
        stumbled = stumbled.or_else(|| Stumble::of(&theirs).filter(|_| same_until_there));
    }
    stumbled.map_or(Judged::Different(difference), Judged::Stumbled)
}

/// How many scripts there were, by what came of comparing them, and how they ended.
#[derive(Default)]
pub(crate) struct Counts {
    pub(crate) same: u32,
    pub(crate) by_chance: u32,
    pub(crate) stumbled: BTreeMap<Stumble, u32>,
    ended: BTreeMap<String, u32>,
    statements: usize,
}

impl Counts {
    /// Counts a script; gives what differs, if something does.
    pub(crate) fn add(&mut self, case: &Case, judged: Judged) -> Option<String> {
        let left = case.run();
        *self.ended.entry(left.error.unwrap_or_else(|| "no error".into())).or_default() += 1;
        self.statements += left.sent.len();
        match judged {
            Judged::Same => self.same += 1,
            Judged::SameByChance => self.by_chance += 1,
            Judged::Stumbled(stumble) => *self.stumbled.entry(stumble).or_default() += 1,
            Judged::Different(difference) => return Some(difference),
        }
        None
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "  {} the same, and {} in another order of SQLAlchemy's sets",
            self.same, self.by_chance
        )?;
        for (stumble, number) in &self.stumbled {
            writeln!(f, "  {number} the same until SQLAlchemy fails at itself: {}", stumble.name())?;
        }
        write!(f, "  {} statements; ended with {:?}", self.statements, self.ended)
    }
}

/// Takes numbers away, or makes them nought, as long as the case still differs.
pub(crate) fn shrink(seed: u64, mut difference: String, oracle: &mut Oracle) -> (Case, String) {
    let mut choices = choices(seed);
    let mut differs = |choices: &[u32]| match judge(&Case::new(choices), oracle) {
        Judged::Different(difference) => Some(difference),
        _ => None,
    };
    for size in [64, 16, 4, 1] {
        let mut at = 0;
        while at < choices.len() {
            let end = (at + size).min(choices.len());
            let mut shorter = choices.clone();
            shorter.drain(at..end);
            let mut nought = choices.clone();
            nought[at..end].iter_mut().for_each(|choice| *choice = 0);
            let smaller = [shorter, nought]
                .into_iter()
                .filter(|tried| *tried != choices)
                .find_map(|tried| differs(&tried).map(|difference| (tried, difference)));
            match smaller {
                Some((tried, found)) => {
                    let shrunk = tried.len() < choices.len();
                    (choices, difference) = (tried, found);
                    if !shrunk {
                        at += size;
                    }
                }
                None => at += size,
            }
        }
    }
    (Case::new(&choices), difference)
}
