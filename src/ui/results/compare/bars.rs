//! The pictures of the comparison: round trips one behind the other, and cells that are new or repeated. They show what
//! the numbers beside them say.

use yew::{Html, html};

use crate::compare::{Figures, over_network};

/// The width of the longest bar, in the picture's own units.
const WIDTH: f64 = 100.0;
/// Up to so many round trips are drawn one by one.
const TRIPS_DRAWN: u32 = 24;

/// The time over a network: a piece for each round trip, and one for SQLite. `longest` is the greatest of all.
pub(super) fn network(figures: &Figures, latency: u32, longest: u64) -> Html {
    let scale = WIDTH / longest.max(1) as f64;
    let trips = u64::from(figures.statements) * u64::from(latency) * 1000;
    let length = trips as f64 * scale;
    let gaps = if figures.statements <= TRIPS_DRAWN { figures.statements } else { 0 };
    let gap = |trip: u32| {
        let x = length * f64::from(trip) / f64::from(figures.statements);
        html! { <rect class="compare__gap" key={trip} x={number(x - 0.5)} y="0" width="1" height="6" /> }
    };
    picture(html! {
        <>
            <rect class="compare__trips" x="0" y="0" width={number(length)} height="6" />
            { for (1..gaps).map(gap) }
            <rect class="compare__work" x={number(length)} y="0" height="6"
                width={number(over_network(figures, latency).saturating_sub(trips) as f64 * scale)} />
        </>
    })
}

/// The cells: those that say something new, then those that repeat. `most` is the greatest number of all.
pub(super) fn cells(figures: &Figures, most: u64) -> Html {
    let scale = WIDTH / most.max(1) as f64;
    let first = figures.cells.saturating_sub(figures.repeated) as f64 * scale;
    picture(html! {
        <>
            <rect class="compare__first" x="0" y="0" width={number(first)} height="6" />
            <rect class="compare__again" x={number(first)} y="0" width={number(figures.repeated as f64 * scale)} height="6" />
        </>
    })
}

fn picture(inner: Html) -> Html {
    html! {
        <svg class="compare__bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">{ inner }</svg>
    }
}

fn number(value: f64) -> String {
    format!("{value:.2}")
}
