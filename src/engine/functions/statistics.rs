//! Functions of many rows: how values are spread, and which stands where among them.

use super::call::{Aggregate, Answer, Argument, Gather, Kind};

pub(super) const MOMENTS: &[Aggregate<Moments>] = &[
    Aggregate { name: c"stdev", answer: |moments| Answer::Real(libm::sqrt(moments.variance())) },
    Aggregate { name: c"variance", answer: |moments| Answer::Real(moments.variance()) },
];

pub(super) const RANKS: &[Aggregate<Sample>] = &[
    Aggregate { name: c"mode", answer: |sample| sample.mode() },
    Aggregate { name: c"median", answer: |sample| sample.at(2) },
    Aggregate { name: c"lower_quartile", answer: |sample| sample.at(1) },
    Aggregate { name: c"upper_quartile", answer: |sample| sample.at(3) },
];

/// Count, mean and squares, kept up value by value (Welford's way, which does not lose digits).
#[derive(Default)]
pub(super) struct Moments {
    count: f64,
    mean: f64,
    /// The sum of squared distances from the mean.
    squares: f64,
}

impl Gather for Moments {
    fn take(&mut self, value: &Argument<'_>) {
        if value.kind() == Kind::Null {
            return;
        }
        let value = value.real();
        self.count += 1.0;
        let distance = value - self.mean;
        self.mean += distance / self.count;
        self.squares += distance * (value - self.mean);
    }
}

impl Moments {
    /// Of a sample: divided by one less than there are.
    fn variance(&self) -> f64 {
        if self.count < 2.0 { 0.0 } else { self.squares / (self.count - 1.0) }
    }
}

/// All values. The first decides whether they are integers or real numbers.
#[derive(Default)]
pub(super) enum Sample {
    #[default]
    Empty,
    Integers(Vec<i64>),
    Reals(Vec<f64>),
}

impl Gather for Sample {
    fn take(&mut self, value: &Argument<'_>) {
        let kind = value.kind_as_number();
        match self {
            _ if kind == Kind::Null => {}
            Sample::Empty if kind == Kind::Integer => *self = Sample::Integers(vec![value.integer()]),
            Sample::Empty => *self = Sample::Reals(vec![value.real()]),
            Sample::Integers(integers) => integers.push(value.integer()),
            Sample::Reals(reals) => reals.push(value.real()),
        }
    }
}

impl Sample {
    fn mode(self) -> Answer {
        match self {
            Sample::Empty => Answer::Null,
            Sample::Integers(integers) => {
                most_frequent(&runs(integers, i64::cmp)).map_or(Answer::Null, small)
            }
            Sample::Reals(reals) => {
                most_frequent(&runs(reals, f64::total_cmp)).map_or(Answer::Null, Answer::Real)
            }
        }
    }

    /// The value that so many quarters of the others are not above. Where it falls between two, their mean.
    fn at(self, quarters: usize) -> Answer {
        match self {
            Sample::Empty => Answer::Null,
            Sample::Integers(integers) => match *between(&runs(integers, i64::cmp), quarters) {
                [one] => small(one),
                ref many => mean(many.iter().map(|integer| f64::from(*integer as i32))),
            },
            Sample::Reals(reals) => mean(between(&runs(reals, f64::total_cmp), quarters).iter().copied()),
        }
    }
}

/// sql.js hands integers out with 32 bits.
fn small(integer: i64) -> Answer {
    Answer::Integer(i64::from(integer as i32))
}

/// The distinct values in order, each with how often it is there.
fn runs<T: Copy + PartialEq>(mut values: Vec<T>, order: fn(&T, &T) -> std::cmp::Ordering) -> Vec<(T, usize)> {
    values.sort_unstable_by(order);
    values.chunk_by(T::eq).filter_map(|run| Some((*run.first()?, run.len()))).collect()
}

/// The only value that is there most often.
fn most_frequent<T: Copy>(runs: &[(T, usize)]) -> Option<T> {
    let most = runs.iter().map(|(_, times)| *times).max()?;
    let mut modes = runs.iter().filter(|(_, times)| *times == most);
    let (mode, _) = modes.next()?;
    modes.next().is_none().then_some(*mode)
}

/// The one or two values with at least so many quarters of all at or below them, and the rest at or above.
fn between<T: Copy>(runs: &[(T, usize)], quarters: usize) -> Box<[T]> {
    let all: usize = runs.iter().map(|(_, times)| times).sum();
    let mut below = 0;
    let mut found = Vec::new();
    for (value, times) in runs {
        let through = below + times;
        // Four times the counts, so that quarters stay whole numbers.
        if 4 * through >= quarters * all && 4 * below <= quarters * all {
            found.push(*value);
        }
        below = through;
    }
    found.into()
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> Answer {
    let count = values.len() as f64;
    Answer::Real(values.sum::<f64>() / count)
}
