//! How much work a frame is: the world, the painters, and what Yew renders after them.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use wasm_bindgen_futures::spawn_local;

use super::animation::clock_ms;

/// Takes the time of each frame as long as it is there.
pub(crate) struct Probe(Rc<RefCell<Vec<f64>>>);

impl Probe {
    /// Takes the time of the frames from now on.
    pub(crate) fn new() -> Self {
        let taken = Rc::new(RefCell::new(Vec::new()));
        PROBE.with(|probe| *probe.borrow_mut() = Rc::downgrade(&taken));
        Self(taken)
    }

    /// How long each frame's work took, in milliseconds.
    pub(crate) fn taken_ms(&self) -> Vec<f64> {
        self.0.borrow().clone()
    }
}

/// The loop has done its part. Yew's comes as a task that was put into the queue before the one that looks at the clock.
pub(super) fn end_of_frame(begun_ms: f64) {
    let probe = PROBE.with(|probe| probe.borrow().upgrade());
    if let Some(taken) = probe {
        spawn_local(async move { taken.borrow_mut().push(clock_ms() - begun_ms) });
    }
}

thread_local! {
    static PROBE: RefCell<Weak<RefCell<Vec<f64>>>> = RefCell::default();
}
