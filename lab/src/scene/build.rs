//! From a world to what there is to see.

use super::clients::{consumers, producers};
use super::flights::flights;
use super::groups::groups;
use super::logs::topics;
use super::programs;
use super::{BrokerView, Scene};
use crate::World;

impl Scene {
    /// What there is to see in a world now.
    pub fn of(world: &World) -> Self {
        let server = &world.server;
        let now = world.now().mono;
        let groups = groups(world);
        Self {
            at: now,
            broker: BrokerView {
                id: server.broker().config().node_id,
                life: server.life(),
            },
            topics: topics(world),
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
