//! Those who live in a world beside the broker.

use std::sync::Arc;

use ottla_client::consumer::{Consumer, ConsumerConfig};
use ottla_client::producer::{Delivery, Producer, ProducerConfig};
use ottla_client::{LinkId, LinkInput, Output};
use ottla_core::sorted::{Map, Set};
use ottla_core::{Instant, Now};

use super::World;
use crate::app::{Journal, Processed, Sent};
use crate::resident::{Client, Resident};
use crate::server::ToLink;

/// Residents by their numbers, and whose links are whose.
#[derive(Debug, Clone, Default)]
pub(super) struct People {
    residents: Map<u32, Arc<Resident>>,
    /// Which resident an owner of links is.
    owners: Map<u32, u32>,
    /// When residents are to be looked after.
    due: Set<(Instant, u32)>,
    /// How many numbers have been given away, to residents and to owners of links.
    numbers_count: u32,
}

impl World {
    /// Those who live here, in the order in which they came; also those that have crashed or left, until they are removed.
    pub fn residents(&self) -> impl Iterator<Item = &Resident> {
        self.people.residents.values().map(Arc::as_ref)
    }

    /// The resident of this name.
    pub fn resident(&self, name: &str) -> Option<&Resident> {
        self.residents().find(|resident| &*resident.name == name)
    }

    /// The number of the resident of this name.
    pub fn client(&self, name: &str) -> Option<u32> {
        let mut residents = self.people.residents.iter();
        let found = residents.find(|(_, resident)| &*resident.name == name);
        found.map(|(number, _)| *number)
    }

    /// The name of the resident whose links have this owner.
    pub fn name_of(&self, owner: u32) -> Option<&Arc<str>> {
        let resident = self.people.residents.get(self.people.owners.get(&owner)?)?;
        Some(&resident.name)
    }

    /// What a consumer has worked on; `None` if there is no consumer of this name.
    pub fn journal(&self, consumer: &str) -> Option<&Journal<Processed>> {
        Some(self.resident(consumer)?.as_consumer()?.journal())
    }

    /// What a producer has sent, and what became of it; `None` if there is no producer of this name.
    pub fn deliveries(&self, producer: &str) -> Option<&Journal<Sent>> {
        Some(self.resident(producer)?.as_producer()?.deliveries())
    }

    /// Adds a producer without an application, which is told where the broker is. Its number comes back.
    pub fn add_producer(&mut self, name: &str, mut config: ProducerConfig) -> u32 {
        config.network.bootstrap = vec![Self::address()];
        let (owner, seed) = (self.people.next_number(), self.random.next_u64());
        let producer = Producer::new(config, owner, seed);
        self.settle(name, vec![owner], Client::Producer(Box::new(producer)))
    }

    /// Adds a consumer without an application, which is told where the broker is. Its number comes back.
    pub fn add_consumer(&mut self, name: &str, mut config: ConsumerConfig) -> u32 {
        config.network.bootstrap = vec![Self::address()];
        let (owner, seed) = (self.people.next_number(), self.random.next_u64());
        let consumer = Consumer::new(config, owner, seed);
        self.settle(name, vec![owner], Client::Consumer(Box::new(consumer)))
    }

    /// Lets someone live here, whose links have these owners. The first of them is the resident's number.
    pub(super) fn settle(&mut self, name: &str, owners: Vec<u32>, client: Client) -> u32 {
        let number = owners[0];
        for owner in &owners {
            self.people.owners.insert(*owner, number);
        }
        let resident = Resident::new(name, owners, client);
        self.introduce(&resident);
        self.people.residents.insert(number, Arc::new(resident));
        self.people.reschedule(number);
        number
    }

    /// Tells those who look at the links whose they are.
    pub(super) fn introduce(&mut self, resident: &Resident) {
        let counts_itself = !resident.is_opaque();
        for owner in &resident.owners {
            let name = resident.name.clone();
            self.links.tap.introduce(*owner, name, counts_itself);
        }
    }

    /// A client ends without a word: its links close, and it is forgotten.
    pub fn kill(&mut self, client: u32) {
        if let Some(resident) = self.people.get(client) {
            self.tell(format!("{} is killed", resident.name));
            self.end_process(client);
            self.people.remove(client);
        }
    }

    /// There is no process any more: the system closes its links.
    pub(super) fn end_process(&mut self, client: u32) {
        let now = self.now();
        if let Some(resident) = self.people.get_mut(client) {
            resident.die(now);
            for owner in resident.owners.clone() {
                self.links.break_all_of(self.now, owner, &mut self.random);
            }
            self.people.reschedule(client);
        }
    }

