//! Which rows of a long table are drawn: those on screen and some around them.

use std::ops::Range;

/// The rows to draw of a table with `total` rows of equal height, when `top` pixels are scrolled away and `height`
/// pixels are seen: those seen, and `around` more on either side.
///
/// Out of range in any way gives the nearest rows that there are.
pub fn visible_range(top: f64, height: f64, row: f64, total: u32, around: u32) -> Range<u32> {
    // Casts from float saturate: what is negative or no number counts as nothing scrolled.
    let seen = (height.max(0.0) / row).ceil() as u32 + 1;
    let first = ((top / row).floor() as u32).min(total.saturating_sub(seen));
    first.saturating_sub(around)..first.saturating_add(seen).saturating_add(around).min(total)
}

#[cfg(test)]
mod tests {
    use super::visible_range;

    const ROW: f64 = 28.0;

    #[test]
    fn the_rows_on_screen_are_drawn_with_some_around_them() {
        assert_eq!(visible_range(0.0, 280.0, ROW, 1000, 5), 0..16);
        assert_eq!(visible_range(2800.0, 280.0, ROW, 1000, 5), 95..116);
        assert_eq!(visible_range(2810.0, 280.0, ROW, 1000, 0), 100..111);
    }

    #[test]
    fn nothing_is_drawn_that_is_not_there() {
        assert_eq!(visible_range(0.0, 280.0, ROW, 0, 5), 0..0);
        assert_eq!(visible_range(0.0, 280.0, ROW, 3, 5), 0..3);
        assert_eq!(visible_range(1e9, 280.0, ROW, 1000, 5), 984..1000);
        assert_eq!(visible_range(-50.0, 280.0, ROW, 1000, 0), 0..11);
        assert_eq!(visible_range(f64::NAN, 0.0, ROW, 10, 0), 0..1);
    }

    #[test]
    fn a_hundred_thousand_rows_reach_their_end() {
        let end = 100_000.0 * ROW - 280.0;
        assert_eq!(visible_range(end, 280.0, ROW, 100_000, 5).end, 100_000);
    }
}
