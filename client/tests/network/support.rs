//! A network joined to a broker in memory. Bytes travel at once, unless a test takes them into its own hands.

use std::collections::VecDeque;

use crate::cluster::Cluster;
use crate::links::{Behaviour, Link, client, take_frame};
use bytes::{BufMut, Bytes, BytesMut};
use ottla_client::network::{
    Arrival, CallError, CallId, Network, NetworkConfig, NetworkEvent, Target,
};
use ottla_client::protocol::{Request, Response};
use ottla_client::{Address, Event, Input, LinkId, LinkInput, LinkOp, Output};
use ottla_core::config::Config;
use ottla_core::sorted::Map;
use ottla_core::{Broker, Instant, MemoryStore, Now, Timestamp};
use ottla_wire::{Answer, Call, Gateway, Outbox, decode};

/// A client's network, the brokers, and the links between them.
pub(crate) struct Net {
    pub(crate) network: Network,
    pub(crate) now: Now,
    pub(crate) arrived: Vec<Arrival>,
    pub(crate) events: Vec<Event>,
    /// Addresses that answer; all others refuse.
    pub(crate) listening: Map<Address, Behaviour>,
    /// The most bytes that are delivered at once.
    pub(crate) piece_bytes: usize,
    /// Every link breaks when it has delivered so many bytes, as often as said.
    pub(crate) breaks: VecDeque<usize>,
    /// What made-up brokers say.
    pub(crate) cluster: Cluster,
    /// Answers of made-up brokers are kept back.
    pub(crate) hold_answers: bool,
    held: Vec<(LinkId, Bytes)>,
    /// How many bytes each link has delivered.
    delivered: Map<LinkId, usize>,
    gateway: Gateway<MemoryStore>,
    config: NetworkConfig,
    links: Map<LinkId, Link>,
    out: Vec<Output>,
}

pub(crate) const BROKER: &str = "broker.test:9092";

pub(crate) fn address(text: &str) -> Address {
    text.parse().expect("an address")
}

impl Net {
    pub(crate) fn new() -> Net {
        Net::with(NetworkConfig::new(vec![address(BROKER)]))
    }

    pub(crate) fn with(config: NetworkConfig) -> Net {
        let (broker, _) = Config::from_properties([("auto.create.topics.enable", "false")])
            .expect("a configuration");
        let mut broker = Broker::new(broker, 7);
        let now = Now {
            mono: Instant(0),
            wall: Timestamp(1_700_000_000_000),
        };
        broker.started(now, &mut Vec::new());
        Net {
            network: Network::new(config.clone(), 1, 5),
            now,
            arrived: Vec::new(),
            events: Vec::new(),
            listening: Map::from([(address(BROKER), Behaviour::Serve)]),
            piece_bytes: usize::MAX,
            breaks: VecDeque::new(),
            cluster: Cluster::of(&[]),
            hold_answers: false,
            held: Vec::new(),
            delivered: Map::new(),
            gateway: Gateway::new(broker, MemoryStore::new()),
            config,
            links: Map::new(),
            out: Vec::new(),
        }
    }

    /// Replaces the broker by made-up ones.
    pub(crate) fn serve(&mut self, cluster: Cluster) {
        let brokers = cluster.brokers.values();
        self.listening = brokers
            .map(|at| (address(at), Behaviour::Cluster))
            .collect();
        self.cluster = cluster;
    }

    /// A new client that knows nothing yet; what was logged is forgotten.
    pub(crate) fn restart_client(&mut self) {
        self.network = Network::new(self.config.clone(), 2, 5);
        self.events.clear();
        self.delivered.clear();
    }

    pub(crate) fn request(&mut self, to: Target, request: impl Into<Request>) -> CallId {
        let call = self
            .network
            .request(self.now, to, request.into(), &mut self.out);
        self.carry();
        call
    }

    /// Does something to the network, and carries what comes of it.
    pub(crate) fn act(&mut self, act: impl FnOnce(&mut Network, Now, &mut Vec<Output>)) {
        act(&mut self.network, self.now, &mut self.out);
        self.carry();
    }

