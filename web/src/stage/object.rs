//! What can be opened: a node of the picture that mouse, finger and keyboard reach.

use wasm_bindgen::JsCast;
use yew::prelude::*;

use super::layout::Rect;
use super::strip::px;

/// Something in the scene that has a state and actions.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Object {
    Producer(String),
    /// Of this topic, this one.
    Partition(String, i32),
    /// Of this topic and partition, the one at this offset.
    Record(String, i32, i64),
    Topic(String),
    /// A consumer, by its name.
    Consumer(String),
    /// A member of this group that is no consumer of this world, by its member id.
    Member(String, String),
    Group(String),
    Broker,
}

#[derive(Properties, PartialEq)]
pub(crate) struct ObjectProps {
    pub(crate) object: Object,
    pub(crate) rect: Rect,
    /// How far the focus ring stands inside of the rectangle.
    #[prop_or_default]
    pub(crate) inset: f64,
    pub(crate) label: String,
    pub(crate) class: Classes,
    pub(crate) on_open: Callback<Object>,
    pub(crate) is_open: bool,
    pub(crate) children: Html,
}

/// A part of the picture that opens when it is clicked or Enter is pressed on it.
#[component]
pub(crate) fn ObjectNode(props: &ObjectProps) -> Html {
    let open = {
        let (on_open, object) = (props.on_open.clone(), props.object.clone());
        Callback::from(move |()| on_open.emit(object.clone()))
    };
    let onclick = {
        let (open, on_open, object) = (open.clone(), props.on_open.clone(), props.object.clone());
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            match (&object, offset(&event)) {
                (Object::Partition(topic, index), Some(offset)) => {
                    on_open.emit(Object::Record(topic.clone(), *index, offset));
                }
                _ => open.emit(()),
            }
        })
    };
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if matches!(event.key().as_str(), "Enter" | " ") {
            event.prevent_default();
            event.stop_propagation();
            open.emit(());
        }
    });
    let (rect, inset) = (props.rect, props.inset);
    html! {
        <g role="button" tabindex="0" class={classes!("object", props.class.clone())} aria-label={props.label.clone()}
            aria-haspopup="dialog" aria-expanded={props.is_open.to_string()} {onclick} {onkeydown}>
            <rect class="hit" x={px(rect.x + inset)} y={px(rect.y + inset)} width={px((rect.width - 2.0 * inset).max(0.0))}
                height={px((rect.height - 2.0 * inset).max(0.0))} rx="9" />
            { props.children.clone() }
        </g>
    }
}

/// The offset of the cell that was hit, if it was one.
fn offset(event: &MouseEvent) -> Option<i64> {
    let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    let cell = target.closest("[data-offset]").ok()??;
    cell.get_attribute("data-offset")?.parse().ok()
}
