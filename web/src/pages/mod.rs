//! The pages.

mod about;
mod bench;
mod glossary;
mod home;
mod not_found;

use yew::prelude::*;

use crate::route::Route;

/// The page of a route.
pub(crate) fn page(route: &Route) -> Html {
    match route {
        Route::Home => html! { <home::Home /> },
        Route::About => html! { <about::About /> },
        Route::Glossary(term) => html! { <glossary::Glossary term={term.clone()} /> },
        Route::Bench => html! { <bench::Bench /> },
        _ => html! { <not_found::NotFound /> },
    }
}
