//! Drives the page as a person would.
