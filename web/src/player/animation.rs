//! The one animation-frame loop of the page. It stops when nothing plays and nothing moves.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use ottla_lab::Instant;
use ottla_lab::action::LIMITS;
use wasm_bindgen::prelude::*;

use super::waiting::Goal;
use super::{Moment, Motion, Player, PlayerHandle, probe, structure};
use crate::browser::matches_media;

/// A player is part of the loop as long as somebody holds it.
pub(super) fn join(player: &PlayerHandle) {
    LOOP.with(|page| {
        let mut players = page.players.borrow_mut();
        players.retain(|player| player.strong_count() > 0);
        players.push(Rc::downgrade(&player.0));
    });
}

/// Something may have to be painted: the loop runs until all is settled.
pub(super) fn wake() {
    LOOP.with(|page| {
        if !page.is_running.replace(true) {
            page.last_ms.set(None);
            request();
        }
    });
}

/// Whether the system asks for steps instead of tweens.
pub(crate) fn is_motion_reduced() -> bool {
    matches_media("(prefers-reduced-motion: reduce)")
}

/// Time goes no further: a scene lives for so long.
pub(crate) const LAST_MOMENT: Instant = Instant(LIMITS.time_ms * 1000);

/// The page's clock, in milliseconds.
pub(crate) fn clock_ms() -> f64 {
    let performance = web_sys::window().and_then(|window| window.performance());
    performance.map_or(0.0, |performance| performance.now())
}

#[derive(Default)]
struct Page {
    players: RefCell<Vec<Weak<Player>>>,
    is_running: Cell<bool>,
    last_ms: Cell<Option<f64>>,
}

thread_local! {
    static LOOP: Page = Page::default();
    static ON_FRAME: Closure<dyn FnMut(f64)> = Closure::new(on_frame);
}

fn request() {
    if let Some(window) = web_sys::window() {
        ON_FRAME.with(|on_frame| {
            // Fails only in a page that is being closed.
            let _ = window.request_animation_frame(on_frame.as_ref().unchecked_ref());
        });
    }
}

fn on_frame(at_ms: f64) {
    let begun_ms = clock_ms();
    let (players, passed_ms) = LOOP.with(|page| {
        let passed_ms = page
            .last_ms
            .replace(Some(at_ms))
            .map_or(0.0, |last| at_ms - last);
        let players = page.players.borrow();
        let players: Vec<PlayerHandle> = players
            .iter()
            .filter_map(Weak::upgrade)
            .map(PlayerHandle)
            .collect();
        (players, passed_ms)
    });
    let mut is_busy = false;
    for player in players {
        is_busy |= player.frame(at_ms, passed_ms);
    }
    probe::end_of_frame(begun_ms);
    if is_busy {
        request();
    } else {
        LOOP.with(|page| page.is_running.set(false));
    }
}

impl PlayerHandle {
    /// One frame. Whether there must be another.
    fn frame(&self, at_ms: f64, passed_ms: f64) -> bool {
        if self.is_playing() {
            self.pass(passed_ms.clamp(0.0, LONGEST_FRAME_MS));
        }
        self.look();
        let is_moving = self.draw(passed_ms);
        let version = self.timeline().version();
        let is_untold = version != self.0.told_version.get();
        if is_untold && (at_ms - self.0.told_at_ms.get() >= TELL_EVERY_MS) {
            self.0.told_at_ms.set(at_ms);
            self.tell();
        }
        self.is_playing() || is_moving || is_untold
    }

    /// Lets time pass, as much of it as there is time for: with too much to do it runs slower, and the page stays alive.
    fn pass(&self, passed_ms: f64) {
        // Time that waits for a program goes on with its answer, not with the next frame.
        if self.is_waiting() {
            return;
        }
        let micros = passed_ms * 1000.0 * self.speed().factor() + self.0.remainder_micros.get();
        let whole = micros.floor();
        self.0.remainder_micros.set(micros - whole);
        let now = self.timeline().now();
        let stop = self.0.stops_at.get().filter(|stop| *stop > now);
        let stop = stop.unwrap_or(LAST_MOMENT);
        let target = (now + whole as u64).min(stop).min(LAST_MOMENT);
        let (begun_ms, slice) = (
            clock_ms(),
            ((target - now) / SLICES_COUNT).max(SLICE_MIN_MICROS),
        );
        let mut reached = now;
        while reached < target {
            reached = (reached + slice).min(target);
            self.pursue(Goal::Moment(reached));
            if self.is_waiting() {
                // The rest of the frame's time, once there are answers.
                self.0.goal.set(Some(Goal::Moment(target)));
                break;
            }
            if clock_ms() - begun_ms > BUDGET_MS {
                break;
            }
        }
        if self.timeline().now() >= stop {
            self.0.stops_at.set(None);
            self.pause();
        }
    }

    /// Tells Yew if what it renders has changed.
    fn look(&self) {
        let former = self.0.scene.borrow().clone();
        let scene = self.scene();
        let differs = former.is_none_or(|(_, former)| {
            !Rc::ptr_eq(&former, &scene) && structure::differs(&former, &scene)
        });
        let has_changed = self.0.must_render.replace(false) || differs;
        if has_changed {
            self.0
                .structures_count
                .set(self.0.structures_count.get() + 1);
            self.0.on_structure.each(|listener| listener());
        }
    }

    fn draw(&self, passed_ms: f64) -> bool {
        let scene = self.scene();
        let timeline = self.timeline();
        let moment = Moment {
            now: timeline.now(),
            passed_ms,
            speed: if self.is_playing() {
                self.speed().factor()
            } else {
                0.0
            },
            jumps_count: self.0.jumps_count.get(),
            scene: &scene,
            timeline: &timeline,
        };
        let mut is_moving = false;
        self.0
            .painters
            .each(|painter| is_moving |= painter(&moment) == Motion::Moving);
        is_moving
    }
}

/// A tab that was in the background goes on where it was.
const LONGEST_FRAME_MS: f64 = 100.0;
/// Of a frame's 16 ms, so much may go into the world.
const BUDGET_MS: f64 = 8.0;
/// Into so many parts a frame's time is cut, to look at the clock between them.
const SLICES_COUNT: u64 = 16;
const SLICE_MIN_MICROS: u64 = 5_000;
/// Text that changes more often than this cannot be read anyway.
const TELL_EVERY_MS: f64 = 100.0;
