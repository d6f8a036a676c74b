//! The page: one state, one pure reducer, actions up, slices of state down.
//!
//! `state`, `action`, `edit` and `reduce` are pure and tested natively. `effects` turns state into requests to the
//! worker and into saves. Everything else draws.

pub mod action;
pub mod answers;
pub mod app;
pub mod arrows;
pub mod bridge;
pub mod commands;
pub mod comparing;
mod compiled;
pub mod consequences;
pub mod console;
pub mod consoling;
pub mod data;
pub mod define;
pub mod dialog;
pub mod edit;
pub mod effects;
pub mod files;
pub mod form;
pub mod generating;
mod generator;
pub mod glyph;
mod keeper;
pub mod keeping;
pub mod legend;
pub mod mending;
pub mod parts;
pub mod placing;
pub mod pointing;
pub mod programs;
pub mod provenance;
pub mod pump;
pub mod python_words;
pub mod query;
pub mod query_edit;
pub mod reduce;
mod reduce_behind;
pub mod results;
pub mod schema;
pub mod script_changes;
pub mod script_edit;
pub mod script_story;
pub mod script_words;
pub mod scripting;
pub mod session;
pub mod shell;
pub mod slice;
pub mod sql_view;
pub mod sql_words;
pub mod state;
pub mod storage;
pub mod tab_list;
pub mod tone;
mod what_if;
pub mod window;
