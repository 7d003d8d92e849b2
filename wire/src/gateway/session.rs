//! Fetch sessions (KIP-227): what a client follows is remembered, so that its requests and our answers tell only what changes.
//!
//! A session is named by its id and by the how many-th request is expected; it belongs to no connection. When there are too many, the one that
//! was used longest ago makes room if it was silent for two minutes; otherwise the client fetches without a session.

use ottla_core::interface::{FetchPartition, FetchRequest, FetchTopic};
use ottla_core::sorted::Map;
use ottla_core::{ErrorCode, Instant, Now, Offset, Timestamp, TopicRef};

use super::fetch::{FetchContext, FoundPartition, FoundTopic};
use crate::api::FetchCall;

/// All sessions.
#[derive(Debug, Clone, Default)]
pub(super) struct FetchSessions {
    sessions: Map<i32, Session>,
    /// 0 before the first one.
    last_id: i32,
}

/// What is to be done with a session when the answer is known.
#[derive(Debug, Clone)]
pub(super) enum SessionUse {
    /// The client wants none.
    None,
    /// The client wants one for these partitions.
    Begin {
        by_id: bool,
        topics: Vec<FetchTopic>,
    },
    /// The client goes on with this one.
    Continue { id: i32 },
}

#[derive(Debug, Clone)]
struct Session {
    /// The epoch of the next request.
    epoch: i32,
    by_id: bool,
    used_at: Instant,
    partitions: Map<(TopicRef, i32), Followed>,
    turns_count: u64,
}

/// A partition of a session.
#[derive(Debug, Clone)]
struct Followed {
    wish: FetchPartition,
    /// What the client was told last.
    told: Option<Told>,
    /// Partitions are read in this order; one that had records goes to the end, so that none starves.
    turn: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Told {
    high_watermark: Offset,
    log_start_offset: Offset,
}

impl FetchSessions {
    /// Makes the whole request out of what the client sends.
    pub(super) fn begin(
        &mut self,
        now: Instant,
        call: FetchCall,
    ) -> Result<(FetchRequest, FetchContext), ErrorCode> {
        let FetchCall {
            max_wait_ms,
            min_bytes,
            max_bytes,
            committed_only,
            session_id,
            session_epoch,
            ..
        } = call;
        let (topics, session) = match session_epoch {
            FINAL_EPOCH | INITIAL_EPOCH => {
                self.sessions.remove(&session_id);
                let session = if session_epoch == INITIAL_EPOCH {
                    SessionUse::Begin {
                        by_id: call.by_id,
                        topics: call.topics.clone(),
                    }
                } else {
                    SessionUse::None
                };
                (call.topics, session)
            }
            _ => {
                let session = self
                    .sessions
                    .get_mut(&session_id)
                    .ok_or(ErrorCode::FetchSessionIdNotFound)?;
                session.advance(now, call)?;
                let topics = session.topics();
                if topics.is_empty() {
                    self.sessions.remove(&session_id);
                    (topics, SessionUse::None)
                } else {
                    (topics, SessionUse::Continue { id: session_id })
                }
            }
        };
        let request = FetchRequest {
            max_wait_ms,
            min_bytes,
            max_bytes,
            topics,
        };
        Ok((
            request,
            FetchContext {
                session,
                committed_only,
            },
        ))
    }

    /// Remembers what the client is told, takes out of the answer what it knows already, and says which session the answer names: 0 for none.
    pub(super) fn end<E>(
        &mut self,
        now: Now,
        session: SessionUse,
        slots_count: usize,
        found: &mut Vec<FoundTopic<E>>,
    ) -> i32 {
        let (now, wall) = (now.mono, now.wall);
        match session {
            SessionUse::None => 0,
            SessionUse::Begin { by_id, topics } => {
                if !self.make_room(now, slots_count) {
                    return 0;
                }
                let mut session = Session::new(now, by_id, topics);
                for (topic, partition) in all(found) {
                    session.tell(topic, partition);
                }
                self.last_id = self.next_id(wall);
                self.sessions.insert(self.last_id, session);
                self.last_id
            }
            SessionUse::Continue { id } => {
                // Removed meanwhile: the client learns it from its next request.
                let Some(session) = self.sessions.get_mut(&id) else {
                    return id;
                };
                for topic in found.iter_mut() {
                    topic
                        .partitions
                        .retain(|partition| session.tell(&topic.topic, partition));
                }
                found.retain(|topic| !topic.partitions.is_empty());
                id
            }
        }
    }

