//! Places that are kept, so that no way back is long.

use ottla_core::Instant;

use super::place::Place;

/// Places, in the order in which they were come by.
#[derive(Debug, Clone)]
pub(super) struct Checkpoints {
    first: Box<Place>,
    later: Vec<Place>,
    /// How many steps there are between two of them, at least.
    distance_steps: u64,
}

impl Checkpoints {
    pub(super) fn new(first: Place) -> Self {
        Self {
            first: Box::new(first),
            later: Vec::new(),
            distance_steps: DISTANCE_STEPS,
        }
    }

    /// The last place that was come by up to a moment.
    pub(super) fn last_until(&self, to: Instant) -> &Place {
        let count = self.later.partition_point(|place| place.now() <= to);
        self.later[..count].last().unwrap_or(&self.first)
    }

    /// The last place at which so many own actions had been done at most.
    pub(super) fn before_own_action(&self, own_count: usize) -> &Place {
        let is_before = |place: &Place| place.done().own_count <= own_count;
        let count = self.later.partition_point(is_before);
        self.later[..count].last().unwrap_or(&self.first)
    }

    /// Keeps a place.
    pub(super) fn keep(&mut self, place: &Place) {
        let last = self.later.last().unwrap_or(&self.first);
        if last.steps_count() < place.steps_count() {
            self.later.push(place.clone());
            if self.later.len() > PLACES_MAX {
                self.thin();
            }
        }
    }

    /// Keeps a place if it is far from the last one.
    pub(super) fn keep_if_far(&mut self, place: &Place) {
        let last = self.later.last().unwrap_or(&self.first);
        if last.steps_count() + self.distance_steps <= place.steps_count() {
            self.keep(place);
        }
    }

    /// Drops every second place: the ways become twice as long.
    fn thin(&mut self) {
        self.distance_steps *= 2;
        let mut index = 0;
        self.later.retain(|_| {
            index += 1;
            index % 2 == 0
        });
    }

    /// Forgets the places behind this one.
    pub(super) fn truncate(&mut self, place: &Place) {
        let is_before = |kept: &Place| kept.steps_count() <= place.steps_count();
        let count = self.later.partition_point(is_before);
        self.later.truncate(count);
    }
}

/// How many steps are lived again at most on the way to a moment, as long as there are not too many places. Of 64 consumers a place has about
/// a megabyte, and so many steps take a few milliseconds.
const DISTANCE_STEPS: u64 = 250;
/// How many places are kept.
const PLACES_MAX: usize = 400;
