//! One of several things, chosen from a list.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// What a [`Menu`] is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// What is chosen here.
    pub(crate) label: AttrValue,
    /// What there is to choose from.
    pub(crate) options: Vec<AttrValue>,
    /// Which is chosen, by its place.
    pub(crate) chosen: usize,
    /// Another one is chosen.
    pub(crate) on_choose: Callback<usize>,
    #[prop_or_default]
    pub(crate) class: Classes,
}

/// One of several things, chosen from a list.
#[component]
pub(crate) fn Menu(props: &Props) -> Html {
    let onchange = {
        let on_choose = props.on_choose.clone();
        move |event: Event| {
            let select: Option<HtmlSelectElement> = event.target_dyn_into();
            let index = select.and_then(|select| usize::try_from(select.selected_index()).ok());
            if let Some(index) = index {
                on_choose.emit(index);
            }
        }
    };
    let options = props.options.iter().enumerate().map(|(index, option)| {
        html! { <option key={index} selected={index == props.chosen}>{ option.clone() }</option> }
    });
    html! { <select class={props.class.clone()} aria-label={props.label.clone()} {onchange}>{ for options }</select> }
}
