//! Drives the page as a person would: by what is to be seen and read on it, with mouse and keyboard.
//!
//! The tests know no classes and no ids of the page. They find a button by its name, a field by its label, a table by
//! the region it stands in, wait until what they expect is there, and say what they waited for if it does not come.
//! Each test visits the page in a session of its own, with nothing kept from before:
//!
//! ```no_run
//! # async fn test() {
//! relata_e2e::visit(async |page| {
//!     page.open_sample("User and Profile").await;
//!     page.load("profile", "select-in").await;
//!     page.run().await;
//!     assert_eq!(page.statements_sent().await, 2);
//! })
//! .await;
//! # }
//! ```
//!
//! `cargo xtask test --only e2e` serves the page, starts the driver and tells both by `RELATA_URL` and `WEBDRIVER_URL`.

mod barriers;
mod comparison;
mod data;
mod define;
mod expected;
mod keyboard;
mod page;
mod place;
mod query;
mod results;
mod schema;
mod session;
mod top;

pub use self::comparison::Way;
pub use self::expected::{Expected, expected};
pub use self::keyboard::Key;
pub use self::page::{PATIENCE, Page};
pub use self::place::Place;
pub use self::results::{Group, Links, Seen};
pub use self::session::{Browser, visit, visit_in};
