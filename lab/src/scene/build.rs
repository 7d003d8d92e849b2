//! From a world to what there is to see.

use super::clients::{consumers, producers};
use super::flights::flights;
use super::groups::groups;
use super::logs::{Shown, topics};
use super::programs;
use super::{BrokerView, Scene};
use crate::World;

/// Works out one scene after the other of a world that goes on, and of the records only what is new.
///
/// It is for one life of one world: of another one, or of one that was set back, or to which something was done in its past, have another.
#[derive(Debug, Clone, Default)]
pub struct Onlooker {
    shown: Shown,
}

impl Onlooker {
    /// What there is to see in the world now.
    pub fn look(&mut self, world: &World) -> Scene {
        Scene::seen(world, &mut self.shown)
    }
}

impl Scene {
    /// What there is to see in a world now.
    pub fn of(world: &World) -> Self {
        Self::seen(world, &mut Shown::default())
    }

    fn seen(world: &World, shown: &mut Shown) -> Self {
        let server = &world.server;
        let now = world.now().mono;
        let groups = groups(world);
        Self {
            at: now,
            broker: BrokerView {
                id: server.broker().config().node_id,
                life: server.life(),
            },
            topics: topics(world, shown),
            producers: [producers(world), programs::producers(world)].concat(),
            consumers: [
                consumers(world, &groups),
                programs::consumers(world, &groups),
            ]
            .concat(),
            flights: flights(world),
            groups,
        }
    }
}
