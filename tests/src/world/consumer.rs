//! Consumers that live by themselves: they join, assign, send heartbeats and join again when they are told to.

use ottla_core::interface::{JoinGroupResponse, SyncGroupResponse};
use ottla_core::{
    Broker, ErrorCode, Instant, MemberId, Request, RequestId, Response, TopicPartition,
};

use super::groups::{Assignments, Who, assigned, subscribed};
use super::{Client, World};

/// How long a consumer waits before it asks again what was refused (Kafka's `retry.backoff.ms`).
const RETRY_MS: i64 = 100;

/// A consumer in a group, with the assignor "range".
#[derive(Debug, Clone)]
pub struct Consumer {
    /// Who it takes itself for.
    pub who: Who,
    /// What it reads.
    pub partitions: Vec<TopicPartition>,
    topics: Vec<String>,
    session_timeout_ms: i32,
    rebalance_timeout_ms: i32,
    phase: Phase,
    awaited: Option<RequestId>,
    heartbeat_at: Option<Instant>,
    /// It works on its last records and does not join again before it is done with them; its heartbeats go on.
    busy: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Joining,
    Syncing,
    Reading,
    /// It knows that it has to join again, and is busy.
    Late,
    Fenced,
}

/// A consumer that is about to join.
#[derive(Debug)]
pub struct Joining<'w> {
    world: &'w mut World,
    client: Client,
    consumer: Consumer,
}

impl Joining<'_> {
    /// A static member of this name.
    pub fn instance(mut self, name: &str) -> Self {
        self.consumer.who.instance_id = Some(name.to_owned());
        self
    }

    /// How long it may be silent; it sends a heartbeat in every third of it.
    pub fn session_timeout_ms(mut self, ms: i32) -> Self {
        self.consumer.session_timeout_ms = ms;
        self
    }

    /// How long the others wait for it.
    pub fn rebalance_timeout_ms(mut self, ms: i32) -> Self {
        self.consumer.rebalance_timeout_ms = ms;
        self
    }

    /// It joins.
    pub fn join(self) -> Client {
        let Joining {
            world,
            client,
            consumer,
        } = self;
        world.consumers.insert(client, consumer);
        world.consumer_joins(client);
        world.consumers_act();
        client
    }
}

impl Consumer {
    /// Whether it reads what the present generation gave it, or never will again.
    pub(super) fn is_settled(&self, broker: &Broker) -> bool {
        let group = broker.group(&self.who.group);
        let is_current = group.is_some_and(|group| {
            group.generation_id() == self.who.generation_id && group.state().name() == "Stable"
        });
        match self.phase {
            Phase::Reading => is_current && self.awaited.is_none(),
            Phase::Fenced => true,
            Phase::Joining | Phase::Syncing | Phase::Late => false,
        }
    }

    /// Whether it has its partitions and has not been told to give them back.
    pub fn is_reading(&self) -> bool {
        self.phase == Phase::Reading
    }

    fn next_heartbeat(&self, now: Instant) -> Instant {
        now.plus_ms(i64::from(self.session_timeout_ms / 3))
    }

    pub(super) fn next_moment(&self) -> Option<Instant> {
        self.heartbeat_at.filter(|_| self.awaited.is_none())
    }
}

