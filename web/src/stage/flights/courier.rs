//! One dot: a frame, or a partition's records out of one.

use ottla_lab::scene::Flight;
use ottla_lab::sorted::Set;
use ottla_lab::{Direction, Instant};

use super::WAY_MS;
use crate::player::Moment;

/// One dot.
#[derive(Debug, Clone)]
pub(super) struct Courier {
    /// Its frame; `None`: that was too fast to be seen.
    flight: Option<u64>,
    pub(super) client: String,
    pub(super) direction: Direction,
    pub(super) load: Load,
    sent_at: Instant,
    arrives_at: Instant,
    /// How much of its way is shown, 0 to 1.
    shown: f64,
    /// How much of its way it has gone.
    gone: f64,
    /// Whether its way is shown slower than it is.
    is_eased: bool,
}

/// What it carries.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Load {
    /// Records of one partition.
    Records {
        topic: String,
        partition: i32,
        /// Where the first of them will be, or is.
        offset: i64,
        label: String,
        colour: Option<u8>,
        count: u32,
    },
    /// Records of many partitions.
    Mixed { count: u32 },
    /// A request or an answer that is worth its name.
    Call { api: &'static str },
    /// One of those that come and go all the time.
    Quiet,
}

impl Courier {
    pub(super) fn new(flight: &Flight, load: Load, moment: &Moment<'_>) -> Self {
        let way_ms = (flight.arrives_at - flight.sent_at) as f64 / 1000.0;
        let is_fast = moment.speed == 0.0 || way_ms < WAY_MS * moment.speed;
        Self {
            flight: Some(flight.id),
            client: flight.client.clone(),
            direction: flight.direction,
            load,
            sent_at: flight.sent_at,
            arrives_at: flight.arrives_at,
            shown: 0.0,
            gone: 0.0,
            is_eased: is_fast,
        }
    }

    /// A record whose frame was never seen.
    pub(super) fn late(client: String, load: Load, moment: &Moment<'_>) -> Self {
        Self {
            flight: None,
            client,
            direction: Direction::ToBroker,
            load,
            sent_at: moment.now,
            arrives_at: moment.now,
            shown: 0.0,
            gone: 1.0,
            is_eased: true,
        }
    }

    pub(super) fn advance(&mut self, moment: &Moment<'_>, is_still: bool) {
        let way = (self.arrives_at - self.sent_at).max(1) as f64;
        self.gone = ((moment.now - self.sent_at) as f64 / way).clamp(0.0, 1.0);
        let step = moment.passed_ms / WAY_MS;
        self.shown = match (is_still, self.gone > self.shown) {
            (true, _) => self.gone,
            (false, true) => self.gone.min(self.shown + step),
            (false, false) => self.shown,
        };
    }

    /// Whether its frame was lost on its way: its link broke, or who should have got it died.
    pub(super) fn is_lost(&self, aloft: &Set<u64>, now: Instant) -> bool {
        self.flight.is_some_and(|id| !aloft.contains(&id)) && now < self.arrives_at
    }

    /// Whether it has arrived, for the eye too.
    pub(super) fn is_done(&self) -> bool {
        self.shown >= 1.0
    }

    /// Whether it moves though time stands still.
    pub(super) fn is_catching_up(&self, moment: &Moment<'_>) -> bool {
        moment.speed > 0.0 || self.shown < self.gone
    }

    /// How much of its way it is shown to have gone.
    pub(super) fn place(&self) -> f64 {
        if self.is_eased {
            1.0 - (1.0 - self.shown) * (1.0 - self.shown)
        } else {
            self.shown
        }
    }

    /// How long it will need at least.
    pub(super) fn rest_ms(&self) -> u32 {
        // Eased out, the last tenth of the time is nearly no way at all.
        ((0.9 - self.shown).max(0.0) * WAY_MS) as u32
    }

    /// Whose records it carries.
    pub(super) fn partition(&self) -> Option<(String, i32)> {
        match &self.load {
            Load::Records {
                topic, partition, ..
            } => Some((topic.clone(), *partition)),
            _ => None,
        }
    }
}