    /// The first id comes from the clock: a client of the broker's last run is to find its session gone, not somebody else's.
    fn next_id(&self, wall: Timestamp) -> i32 {
        match self.last_id {
            0 => (wall.0 & 0x3fff_ffff) as i32 | 1,
            last => last.checked_add(1).unwrap_or(1),
        }
    }

    fn make_room(&mut self, now: Instant, slots_count: usize) -> bool {
        if self.sessions.len() < slots_count {
            return true;
        }
        let oldest = self
            .sessions
            .iter()
            .min_by_key(|(_, session)| session.used_at);
        match oldest.map(|(id, session)| (*id, session.used_at)) {
            Some((id, used_at)) if now - used_at > EVICTION_MICROS => {
                self.sessions.remove(&id).is_some()
            }
            _ => false,
        }
    }
}

impl Session {
    fn new(now: Instant, by_id: bool, topics: Vec<FetchTopic>) -> Session {
        let mut session = Session {
            epoch: 1,
            by_id,
            used_at: now,
            partitions: Map::new(),
            turns_count: 0,
        };
        session.follow(topics);
        session
    }

    /// Checks and takes the next request of the session.
    fn advance(&mut self, now: Instant, call: FetchCall) -> Result<(), ErrorCode> {
        if call.session_epoch != self.epoch {
            return Err(ErrorCode::InvalidFetchSessionEpoch);
        }
        if call.by_id != self.by_id {
            return Err(ErrorCode::FetchSessionTopicIdError);
        }
        self.epoch = self.epoch.checked_add(1).unwrap_or(1);
        self.used_at = now;
        for (topic, partitions) in call.forgotten {
            for partition in partitions {
                self.partitions.remove(&(topic.clone(), partition));
            }
        }
        self.follow(call.topics);
        Ok(())
    }

    fn follow(&mut self, topics: Vec<FetchTopic>) {
        for FetchTopic { topic, partitions } in topics {
            for wish in partitions {
                let key = (topic.clone(), wish.partition);
                match self.partitions.get_mut(&key) {
                    Some(followed) => followed.wish = wish,
                    None => {
                        self.turns_count += 1;
                        self.partitions.insert(
                            key,
                            Followed {
                                wish,
                                told: None,
                                turn: self.turns_count,
                            },
                        );
                    }
                }
            }
        }
    }

    /// Everything that is followed, in its turn.
    fn topics(&self) -> Vec<FetchTopic> {
        let mut partitions: Vec<_> = self.partitions.iter().collect();
        partitions.sort_by_key(|(_, followed)| followed.turn);
        let mut topics: Vec<FetchTopic> = Vec::new();
        for ((topic, _), followed) in partitions {
            match topics.last_mut() {
                Some(last) if last.topic == *topic => last.partitions.push(followed.wish.clone()),
                _ => topics.push(FetchTopic {
                    topic: topic.clone(),
                    partitions: vec![followed.wish.clone()],
                }),
            }
        }
        topics
    }

    /// Whether there is anything about a partition that the client does not know yet; it does from now on.
    fn tell<E>(&mut self, topic: &TopicRef, found: &FoundPartition<E>) -> bool {
        let Some(followed) = self.partitions.get_mut(&(topic.clone(), found.partition)) else {
            return true;
        };
        let told = found.error.is_ok().then_some(Told {
            high_watermark: found.high_watermark,
            log_start_offset: found.log_start_offset,
        });
        let is_news = told.is_none()
            || told != followed.told
            || found.records.is_some()
            || found.diverging_epoch.is_some();
        followed.told = told;
        if found.records.is_some() {
            self.turns_count += 1;
            followed.turn = self.turns_count;
        }
        is_news
    }
}

fn all<E>(found: &[FoundTopic<E>]) -> impl Iterator<Item = (&TopicRef, &FoundPartition<E>)> {
    found.iter().flat_map(|topic| {
        topic
            .partitions
            .iter()
            .map(|partition| (&topic.topic, partition))
    })
}

const FINAL_EPOCH: i32 = -1;
const INITIAL_EPOCH: i32 = 0;
/// Apache Kafka's `min.incremental.fetch.session.eviction.ms`: 2 minutes.
const EVICTION_MICROS: u64 = 120_000_000;
