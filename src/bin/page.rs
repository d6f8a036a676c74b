//! The page: mounts the Yew application.

fn main() {}
