//! Stories of groups, on a bench: a coordinator, a clock, a log that writes at once or when it is told to.

mod failures;
mod members;
mod model;
mod offsets;
mod rebalances;
mod restarts;
mod statics;

use std::collections::VecDeque;

use bytes::Bytes;

use super::*;
use crate::config::Config;
use crate::interface::*;
use crate::sorted::Map;
use crate::{ConnectionId, Instant, MemberId, Offset, Timers, Timestamp, TopicRef, Uuid};

const GROUP: &str = "project";
const SESSION_TIMEOUT_MS: i32 = 6_000;
const REBALANCE_TIMEOUT_MS: i32 = 60_000;

/// The topics of the bench, each with its partitions.
#[derive(Debug, Clone)]
struct Named(Map<TopicName, i32>);

impl Topics for Named {
    fn resolve(&self, topic: &TopicRef) -> Result<(TopicName, Uuid, i32), ErrorCode> {
        let TopicRef::Name(name) = topic else {
            return Err(ErrorCode::UnknownTopicId);
        };
        let count = self.0.get(name).ok_or(ErrorCode::UnknownTopicOrPartition)?;
        Ok((name.clone(), Uuid([1; 16]), *count))
    }
}

#[derive(Debug, Clone)]
struct Bench {
    coordinator: Coordinator,
    config: Config,
    topics: Named,
    now: Now,
    timers: Timers,
    requests_count: u64,
    replies: Map<RequestId, Response>,
    events: Vec<Event>,
    /// Writes that are on their way.
    writes: VecDeque<Write>,
    /// Whether writes are confirmed at once.
    stores: bool,
    /// Everything that was stored.
    log: Vec<(Bytes, Option<Bytes>)>,
}

impl Bench {
    fn new() -> Self {
        Self::with(Config::default())
    }

    fn configured(properties: &[(&str, &str)]) -> Self {
        let (config, _) =
            Config::from_properties(properties.iter().copied()).expect("a configuration");
        Self::with(config)
    }

    fn with(config: Config) -> Self {
        let topics = [("orders", 3), ("payments", 1)];
        Self {
            coordinator: Coordinator::new(1),
            config,
            topics: Named(topics.map(|(name, count)| (name.into(), count)).into()),
            now: Now {
                mono: Instant(1_000_000),
                wall: Timestamp(1_700_000_000_000),
            },
            timers: Timers::default(),
            requests_count: 0,
            replies: Map::new(),
            events: Vec::new(),
            writes: VecDeque::new(),
            stores: true,
            log: Vec::new(),
        }
    }

