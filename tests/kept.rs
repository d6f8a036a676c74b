//! Databases in two files: what a crash leaves, at every moment, and what a full disk does.

#![cfg(all(feature = "kept", not(target_arch = "wasm32")))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::cell::RefCell;
use std::rc::Rc;

use relata::engine::{Apart, SqlError};
use relata::kept::{Files, Named, Slot, SlotError};
use relata::protocol::{Limits, SqlPlace};
use rusqlite::Connection;

/// A disk with two files that can stop at any write.
#[derive(Default)]
struct Disk {
    files: [Content; 2],
    /// How many changes have been made.
    changes: usize,
    /// How many it makes before it is full.
    room: Option<usize>,
    /// What the disk was after each change: for a killed process, and for a power cut with this choice of what
    /// had reached the disk.
    history: Option<Vec<[Content; 2]>>,
}

/// A file: what a reader sees, and what is sure to be there after a power cut.
#[derive(Clone, Default)]
struct Content {
    seen: Vec<u8>,
    sure: Vec<u8>,
}

impl Disk {
    fn change(&mut self, file: usize, change: impl Fn(&mut Content)) -> Result<(), SlotError> {
        if self.room.is_some_and(|room| self.changes >= room) {
            return Err(SlotError { full: true, words: "no room".into() });
        }
        self.changes += 1;
        change(&mut self.files[file]);
        if let Some(history) = &mut self.history {
            history.push(self.files.clone());
        }
        Ok(())
    }
}

struct File(Rc<RefCell<Disk>>, usize);

impl Slot for File {
    fn read(&self, at: u64, into: &mut [u8]) -> Result<usize, SlotError> {
        let disk = self.0.borrow();
        let rest = disk.files[self.1].seen.get(at as usize..).unwrap_or_default();
        let length = rest.len().min(into.len());
        into[..length].copy_from_slice(&rest[..length]);
        Ok(length)
    }

    fn write(&self, at: u64, bytes: &[u8]) -> Result<(), SlotError> {
        self.0.borrow_mut().change(self.1, |content| {
            let end = at as usize + bytes.len();
            let length = content.seen.len().max(end);
            content.seen.resize(length, 0);
            content.seen[at as usize..end].copy_from_slice(bytes);
        })
    }

    fn truncate(&self, size: u64) -> Result<(), SlotError> {
        self.0.borrow_mut().change(self.1, |content| content.seen.resize(size as usize, 0))
    }

    fn flush(&self) -> Result<(), SlotError> {
        self.0.borrow_mut().change(self.1, |content| content.sure = content.seen.clone())
    }

    fn size(&self) -> Result<u64, SlotError> {
        Ok(self.0.borrow().files[self.1].seen.len() as u64)
    }
}

fn files(disk: &Rc<RefCell<Disk>>) -> Rc<Files> {
    Rc::new(Files::on(Box::new(File(Rc::clone(disk), 0)), Box::new(File(Rc::clone(disk), 1))))
}

fn disk(contents: [Vec<u8>; 2]) -> Rc<RefCell<Disk>> {
    let files = contents.map(|seen| Content { sure: seen.clone(), seen });
    Rc::new(RefCell::new(Disk { files, ..Disk::default() }))
}

/// Opens, and gives what it takes to keep it open.
fn open(files: &Rc<Files>) -> (Connection, Named) {
    let name = Named::new(files).unwrap();
    (name.connect().unwrap(), name)
}

/// Numbered commits, each of several pages: every row of a number has its number's weight, so that half a commit shows.
const COMMITS: i64 = 6;

fn commit(connection: &Connection, number: i64) {
    connection
        .execute_batch(&format!(
            "BEGIN; INSERT INTO log SELECT {number}, zeroblob(3000) FROM json_each('[1,2,3,4,5]');
             UPDATE log SET payload = zeroblob({number} * 700) WHERE number % 2 = {number} % 2; COMMIT"
        ))
        .unwrap();
}

fn create(connection: &Connection) {
    connection.execute_batch("CREATE TABLE log (number, payload)").unwrap();
}

/// The highest number, having seen that all its rows are there and the database is sound.
fn last(connection: &Connection) -> i64 {
    let sound: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
    let there = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0));
    if there == Ok(0) {
        return -1;
    }
    let uneven = "SELECT count(*) FROM (SELECT 1 FROM log GROUP BY number HAVING count(*) <> 5)";
    assert_eq!(connection.query_row(uneven, [], |row| row.get(0)), Ok(0), "no commit is there by half");
    let counted = "SELECT coalesce(max(number), 0), count(DISTINCT number) FROM log";
    let (last, count): (i64, i64) =
        connection.query_row(counted, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    assert_eq!(last, count, "no commit is missing before the last");
    last
}

/// Runs the commits; gives how many changes the disk had seen when each was told to be done, and its history.
fn run() -> (Vec<usize>, Vec<[Content; 2]>) {
    let disk = disk([Vec::new(), Vec::new()]);
    disk.borrow_mut().history = Some(Vec::new());
    let (connection, _name) = open(&files(&disk));
    create(&connection);
    let mut done = vec![disk.borrow().changes];
    for number in 1..=COMMITS {
        commit(&connection, number);
        done.push(disk.borrow().changes);
    }
    drop(connection);
    let history = disk.borrow_mut().history.take().unwrap();
    (done, history)
}

/// What was told to be done before that many changes: -1 if not even the table.
fn told(done: &[usize], changes: usize) -> i64 {
    done.iter().filter(|at| **at <= changes).count() as i64 - 1
}

