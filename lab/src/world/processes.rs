//! Clients' processes: started, ended, told to do something.

use ottla_client::Output;
use ottla_core::{Now, TopicPartition};

use super::World;
use super::checks::refuse;
use crate::action::{
    ActionError, ConsumerSettings, FailurePolicy, LIMITS, ProducerSettings, SeekTo,
};
use crate::app::{ConsumerApp, Identity, Order, ProducerApp};
use crate::resident::{Client, Resident};
use crate::scene::Life;

impl World {
    pub(super) fn start_producer(
        &mut self,
        name: &str,
        settings: &ProducerSettings,
    ) -> Result<(), ActionError> {
        self.make_room(name, "producers", LIMITS.producers_count, |resident| {
            resident.as_producer().is_some()
        })?;
        self.make_room_for_topic(&settings.topic)?;
        let config = settings.to_config(name)?;
        let (owner, seed) = (self.people.next_number(), self.random.next_u64());
        let app = ProducerApp::new(settings.clone(), config, owner, seed, self.now);
        self.settle(name, vec![owner], Client::ProducerApp(Box::new(app)));
        Ok(())
    }

    pub(super) fn start_consumer(
        &mut self,
        name: &str,
        settings: &ConsumerSettings,
    ) -> Result<(), ActionError> {
        self.make_room(name, "consumers", LIMITS.consumers_count, |resident| {
            resident.as_consumer().is_some()
        })?;
        self.make_room_for_group(settings.group.as_deref())?;
        for topic in &settings.topics {
            self.make_room_for_topic(topic)?;
        }
        if let FailurePolicy::Park(topic) = &settings.on_poison {
            self.make_room_for_topic(topic)?;
        }
        let config = settings.to_config(name)?;
        let partitions = self.partitions_to_assign(settings)?;
        let identity = self.next_identity();
        let app = ConsumerApp::new(name, settings.clone(), config, identity)?;
        let owners = vec![identity.owner, identity.parker_owner];
        let client = self.settle(name, owners, Client::ConsumerApp(Box::new(app)));
        self.begin_to_read(client, partitions);
        Ok(())
    }

    fn begin_to_read(&mut self, client: u32, partitions: Vec<TopicPartition>) {
        self.with(client, |resident, now, out| {
            if let Client::ConsumerApp(app) = &mut resident.client {
                app.begin(now, partitions, out);
            }
        });
    }

    pub(super) fn crash(&mut self, name: &str) -> Result<(), ActionError> {
        let client = self.alive(name)?;
        self.end_process(client);
        Ok(())
    }

    pub(super) fn freeze_client(&mut self, name: &str) -> Result<(), ActionError> {
        let client = self.running(name)?;
        self.with(client, |resident, now, _| resident.freeze(now));
        Ok(())
    }

    pub(super) fn thaw_client(&mut self, name: &str) -> Result<(), ActionError> {
        let client = self.alive(name)?;
        match self.people.get(client).map(Resident::life) {
            Some(Life::Frozen(_)) => {
                self.with(client, |resident, now, out| resident.thaw(now, out));
                Ok(())
            }
            _ => refuse(format!(
                "{name} does not stand still: `freeze {name}` first"
            )),
        }
    }

    pub(super) fn leave(&mut self, name: &str) -> Result<(), ActionError> {
        let client = self.running(name)?;
        self.with(client, |resident, now, out| resident.leave(now, out));
        Ok(())
    }

    pub(super) fn restart(&mut self, name: &str) -> Result<(), ActionError> {
        let client = self.ended(name)?;
        let settings = (self.people.get(client))
            .and_then(Resident::as_consumer)
            .map(|app| app.settings().clone());
        let partitions = match &settings {
            Some(settings) => self.partitions_to_assign(settings)?,
            None => Vec::new(),
        };
        let identity = self.next_identity();
        if self.program(name).is_none() {
            let owners = vec![identity.owner, identity.parker_owner];
            self.people.set_owners(client, owners);
        }
        if let Some(resident) = self.people.get(client).cloned() {
            self.introduce(&resident);
        }
        self.with(client, |resident, now, _| resident.restart(identity, now));
        self.begin_to_read(client, partitions);
        Ok(())
    }

    pub(super) fn send(&mut self, producer: &str, order: &Order) -> Result<(), ActionError> {
        if let Some(topic) = &order.topic {
            self.make_room_for_topic(topic)?;
        }
        self.with_producer_app(producer, |app, now, out| app.send(now, order, out))
    }

