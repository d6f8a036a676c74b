//! The page: mounts the Yew application.

fn main() {
    yew::Renderer::<relata::ui::app::App>::new().render();
}
