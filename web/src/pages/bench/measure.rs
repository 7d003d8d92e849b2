//! The measurements: frames while it plays, the scene, and seeks over ten minutes.

use std::cell::Cell;

use js_sys::Promise;
use ottla_lab::Instant;
use wasm_bindgen_futures::JsFuture;

use crate::player::{PlayerHandle, Probe, clock_ms};
use crate::strings::bench as strings;

/// What has been measured so far, in milliseconds.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Report {
    pub(super) stage: Stage,
    frame_intervals: Spread,
    frame_scripts: Spread,
    scenes: Spread,
    minutes_lived: Spread,
    seeks: Spread,
}

/// What is being measured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Stage {
    #[default]
    Settling,
    Playing,
    Living,
    Seeking,
    Done,
}

/// Many measurements of one thing.
#[derive(Debug, Clone, Default, PartialEq)]
struct Spread {
    sorted: Vec<f64>,
}

/// Measures one thing after the other, and tells how far it is, until somebody leaves the page.
pub(super) async fn measure(player: &PlayerHandle, is_left: &Cell<bool>, tell: impl Fn(Report)) {
    let mut report = Report::default();
    tell(report.clone());
    live_until(player, SETTLED, is_left).await;

    report.stage = Stage::Playing;
    tell(report.clone());
    let probe = Probe::new();
    player.play();
    let (begun_ms, mut last_ms) = (clock_ms(), clock_ms());
    let mut intervals = Vec::new();
    while clock_ms() - begun_ms < PLAY_MS && !is_left.get() {
        next_frame().await;
        let now_ms = clock_ms();
        intervals.push(now_ms - last_ms);
        last_ms = now_ms;
    }
    player.pause();
    report.frame_intervals = Spread::of(intervals);
    report.frame_scripts = Spread::of(probe.taken_ms());
    report.scenes = Spread::of(
        (0..SCENES_COUNT)
            .map(|_| timed(|| drop(player.timeline().scene())))
            .collect(),
    );

    report.stage = Stage::Living;
    tell(report.clone());
    report.minutes_lived = Spread::of(live_until(player, TEN_MINUTES, is_left).await);

    report.stage = Stage::Seeking;
    tell(report.clone());
    let mut seeks = Vec::new();
    for index in 0..SEEKS_COUNT {
        next_frame().await;
        if is_left.get() {
            return;
        }
        let to = Instant(scattered(index) % TEN_MINUTES.0);
        seeks.push(timed(|| player.with_timeline(|timeline| timeline.seek(to))));
    }
    report.seeks = Spread::of(seeks);
    report.stage = Stage::Done;
    tell(report);
}

/// Lives on to a moment, a second of it after the other. How long each minute took.
async fn live_until(player: &PlayerHandle, end: Instant, is_left: &Cell<bool>) -> Vec<f64> {
    let (mut minutes, mut taken_ms) = (Vec::new(), 0.0);
    let mut now = player.timeline().now();
    while now < end && !is_left.get() {
        now = (now + 1_000_000).min(end);
        taken_ms += timed(|| player.with_timeline(|timeline| timeline.seek(now)));
        if now.0.is_multiple_of(60_000_000) {
            minutes.push(std::mem::take(&mut taken_ms));
        }
        next_frame().await;
    }
    minutes
}

async fn next_frame() {
    let promise = Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            // Fails only in a page that is being closed.
            let _ = window.request_animation_frame(&resolve);
        }
    });
    let _ = JsFuture::from(promise).await;
}

fn timed(act: impl FnOnce()) -> f64 {
    let begun_ms = clock_ms();
    act();
    clock_ms() - begun_ms
}

/// Moments all over the place, the same in every run.
fn scattered(index: u64) -> u64 {
    (index + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20
}

impl Report {
    pub(super) fn is_done(&self) -> bool {
        self.stage == Stage::Done
    }

    /// Name, median and worst of everything that was measured.
    pub(super) fn rows(&self) -> Vec<(&'static str, String, String)> {
        let all = self
            .all()
            .into_iter()
            .filter(|(.., spread)| !spread.sorted.is_empty());
        let row = |(name, _, spread): (&'static str, _, &Spread)| {
            (
                name,
                strings::millis(spread.at(0.5)),
                strings::millis(spread.at(1.0)),
            )
        };
        all.map(row).collect()
    }

    /// For tests: `{"seek": {"min": 1.0, "median": 2.0, "p95": 3.0, "max": 4.0, "count": 40}, ...}`.
    pub(super) fn json(&self) -> String {
        let entry = |(_, name, spread): (_, &'static str, &Spread)| {
            format!(
                "\"{name}\":{{\"min\":{:.2},\"median\":{:.2},\"p95\":{:.2},\"max\":{:.2},\"count\":{}}}",
                spread.at(0.0),
                spread.at(0.5),
                spread.at(0.95),
                spread.at(1.0),
                spread.sorted.len()
            )
        };
        let entries: Vec<String> = self.all().into_iter().map(entry).collect();
        format!("{{{}}}", entries.join(","))
    }

    fn all(&self) -> [(&'static str, &'static str, &Spread); 5] {
        [
            (
                strings::FRAME_INTERVAL,
                "frame_interval",
                &self.frame_intervals,
            ),
            (strings::FRAME_SCRIPT, "frame_script", &self.frame_scripts),
            (strings::SCENE, "scene", &self.scenes),
            (strings::MINUTE, "minute_lived", &self.minutes_lived),
            (strings::SEEK, "seek", &self.seeks),
        ]
    }
}

impl Spread {
    fn of(mut all: Vec<f64>) -> Self {
        all.sort_by(f64::total_cmp);
        Self { sorted: all }
    }

    /// What such a share of all stays below; 0 if there are none.
    fn at(&self, share: f64) -> f64 {
        let index = (share * self.sorted.len().saturating_sub(1) as f64).round() as usize;
        self.sorted.get(index).copied().unwrap_or(0.0)
    }
}

/// Until then the group has formed.
const SETTLED: Instant = Instant(10_000_000);
const TEN_MINUTES: Instant = Instant(600_000_000);
const PLAY_MS: f64 = 5000.0;
const SCENES_COUNT: usize = 20;
const SEEKS_COUNT: u64 = 40;
