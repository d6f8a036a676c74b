//! Relata: an ORM playground in a browser tab.
