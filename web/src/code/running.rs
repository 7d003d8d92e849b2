//! A program in its worker.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use ottla_lab::code::{Key, Question, Turn};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, Worker};

use super::wire;
use crate::player::{PlayerHandle, WeakPlayer};

/// A program in its worker. The worker ends with it.
pub(crate) struct Running {
    /// `None`: the browser gives no workers.
    worker: Option<Worker>,
    state: Rc<State>,
    _listeners: Vec<EventListener>,
}

#[derive(Default)]
struct State {
    /// Where the program stands.
    key: Cell<Option<Key>>,
    asked: RefCell<Option<Question>>,
    delay: Cell<Option<Delay>>,
    is_loaded: Cell<bool>,
    watchdog: RefCell<Option<Timeout>>,
}

/// Why a program keeps time waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delay {
    /// It has computed for longer than anybody should.
    Busy,
    /// The worker with KafkaJS cannot be loaded.
    NotLoaded,
}

impl Running {
    /// A new worker, which lives through the turns that the program had and answers the question.
    pub(super) fn start(
        player: &PlayerHandle,
        question: &Question,
        before: &[Arc<Turn>],
    ) -> Rc<Self> {
        let state = Rc::<State>::default();
        let worker = Worker::new(WORKER_URL).ok();
        let weak = player.downgrade();
        let listeners = worker.iter().flat_map(|worker| {
            let (heard, failed) = (state.clone(), state.clone());
            let (on_answer, on_failure) = (weak.clone(), weak.clone());
            [
                EventListener::new(worker, "message", move |event| {
                    if let Some(event) = event.dyn_ref::<MessageEvent>() {
                        heard.hear(&on_answer, &event.data());
                    }
                }),
                EventListener::new(worker, "error", move |_| failed.fail(&on_failure)),
            ]
        });
        let running = Rc::new(Self {
            _listeners: listeners.collect(),
            worker,
            state,
        });
        let message = wire::start(question, before);
        running.post(player, question, &message);
        running
    }

    /// Answers the question, if it follows where the program stands. `false`: it does not.
    pub(super) fn go_on(&self, player: &PlayerHandle, question: &Question) -> bool {
        let asked = self.state.asked.borrow().as_ref().map(|asked| asked.key);
        match asked {
            Some(key) => key == question.key,
            None if self.state.key.get() == Some(question.previous) => {
                self.post(player, question, &wire::turn(&question.turn));
                true
            }
            None => false,
        }
    }

    /// Why it keeps time waiting, if it does.
    pub(super) fn delay(&self) -> Option<Delay> {
        self.state.delay.get()
    }

    /// What it is busy with.
    pub(super) fn asked(&self) -> Option<Question> {
        self.state.asked.borrow().clone()
    }

    fn post(&self, player: &PlayerHandle, question: &Question, message: &JsValue) {
        *self.state.asked.borrow_mut() = Some(question.clone());
        let is_posted = self
            .worker
            .as_ref()
            .is_some_and(|worker| worker.post_message(message).is_ok());
        if !is_posted {
            self.state.fail(&player.downgrade());
        } else if self.state.is_loaded.get() {
            self.state.watch(player.downgrade());
        }
    }
}

impl State {
    /// The worker says that it is there, and then gives answers.
    fn hear(self: &Rc<Self>, player: &WeakPlayer, data: &JsValue) {
        if !self.is_loaded.replace(true) {
            self.watch(player.clone());
            return;
        }
        self.watchdog.borrow_mut().take();
        let (Some(question), Some(player)) = (self.asked.borrow_mut().take(), player.upgrade())
        else {
            return;
        };
        self.key.set(Some(question.key));
        let was_late = self.delay.take().is_some();
        player.answered(&question, wire::answer(data), was_late);
    }

    fn fail(&self, player: &WeakPlayer) {
        self.watchdog.borrow_mut().take();
        self.delay.set(Some(Delay::NotLoaded));
        if let Some(player) = player.upgrade() {
            player.tell_delay();
        }
    }

    /// Says so if there is no answer for too long.
    fn watch(self: &Rc<Self>, player: WeakPlayer) {
        let state = Rc::downgrade(self);
        let watchdog = Timeout::new(PATIENCE_MS, move || {
            if let (Some(state), Some(player)) = (state.upgrade(), player.upgrade()) {
                state.delay.set(Some(Delay::Busy));
                player.tell_delay();
            }
        });
        *self.watchdog.borrow_mut() = Some(watchdog);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(worker) = &self.worker {
            worker.terminate();
        }
    }
}

/// Written by `web/code/build.mjs`.
const WORKER_URL: &str = "./code/worker.js";
const PATIENCE_MS: u32 = 2_000;
