//! The tutorial: it renders what `ottla_lab` says, and holds no logic of Kafka's.

mod app;
mod browser;
#[cfg(all(test, target_arch = "wasm32"))]
mod browser_tests;
mod code;
mod controls;
mod dialogs;
mod glossary;
mod header;
mod markdown;
mod pages;
mod panels;
mod parts;
mod player;
mod rest;
mod route;
mod stage;
mod storage;
mod strings;
mod theme;
mod tools;
mod workbench;

fn main() {
    let root = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.get_element_by_id("app"));
    match root {
        Some(root) => yew::Renderer::<app::App>::with_root(root).render(),
        None => yew::Renderer::<app::App>::new().render(),
    };
}
