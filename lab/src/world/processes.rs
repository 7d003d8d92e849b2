//! Clients' processes: started, ended, told to do something.

use std::sync::Arc;

use ottla_client::Output;
use ottla_core::{Now, TopicPartition};

use super::World;
use super::terminal::TERMINAL;
use crate::action::{
    ActionError, ConsumerSettings, FailurePolicy, LIMITS, ProducerSettings, SeekTo,
};
use crate::app::{ConsumerApp, Identity, ProducerApp};
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

    /// Starts a program, or starts it again with another source.
    pub(super) fn run_code(&mut self, name: &str, source: &Arc<str>) -> Result<(), ActionError> {
        match self.client(name) {
            Some(client) if self.program(name).is_some() => {
                self.restart_program(client, Some(source.clone()));
            }
            _ => {
                self.make_room(name, "programs", LIMITS.programs_count, |resident| {
                    self.program(resident.name()).is_some()
                })?;
                self.add_program(name, source.clone());
            }
        }
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

    /// A name that nobody has, and room for one more of the kind.
    fn make_room(
        &self,
        name: &str,
        kind: &str,
        most_count: usize,
        is_of_kind: impl Fn(&Resident) -> bool,
    ) -> Result<(), ActionError> {
        if RESERVED.contains(&name) {
            return refuse(format!(
                "{name} cannot be a client's name: choose another one"
            ));
        }
        if self.resident(name).is_some() {
            return refuse(format!(
                "there is a client named {name} already: choose another name"
            ));
        }
        let there_count = self.residents().filter(|one| is_of_kind(one)).count();
        match there_count < most_count {
            true => Ok(()),
            false => refuse(format!(
                "{most_count} {kind} are the limit: `remove` one that has ended"
            )),
        }
    }

    fn make_room_for_group(&self, group: Option<&str>) -> Result<(), ActionError> {
        let consumers = self.residents().filter_map(Resident::as_consumer);
        let groups = consumers.filter_map(|app| app.settings().group.as_deref());
        let groups: std::collections::BTreeSet<&str> = groups.collect();
        match group {
            Some(group) if !groups.contains(group) && groups.len() >= LIMITS.groups_count => {
                refuse(format!("{} groups are the limit", LIMITS.groups_count))
            }
            _ => Ok(()),
        }
    }

    /// Whoever uses a topic that is not there may make the broker create it.
    pub(super) fn make_room_for_topic(&self, name: &str) -> Result<(), ActionError> {
        let topics = self
            .broker()
            .metadata()
            .topics()
            .filter(|topic| !topic.is_internal());
        let is_there = self.broker().metadata().topic(name).is_some();
        match is_there || topics.count() < LIMITS.topics_count {
            true => Ok(()),
            false => refuse(format!(
                "{} topics are the limit: `delete-topic` one that is not needed",
                LIMITS.topics_count
            )),
        }
    }

    /// A client whose process runs.
    pub(super) fn running(&self, name: &str) -> Result<u32, ActionError> {
        let client = self.alive(name)?;
        match self.people.get(client).map(Resident::life) {
            Some(Life::Frozen(_)) => {
                refuse(format!("{name} stands still: `thaw {name}` lets it go on"))
            }
            Some(Life::Left(_)) => refuse(format!("{name} is about to leave")),
            _ => Ok(client),
        }
    }

    /// A client with a process, also one that stands still.
    pub(super) fn alive(&self, name: &str) -> Result<u32, ActionError> {
        let (client, resident) = self.known(name)?;
        match resident.life() {
            _ if resident.is_alive() => Ok(client),
            Life::Crashed(_) => refuse(format!(
                "{name} has crashed: `restart {name}` starts it again"
            )),
            _ => refuse(format!("{name} has left: `restart {name}` starts it again")),
        }
    }

    /// A client without a process.
    pub(super) fn ended(&self, name: &str) -> Result<u32, ActionError> {
        let (client, resident) = self.known(name)?;
        match (resident.is_alive(), resident.life()) {
            (false, _) => Ok(client),
            (true, Life::Left(_)) => refuse(format!("{name} is about to leave: let time pass")),
            (true, _) => refuse(format!(
                "{name} is there: `crash {name}` or `leave {name}` first"
            )),
        }
    }

    fn known(&self, name: &str) -> Result<(u32, &Resident), ActionError> {
        let known = self.client(name).filter(|_| name != TERMINAL);
        let known = known.and_then(|client| Some((client, self.people.get(client)?)));
        known.ok_or_else(|| {
            let names = self.residents().map(|one| &*one.name);
            let names: Vec<&str> = names.filter(|name| *name != TERMINAL).collect();
            ActionError(match names.is_empty() {
                true => {
                    format!("there is no client named {name}: `producer` or `consumer` adds one")
                }
                false => format!(
                    "there is no client named {name}: there are {}",
                    names.join(", ")
                ),
            })
        })
    }
}

pub(super) fn refuse<T>(why: String) -> Result<T, ActionError> {
    Err(ActionError(why))
}

/// Names of others in the log.
const RESERVED: &[&str] = &["broker", "world", TERMINAL];
