//! The switch between light, dark, and what the system has.

use yew::prelude::*;

use crate::strings::shell as strings;
use crate::theme::Theme;

/// Goes through the system's setting, light and dark.
#[component]
pub(crate) fn ThemeSwitch() -> Html {
    let theme = use_state(Theme::kept);
    let label = match *theme {
        Theme::System => strings::THEME_SYSTEM,
        Theme::Light => strings::THEME_LIGHT,
        Theme::Dark => strings::THEME_DARK,
    };
    let picture = match *theme {
        Theme::System => html! { <path d="M10 3a7 7 0 0 1 0 14z" fill="currentColor" /> },
        Theme::Light => Html::default(),
        Theme::Dark => html! { <circle cx="10" cy="10" r="7" fill="currentColor" /> },
    };
    let onclick = move |_| {
        let next = theme.next();
        next.choose();
        theme.set(next);
    };
    html! {
        <button type="button" class="btn q icon" aria-label={label} title={label} {onclick}>
            <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
                <circle cx="10" cy="10" r="7" fill="none" stroke="currentColor" stroke-width="1.6" />
                { picture }
            </svg>
        </button>
    }
}
