//! The line above all pages: where one is, where one can go.

mod place;
mod theme_switch;

use yew::prelude::*;

use crate::app::OpenDialog;
use crate::route::Route;
use crate::strings::shell as strings;

use place::Place;
use theme_switch::ThemeSwitch;

/// What the [`Header`] is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The page that is shown.
    pub(crate) route: Route,
    /// Opens a dialog.
    pub(crate) on_dialog: Callback<OpenDialog>,
}

/// The line above all pages.
#[component]
pub(crate) fn Header(props: &Props) -> Html {
    let is_open = use_state(|| false);
    // Whoever has chosen a page from the menu wants to see it.
    use_effect_with(props.route.clone(), {
        let is_open = is_open.setter();
        move |_| is_open.set(false)
    });
    let ontoggle = {
        let is_open = is_open.clone();
        move |_| is_open.set(!*is_open)
    };
    let open = |dialog| props.on_dialog.reform(move |_: MouseEvent| dialog);
    let links = [
        (Route::Lessons, strings::LESSONS),
        (Route::Sandbox(None), strings::SANDBOX),
        (Route::Exam, strings::EXAM),
        (Route::Glossary(None), strings::GLOSSARY),
        (Route::About, strings::ABOUT),
    ];
    let links = links.iter().map(|(route, text)| {
        let is_here = is_same_page(route, &props.route);
        html! {
            <a href={route.to_string()} aria-current={is_here.then_some("page")}>{ *text }</a>
        }
    });
    html! {
        <header class="top">
            <a class="mark" href={Route::Home.to_string()} aria-label={strings::HOME}>
                { "ottla" }<b>{ "." }</b>
            </a>
            if let Route::Lesson(slug) = &props.route {
                <Place slug={slug.clone()} />
            }
            <button
                type="button" class="btn q menu" aria-expanded={is_open.to_string()} aria-controls="pages"
                onclick={ontoggle}
            >{ strings::MENU }</button>
            <nav id="pages" aria-label={strings::NAVIGATION} class={classes!("pages", is_open.then_some("open"))}>
                { for links }
                <span class="tools">
                    <button type="button" class="btn q" onclick={open(OpenDialog::Progress)}>{ strings::PROGRESS }</button>
                    <ThemeSwitch />
                    <button
                        type="button" class="btn q icon" aria-label={strings::KEYS} title={strings::KEYS}
                        onclick={open(OpenDialog::Keys)}
                    >{ "?" }</button>
                </span>
            </nav>
        </header>
    }
}

fn is_same_page(link: &Route, shown: &Route) -> bool {
    use Route::{Glossary, Lesson, Lessons, Sandbox, Scene};
    matches!(
        (link, shown),
        (Lessons, Lessons | Lesson(_))
            | (Sandbox(_), Sandbox(_) | Scene(_))
            | (Glossary(_), Glossary(_))
    ) || link == shown
}
