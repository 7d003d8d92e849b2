//! What is on its way between clients and the broker, and what becomes of it.

mod records;
mod tap;

use std::collections::VecDeque;

use bytes::Bytes;
use ottla_client::random::Random;
use ottla_client::{Address, LinkId, LinkInput, LinkOp};
use ottla_core::Instant;
use ottla_core::sorted::Map;

use crate::server::{FromLink, ToLink};
pub(crate) use tap::Tap;

/// What the way between a client and the broker is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Conditions {
    /// How long a byte is on its way, in microseconds.
    pub latency_us: u64,
    /// And up to how much longer at times, in microseconds. Bytes keep their order.
    pub jitter_us: u64,
    /// How many bytes go through in a second; `None`: as many as there are.
    pub bytes_per_s: Option<u64>,
    /// The largest piece in which bytes arrive; `None`: as they were sent.
    pub piece_max_bytes: Option<usize>,
    /// How many of a million pieces meet a link that has just broken.
    pub breaks_per_million: u64,
}

/// Which way bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// Requests.
    ToBroker,
    /// Answers.
    ToClient,
}

/// All links of a world, and what is on its way on them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Links {
    pub(crate) conditions: Conditions,
    links: Map<LinkId, Link>,
    /// Links that will break when so many bytes have gone this way.
    planned: Map<(LinkId, Direction), usize>,
    /// How many bytes have gone, also on links that are no more.
    carried_bytes: Map<(LinkId, Direction), usize>,
    /// Links that are no more, oldest first: the newest few are still known.
    ended: VecDeque<LinkId>,
    on_the_way: Map<(Instant, u64), Parcel>,
    parcels_count: u64,
    pub(crate) tap: Tap,
}

#[derive(Debug, Clone, Default)]
struct Link {
    to_broker: Pipe,
    to_client: Pipe,
    /// Nothing arrives any more, and nobody is told.
    is_dead: bool,
}

#[derive(Debug, Clone, Copy, Default)]
struct Pipe {
    /// When what was sent last arrives: nothing overtakes it.
    last_arrival: Instant,
}

/// What arrives at one end of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Parcel {
    ToBroker(FromLink),
    ToClient(LinkInput),
}

impl Parcel {
    fn link(&self) -> LinkId {
        match self {
            Self::ToBroker(
                FromLink::Opened(link, _) | FromLink::Bytes(link, _) | FromLink::Closed(link),
            ) => *link,
            Self::ToClient(input) => input.link(),
        }
    }
}

impl Links {
    pub(crate) fn next_arrival(&self) -> Option<Instant> {
        self.on_the_way.first_key_value().map(|((at, _), _)| *at)
    }

    /// What arrives now.
    pub(crate) fn take_due(&mut self, now: Instant) -> Option<Parcel> {
        loop {
            self.next_arrival().filter(|at| *at <= now)?;
            let (_, parcel) = self.on_the_way.pop_first()?;
            let is_dead = self
                .links
                .get(&parcel.link())
                .is_some_and(|link| link.is_dead);
            if !is_dead {
                return Some(parcel);
            }
        }
    }

    /// What a client wants done.
    pub(crate) fn operate(
        &mut self,
        now: Instant,
        op: LinkOp,
        is_listening: bool,
        random: &mut Random,
    ) {
        match op {
            LinkOp::Connect(id, address) => self.connect(now, id, address, is_listening, random),
            LinkOp::Send(id, bytes) => self.send(now, id, Direction::ToBroker, bytes, random),
            LinkOp::Close(id) => self.close(now, id, Direction::ToBroker, random),
        }
    }

    /// What the broker wants done.
    pub(crate) fn answer(&mut self, now: Instant, what: ToLink, random: &mut Random) {
        match what {
            ToLink::Bytes(id, bytes) => self.send(now, id, Direction::ToClient, bytes, random),
            ToLink::Close(id) => self.close(now, id, Direction::ToClient, random),
        }
    }

    fn connect(
        &mut self,
        now: Instant,
        id: LinkId,
        address: Address,
        is_listening: bool,
        random: &mut Random,
    ) {
        self.links.insert(id, Link::default());
        if is_listening {
            self.put(
                now,
                id,
                Parcel::ToBroker(FromLink::Opened(id, address)),
                0,
                random,
            );
            self.put(
                now,
                id,
                Parcel::ToClient(LinkInput::Connected(id)),
                0,
                random,
            );
        } else {
            let refused = LinkInput::Closed(id, "connection refused".into());
            self.put(now, id, Parcel::ToClient(refused), 0, random);
            self.links.remove(&id);
        }
    }

    fn send(
        &mut self,
        now: Instant,
        id: LinkId,
        direction: Direction,
        mut bytes: Bytes,
        random: &mut Random,
    ) {
        while !bytes.is_empty() && self.links.contains_key(&id) {
            let most = self.conditions.piece_max_bytes.map_or(bytes.len(), |most| {
                1 + random.below(most.max(1) as u64) as usize
            });
            let mut piece = bytes.split_to(most.min(bytes.len()));
            let carried_bytes = self.carried_bytes.entry((id, direction)).or_default();
            let planned = self.planned.get(&(id, direction));
            let left = planned.map(|planned| planned.saturating_sub(*carried_bytes));
            let is_planned = left.is_some_and(|left| left <= piece.len());
            let breaks = is_planned || random.below(1_000_000) < self.conditions.breaks_per_million;
            piece.truncate(left.unwrap_or(usize::MAX));
            *carried_bytes += piece.len();
            let size_bytes = piece.len();
            if size_bytes > 0 {
                let parcel = match direction {
                    Direction::ToBroker => Parcel::ToBroker(FromLink::Bytes(id, piece.clone())),
                    Direction::ToClient => Parcel::ToClient(LinkInput::Received(id, piece.clone())),
                };
                let arrives_at = self.put(now, id, parcel, size_bytes, random);
                self.tap.carried(now, arrives_at, id, direction, &piece);
            }
            if breaks {
                self.break_now(now, id, random);
            }
        }
    }

