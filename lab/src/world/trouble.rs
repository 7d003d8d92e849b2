//! What goes wrong, and how well things go otherwise.

use ottla_client::LinkId;

use super::{World, at};
use crate::action::ActionError;
use crate::links::{Conditions, Direction};

impl World {
    /// What all links are like from now on. What is on its way arrives as it would have.
    pub fn set_conditions(&mut self, conditions: Conditions) {
        self.tell(format!("{conditions:?}"));
        self.links.conditions = conditions;
    }

    /// A client's links break, and both ends hear of it.
    pub fn break_links(&mut self, client: u32) {
        self.tell(format!("the links of client {client} break"));
        self.break_now(client);
    }

    pub(super) fn cut(&mut self, name: &str) -> Result<(), ActionError> {
        let client = self.alive(name)?;
        self.break_now(client);
        Ok(())
    }

    fn break_now(&mut self, client: u32) {
        for owner in self.owners_of(client) {
            self.links.break_all_of(self.now, owner, &mut self.random);
        }
    }

    /// Nothing arrives on a client's present links any more, and neither end is told.
    pub fn deaden_links(&mut self, client: u32) {
        self.tell(format!("the links of client {client} are dead"));
        for owner in self.owners_of(client) {
            self.links.deaden_all_of(owner);
        }
    }

    pub(super) fn owners_of(&self, client: u32) -> Vec<u32> {
        let resident = self.people.get(client);
        resident
            .map(|resident| resident.owners.clone())
            .unwrap_or_default()
    }

    /// Plans that a client's link, counted from 1, breaks when so many bytes have gone in one direction.
    pub fn plan_break(
        &mut self,
        client: u32,
        serial: u32,
        direction: Direction,
        after_bytes: usize,
    ) {
        let link = LinkId {
            owner: client,
            serial,
        };
        self.links.plan_break(link, direction, after_bytes);
    }

    /// How many bytes a client's link, counted from 1, has carried.
    pub fn carried_bytes(&self, client: u32, serial: u32, direction: Direction) -> usize {
        let link = LinkId {
            owner: client,
            serial,
        };
        self.links.carried_bytes(link, direction)
    }

    /// A client's process stands still until it is [thawed](Self::thaw).
    pub fn freeze(&mut self, client: u32) {
        self.tell(format!("client {client} stands still"));
        self.with(client, |resident, now, _| resident.freeze(now));
    }

    /// A client's process goes on.
    pub fn thaw(&mut self, client: u32) {
        self.tell(format!("client {client} goes on"));
        self.with(client, |resident, now, out| resident.thaw(now, out));
    }

    /// The broker's process stands still until it is [thawed](Self::thaw_broker).
    pub fn freeze_broker(&mut self) {
        self.tell("the broker stands still".into());
        self.server.freeze(self.now());
    }

    /// The broker's process goes on.
    pub fn thaw_broker(&mut self) {
        self.tell("the broker goes on".into());
        self.server.thaw(at(self.now), &mut self.answers);
        self.carry_answers();
    }

    /// The broker's process ends, in order or killed. What it has stored stays.
    pub fn stop_broker(&mut self, is_orderly: bool) {
        let how = if is_orderly { "stops" } else { "is killed" };
        self.tell(format!("the broker {how}"));
        let now = self.now();
        self.server.stop(now, is_orderly, &mut self.answers);
        self.carry_answers();
    }

    /// The broker starts on what it has stored.
    pub fn start_broker(&mut self) {
        self.tell("the broker starts".into());
        self.server.start(at(self.now));
    }
}