impl World {
    /// A new client that will be a consumer in a group. Session timeout 6 s, rebalance timeout 60 s.
    pub fn consumer(&mut self, name: &str, group: &str, topics: &[&str]) -> Joining<'_> {
        let client = self.client(name);
        let consumer = Consumer {
            who: Who::newcomer(group),
            partitions: Vec::new(),
            topics: topics.iter().map(|topic| (*topic).to_owned()).collect(),
            session_timeout_ms: 6_000,
            rebalance_timeout_ms: 60_000,
            phase: Phase::Joining,
            awaited: None,
            heartbeat_at: None,
            busy: false,
        };
        Joining {
            world: self,
            client,
            consumer,
        }
    }

    /// The consumers that live.
    pub fn consumers(&self) -> impl Iterator<Item = (Client, &Consumer)> {
        self.consumers
            .iter()
            .map(|(client, found)| (*client, found))
    }

    /// Who a consumer takes itself for.
    ///
    /// # Panics
    /// If it is gone.
    pub fn who(&self, client: Client) -> Who {
        self.consumers[&client].who.clone()
    }

    /// Who reads a partition, as the consumers see it.
    pub fn owner(&self, topic: &str, partition: i32) -> Option<Client> {
        let wanted = TopicPartition {
            topic: topic.into(),
            partition,
        };
        let owner = self
            .consumers
            .iter()
            .find(|(_, consumer)| consumer.is_reading() && consumer.partitions.contains(&wanted));
        owner.map(|(client, _)| *client)
    }

    /// A consumer's process dies, without a word.
    pub fn crash(&mut self, client: Client) {
        self.consumers.remove(&client);
        self.disconnect(client);
    }

    /// A consumer says good-bye.
    ///
    /// # Panics
    /// If it is gone, or the group does not know it.
    pub fn leave(&mut self, client: Client) {
        let consumer = self.consumers.remove(&client).expect("it is there");
        let error = self.send_leave(client, &consumer.who);
        assert_eq!(error, ErrorCode::None);
    }

    /// A consumer is busy with its records and joins no generation meanwhile, or is done with them.
    ///
    /// # Panics
    /// If it is gone.
    pub fn busy(&mut self, client: Client, busy: bool) {
        let consumer = self.consumers.get_mut(&client).expect("it is there");
        consumer.busy = busy;
        if !busy && consumer.phase == Phase::Late {
            self.consumer_joins(client);
            self.consumers_act();
        }
    }

    /// A consumer's connection has closed: it asks again what was not answered.
    pub fn lost_connection(&mut self, client: Client) {
        let Some(consumer) = self.consumers.get_mut(&client) else {
            return;
        };
        if consumer.awaited.take().is_some() && consumer.phase != Phase::Reading {
            self.consumer_joins(client);
        }
    }

    /// Everyone reads the answers that have come, and does what is due.
    pub(super) fn consumers_act(&mut self) {
        let clients: Vec<Client> = self.consumers.keys().copied().collect();
        for client in clients {
            let Some(consumer) = self.consumers.get_mut(&client) else {
                continue;
            };
            match consumer.awaited {
                Some(id) => {
                    if let Some(response) = self.answers.remove(&id) {
                        consumer.awaited = None;
                        self.consumer_hears(client, response);
                    }
                }
                None if consumer.heartbeat_at.is_some_and(|at| at <= self.now.mono) => {
                    consumer.heartbeat_at = Some(consumer.next_heartbeat(self.now.mono));
                    if matches!(consumer.phase, Phase::Joining | Phase::Syncing) {
                        self.consumer_joins(client);
                        continue;
                    }
                    let who = consumer.who.clone();
                    let id = self.send_heartbeat(client, &who);
                    self.awaits(client, id);
                }
                None => {}
            }
        }
    }

    fn awaits(&mut self, client: Client, id: RequestId) {
        if let Some(consumer) = self.consumers.get_mut(&client) {
            consumer.awaited = Some(id);
            if self.answers.contains_key(&id) {
                self.consumers_act();
            }
        }
    }

    fn consumer_joins(&mut self, client: Client) {
        let Some(consumer) = self.consumers.get_mut(&client) else {
            return;
        };
        if consumer.busy {
            consumer.phase = Phase::Late;
            return;
        }
        consumer.phase = Phase::Joining;
        consumer.partitions.clear();
        consumer.heartbeat_at = Some(consumer.next_heartbeat(self.now.mono));
        let consumer = &self.consumers[&client];
        let topics: Vec<&str> = consumer.topics.iter().map(String::as_str).collect();
        let mut request = self.join_request(client, &consumer.who, &topics);
        request.session_timeout_ms = consumer.session_timeout_ms;
        request.rebalance_timeout_ms = consumer.rebalance_timeout_ms;
        let id = self.send(client, Request::JoinGroup(request));
        self.awaits(client, id);
    }

    fn consumer_hears(&mut self, client: Client, response: Response) {
        match response {
            Response::JoinGroup(response) => self.consumer_joined(client, response),
            Response::SyncGroup(response) => self.consumer_synced(client, response),
            Response::Heartbeat(error) => self.consumer_is_told(client, error),
            other => panic!("a consumer asked for no {other:?}"),
        }
    }

    fn consumer_joined(&mut self, client: Client, response: JoinGroupResponse) {
        let Some(consumer) = self.consumers.get_mut(&client) else {
            return;
        };
        match response.error {
            ErrorCode::None => {}
            ErrorCode::MemberIdRequired => {
                consumer.who.member_id = response.member_id;
                return self.consumer_joins(client);
            }
            error => return self.consumer_is_told(client, error),
        }
        consumer.who.member_id = response.member_id;
        consumer.who.generation_id = response.generation_id;
        consumer.phase = Phase::Syncing;
        consumer.heartbeat_at = Some(consumer.next_heartbeat(self.now.mono));
        let who = consumer.who.clone();
        let leads = response.leader == who.member_id && !response.skip_assignment;
        let members = response.members.into_iter();
        let members = members.map(|m| (m.member_id, subscribed(m.metadata)));
        let assignments = if leads {
            range(&self.broker, &members.collect::<Vec<_>>())
        } else {
            Vec::new()
        };
        let id = self.send_sync(client, &who, assignments);
        self.awaits(client, id);
    }

    fn consumer_synced(&mut self, client: Client, response: SyncGroupResponse) {
        if !response.error.is_ok() {
            return self.consumer_is_told(client, response.error);
        }
        let Some(consumer) = self.consumers.get_mut(&client) else {
            return;
        };
        consumer.phase = Phase::Reading;
        consumer.partitions = assigned(response.assignment);
        let names: Vec<String> = consumer.partitions.iter().map(|p| p.to_string()).collect();
        let text = match &names[..] {
            [] => "reads nothing".to_owned(),
            names => format!("reads {}", names.join(", ")),
        };
        let text = format!("{} {text}", self.clients[client.0].name);
        self.story.line(self.now, text);
    }

    /// The answer to a heartbeat, or an error in place of another answer.
    fn consumer_is_told(&mut self, client: Client, error: ErrorCode) {
        let text = format!("{} is told {error}", self.clients[client.0].name);
        let Some(consumer) = self.consumers.get_mut(&client) else {
            return;
        };
        match error {
            ErrorCode::None => return,
            ErrorCode::RebalanceInProgress if consumer.phase == Phase::Late => return,
            ErrorCode::FencedInstanceId => {
                consumer.phase = Phase::Fenced;
                consumer.heartbeat_at = None;
                consumer.partitions.clear();
                return self.story.line(self.now, text);
            }
            ErrorCode::UnknownMemberId => {
                consumer.who.member_id = MemberId::from("");
                consumer.who.generation_id = -1;
                if consumer.busy {
                    consumer.heartbeat_at = None;
                }
            }
            _ => {}
        }
        let is_heartbeat = matches!(consumer.phase, Phase::Reading | Phase::Late);
        if !is_heartbeat {
            consumer.phase = Phase::Joining;
            consumer.heartbeat_at = Some(self.now.mono.plus_ms(RETRY_MS));
        }
        self.story.line(self.now, text);
        if is_heartbeat {
            self.consumer_joins(client);
        }
    }
}

/// Kafka's range assignor: for each topic neighbouring partitions, the first members one more if they do not divide.
fn range(broker: &Broker, members: &[(MemberId, Vec<ottla_core::TopicName>)]) -> Assignments {
    let mut assignments: Assignments = members
        .iter()
        .map(|(member, _)| (member.clone(), Vec::new()))
        .collect();
    assignments.sort();
    for topic in broker.metadata().topics() {
        let mut readers: Vec<_> = assignments
            .iter_mut()
            .filter(|(member, _)| {
                let topics = members.iter().find(|(id, _)| id == member);
                topics.is_some_and(|(_, topics)| topics.contains(&topic.name))
            })
            .collect();
        let count = readers.len().max(1);
        let (each, more) = (
            topic.partitions.len() / count,
            topic.partitions.len() % count,
        );
        let mut indices = 0..;
        for (place, (_, partitions)) in readers.iter_mut().enumerate() {
            let share = indices.by_ref().take(each + usize::from(place < more));
            partitions.extend(share.map(|partition| TopicPartition {
                topic: topic.name.clone(),
                partition,
            }));
        }
    }
    assignments
}
