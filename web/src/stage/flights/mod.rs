//! Frames on their way: dots that follow the world's time, but never faster than an eye can.
//!
//! At normal speed a frame of 20 ms would be seen in one picture or in none. A courier therefore goes to where its frame is with at most one way
//! in [`WAY_MS`]; where time runs slower than that, or stands still, it is exactly where its frame is. The cell that a record becomes waits for it.

mod courier;
mod nodes;
mod paths;
mod spawn;

use std::cell::RefCell;
use std::rc::Rc;

use ottla_lab::Direction;
use ottla_lab::scene::Scene;
use ottla_lab::sorted::Map;

use super::layout::Layout;
use crate::player::{Moment, Motion, is_motion_reduced};
use courier::Courier;
use nodes::Nodes;
use spawn::Spawner;

/// All that flies over a picture.
#[derive(Default)]
pub(super) struct Flights {
    couriers: Vec<Courier>,
    nodes: Nodes,
    spawner: Spawner,
    jumps_count: Option<u64>,
    arrivals: Arrivals,
}

/// When the records that fly will be where they become cells.
#[derive(Clone, Default)]
pub(crate) struct Arrivals(Rc<RefCell<Map<(String, i32), u32>>>);

impl Flights {
    pub(super) fn arrivals(&self) -> Arrivals {
        self.arrivals.clone()
    }

    /// The picture's node to draw into, empty.
    pub(super) fn attach(&mut self, root: web_sys::Element) {
        self.nodes = Nodes::new(root);
    }

    /// Moves all to where they are now.
    pub(super) fn paint(&mut self, moment: &Moment<'_>, layout: &Layout) -> Motion {
        let is_jump = self.jumps_count.replace(moment.jumps_count) != Some(moment.jumps_count);
        let is_reduced = is_motion_reduced();
        if is_jump {
            self.couriers.clear();
        }
        self.spawner
            .spawn(moment, is_jump, is_reduced, &mut self.couriers);
        for courier in &mut self.couriers {
            courier.advance(moment, is_jump || is_reduced);
        }
        self.couriers.retain(|courier| !courier.is_done());
        self.announce();
        self.nodes.draw(&self.couriers, layout, is_reduced);
        let is_moving = self
            .couriers
            .iter()
            .any(|courier| courier.is_catching_up(moment));
        if is_moving {
            Motion::Moving
        } else {
            Motion::Settled
        }
    }

    /// For the strips: how long the next cells of each partition wait.
    fn announce(&self) {
        let mut arrivals = self.arrivals.0.borrow_mut();
        arrivals.clear();
        for courier in &self.couriers {
            if let (Some(partition), Direction::ToBroker) = (courier.partition(), courier.direction)
            {
                arrivals.insert(partition, courier.rest_ms());
            }
        }
    }
}

/// The same for one picture as long as it is there.
impl PartialEq for Arrivals {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Arrivals {
    /// How long until the record has flown to its place.
    pub(crate) fn wait_ms(&self, topic: &str, partition: i32) -> u32 {
        let arrivals = self.0.borrow();
        arrivals
            .get(&(topic.to_owned(), partition))
            .copied()
            .unwrap_or(0)
    }
}

/// The log end offset of each partition.
fn ends(scene: &Scene) -> Map<(String, i32), i64> {
    let partitions = scene.topics.iter().flat_map(|topic| {
        topic
            .partitions
            .iter()
            .map(|partition| ((topic.name.clone(), partition.index), partition.end_offset))
    });
    partitions.collect()
}

/// How long a courier needs for its way at least.
const WAY_MS: f64 = 320.0;
