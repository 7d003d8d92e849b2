//! Time on the page: frames to wait for, how long something takes, and what held the page up.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{PerformanceObserver, PerformanceObserverEntryList, PerformanceObserverInit};

use crate::player::clock_ms;

/// How long something takes, in milliseconds.
pub(super) fn timed(act: impl FnOnce()) -> f64 {
    let begun_ms = clock_ms();
    act();
    clock_ms() - begun_ms
}

/// The next frame has been worked out.
pub(super) async fn next_frame() {
    wait(|window, resolve| {
        // Fails only in a page that is being closed, as does the other one.
        let _ = window.request_animation_frame(resolve);
    })
    .await;
}

/// The next frame has been worked out and painted.
pub(super) async fn next_painted() {
    next_frame().await;
    wait(|window, resolve| {
        let _ = window.set_timeout_with_callback(resolve);
    })
    .await;
}

async fn wait(begin: impl Fn(&web_sys::Window, &Function)) {
    let promise = Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            begin(&window, &resolve);
        }
    });
    let _ = JsFuture::from(promise).await;
}

/// Counts the tasks that hold the page up for more than 50 ms, where the browser tells of them.
pub(super) struct LongTasks {
    observer: PerformanceObserver,
    told: Rc<Cell<usize>>,
    _on_entries: Closure<dyn FnMut(PerformanceObserverEntryList)>,
}

impl LongTasks {
    /// Counts from now on. `None` if the browser does not tell.
    pub(super) fn new() -> Option<Self> {
        let kind = JsValue::from_str(LONG_TASK);
        if !observable()?.includes(&kind, 0) {
            return None;
        }
        let told = Rc::new(Cell::new(0));
        let on_entries = {
            let told = told.clone();
            Closure::new(move |list: PerformanceObserverEntryList| {
                told.set(told.get() + list.get_entries().length() as usize);
            })
        };
        let observer = PerformanceObserver::new(on_entries.as_ref().unchecked_ref()).ok()?;
        let kinds = Array::of1(&kind);
        observer.observe(&PerformanceObserverInit::new(&kinds));
        Some(Self {
            observer,
            told,
            _on_entries: on_entries,
        })
    }

    /// How many there were so far.
    pub(super) fn count(&self) -> usize {
        self.told.get()
    }
}

impl Drop for LongTasks {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// What the browser's observers can be told of.
fn observable() -> Option<Array> {
    let observers = Reflect::get(&js_sys::global(), &"PerformanceObserver".into()).ok()?;
    let kinds = Reflect::get(&observers, &"supportedEntryTypes".into()).ok()?;
    kinds.dyn_into().ok()
}

const LONG_TASK: &str = "longtask";
