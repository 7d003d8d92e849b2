//! Who wants to be told: closures that are forgotten when their subscription is dropped.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use ottla_lab::sorted::Map;

/// Closures, called in the order in which they came.
pub(crate) struct Listeners<F: ?Sized> {
    next_id: Cell<u64>,
    by_id: Rc<RefCell<Map<u64, Rc<F>>>>,
}

/// Ends what it stands for when it is dropped.
pub(crate) struct Subscription {
    end: Option<Box<dyn FnOnce()>>,
}

impl<F: ?Sized + 'static> Listeners<F> {
    pub(crate) fn add(&self, listener: Rc<F>) -> Subscription {
        let id = self.next_id.get();
        self.next_id.set(id + 1);
        self.by_id.borrow_mut().insert(id, listener);
        let by_id: Weak<RefCell<Map<u64, Rc<F>>>> = Rc::downgrade(&self.by_id);
        Subscription {
            end: Some(Box::new(move || {
                if let Some(by_id) = by_id.upgrade() {
                    // Dropped only after the map is free again: a closure may own other subscriptions.
                    let _listener = by_id.borrow_mut().remove(&id);
                }
            })),
        }
    }

    /// Calls each, also those that add and drop listeners meanwhile.
    pub(crate) fn each(&self, mut call: impl FnMut(&F)) {
        let listeners: Vec<Rc<F>> = self.by_id.borrow().values().cloned().collect();
        for listener in listeners {
            call(&listener);
        }
    }
}

impl<F: ?Sized> Default for Listeners<F> {
    fn default() -> Self {
        Self {
            next_id: Cell::new(0),
            by_id: Rc::default(),
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(end) = self.end.take() {
            end();
        }
    }
}
