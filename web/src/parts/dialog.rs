//! A dialog: the browser's own, which keeps the focus inside and closes by Esc.

use web_sys::HtmlDialogElement;
use yew::prelude::*;

use crate::strings::parts as strings;

/// What a [`Dialog`] is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// Its heading.
    pub(crate) title: AttrValue,
    /// It has been closed, in whatever way.
    pub(crate) on_close: Callback<()>,
    /// What is inside.
    pub(crate) children: Html,
}

/// An open dialog. Whoever wants it closed leaves it out.
#[component]
pub(crate) fn Dialog(props: &Props) -> Html {
    let node = use_node_ref();
    use_effect_with((), {
        let node = node.clone();
        move |()| {
            if let Some(dialog) = node.cast::<HtmlDialogElement>() {
                // A dialog that was just made can be shown.
                let _ = dialog.show_modal();
            }
        }
    });
    let onclose = props.on_close.reform(|_: Event| ());
    let onclick = props.on_close.reform(|_: MouseEvent| ());
    // A click beside the box meets the dialog itself.
    let beside = {
        let node = node.clone();
        let on_close = props.on_close.clone();
        move |event: MouseEvent| {
            let target = event.target_dyn_into::<HtmlDialogElement>();
            if target.is_some() && target == node.cast::<HtmlDialogElement>() {
                on_close.emit(());
            }
        }
    };
    html! {
        <dialog ref={node} {onclose} onclick={beside} aria-label={props.title.clone()}>
            <div class="dialog">
                <header>
                    <h2>{ props.title.clone() }</h2>
                    <button type="button" class="btn q" {onclick}>{ strings::CLOSE }</button>
                </header>
                { props.children.clone() }
            </div>
        </dialog>
    }
}