#[test]
fn a_process_killed_at_any_moment_loses_nothing_that_was_committed() {
    let (done, history) = run();
    assert!(history.len() > 60, "the disk saw only {} changes", history.len());
    for (at, contents) in history.into_iter().enumerate() {
        let told = told(&done, at + 1);
        let (connection, _name) = open(&files(&disk(contents.map(|content| content.seen))));
        let found = last(&connection);
        assert!(found == told || found == told + 1, "after {at} changes {found} are there, {told} were told");
    }
}

#[test]
fn a_power_cut_at_any_moment_loses_nothing_that_was_committed() {
    let (done, history) = run();
    for (at, contents) in history.into_iter().enumerate() {
        let told = told(&done, at + 1);
        // Of what was not flushed yet, nothing, all, or every other sector has reached the disk.
        for choice in 0..4_usize {
            let reached = |content: &Content| {
                let mut bytes = if choice & 1 == 0 { content.sure.clone() } else { content.seen.clone() };
                bytes.resize(if choice & 2 == 0 { bytes.len() } else { content.seen.len() }, 0);
                for (sector, piece) in bytes.chunks_mut(512).enumerate() {
                    let other = if (sector + choice) % 2 == 0 { &content.seen } else { &content.sure };
                    let from = other.get(sector * 512..).unwrap_or_default();
                    if choice & 2 != 0 {
                        let length = piece.len().min(from.len());
                        piece[..length].copy_from_slice(&from[..length]);
                    }
                }
                bytes
            };
            let (connection, _name) = open(&files(&disk([reached(&contents[0]), reached(&contents[1])])));
            let found = last(&connection);
            assert!(found == told || found == told + 1, "cut {choice} after {at}: {found} of {told}");
        }
    }
}

#[test]
fn a_full_disk_at_any_moment_leaves_the_work_in_memory_and_the_last_commit_on_disk() {
    let (done, _) = run();
    let last_told = *done.last().unwrap_or(&0);
    for room in done[0]..last_told {
        let disk = disk([Vec::new(), Vec::new()]);
        disk.borrow_mut().room = Some(room);
        let files = files(&disk);
        let (connection, name) = open(&files);
        create(&connection);
        for number in 1..=COMMITS {
            commit(&connection, number);
        }
        // All of it is there to work with, and to be saved as a file.
        assert_eq!(last(&connection), COMMITS);
        let full = SlotError { full: true, words: "no room".into() };
        assert_eq!(*files.frozen(), Some(full), "with room for {room} changes");
        let bytes = files.piece(0, usize::MAX).unwrap();
        drop((connection, name));
        let (saved, _name) = open(&Rc::new(Files::in_memory(&bytes)));
        assert_eq!(last(&saved), COMMITS);
        // On disk is what was committed before there was no room.
        let contents = disk.borrow().files.clone().map(|content| content.seen);
        let (again, _name) = open(&self::files(&self::disk(contents)));
        let (found, told) = (last(&again), told(&done, room));
        assert!(found == told || found == told + 1, "room for {room}: {found} are on disk, {told} were told");
    }
}

#[test]
fn a_database_is_open_once_and_keeps_its_promises() {
    let disk = disk([Vec::new(), Vec::new()]);
    let (connection, name) = open(&files(&disk));
    create(&connection);
    assert!(name.connect().is_err(), "two connections would not know of each other");
    let ignored = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = NORMAL";
    connection.execute_batch(ignored).unwrap();
    let pragma =
        |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, String>(0)).unwrap();
    assert_eq!((pragma("journal_mode").as_str(), pragma("locking_mode").as_str()), ("truncate", "exclusive"));
    assert!(connection.execute_batch("ATTACH 'elsewhere' AS other; CREATE TABLE other.t (x)").is_err());
    commit(&connection, 1);
    connection.execute_batch("DELETE FROM log; VACUUM").unwrap();
    assert_eq!(connection.query_row("SELECT count(*) FROM log", [], |row| row.get(0)), Ok(0));
    drop(connection);
    let (again, _other) = (name.connect().unwrap(), ());
    assert_eq!(last(&again), 0);
}

#[test]
fn memory_over_a_file_reads_as_one() {
    let (connection, _name) = open(&Rc::new(Files::in_memory(&[])));
    create(&connection);
    (1..=COMMITS).for_each(|number| commit(&connection, number));
    connection
        .execute_batch("BEGIN; DELETE FROM log; ROLLBACK; DELETE FROM log WHERE number > 2; VACUUM")
        .unwrap();
    assert_eq!(last(&connection), 2);
}

#[test]
fn what_is_typed_stays_as_far_as_it_was_committed_and_is_limited() {
    let disk = disk([Vec::new(), Vec::new()]);
    let (connection, name) = open(&files(&disk));
    let apart = Apart::new(connection).unwrap();
    let text = "CREATE TABLE t (x); INSERT INTO t VALUES (1), (2); SELECT * FROM t; SELEC";
    let run = apart.run_sql(text, Limits::default());
    assert_eq!(run.statements.iter().map(|(_, rows)| rows.len()).collect::<Vec<_>>(), [0, 0, 2]);
    assert_eq!(run.failure.unwrap().place, SqlPlace { from: 68, to: 73 });
    let endless =
        "INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n";
    let run = apart.run_sql(endless, Limits { millis: 50, rows: 10 });
    assert_eq!(run.failure.unwrap().error, SqlError::TimeLimit(50));
    apart.run_sql("BEGIN; DELETE FROM t", Limits::default());
    drop((apart, name));
    let (again, _name) = open(&files(&disk));
    assert_eq!(again.query_row("SELECT count(*) FROM t", [], |row| row.get(0)), Ok(2));
}