    /// Asks, and lets time pass until there is an answer.
    pub(crate) fn ask<R>(&mut self, to: Target, request: impl Into<Request>) -> Result<R, CallError>
    where
        R: TryFrom<Response>,
    {
        let call = self.request(to, request);
        self.wait_for(call).map(|response| {
            R::try_from(response)
                .ok()
                .expect("an answer of the right kind")
        })
    }

    pub(crate) fn wait_for(&mut self, call: CallId) -> Result<Response, CallError> {
        self.arrival(call).result
    }

    /// What became of a call, with who has answered.
    pub(crate) fn arrival(&mut self, call: CallId) -> Arrival {
        loop {
            let arrived = &mut self.arrived;
            if let Some(index) = arrived.iter().position(|arrival| arrival.call == call) {
                return arrived.remove(index);
            }
            let next = self.next_deadline().expect("something is waited for");
            self.pass_until(next);
        }
    }

    fn next_deadline(&self) -> Option<Instant> {
        self.network
            .next_deadline()
            .into_iter()
            .chain(self.gateway.next_deadline())
            .min()
    }

    pub(crate) fn pass_ms(&mut self, ms: i64) {
        let end = self.now.mono.plus_ms(ms);
        while let Some(next) = self.next_deadline().filter(|next| *next <= end) {
            self.pass_until(next);
        }
        self.pass_until(end);
    }

    fn pass_until(&mut self, moment: Instant) {
        let moment = moment.max(self.now.mono);
        let passed_ms = (moment - self.now.mono) / 1000;
        self.now = Now {
            mono: moment,
            wall: Timestamp(self.now.wall.0 + passed_ms as i64),
        };
        let mut outbox = Outbox::default();
        self.gateway.tick(self.now, &mut outbox);
        let inputs = self.answers(&mut outbox);
        for input in inputs.into_iter().chain([Input::Tick]) {
            self.handle(input);
        }
        self.carry();
    }

    fn handle(&mut self, input: Input) {
        self.network
            .handle(self.now, input, &mut self.arrived, &mut self.out);
    }

    /// Carries bytes to and fro until nothing moves any more.
    fn carry(&mut self) {
        while !self.out.is_empty() {
            for output in std::mem::take(&mut self.out) {
                match output {
                    Output::Link(op) => self.operate(op),
                    Output::Event(event) => self.events.push(event),
                    Output::Delivered(_) => {}
                }
            }
        }
    }

    fn operate(&mut self, op: LinkOp) {
        match op {
            LinkOp::Connect(id, address) => match self.listening.get(&address).cloned() {
                None => self.handle(Input::Link(LinkInput::Closed(
                    id,
                    "connection refused".into(),
                ))),
                Some(behaviour) => {
                    let link = Link {
                        behaviour,
                        connection: self.gateway.connect(client(&address)),
                        sent: BytesMut::new(),
                        breaks_after: self.breaks.pop_front(),
                    };
                    self.links.insert(id, link);
                    self.handle(Input::Link(LinkInput::Connected(id)));
                }
            },
            LinkOp::Send(id, bytes) => self.send(id, bytes),
            LinkOp::Close(id) => {
                self.unlink(id);
            }
        }
    }

    fn unlink(&mut self, id: LinkId) -> bool {
        let Some(link) = self.links.remove(&id) else {
            return false;
        };
        self.gateway
            .disconnect(self.now, link.connection, &mut Outbox::default());
        true
    }

    /// The other side ends a link.
    pub(crate) fn cut(&mut self, id: LinkId) {
        if self.unlink(id) {
            self.handle(Input::Link(LinkInput::Closed(
                id,
                "connection reset".into(),
            )));
            self.carry();
        }
    }

    pub(crate) fn open_links(&self) -> Vec<LinkId> {
        self.links.keys().copied().collect()
    }