    /// A producer, to be looked at.
    ///
    /// # Panics
    /// If there is no such producer.
    pub fn producer(&self, client: u32) -> &Producer {
        let producer = self.people.get(client).and_then(Resident::producer);
        producer.unwrap_or_else(|| panic!("client {client} is no producer"))
    }

    /// A consumer, to be looked at.
    ///
    /// # Panics
    /// If there is no such consumer.
    pub fn consumer(&self, client: u32) -> &Consumer {
        let consumer = self.people.get(client).and_then(Resident::consumer);
        consumer.unwrap_or_else(|| panic!("client {client} is no consumer"))
    }

    /// Has a producer without an application do something.
    ///
    /// # Panics
    /// If there is no such producer.
    pub fn with_producer<R>(
        &mut self,
        client: u32,
        act: impl FnOnce(&mut Producer, Now, &mut Vec<Output>) -> R,
    ) -> R {
        let result = self.with(client, |resident, now, out| match &mut resident.client {
            Client::Producer(producer) => act(producer, now, out),
            _ => panic!("client {client} is no producer"),
        });
        result.unwrap_or_else(|| panic!("there is no client {client}"))
    }

    /// Has a consumer without an application do something.
    ///
    /// # Panics
    /// If there is no such consumer.
    pub fn with_consumer<R>(
        &mut self,
        client: u32,
        act: impl FnOnce(&mut Consumer, Now, &mut Vec<Output>) -> R,
    ) -> R {
        let result = self.with(client, |resident, now, out| match &mut resident.client {
            Client::Consumer(consumer) => act(consumer, now, out),
            _ => panic!("client {client} is no consumer"),
        });
        result.unwrap_or_else(|| panic!("there is no client {client}"))
    }

    /// What a producer without an application has been told of its records since this was last asked.
    pub fn take_deliveries(&mut self, client: u32) -> Vec<Delivery> {
        let resident = self.people.get_mut(client);
        resident
            .map(|resident| std::mem::take(&mut resident.deliveries))
            .unwrap_or_default()
    }
}

impl People {
    pub(super) fn next_number(&mut self) -> u32 {
        self.numbers_count += 1;
        self.numbers_count
    }

    pub(super) fn get(&self, client: u32) -> Option<&Resident> {
        self.residents.get(&client).map(Arc::as_ref)
    }

    pub(super) fn get_mut(&mut self, client: u32) -> Option<&mut Resident> {
        self.residents.get_mut(&client).map(Arc::make_mut)
    }

    /// A process that is started again has other links.
    pub(super) fn set_owners(&mut self, client: u32, owners: Vec<u32>) {
        self.owners.retain(|_, of| *of != client);
        for owner in &owners {
            self.owners.insert(*owner, client);
        }
        if let Some(resident) = self.get_mut(client) {
            resident.owners = owners;
        }
    }

    pub(super) fn remove(&mut self, client: u32) {
        if let Some(resident) = self.residents.remove(&client) {
            self.due.retain(|(_, due)| *due != client);
            for owner in &resident.owners {
                self.owners.remove(owner);
            }
        }
    }

    /// Who it is for.
    pub(super) fn of(&self, input: &LinkInput) -> Option<u32> {
        self.owners.get(&input.link().owner).copied()
    }

    pub(super) fn next_due(&self) -> Option<Instant> {
        self.due.first().map(|(at, _)| *at)
    }

    /// Who is to be looked after by now, in the order of their numbers.
    pub(super) fn due(&self, now: Instant) -> Set<u32> {
        let due = self.due.iter().take_while(|(at, _)| *at <= now);
        due.map(|(_, client)| *client).collect()
    }

    pub(super) fn who_is_due(&self, now: Instant) -> Vec<&str> {
        let due = self.due(now);
        let residents = due.iter().filter_map(|client| self.get(*client));
        residents.map(|resident| &*resident.name).collect()
    }

    pub(super) fn reschedule(&mut self, client: u32) {
        let Some(resident) = self.residents.get_mut(&client) else {
            return;
        };
        let due = resident.next_deadline();
        if due != resident.due {
            if let Some(before) = resident.due {
                self.due.remove(&(before, client));
            }
            self.due.extend(due.map(|at| (at, client)));
            Arc::make_mut(resident).due = due;
        }
    }

    /// The link of an answer that is to be lost.
    pub(super) fn loses(&mut self, answer: &ToLink) -> Option<LinkId> {
        let ToLink::Bytes(link, bytes) = answer else {
            return None;
        };
        let client = *self.owners.get(&link.owner)?;
        let resident = self.residents.get_mut(&client)?;
        resident.as_producer()?;
        Arc::make_mut(resident)
            .loses_answer(*link, bytes)
            .then_some(*link)
    }
}
