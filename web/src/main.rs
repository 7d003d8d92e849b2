//! The tutorial: it renders what `ottla_lab` says, and holds no logic of Kafka's.

mod app;

fn main() {
    yew::Renderer::<app::App>::new().render();
}
