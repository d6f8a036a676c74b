//! A slow line to the browser, as far as a server on the same machine can be one: each answer comes late, and the bytes of
//! all answers together come no faster than the line carries them.
//!
//! The browser's own throttling does not reach what workers load; this does.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// As much as goes out at once: small beside what the line carries in a round trip.
const PIECE: usize = 4096;

/// What a line is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Speed {
    /// From a request until its answer begins.
    pub(crate) latency: Duration,
    /// Of all answers together.
    pub(crate) bits_per_second: u32,
}

/// A line that several connections share.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    speed: Speed,
    free_from: Arc<Mutex<Instant>>,
}

impl Line {
    pub(crate) fn new(speed: Speed) -> Self {
        Self { speed, free_from: Arc::new(Mutex::new(Instant::now())) }
    }

    /// What comes over the line: late, and no faster than it carries.
    pub(crate) fn carry<R: Read>(&self, content: R) -> Carried<R> {
        Carried { content, line: self.clone(), begins: Instant::now() + self.speed.latency }
    }

    /// Waits until so many bytes have come through.
    fn pass(&self, bytes: usize) {
        let taken = Duration::from_secs_f64(bytes as f64 * 8.0 / f64::from(self.speed.bits_per_second));
        let done = {
            let mut free_from = self.free_from.lock().unwrap_or_else(PoisonError::into_inner);
            *free_from = (*free_from).max(Instant::now()) + taken;
            *free_from
        };
        thread::sleep(done.saturating_duration_since(Instant::now()));
    }
}

/// Content on its way.
pub(crate) struct Carried<R> {
    content: R,
    line: Line,
    begins: Instant,
}

impl<R: Read> Read for Carried<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        thread::sleep(self.begins.saturating_duration_since(Instant::now()));
        let room = buffer.len().min(PIECE);
        let read = self.content.read(&mut buffer[..room])?;
        self.line.pass(read);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_over_the_line_is_whole_and_late() -> io::Result<()> {
        let line = Line::new(Speed { latency: Duration::from_millis(30), bits_per_second: 800_000 });
        let start = Instant::now();
        let mut came = Vec::new();
        line.carry(&[7_u8; 10_000][..]).read_to_end(&mut came)?;
        assert_eq!(came, [7; 10_000]);
        // 30 ms until it begins, and 100 ms for 80,000 bits.
        assert!(start.elapsed() >= Duration::from_millis(130), "{:?}", start.elapsed());
        Ok(())
    }

    #[test]
    fn those_who_share_it_share_its_speed() {
        let line = Line::new(Speed { latency: Duration::ZERO, bits_per_second: 800_000 });
        let start = Instant::now();
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| line.carry(&[0_u8; 5_000][..]).read_to_end(&mut Vec::new()));
            }
        });
        assert!(start.elapsed() >= Duration::from_millis(100), "{:?}", start.elapsed());
    }
}
