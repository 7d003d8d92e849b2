//! The whole page: header, the page that the address asks for, dialogs, notices.

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;
use yew::prelude::*;

use crate::browser::{document, focus_element, is_writing};
use crate::dialogs::{KeysDialog, ProgressDialog};
use crate::header::Header;
use crate::pages;
use crate::parts::{IsFirstPage, Notice, NoticeList, Notices};
use crate::route::Route;
use crate::storage::{Kept, ProgressContext};
use crate::strings::{progress as progress_strings, shell as strings};

/// Which dialog is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OpenDialog {
    /// The keys and what they do.
    Keys,
    /// What has been learned: export, import, clear.
    Progress,
}

/// The whole page.
#[component]
pub(crate) fn App() -> Html {
    let route = use_route();
    // Where the visit began; nothing once another page was opened.
    let first = use_mut_ref(|| Some(route.clone()));
    if first.borrow().as_ref() != Some(&route) {
        first.replace(None);
    }
    let is_first = first.borrow().is_some();
    let dialog = use_state(|| None::<OpenDialog>);
    let notices = use_reducer(NoticeState::default);
    let say = {
        let notices = notices.dispatcher();
        use_memo((), move |()| {
            Notices(Callback::from(move |notice| {
                notices.dispatch(NoticeChange::Add(notice))
            }))
        })
    };
    let kept = use_kept(&say);

    {
        let dialog = dialog.setter();
        use_effect_with((), move |()| {
            let listener = web_sys::window().map(|window| {
                EventListener::new(&window, "keydown", move |event| {
                    let event = event.unchecked_ref::<KeyboardEvent>();
                    if event.key() == "?" && !is_writing(event) {
                        dialog.set(Some(OpenDialog::Keys));
                    }
                })
            });
            move || drop(listener)
        });
    }

    let on_dialog = {
        let dialog = dialog.setter();
        Callback::from(move |which| dialog.set(Some(which)))
    };
    let on_close = {
        let dialog = dialog.setter();
        Callback::from(move |()| dialog.set(None))
    };
    let on_dismiss = {
        let notices = notices.dispatcher();
        Callback::from(move |index| notices.dispatch(NoticeChange::Dismiss(index)))
    };
    html! {
        <ContextProvider<Notices> context={(*say).clone()}>
        <ContextProvider<ProgressContext> context={kept}>
        <ContextProvider<IsFirstPage> context={IsFirstPage(is_first)}>
            <div class="app">
                <a class="skip" href="#content" onclick={skip}>{ strings::SKIP }</a>
                <Header route={route.clone()} {on_dialog} />
                <main id="content" tabindex="-1">{ pages::page(&route) }</main>
                <NoticeList list={notices.list.clone()} {on_dismiss} />
            </div>
            {
                match *dialog {
                    Some(OpenDialog::Keys) => html! { <KeysDialog {on_close} /> },
                    Some(OpenDialog::Progress) => html! { <ProgressDialog {on_close} /> },
                    None => Html::default(),
                }
            }
        </ContextProvider<IsFirstPage>>
        </ContextProvider<ProgressContext>>
        </ContextProvider<Notices>>
    }
}

/// The page that the address asks for.
#[hook]
fn use_route() -> Route {
    let route = use_state(|| Route::parse(&address()));
    let setter = route.setter();
    use_effect_with((), move |()| {
        let listener = web_sys::window().map(|window| {
            EventListener::new(&window, "hashchange", move |_| {
                setter.set(Route::parse(&address()));
            })
        });
        move || drop(listener)
    });
    (*route).clone()
}

/// The progress; what is wrong with keeping it is said once.
#[hook]
fn use_kept(notices: &Notices) -> ProgressContext {
    let found = use_memo((), |()| Kept::from_browser());
    let kept = use_reducer(|| found.0.clone());
    {
        let notices = notices.clone();
        use_effect_with((), move |()| {
            if !found.1.is_empty() {
                notices.say(Notice {
                    text: progress_strings::DAMAGED.to_owned(),
                    details: progress_strings::damages(&found.1),
                });
            }
        });
    }
    let notices = notices.clone();
    use_effect_with(kept.is_kept, move |is_kept| {
        if !is_kept {
            notices.say(progress_strings::NOT_KEPT);
        }
    });
    kept
}

/// The address belongs to the pages, so the link to the content moves the focus by itself.
fn skip(event: MouseEvent) {
    event.prevent_default();
    let content = document().and_then(|document| document.get_element_by_id("content"));
    focus_element(content.and_then(|content| content.dyn_into().ok()));
}

fn address() -> String {
    web_sys::window()
        .and_then(|window| window.location().hash().ok())
        .unwrap_or_default()
}

#[derive(Default, PartialEq)]
struct NoticeState {
    list: Vec<Notice>,
}

enum NoticeChange {
    Add(Notice),
    Dismiss(usize),
}

impl Reducible for NoticeState {
    type Action = NoticeChange;

    fn reduce(self: std::rc::Rc<Self>, change: NoticeChange) -> std::rc::Rc<Self> {
        let mut list = self.list.clone();
        match change {
            NoticeChange::Add(notice) => {
                list.retain(|other| *other != notice);
                list.push(notice);
                if list.len() > NOTICES_MAX {
                    list.remove(0);
                }
            }
            NoticeChange::Dismiss(index) if index < list.len() => {
                list.remove(index);
            }
            NoticeChange::Dismiss(_) => {}
        }
        Self { list }.into()
    }
}

const NOTICES_MAX: usize = 3;
