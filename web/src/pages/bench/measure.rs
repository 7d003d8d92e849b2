//! The measurements, one after the other: what a person waits for comes first.

use std::cell::Cell;

use js_sys::Reflect;
use ottla_lab::Instant;
use ottla_lab::timeline::Timeline;

use super::pace::{LongTasks, next_frame, next_painted, timed};
use super::report::{Phase, Report, Spread};
use super::worlds;
use crate::player::{PlayerHandle, Probe, clock_ms};

/// Measures one thing after the other, and tells how far it is, until somebody leaves the page.
pub(super) async fn measure(player: &PlayerHandle, is_left: &Cell<bool>, tell: impl Fn(Report)) {
    let mut run = Run {
        player,
        is_left,
        tell,
        report: Report::default(),
    };
    // Whoever has left needs no numbers.
    let _ = run.measure().await;
}

struct Run<'a, F> {
    player: &'a PlayerHandle,
    is_left: &'a Cell<bool>,
    tell: F,
    report: Report,
}

impl<F: Fn(Report)> Run<'_, F> {
    async fn measure(&mut self) -> Option<()> {
        self.play().await?;

        let mut usual = worlds::usual()?;
        self.report.usual_lived_ms = Some(self.live(&mut usual, Phase::LivingUsual).await?);
        self.report.usual_seeks = self.seek(&mut usual, Phase::SeekingUsual).await?;
        drop(usual);

        let mut large = self.player.timeline().clone();
        self.report.large_lived_ms = Some(self.live(&mut large, Phase::LivingLarge).await?);
        self.report.large_seeks = self.seek(&mut large, Phase::SeekingLarge).await?;
        self.report.memory_bytes = memory_bytes();
        self.player.replace(large);
        self.see().await?;

        self.enter(Phase::Done, 1.0)
    }

    /// Frames, while it plays.
    async fn play(&mut self) -> Option<()> {
        self.enter(Phase::Playing, 0.0)?;
        // The page is there before it is measured.
        next_painted().await;
        let (probe, long_tasks) = (Probe::new(), LongTasks::new());
        self.player.play();
        let (begun_ms, mut told_ms, mut frames_count) = (clock_ms(), clock_ms(), 0.0);
        loop {
            next_frame().await;
            frames_count += 1.0;
            let now_ms = clock_ms();
            let passed_ms = now_ms - begun_ms;
            let is_over = passed_ms >= PLAY_MS;
            if is_over || now_ms - told_ms >= TELL_EVERY_MS {
                told_ms = now_ms;
                self.report.frames_per_s = Some(frames_count * 1000.0 / passed_ms);
                self.report.frame_scripts = Spread::of(probe.taken_ms());
                self.report.long_tasks_count = long_tasks.as_ref().map(LongTasks::count);
                self.enter(Phase::Playing, passed_ms / PLAY_MS)?;
            }
            if is_over || self.is_left.get() {
                break;
            }
        }
        self.player.pause();
        let scene = || timed(|| drop(self.player.timeline().scene()));
        self.report.scenes = Spread::of((0..SCENES_COUNT).map(|_| scene()).collect());
        Some(())
    }

    /// Ten minutes, in parts that leave the page time for its frames. How long they took in all.
    async fn live(&mut self, timeline: &mut Timeline, phase: Phase) -> Option<f64> {
        let mut taken_ms = 0.0;
        loop {
            let share = timeline.now().0 as f64 / TEN_MINUTES.0 as f64;
            self.enter(phase, share)?;
            if timeline.now() >= TEN_MINUTES {
                return Some(taken_ms);
            }
            next_frame().await;
            taken_ms += timed(|| {
                let begun_ms = clock_ms();
                while clock_ms() - begun_ms < PART_MS
                    && !timeline.seek_within(TEN_MINUTES, PART_STEPS)
                {}
            });
        }
    }

    /// Seeks to and fro in ten minutes.
    async fn seek(&mut self, timeline: &mut Timeline, phase: Phase) -> Option<Spread> {
        let mut taken_ms = Vec::new();
        let mut told_ms = clock_ms();
        for index in 0..SEEKS_COUNT {
            if index == 0 || clock_ms() - told_ms >= PART_MS {
                self.enter(phase, index as f64 / SEEKS_COUNT as f64)?;
                next_frame().await;
                told_ms = clock_ms();
            }
            taken_ms.push(timed(|| timeline.seek(scattered(index))));
        }
        Some(Spread::of(taken_ms))
    }

    /// Seeks, until the picture has been painted: that takes a frame at least.
    async fn see(&mut self) -> Option<()> {
        let mut taken_ms = Vec::new();
        next_painted().await;
        for index in 0..SIGHTS_COUNT {
            self.enter(Phase::Seeing, index as f64 / SIGHTS_COUNT as f64)?;
            next_painted().await;
            let begun_ms = clock_ms();
            self.player.seek(scattered(index));
            next_painted().await;
            taken_ms.push(clock_ms() - begun_ms);
        }
        self.report.painted_seeks = Spread::of(taken_ms);
        Some(())
    }

    /// Tells how far it is. `None` if nobody listens any more.
    fn enter(&mut self, phase: Phase, share: f64) -> Option<()> {
        (self.report.phase, self.report.share) = (phase, share);
        (!self.is_left.get()).then(|| (self.tell)(self.report.clone()))
    }
}

/// Moments all over the ten minutes, the same in every run.
fn scattered(index: u64) -> Instant {
    Instant(((index + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20) % TEN_MINUTES.0)
}

/// How much memory the program has taken, all of the page's scenes together.
fn memory_bytes() -> Option<f64> {
    let buffer = Reflect::get(&wasm_bindgen::memory(), &"buffer".into()).ok()?;
    let size = Reflect::get(&buffer, &"byteLength".into()).ok()?;
    size.as_f64()
}

const TEN_MINUTES: Instant = Instant(600_000_000);
const PLAY_MS: f64 = 5000.0;
const TELL_EVERY_MS: f64 = 1000.0;
/// Work that no frame waits for comes in parts as long as this.
const PART_MS: f64 = 25.0;
const PART_STEPS: u64 = 20;
const SCENES_COUNT: usize = 20;
const SEEKS_COUNT: u64 = 200;
const SIGHTS_COUNT: u64 = 20;
