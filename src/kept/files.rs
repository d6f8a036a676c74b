//! The two files of a database, its own and its journal, and what happens when they cannot be written any more.
//!
//! Both are opened ahead, for SQLite asks for files at moments when nothing can be waited for. As soon as a write is
//! refused, by a full disk above all, both are frozen as they are and everything later goes to memory over them: the
//! transaction goes on, and what is frozen is what a crash at that moment would have left, which SQLite mends when
//! it is opened the next time.

use std::cell::{Cell, Ref, RefCell};

#[cfg(target_arch = "wasm32")]
use super::MAGIC;

/// A file that can be read and written at any place.
pub trait Slot {
    /// Reads from this byte on and gives how many there were, fewer only at the end.
    ///
    /// # Errors
    /// If the file cannot be read.
    fn read(&self, at: u64, into: &mut [u8]) -> Result<usize, SlotError>;
    /// Writes all these bytes.
    ///
    /// # Errors
    /// If not all could be written.
    fn write(&self, at: u64, bytes: &[u8]) -> Result<(), SlotError>;
    /// Sets the length, in bytes.
    ///
    /// # Errors
    /// If it is as it was.
    fn truncate(&self, size: u64) -> Result<(), SlotError>;
    /// Returns when all that was written will be there after a crash.
    ///
    /// # Errors
    /// If that is not certain.
    fn flush(&self) -> Result<(), SlotError>;
    /// The length, in bytes.
    ///
    /// # Errors
    /// If it is not known.
    fn size(&self) -> Result<u64, SlotError>;
}

/// Why a file could not be read or written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub struct SlotError {
    /// Whether there is no more room.
    pub full: bool,
    /// The browser's own words.
    pub words: String,
}

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Main,
    Journal,
}

/// The two files of one database.
pub struct Files {
    main: RefCell<Layer>,
    journal: RefCell<Layer>,
    frozen: RefCell<Option<SlotError>>,
    writes: Cell<u64>,
    /// SQLite may have the database open once only: nothing here would keep two connections apart.
    pub(super) open: Cell<bool>,
}

impl Files {
    /// A database in files: its own and its journal.
    pub fn on(main: Box<dyn Slot>, journal: Box<dyn Slot>) -> Files {
        Files::of(Layer { slot: Some(main), over: None }, Layer { slot: Some(journal), over: None })
    }

    /// A database in memory, with this content: that of a database's file, or nothing.
    pub fn in_memory(content: &[u8]) -> Files {
        let files = Files::of(Layer::memory(), Layer::memory());
        // Whatever does not fit into memory is missed when it is opened.
        let _ = files.main.borrow_mut().write(0, content);
        files
    }

    fn of(main: Layer, journal: Layer) -> Files {
        Files {
            main: RefCell::new(main),
            journal: RefCell::new(journal),
            frozen: RefCell::default(),
            writes: Cell::new(0),
            open: Cell::new(false),
        }
    }

