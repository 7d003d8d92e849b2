//! The editor: an element of its own (`web/code/editor.js`), loaded when it is first needed. Without it, a plain field.

use gloo_events::EventListener;
use js_sys::Reflect;
use wasm_bindgen::JsValue;
use web_sys::{Element, HtmlTextAreaElement};
use yew::prelude::*;

use crate::browser::document;
use crate::strings::code as strings;

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    /// Counted from 1.
    pub(super) line: u32,
    /// One sentence.
    pub(super) text: String,
}

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// What stands in it. It may have gone on since it was told.
    pub(super) value: String,
    pub(super) problem: Option<Problem>,
    /// It says this now.
    pub(super) on_edit: Callback<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Loading {
    Waiting,
    Ready,
    Failed,
}

#[component]
pub(super) fn Editor(props: &Props) -> Html {
    let loading = use_state(|| match find_script() {
        Some(script) if script.has_attribute(LOADED) => Loading::Ready,
        _ => Loading::Waiting,
    });
    use_effect_with((), {
        let loading = loading.setter();
        move |()| {
            let listeners = load(&loading);
            move || drop(listeners)
        }
    });
    let node = use_node_ref();
    use_effect_with((node.clone(), *loading), {
        let on_edit = props.on_edit.clone();
        move |(node, _)| {
            let listener = node.cast::<Element>().map(|element| {
                let source = element.clone();
                EventListener::new(&element, "edit", move |_| {
                    let value = Reflect::get(&source, &JsValue::from_str("value"));
                    if let Some(value) = value.ok().and_then(|value| value.as_string()) {
                        on_edit.emit(value);
                    }
                })
            });
            move || drop(listener)
        }
    });
    let value = props.value.clone();
    match *loading {
        Loading::Waiting => html! { <p class="soft loading">{ strings::LOADING }</p> },
        Loading::Ready => {
            let (line, text) = match &props.problem {
                Some(problem) => (Some(problem.line.to_string()), Some(problem.text.clone())),
                None => (None, None),
            };
            html! { <@{"code-editor"} ref={node} {value} problem-line={line} problem={text} label={strings::EDITOR}></@> }
        }
        Loading::Failed => {
            let oninput = props.on_edit.reform(|event: InputEvent| {
                event.target_unchecked_into::<HtmlTextAreaElement>().value()
            });
            html! {
                <>
                    <p class="soft">{ strings::NO_EDITOR }</p>
                    <textarea class="input" spellcheck="false" aria-label={strings::EDITOR} {oninput} {value} />
                </>
            }
        }
    }
}

fn find_script() -> Option<Element> {
    document()?.get_element_by_id(SCRIPT_ID)
}

/// Has the page load the editor, once, and hears how that went.
fn load(loading: &UseStateSetter<Loading>) -> Vec<EventListener> {
    let script = find_script().or_else(|| {
        let document = document()?;
        let script = document.create_element("script").ok()?;
        for (name, value) in [("id", SCRIPT_ID), ("type", "module"), ("src", SCRIPT_URL)] {
            script.set_attribute(name, value).ok()?;
        }
        document.head()?.append_child(&script).ok()?;
        Some(script)
    });
    let Some(script) = script else {
        return Vec::new();
    };
    let (ready, failed) = (loading.clone(), loading.clone());
    let (loaded, broken) = (script.clone(), script.clone());
    vec![
        EventListener::once(&script, "load", move |_| {
            // The page's own element takes the attribute.
            let _ = loaded.set_attribute(LOADED, "");
            ready.set(Loading::Ready);
        }),
        EventListener::once(&script, "error", move |_| {
            broken.remove();
            failed.set(Loading::Failed);
        }),
    ]
}

const SCRIPT_ID: &str = "code-editor-script";
/// Written by `web/code/build.mjs`.
const SCRIPT_URL: &str = "./code/editor.js";
const LOADED: &str = "data-loaded";