    fn send(&mut self, id: LinkId, bytes: Bytes) {
        let Some(link) = self.links.get_mut(&id) else {
            return;
        };
        match &link.behaviour {
            Behaviour::Silent => {}
            Behaviour::HangUp => self.cut(id),
            Behaviour::OnlyVersions if bytes.get(4..6) != Some(&API_VERSIONS) => self.cut(id),
            Behaviour::Say(words) => {
                let words = words.clone();
                self.deliver(id, words);
            }
            Behaviour::Cluster => {
                link.sent.put(bytes);
                while let Some(frame) = self
                    .links
                    .get_mut(&id)
                    .and_then(|link| take_frame(&mut link.sent))
                {
                    match self.cluster.answer(frame) {
                        Some(answer) if self.hold_answers => self.held.push((id, answer)),
                        Some(answer) => self.deliver(id, answer),
                        None => {}
                    }
                }
            }
            Behaviour::Serve | Behaviour::OnlyVersions => {
                link.sent.put(bytes);
                let connection = link.connection;
                let mut outbox = Outbox::default();
                while let Some(frame) = self
                    .links
                    .get_mut(&id)
                    .and_then(|link| take_frame(&mut link.sent))
                {
                    let call =
                        decode(frame, &client(&address(BROKER))).unwrap_or_else(|_| Call::close());
                    self.gateway
                        .receive(self.now, connection, call, &mut outbox);
                }
                for input in self.answers(&mut outbox) {
                    self.handle(input);
                }
            }
        }
    }

    fn answers(&mut self, outbox: &mut Outbox<Vec<Bytes>>) -> Vec<Input> {
        let mut inputs = Vec::new();
        for (connection, answer) in outbox.drain() {
            let found = self
                .links
                .iter()
                .find(|(_, link)| link.connection == connection);
            let Some((id, _)) = found else { continue };
            let id = *id;
            match answer {
                Answer::Frame(frame) => inputs.extend(self.pieces(id, frame.into_bytes())),
                Answer::Nothing => {}
                Answer::Close => {
                    self.links.remove(&id);
                    inputs.push(Input::Link(LinkInput::Closed(
                        id,
                        "closed by the broker".into(),
                    )));
                }
            }
        }
        inputs
    }

    /// Changes one of the answers that are held; the size in front is made to fit.
    pub(crate) fn spoil_held(&mut self, index: usize, spoil: impl FnOnce(&mut Vec<u8>)) {
        let mut answer = self.held[index].1.to_vec();
        spoil(&mut answer);
        let size = answer.len() as u32 - 4;
        answer[..4].copy_from_slice(&size.to_be_bytes());
        self.held[index].1 = answer.into();
    }

    /// Lets go what was held, and holds nothing more.
    pub(crate) fn release_answers(&mut self) {
        self.hold_answers = false;
        for (id, answer) in std::mem::take(&mut self.held) {
            self.deliver(id, answer);
        }
        self.carry();
    }

    /// How many bytes each link has delivered, in the order in which they were made.
    pub(crate) fn delivered_bytes(&self) -> Vec<usize> {
        self.delivered.values().copied().collect()
    }

    fn deliver(&mut self, id: LinkId, bytes: Bytes) {
        for input in self.pieces(id, bytes) {
            self.handle(input);
        }
    }

    /// Bytes as the client sees them, in pieces; and the end of the link, if it breaks there.
    fn pieces(&mut self, id: LinkId, mut bytes: Bytes) -> Vec<Input> {
        let mut inputs = Vec::new();
        let Some(link) = self.links.get_mut(&id) else {
            return inputs;
        };
        *self.delivered.entry(id).or_default() += bytes.len();
        let breaks = link.breaks_after.is_some_and(|left| left <= bytes.len());
        if let Some(left) = link.breaks_after.as_mut() {
            bytes.truncate(*left);
            *left -= bytes.len();
        }
        while !bytes.is_empty() {
            let piece = bytes.split_to(bytes.len().min(self.piece_bytes));
            inputs.push(Input::Link(LinkInput::Received(id, piece)));
        }
        if breaks {
            self.unlink(id);
            inputs.push(Input::Link(LinkInput::Closed(
                id,
                "connection reset".into(),
            )));
        }
        inputs
    }

    /// The events of the network as log lines.
    pub(crate) fn log(&mut self) -> String {
        let lines = self.events.drain(..).map(|event| format!("{event}\n"));
        lines.collect()
    }

    pub(crate) fn connects_count(&self) -> usize {
        let connecting =
            |event: &&Event| matches!(event, Event::Network(NetworkEvent::Connecting { .. }));
        self.events.iter().filter(connecting).count()
    }
}

/// The key of ApiVersions, as it stands behind a frame's size.
const API_VERSIONS: [u8; 2] = [0, 18];
