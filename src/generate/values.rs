//! What a field says in a row: believable for its name and type.
//!
//! Every cell has luck of its own, which depends on nothing but the seed, the model, the row and the field: so a change of
//! one field leaves the others as they are, and a preview shows what will come.

use fake::Fake;
use fake::faker::name::en::{FirstName, LastName};
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::words::{Hint, text_of};
use crate::schema::{Field, FieldType};

/// Chance that is the same every time.
pub(super) struct Luck(Pcg64Mcg);

impl Luck {
    /// Other numbers give other luck.
    pub(super) fn new([seed, one, two]: [u32; 3], three: u32) -> Luck {
        // Spread over all bits, so that neighbours are no likelier to be alike than others.
        let mut mixed = u64::from(seed);
        for number in [one, two, three] {
            mixed = (mixed.rotate_left(17) ^ u64::from(number)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
        Luck(Pcg64Mcg::seed_from_u64(mixed))
    }

    /// A number below the limit; 0 if there is none.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        if limit == 0 { 0 } else { self.0.random_range(0..limit as u64) as usize }
    }

    /// From the least to the most.
    pub(super) fn between(&mut self, least: u32, most: u32) -> u32 {
        self.0.random_range(least..=most.max(least))
    }

    pub(super) fn one_in(&mut self, chance: u32) -> bool {
        self.between(1, chance) == chance
    }

    pub(super) fn of<T: Copy + Default>(&mut self, items: &[T]) -> T {
        items.get(self.below(items.len())).copied().unwrap_or_default()
    }

    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        items.shuffle(&mut self.0);
    }

    pub(super) fn made<F>(&mut self, faker: F) -> String
    where
        String: fake::Dummy<F>,
    {
        faker.fake_with_rng::<String, Pcg64Mcg>(&mut self.0)
    }
}

/// Who a row is, if it is somebody: so that the address goes with the name.
pub(super) struct Persona {
    pub(super) first: String,
    pub(super) last: String,
}

impl Persona {
    pub(super) fn new(seed: [u32; 3]) -> Persona {
        let mut luck = Luck::new(seed, 0);
        Persona { first: luck.made(FirstName()), last: luck.made(LastName()) }
    }
}

/// A text that the field's type can read. `at` is the row's place among those of its model.
pub(super) fn value(field: &Field, hint: &Hint, persona: &Persona, at: u32, luck: &mut Luck) -> String {
    match field.field_type {
        FieldType::Text => text_of(hint, persona, at, luck),
        FieldType::Integer => integer(hint, field.unique || field.primary_key, luck).to_string(),
        FieldType::Real => hundredths(hint, luck),
        FieldType::Decimal => hundredths(hint, luck),
        FieldType::Boolean => boolean(hint, luck).to_string(),
        FieldType::Date => day_of(hint, luck),
        FieldType::DateTime => {
            let (day, minute) = (day_of(hint, luck), luck.between(0, 24 * 60 - 1));
            format!("{day} {}", time(minute * 60 + luck.between(0, 59)))
        }
        FieldType::Blob => (0..8).map(|_| format!("{:02x}", luck.below(256))).collect(),
    }
}

/// The `number`th of the values to try where the first one is taken: for a text that one with something added.
/// `None` if there are no more.
pub(super) fn distinct(field_type: FieldType, taken: &str, number: u64) -> Option<String> {
    match field_type {
        FieldType::Text => Some(match taken.split_once('@') {
            Some((name, host)) => format!("{name}{}@{host}", number + 2),
            None if taken.contains(' ') => format!("{taken} {}", number + 2),
            None => format!("{taken}-{}", number + 2),
        }),
        FieldType::Integer => Some((number + 1).to_string()),
        FieldType::Real | FieldType::Decimal => Some(format!("{}.5", number + 1)),
        FieldType::Boolean => (number < 2).then(|| (number == 0).to_string()),
        FieldType::Date => Some(day(LAST_DAY - (number % 700_000) as i64)),
        FieldType::DateTime => {
            Some(format!("{} {}", day(number as i64 / 86_400 + 3_653), time((number % 86_400) as u32)))
        }
        FieldType::Blob => Some(format!("{:016x}", number)),
    }
}

