//! The pages.

mod about;
mod bench;
mod exam;
mod glossary;
mod home;
mod lesson;
mod lessons;
mod not_found;
mod sandbox;

use yew::prelude::*;

use crate::route::Route;

pub(crate) use bench::Phase;

/// The page of a route.
pub(crate) fn page(route: &Route) -> Html {
    match route {
        Route::Home => html! { <home::Home /> },
        Route::About => html! { <about::About /> },
        Route::Glossary(term) => html! { <glossary::Glossary term={term.clone()} /> },
        Route::Bench => html! { <bench::Bench /> },
        Route::Lessons => html! { <lessons::Lessons /> },
        Route::Lesson(slug) => html! { <lesson::LessonPage slug={slug.clone()} /> },
        Route::Sandbox(scene) => html! { <sandbox::Sandbox link={scene.clone()} /> },
        Route::Scene(slug) => html! { <sandbox::Sandbox scene={slug.clone()} /> },
        Route::Exam => html! { <exam::Exam /> },
        Route::Unknown(_) => html! { <not_found::NotFound /> },
    }
}