    /// One end closes; the other hears of it behind what was sent before.
    fn close(&mut self, now: Instant, id: LinkId, direction: Direction, random: &mut Random) {
        if !self.links.contains_key(&id) {
            return;
        }
        let parcel = match direction {
            Direction::ToBroker => Parcel::ToBroker(FromLink::Closed(id)),
            Direction::ToClient => {
                Parcel::ToClient(LinkInput::Closed(id, "closed by the broker".into()))
            }
        };
        self.put(now, id, parcel, 0, random);
        // Whoever has closed hears nothing more.
        self.on_the_way.retain(|_, parcel| {
            let is_for_closer = match parcel {
                Parcel::ToClient(_) => direction == Direction::ToBroker,
                Parcel::ToBroker(_) => direction == Direction::ToClient,
            };
            parcel.link() != id || !is_for_closer
        });
        self.tap.ended(id, Some(direction));
        self.remove_unless_dead(id);
    }

    /// A link breaks; both ends hear of it behind what is on its way to them.
    pub(crate) fn break_now(&mut self, now: Instant, id: LinkId, random: &mut Random) {
        if self.links.contains_key(&id) {
            self.put(now, id, Parcel::ToBroker(FromLink::Closed(id)), 0, random);
            let reset = LinkInput::Closed(id, "connection reset".into());
            self.put(now, id, Parcel::ToClient(reset), 0, random);
            self.tap.ended(id, None);
            self.remove_unless_dead(id);
        }
    }

    /// Nothing is sent on a link that is closed. A dead one is kept, for what is on its way there must not arrive.
    fn remove_unless_dead(&mut self, id: LinkId) {
        if self.links.get(&id).is_some_and(|link| !link.is_dead) {
            self.links.remove(&id);
            self.ended.push_back(id);
        }
        if self.ended.len() > ENDED_KEPT
            && let Some(oldest) = self.ended.pop_front()
        {
            for direction in [Direction::ToBroker, Direction::ToClient] {
                self.carried_bytes.remove(&(oldest, direction));
                self.planned.remove(&(oldest, direction));
            }
        }
    }

    /// Plans that a link breaks when so many bytes have gone in one direction. It need not be there yet.
    pub(crate) fn plan_break(&mut self, id: LinkId, direction: Direction, after_bytes: usize) {
        self.planned.insert((id, direction), after_bytes);
    }

    pub(crate) fn break_all_of(&mut self, now: Instant, owner: u32, random: &mut Random) {
        for id in self.of(owner) {
            self.break_now(now, id, random);
        }
    }

    /// Nothing arrives on these links any more, and neither end is told: what a network does that drops packets.
    pub(crate) fn deaden_all_of(&mut self, owner: u32) {
        for id in self.of(owner) {
            if let Some(link) = self.links.get_mut(&id) {
                link.is_dead = true;
            }
        }
    }

    /// How many bytes a link has carried.
    pub(crate) fn carried_bytes(&self, id: LinkId, direction: Direction) -> usize {
        let carried_bytes = self.carried_bytes.get(&(id, direction));
        carried_bytes.copied().unwrap_or(0)
    }

    fn of(&self, owner: u32) -> Vec<LinkId> {
        let links = self.links.keys().filter(|id| id.owner == owner);
        links.copied().collect()
    }

    /// Puts something on its way; says when it arrives.
    fn put(
        &mut self,
        now: Instant,
        id: LinkId,
        parcel: Parcel,
        size_bytes: usize,
        random: &mut Random,
    ) -> Instant {
        let conditions = self.conditions;
        let transmission_us = conditions.bytes_per_s.map_or(0, |rate| {
            (size_bytes as u64).saturating_mul(1_000_000) / rate.max(1)
        });
        let way_us = conditions.latency_us + random.below(conditions.jitter_us + 1);
        let direction = match parcel {
            Parcel::ToBroker(_) => Direction::ToBroker,
            Parcel::ToClient(_) => Direction::ToClient,
        };
        let mut at = now + way_us;
        if let Some(link) = self.links.get_mut(&id) {
            let pipe = link.pipe(direction);
            at = at.max(pipe.last_arrival) + transmission_us;
            pipe.last_arrival = at;
        }
        self.parcels_count += 1;
        self.on_the_way.insert((at, self.parcels_count), parcel);
        at
    }
}

impl Link {
    fn pipe(&mut self, direction: Direction) -> &mut Pipe {
        match direction {
            Direction::ToBroker => &mut self.to_broker,
            Direction::ToClient => &mut self.to_client,
        }
    }
}

/// Of how many links that have ended is known what they carried.
const ENDED_KEPT: usize = 256;
