//! Where everything stands: a pure function of the scene and the room that there is.

mod narrow;
mod rows;
mod strips;
mod wide;

#[cfg(test)]
mod tests;

use ottla_lab::scene::Scene;

use super::cast::{Troupe, troupes};

pub(crate) use rows::RowSize;
pub(crate) use strips::{CellSize, Strip};

/// Where everything stands, in pixels.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Layout {
    pub(crate) width: f64,
    /// What was asked for, or more if there is no room in it.
    pub(crate) height: f64,
    pub(crate) arrangement: Arrangement,
    /// One for each producer of the scene, with its name.
    pub(crate) producers: Vec<(String, Rect)>,
    pub(crate) broker: Rect,
    /// One for each topic of the scene.
    pub(crate) topics: Vec<TopicPlace>,
    /// The groups' cards.
    pub(crate) troupes: Vec<TroupePlace>,
    /// Where the legend's text begins, on its baseline; `None`: there is no room for it.
    pub(crate) legend: Option<Point>,
}

/// Which way the scene reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arrangement {
    /// From left to right: producers, broker, groups.
    Wide,
    /// From top to bottom.
    Narrow,
}

/// A topic's strips.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TopicPlace {
    pub(crate) name: String,
    /// Its name's line; `None`: it is the only one, its name stands in the broker's.
    pub(crate) header: Option<Rect>,
    /// One for each partition.
    pub(crate) strips: Vec<Strip>,
}

/// A group's card.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TroupePlace {
    pub(crate) troupe: Troupe,
    pub(crate) rect: Rect,
    pub(crate) size: RowSize,
    /// One for each row of the troupe.
    pub(crate) rows: Vec<Rect>,
}

#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Rect {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// Places a scene into a room so wide and, if it can be done, so high.
pub(crate) fn layout(scene: &Scene, width: f64, height_hint: f64) -> Layout {
    let troupes = troupes(scene);
    let width = width.max(WIDTH_MIN);
    if width < NARROW_BELOW {
        narrow::place(scene, troupes, width, height_hint.max(NARROW_HEIGHT_MIN))
    } else {
        wide::place(scene, troupes, width, height_hint.max(WIDE_HEIGHT_MIN))
    }
}

impl Layout {
    /// A partition's strip.
    pub(crate) fn strip(&self, topic: &str, partition: i32) -> Option<&Strip> {
        let place = self.topics.iter().find(|place| place.name == topic)?;
        place.strips.get(usize::try_from(partition).ok()?)
    }

    /// Whether cells are mere ticks.
    pub(crate) fn is_crowded(&self) -> bool {
        let mut strips = self.topics.iter().flat_map(|place| &place.strips);
        strips
            .next()
            .is_some_and(|strip| strip.size == CellSize::Tick)
    }

    /// A producer's place.
    pub(crate) fn producer(&self, name: &str) -> Option<Rect> {
        let mut producers = self.producers.iter();
        let found = producers.find(|(producer, _)| producer == name)?;
        Some(found.1)
    }

    /// The place of a consumer, or of a member of that name.
    pub(crate) fn member(&self, name: &str) -> Option<Rect> {
        self.troupes.iter().find_map(|place| {
            let row = place.troupe.rows.iter().position(|row| row.name == name)?;
            place.rows.get(row).copied()
        })
    }
}

impl Rect {
    pub(crate) fn right(&self) -> f64 {
        self.x + self.width
    }

    pub(crate) fn bottom(&self) -> f64 {
        self.y + self.height
    }

    pub(crate) fn middle(&self) -> Point {
        Point {
            x: self.x + self.width / 2.0,
            y: self.y + self.height / 2.0,
        }
    }
}

/// Below this width the scene reads from top to bottom.
const NARROW_BELOW: f64 = 700.0;
const WIDTH_MIN: f64 = 280.0;
const NARROW_HEIGHT_MIN: f64 = 220.0;
const WIDE_HEIGHT_MIN: f64 = 170.0;