    /// The next answer to a producer's records will be lost.
    pub(super) fn lose_answer(&mut self, name: &str) -> Result<(), ActionError> {
        let client = self.running(name)?;
        let resident = self.people.get(client);
        if resident.and_then(Resident::as_producer).is_none() {
            return refuse(format!(
                "{name} is no producer: only answers to records are lost"
            ));
        }
        self.with(client, |resident, _, _| resident.is_losing_answer = true);
        Ok(())
    }

    pub(super) fn seek(
        &mut self,
        consumer: &str,
        partition: &TopicPartition,
        to: SeekTo,
    ) -> Result<(), ActionError> {
        self.own_partitions(consumer, std::slice::from_ref(partition))?;
        self.with_consumer_app(consumer, |app, now, out| app.seek(now, partition, to, out))
    }

    pub(super) fn commit(&mut self, consumer: &str) -> Result<(), ActionError> {
        let has_group = (self.resident(consumer))
            .and_then(Resident::as_consumer)
            .is_none_or(|app| app.settings().group.is_some());
        match has_group {
            true => self.with_consumer_app(consumer, |app, now, out| app.commit(now, out)),
            false => refuse(format!(
                "{consumer} has no group, and so nobody who keeps its offsets: start it with group=..."
            )),
        }
    }

    pub(super) fn with_producer_app(
        &mut self,
        name: &str,
        act: impl FnOnce(&mut ProducerApp, Now, &mut Vec<Output>),
    ) -> Result<(), ActionError> {
        let client = self.running(name)?;
        let found = self.with(client, |resident, now, out| match &mut resident.client {
            Client::ProducerApp(app) => {
                act(app, now, out);
                Ok(())
            }
            _ => refuse(format!("{name} is no producer")),
        });
        found.unwrap_or(Ok(()))
    }

    pub(super) fn with_consumer_app(
        &mut self,
        name: &str,
        act: impl FnOnce(&mut ConsumerApp, Now, &mut Vec<Output>),
    ) -> Result<(), ActionError> {
        let client = self.running(name)?;
        let found = self.with(client, |resident, now, out| match &mut resident.client {
            Client::ConsumerApp(app) => {
                act(app, now, out);
                Ok(())
            }
            _ => refuse(format!("{name} is no consumer")),
        });
        found.unwrap_or(Ok(()))
    }

    /// These partitions if the consumer reads them; all that it reads if none is named.
    pub(super) fn own_partitions(
        &self,
        consumer: &str,
        named: &[TopicPartition],
    ) -> Result<Vec<TopicPartition>, ActionError> {
        let client = self.running(consumer)?;
        let Some(app) = self.people.get(client).and_then(Resident::as_consumer) else {
            return refuse(format!("{consumer} is no consumer"));
        };
        let own = app.consumer().assignment();
        if let Some(stranger) = named.iter().find(|partition| !own.contains(partition)) {
            let own: Vec<String> = own.iter().map(TopicPartition::to_string).collect();
            return refuse(match own.is_empty() {
                true => format!("{consumer} does not read {stranger}: it reads nothing now"),
                false => format!(
                    "{consumer} does not read {stranger}: it reads {}",
                    own.join(", ")
                ),
            });
        }
        match named.is_empty() {
            true => Ok(own.into_iter().collect()),
            false => Ok(named.to_vec()),
        }
    }

    /// What a consumer without a group reads: all partitions that there are now.
    fn partitions_to_assign(
        &self,
        settings: &ConsumerSettings,
    ) -> Result<Vec<TopicPartition>, ActionError> {
        if settings.group.is_some() {
            return Ok(Vec::new());
        }
        let mut partitions = Vec::new();
        for topic in &settings.topics {
            let Some(found) = self.broker().metadata().topic(topic) else {
                return refuse(format!(
                    "there is no topic {topic} to read without a group: `topic {topic}` first"
                ));
            };
            let count = i32::try_from(found.partitions.len()).unwrap_or(i32::MAX);
            partitions.extend((0..count).map(|partition| TopicPartition {
                topic: topic.as_str().into(),
                partition,
            }));
        }
        Ok(partitions)
    }

    fn next_identity(&mut self) -> Identity {
        Identity {
            owner: self.people.next_number(),
            parker_owner: self.people.next_number(),
            seed: self.random.next_u64(),
        }
    }
}
