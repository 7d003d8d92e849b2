//! Scenes to begin with.

use ottla_lab::lesson;
use yew::prelude::*;

use crate::route::Route;
use crate::strings::sandbox as strings;

/// Links to all scenes, and perhaps to an empty one.
pub(crate) fn scenes(has_empty: bool) -> Html {
    let scenes = lesson::scenes().unwrap_or_default().into_iter();
    let scenes = scenes.filter(|entry| entry.slug != HOME_SCENE).map(|entry| {
        html! {
            <li><a href={Route::Scene(entry.slug).to_string()}>{ entry.title }</a><small>{ entry.text }</small></li>
        }
    });
    html! {
        <ul class="scenes">
            { for scenes }
            if has_empty {
                <li><a href={Route::Sandbox(None).to_string()}>{ strings::EMPTY }</a></li>
            }
        </ul>
    }
}

/// The first page has this scene for itself.
pub(crate) const HOME_SCENE: &str = "home";