    /// Why the files could not be written any more, if so: since then everything is in memory only.
    pub fn frozen(&self) -> Ref<'_, Option<SlotError>> {
        self.frozen.borrow()
    }

    /// Counts what was written to the database: while it stays, nothing is new.
    pub fn writes(&self) -> u64 {
        self.writes.get()
    }

    /// How big the database is, in bytes.
    ///
    /// # Errors
    /// If its file cannot be read.
    pub fn bytes(&self) -> Result<u64, SlotError> {
        self.size(Part::Main)
    }

    /// Whether the database is as it was committed last. While a transaction is being written it is not.
    pub fn settled(&self) -> bool {
        // A transaction begins by writing the journal and is committed by emptying it.
        self.size(Part::Journal) == Ok(0)
    }

    /// A piece of the database as it was committed last, shorter than asked for at its end.
    ///
    /// # Errors
    /// If its file cannot be read, or if a transaction is being written.
    pub fn piece(&self, at: u64, most: usize) -> Result<Vec<u8>, SlotError> {
        if !self.settled() {
            return Err(SlotError { full: false, words: "A transaction is not over yet.".into() });
        }
        let rest = usize::try_from(self.bytes()?.saturating_sub(at)).unwrap_or(usize::MAX);
        let mut piece = vec![0; most.min(rest)];
        let read = self.read(Part::Main, at, &mut piece)?;
        piece.truncate(read);
        Ok(piece)
    }

    /// The first bytes of the database, whatever state it is in; nothing if it is shorter.
    #[cfg(target_arch = "wasm32")]
    pub(super) fn piece_of_header(&self) -> Option<[u8; MAGIC.len()]> {
        let mut start = [0; MAGIC.len()];
        (self.read(Part::Main, 0, &mut start) == Ok(start.len())).then_some(start)
    }

    /// Fills an empty database from another's file, beginning with the first byte. Only with [`Files::finish`] is it
    /// one: whatever comes before that leaves none.
    ///
    /// # Errors
    /// If it cannot be written, which here moves nothing to memory.
    #[cfg(target_arch = "wasm32")]
    pub(super) fn fill(&self, at: u64, bytes: &mut [u8]) -> Result<(), SlotError> {
        if at == 0 && bytes.len() >= 20 {
            bytes[..MAGIC.len()].fill(0);
            // A log besides the file is not to be had here: the header must not say that there is one.
            bytes[18..20].fill(1);
        }
        self.main.borrow_mut().write(at, bytes)
    }

    /// Ends filling.
    ///
    /// # Errors
    /// If it cannot be written.
    #[cfg(target_arch = "wasm32")]
    pub(super) fn finish(&self) -> Result<(), SlotError> {
        let mut main = self.main.borrow_mut();
        main.flush()?;
        main.write(0, MAGIC)?;
        main.flush()?;
        self.writes.set(self.writes.get() + 1);
        Ok(())
    }

    /// Makes the database empty, whatever was there.
    ///
    /// # Errors
    /// If it cannot be.
    #[cfg(target_arch = "wasm32")]
    pub(super) fn clear(&self) -> Result<(), SlotError> {
        self.journal.borrow_mut().truncate(0)?;
        let mut main = self.main.borrow_mut();
        main.truncate(0)?;
        main.flush()
    }

    fn layer(&self, part: Part) -> &RefCell<Layer> {
        match part {
            Part::Main => &self.main,
            Part::Journal => &self.journal,
        }
    }

    pub(super) fn read(&self, part: Part, at: u64, into: &mut [u8]) -> Result<usize, SlotError> {
        self.layer(part).borrow().read(at, into)
    }

    pub(super) fn size(&self, part: Part) -> Result<u64, SlotError> {
        self.layer(part).borrow().size()
    }

    pub(super) fn write(&self, part: Part, at: u64, bytes: &[u8]) -> Result<(), SlotError> {
        if part == Part::Main {
            self.writes.set(self.writes.get() + 1);
        }
        self.insist(part, |layer| layer.write(at, bytes))
    }

    pub(super) fn truncate(&self, part: Part, size: u64) -> Result<(), SlotError> {
        self.insist(part, |layer| layer.truncate(size))
    }

    pub(super) fn flush(&self, part: Part) -> Result<(), SlotError> {
        self.insist(part, |layer| layer.flush())
    }

    /// Does it, in memory if it cannot be done in the file.
    fn insist(
        &self,
        part: Part,
        mut change: impl FnMut(&mut Layer) -> Result<(), SlotError>,
    ) -> Result<(), SlotError> {
        let Err(why) = change(&mut self.layer(part).borrow_mut()) else { return Ok(()) };
        if self.frozen.borrow().is_some() {
            return Err(why);
        }
        self.main.borrow_mut().freeze()?;
        self.journal.borrow_mut().freeze()?;
        *self.frozen.borrow_mut() = Some(why);
        change(&mut self.layer(part).borrow_mut())
    }
}

/// A file, and the memory over it as soon as it is frozen.
struct Layer {
    slot: Option<Box<dyn Slot>>,
    over: Option<Memory>,
}

impl Layer {
    fn memory() -> Layer {
        Layer { slot: None, over: Some(Memory::default()) }
    }

    fn freeze(&mut self) -> Result<(), SlotError> {
        if self.over.is_none() {
            let size = self.size()?;
            self.over = Some(Memory { size, below: size, blocks: Vec::new() });
        }
        Ok(())
    }

    fn size(&self) -> Result<u64, SlotError> {
        match (&self.over, &self.slot) {
            (Some(memory), _) => Ok(memory.size),
            (None, Some(slot)) => slot.size(),
            (None, None) => Ok(0),
        }
    }

    fn read(&self, at: u64, into: &mut [u8]) -> Result<usize, SlotError> {
        match (&self.over, &self.slot) {
            (Some(memory), slot) => memory.read(slot.as_deref(), at, into),
            (None, Some(slot)) => slot.read(at, into),
            (None, None) => Ok(0),
        }
    }

