//! How large an element is, told by the browser.

use wasm_bindgen::prelude::*;
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

/// The element's width and height in whole pixels; `None` before the first rendering.
#[hook]
pub(crate) fn use_size(node: &NodeRef) -> Option<(f64, f64)> {
    let size = use_state_eq(|| None::<(f64, f64)>);
    let setter = size.setter();
    let node = node.clone();
    use_effect_with((), move |()| {
        let element: Option<Element> = node.cast();
        let measured = element.clone();
        let callback = Closure::<dyn FnMut()>::new(move || {
            if let Some(element) = &measured {
                setter.set(Some((
                    f64::from(element.client_width()),
                    f64::from(element.client_height()),
                )));
            }
        });
        let observer = ResizeObserver::new(callback.as_ref().unchecked_ref()).ok();
        if let (Some(observer), Some(element)) = (&observer, &element) {
            observer.observe(element);
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop(callback);
        }
    });
    *size
}
