//! The page: mounts the Yew application.

fn main() {
    relata::ui::app::start();
}