    fn write(&mut self, at: u64, bytes: &[u8]) -> Result<(), SlotError> {
        match (&mut self.over, &self.slot) {
            (Some(memory), slot) => memory.write(slot.as_deref(), at, bytes),
            (None, Some(slot)) => slot.write(at, bytes),
            (None, None) => Ok(()),
        }
    }

    fn truncate(&mut self, size: u64) -> Result<(), SlotError> {
        match (&mut self.over, &self.slot) {
            (Some(memory), _) => {
                memory.truncate(size);
                Ok(())
            }
            (None, Some(slot)) => slot.truncate(size),
            (None, None) => Ok(()),
        }
    }

    fn flush(&self) -> Result<(), SlotError> {
        match (&self.over, &self.slot) {
            (None, Some(slot)) => slot.flush(),
            _ => Ok(()),
        }
    }
}

/// How much is copied from a frozen file at once: a page, as SQLite makes them here.
const BLOCK: usize = 8192;

/// What was written over a file, by the block; or all there is, where there is no file.
#[derive(Default)]
struct Memory {
    size: u64,
    /// How much of the file still counts, in bytes.
    below: u64,
    blocks: Vec<Option<Box<[u8]>>>,
}

impl Memory {
    fn read(&self, slot: Option<&dyn Slot>, at: u64, into: &mut [u8]) -> Result<usize, SlotError> {
        let length = self.size.saturating_sub(at).min(into.len() as u64) as usize;
        for (block, within, range) in pieces(at, length) {
            let into = &mut into[range];
            match self.blocks.get(block) {
                Some(Some(bytes)) => into.copy_from_slice(&bytes[within..within + into.len()]),
                _ => self.read_below(slot, (block * BLOCK + within) as u64, into)?,
            }
        }
        Ok(length)
    }

    fn read_below(&self, slot: Option<&dyn Slot>, at: u64, into: &mut [u8]) -> Result<(), SlotError> {
        into.fill(0);
        let length = self.below.saturating_sub(at).min(into.len() as u64) as usize;
        if let Some(slot) = slot.filter(|_| length > 0) {
            slot.read(at, &mut into[..length])?;
        }
        Ok(())
    }

    fn write(&mut self, slot: Option<&dyn Slot>, at: u64, bytes: &[u8]) -> Result<(), SlotError> {
        for (block, within, range) in pieces(at, bytes.len()) {
            let bytes = &bytes[range];
            let place = self.block(slot, block)?;
            place[within..within + bytes.len()].copy_from_slice(bytes);
        }
        self.size = self.size.max(at + bytes.len() as u64);
        Ok(())
    }

    /// A block to write to, with what was there.
    fn block(&mut self, slot: Option<&dyn Slot>, number: usize) -> Result<&mut [u8], SlotError> {
        if self.blocks.get(number).is_none_or(Option::is_none) {
            let no_room = |_| SlotError { full: true, words: "There is not enough memory.".into() };
            let mut bytes = Vec::new();
            bytes.try_reserve_exact(BLOCK).map_err(no_room)?;
            bytes.resize(BLOCK, 0);
            self.read_below(slot, (number * BLOCK) as u64, &mut bytes)?;
            if self.blocks.len() <= number {
                self.blocks.try_reserve(number + 1 - self.blocks.len()).map_err(no_room)?;
                self.blocks.resize_with(number + 1, || None);
            }
            self.blocks[number] = Some(bytes.into_boxed_slice());
        }
        Ok(self.blocks[number].as_deref_mut().unwrap_or_default())
    }

    fn truncate(&mut self, size: u64) {
        let whole = (size as usize).div_ceil(BLOCK);
        self.blocks.truncate(whole);
        // What lies beyond the end must read as zeros should the file grow again.
        if let Some(Some(last)) = self.blocks.get_mut(whole.wrapping_sub(1)) {
            let within = size as usize - (whole - 1) * BLOCK;
            last[within..].fill(0);
        }
        self.below = self.below.min(size);
        self.size = size;
    }
}

/// The blocks that a range of bytes lies in: each one's number, the place in it, and the piece of the range.
fn pieces(at: u64, length: usize) -> impl Iterator<Item = (usize, usize, std::ops::Range<usize>)> {
    let (start, mut done) = (at as usize, 0);
    std::iter::from_fn(move || {
        let place = start + done;
        let within = place % BLOCK;
        let range = done..length.min(done + BLOCK - within);
        done = range.end;
        (!range.is_empty()).then_some((place / BLOCK, within, range))
    })
}