    fn act(&mut self, work: impl FnOnce(&mut Coordinator, Now, &World<'_>, &mut Effects)) {
        let mut fx = Effects::default();
        let world = World {
            metadata: &self.topics,
            config: &self.config,
        };
        work(&mut self.coordinator, self.now, &world, &mut fx);
        for (timer, at) in fx.timers {
            match at {
                Some(at) => self.timers.set(timer, at),
                None => self.timers.cancel(&timer),
            }
        }
        self.events.extend(fx.events);
        for (id, response) in fx.replies {
            let earlier = self.replies.insert(id, response);
            assert!(earlier.is_none(), "{id:?} is answered twice");
        }
        self.writes.extend(fx.writes);
        if self.stores {
            self.store_all();
        }
    }

    fn store_all(&mut self) {
        while let Some(write) = self.writes.pop_front() {
            self.log.extend(write.records);
            self.act(|coordinator, now, world, fx| coordinator.written(now, write.id, world, fx));
        }
    }

    fn fail_all(&mut self) {
        while let Some(write) = self.writes.pop_back() {
            self.act(|coordinator, now, world, fx| {
                coordinator.write_failed(now, write.id, world, fx)
            });
        }
    }

    fn send(&mut self, request: GroupRequest) -> RequestId {
        self.requests_count += 1;
        let id = RequestId {
            connection: ConnectionId(1),
            sequence: self.requests_count,
        };
        self.act(|coordinator, now, world, fx| coordinator.handle(now, id, request, world, fx));
        id
    }

    fn ask(&mut self, request: GroupRequest) -> Response {
        let id = self.send(request);
        self.answer(id)
    }

    fn answer(&mut self, id: RequestId) -> Response {
        self.replies.remove(&id).expect("an answer")
    }

    fn is_parked(&self, id: RequestId) -> bool {
        !self.replies.contains_key(&id)
    }

    fn joined(&mut self, id: RequestId) -> JoinGroupResponse {
        match self.answer(id) {
            Response::JoinGroup(response) => response,
            other => panic!("{other:?}"),
        }
    }

    fn synced(&mut self, id: RequestId) -> SyncGroupResponse {
        match self.answer(id) {
            Response::SyncGroup(response) => response,
            other => panic!("{other:?}"),
        }
    }

    /// Lets time pass, firing what is due on the way.
    fn advance(&mut self, ms: i64) {
        let end = self.now.mono.plus_ms(ms);
        let wall = self.now.wall.0 + ms;
        while let Some((at, _)) = self.timers.next().filter(|(at, _)| *at <= end) {
            self.now.wall.0 += i64::try_from((at - self.now.mono) / 1000).expect("a short time");
            self.now.mono = self.now.mono.max(at);
            let timer = self.timers.pop_due(at).expect("a due timer");
            self.act(|coordinator, now, world, fx| coordinator.timer(now, &timer, world, fx));
        }
        self.now = Now {
            mono: end,
            wall: Timestamp(wall),
        };
    }

    fn group(&self) -> &Group {
        self.coordinator.group(GROUP).expect("the group")
    }

    fn state(&self) -> &'static str {
        self.coordinator
            .group(GROUP)
            .map_or("none", |group| group.state().name())
    }

    /// A member of a stable group, from first contact to its assignment: its name is its client's. Everyone else must be told to join again.
    fn member(&mut self, client: &str) -> MemberId {
        let id = self.id_for(client);
        let join = self.send(join(client, &id));
        assert_eq!(self.joined(join).error, ErrorCode::None);
        id
    }

    /// An id from the handshake.
    fn id_for(&mut self, client: &str) -> MemberId {
        let first = self.send(join(client, ""));
        let first = self.joined(first);
        assert_eq!(first.error, ErrorCode::MemberIdRequired);
        first.member_id
    }

    /// A stable group of these members; the first is the leader. Each is assigned its own name.
    fn stable(&mut self, clients: &[&str]) -> Vec<MemberId> {
        let ids: Vec<MemberId> = clients.iter().map(|client| self.id_for(client)).collect();
        // The first join begins the group; with all of them known, the last one completes each generation.
        for _ in 0..2 {
            for (client, id) in clients.iter().zip(&ids) {
                self.send(join(client, id));
            }
        }
        self.replies.clear();
        self.assign();
        ids
    }

    /// Everyone asks for their assignment, the leader last.
    fn assign(&mut self) {
        let group = self.group();
        let generation_id = group.generation_id();
        let leader = group.leader().expect("a leader").clone();
        let members: Vec<Member> = group.members().cloned().collect();
        let assignments: Vec<_> = members
            .iter()
            .map(|m| (m.id.clone(), Bytes::from(m.client_id.clone())))
            .collect();
        for member in &members {
            let is_leader = member.id == leader;
            if !is_leader {
                self.send(sync(&member.id, generation_id, Vec::new()));
            }
        }
        self.send(sync(&leader, generation_id, assignments));
        self.replies.clear();
    }

    fn heartbeat(&mut self, member: &MemberId) -> ErrorCode {
        let generation_id = self
            .coordinator
            .group(GROUP)
            .map_or(0, Group::generation_id);
        self.heartbeat_of(member, generation_id, None)
    }

    fn heartbeat_of(
        &mut self,
        member: &MemberId,
        generation_id: i32,
        instance_id: Option<&str>,
    ) -> ErrorCode {
        let request = HeartbeatRequest {
            group: GROUP.into(),
            generation_id,
            member_id: member.clone(),
            instance_id: instance_id.map(str::to_owned),
        };
        match self.ask(GroupRequest::Heartbeat(request)) {
            Response::Heartbeat(error) => error,
            other => panic!("{other:?}"),
        }
    }