fn integer(hint: &Hint, unique: bool, luck: &mut Luck) -> u32 {
    let (least, most) = hint
        .first(&[
            (&["age"], (18, 90)),
            (&["year"], (1950, 2025)),
            (&["rating", "stars", "score", "grade", "level", "priority"], (1, 5)),
            (&["quantity", "qty", "items"], (1, 12)),
            (&["credits", "hours"], (1, 10)),
            (&["pages"], (80, 900)),
            (&["minutes", "duration", "length"], (3, 180)),
            (&["price", "cost", "amount", "total"], (5, 500)),
            (&["salary", "budget", "income"], (30_000, 120_000)),
            (&["population"], (2_000, 9_000_000)),
            (&["stock", "views", "likes", "visits"], (0, 5_000)),
            (&["floor", "seats", "position", "rank", "part"], (1, 20)),
        ])
        .unwrap_or((1, 1_000));
    if unique { luck.between(1, 9_999_999) } else { luck.between(least, most) }
}

/// A number with two digits behind the point, most often a price.
fn hundredths(hint: &Hint, luck: &mut Luck) -> String {
    let (least, most) = hint
        .first(&[
            (&["rating", "stars", "score", "grade"], (100, 500)),
            (&["salary", "budget", "income"], (3_000_000, 12_000_000)),
            (&["rate", "discount", "tax", "share", "percent"], (0, 100)),
            (&["latitude", "lat"], (0, 9_000)),
            (&["longitude", "lng", "lon"], (0, 18_000)),
            (&["weight", "height", "size"], (20, 20_000)),
        ])
        .unwrap_or((100, 50_000));
    let mut number = luck.between(least, most);
    if hint.has(&["price", "cost"]) {
        // Prices end in 9 more often than chance would have it.
        number = number / 10 * 10 + 9;
    }
    format!("{}.{:02}", number / 100, number % 100)
}

fn boolean(hint: &Hint, luck: &mut Luck) -> bool {
    let rare = hint.has(&["deleted", "archived", "admin", "blocked", "banned", "hidden", "cancelled"]);
    let often = hint.has(&["active", "enabled", "published", "visible", "confirmed", "verified", "paid"]);
    luck.between(1, 10)
        <= if rare {
            1
        } else if often {
            8
        } else {
            5
        }
}

/// Days are counted from 0000-03-01, as `day` takes them; this many are there to 1970-01-01.
const DAYS_TO_1970: i64 = 719_468;

/// 2025-11-08: what has happened has happened until then.
const LAST_DAY: i64 = 20_400;

fn day_of(hint: &Hint, luck: &mut Luck) -> String {
    // Days after 1970-01-01.
    let (least, most) = hint
        .first(&[
            (&["birth", "birthday", "born", "dob"], (-10_957_i64, 13_000)),
            (&["died", "death"], (3_653, 20_000)),
            (&["due", "until", "end", "ends", "expires", "deadline"], (20_500, 21_200)),
            (&["published", "released", "release", "founded"], (0, 20_000)),
        ])
        .unwrap_or((16_436, LAST_DAY));
    day(least + luck.below((most - least) as usize) as i64)
}

/// The day so many days after 1970-01-01, as `2026-01-31`, by Howard Hinnant's `civil_from_days`.
fn day(after_1970: i64) -> String {
    let days = after_1970 + DAYS_TO_1970;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

fn time(second: u32) -> String {
    format!("{:02}:{:02}:{:02}", second / 3_600, second / 60 % 60, second % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        assert_eq!(day(0), "1970-01-01");
        assert_eq!(day(11_016), "2000-02-29");
        assert_eq!(day(20_484), "2026-01-31");
        assert_eq!(day(-10_957), "1940-01-02");
    }

    #[test]
    fn other_values_are_of_the_type_and_differ() {
        for field_type in FieldType::ALL {
            let many = if field_type == FieldType::Boolean { 2 } else { 200_000 };
            let mut seen = std::collections::HashSet::new();
            for number in [0, 1, many / 2, many - 1] {
                let text = distinct(field_type, "true", number).unwrap_or_default();
                assert!(field_type.parse(&text).is_ok(), "{field_type:?}: {text}");
                seen.insert(text);
            }
            assert!(seen.len() as u64 >= many.min(4) - 1, "{field_type:?}");
        }
        assert_eq!(distinct(FieldType::Text, "a@b.org", 0).as_deref(), Some("a2@b.org"));
        assert_eq!(distinct(FieldType::Boolean, "true", 2), None);
    }

    #[test]
    fn luck_is_the_same_on_every_machine() {
        let mut luck = Luck::new([7, 1, 2], 3);
        let numbers: Vec<usize> = (0..4).map(|_| luck.below(1_000)).collect();
        assert_eq!(numbers, [695, 33, 561, 381]);
        assert_eq!(Persona::new([7, 1, 2]).first, "Yessenia");
    }
}