    fn leave(&mut self, member: &str, instance_id: Option<&str>) -> ErrorCode {
        let request = LeaveGroupRequest {
            group: GROUP.into(),
            members: vec![LeavingMember {
                member_id: member.into(),
                instance_id: instance_id.map(str::to_owned),
                reason: None,
            }],
        };
        match self.ask(GroupRequest::Leave(request)) {
            Response::LeaveGroup(response) if response.error.is_ok() => response.members[0].1,
            Response::LeaveGroup(response) => response.error,
            other => panic!("{other:?}"),
        }
    }

    fn commit(
        &mut self,
        member: &str,
        generation_id: i32,
        partition: i32,
        offset: i64,
    ) -> ErrorCode {
        let id = self.send(commit(member, generation_id, partition, offset));
        self.committed(id)
    }

    fn committed(&mut self, id: RequestId) -> ErrorCode {
        match self.answer(id) {
            Response::CommitOffsets(response) => response.topics[0].1[0].1,
            other => panic!("{other:?}"),
        }
    }

    fn offset(&self, partition: i32) -> Option<i64> {
        let group = self.coordinator.group(GROUP)?;
        group
            .offsets()
            .committed("orders", partition)
            .map(|committed| committed.offset.0)
    }

    /// The same log, read by another coordinator.
    fn restart(&self) -> Self {
        let mut next = Self {
            topics: self.topics.clone(),
            now: self.now,
            log: self.log.clone(),
            ..Self::with(self.config.clone())
        };
        for (key, value) in &self.log {
            next.coordinator
                .replay(key, value.as_deref())
                .expect("a record");
        }
        next.act(|coordinator, now, world, fx| coordinator.loaded(now, world, fx));
        next
    }

    /// What happened since the last look, a line each.
    fn story(&mut self) -> String {
        let lines: Vec<String> = self
            .events
            .drain(..)
            .map(|event| event.to_string())
            .collect();
        lines.join("\n")
    }
}

/// A consumer's subscription to one topic.
fn subscription(topic: &str) -> Bytes {
    let length = u8::try_from(topic.len()).expect("a short name");
    let head = [0, 0, 0, 0, 0, 1, 0, length];
    [&head[..], topic.as_bytes(), &[0xff; 4]].concat().into()
}

fn join_request(client: &str, member: &str) -> JoinGroupRequest {
    JoinGroupRequest {
        group: GROUP.into(),
        member_id: member.into(),
        instance_id: None,
        client_id: client.to_owned(),
        client_host: "/127.0.0.1".to_owned(),
        session_timeout_ms: SESSION_TIMEOUT_MS,
        rebalance_timeout_ms: REBALANCE_TIMEOUT_MS,
        protocol_type: "consumer".to_owned(),
        protocols: vec![("range".to_owned(), subscription("orders"))],
        reason: None,
        require_known_member_id: true,
        supports_skipping_assignment: true,
    }
}

fn join(client: &str, member: &str) -> GroupRequest {
    GroupRequest::Join(join_request(client, member))
}

fn sync(member: &str, generation_id: i32, assignments: Vec<(MemberId, Bytes)>) -> GroupRequest {
    GroupRequest::Sync(SyncGroupRequest {
        group: GROUP.into(),
        generation_id,
        member_id: member.into(),
        instance_id: None,
        protocol_type: Some("consumer".to_owned()),
        protocol_name: None,
        assignments,
    })
}

fn commit(member: &str, generation_id: i32, partition: i32, offset: i64) -> GroupRequest {
    GroupRequest::CommitOffsets(CommitOffsetsRequest {
        group: GROUP.into(),
        generation_id,
        member_id: member.into(),
        instance_id: None,
        retention_ms: None,
        topics: vec![(
            TopicRef::Name("orders".into()),
            vec![OffsetToCommit {
                partition,
                offset: Offset(offset),
                leader_epoch: None,
                metadata: None,
            }],
        )],
    })
}
