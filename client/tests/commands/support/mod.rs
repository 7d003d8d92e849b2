//! A broker in memory, with commands and questions played against it in virtual time.

mod stock;

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::{Buf, BufMut, Bytes, BytesMut};
use ottla_client::admin::{Admin, AdminConfig, Answered, AskError, Question};
use ottla_client::command::{Program, ProgramInput, ProgramOutput};
use ottla_client::{Address, Input, LinkId, LinkInput, LinkOp, Output};
use ottla_core::config::Config;
use ottla_core::sorted::Map;
use ottla_core::{Broker, ConnectionId, Instant, MemoryStore, Now, Timestamp, TopicPartition};
use ottla_wire::{Answer, Call, Client, Endpoint, Gateway, Outbox, decode};

/// Where the broker listens; all other addresses refuse.
pub(crate) const BROKER: &str = "broker.test:9092";

/// The broker, the links to it, and the clock.
pub(crate) struct World {
    pub(crate) now: Now,
    /// Files that programs may read.
    pub(crate) files: Map<String, Bytes>,
    /// Until when the broker refuses connections.
    pub(crate) away_until: Instant,
    /// How many requests the broker answers by closing the link.
    pub(crate) hang_ups: usize,
    /// What the broker says in place of an answer, as someone who is no broker.
    pub(crate) babble: Option<Bytes>,
    /// What is typed, in pieces; then standard input is at its end.
    pub(crate) stdin: VecDeque<Bytes>,
    /// ctrl-C is pressed when nothing else happens before this moment.
    pub(crate) interrupt_at: Option<Instant>,
    gateway: Gateway<MemoryStore>,
    links: Map<LinkId, Link>,
    /// News of links that nobody has heard yet.
    news: VecDeque<LinkInput>,
    correlation_id: i32,
}

struct Link {
    connection: ConnectionId,
    sent: BytesMut,
}

/// What became of a program.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Played {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) exit: u8,
}

impl World {
    pub(crate) fn new() -> World {
        let (config, _) = Config::from_properties([("auto.create.topics.enable", "false")])
            .expect("a configuration");
        let mut broker = Broker::new(config, 7);
        let now = Now {
            mono: Instant(0),
            wall: Timestamp(1_700_000_000_000),
        };
        broker.started(now, &mut Vec::new());
        World {
            now,
            files: Map::new(),
            away_until: Instant(0),
            hang_ups: 0,
            babble: None,
            stdin: VecDeque::new(),
            interrupt_at: None,
            gateway: Gateway::new(broker, MemoryStore::new()),
            links: Map::new(),
            news: VecDeque::new(),
            correlation_id: 0,
        }
    }

    /// Asks as an admin of its own.
    pub(crate) fn ask<Q: Question>(&mut self, question: Q) -> Result<Q::Answer, AskError> {
        let bootstrap = vec![BROKER.parse().expect("an address")];
        self.ask_with(AdminConfig::new(bootstrap), question)
    }

    pub(crate) fn ask_with<Q: Question>(
        &mut self,
        config: AdminConfig,
        question: Q,
    ) -> Result<Q::Answer, AskError> {
        let mut admin = Admin::new(config, 9, 5);
        let mut out = Vec::new();
        let mut answered: Vec<Answered> = Vec::new();
        admin.ask(self.now, Arc::new(question), &mut out);
        loop {
            for output in std::mem::take(&mut out) {
                if let Output::Link(op) = output {
                    self.operate(op);
                }
            }
            if let Some(answer) = answered.pop() {
                admin.close(&mut out);
                for output in out {
                    if let Output::Link(op) = output {
                        self.operate(op);
                    }
                }
                self.news.clear();
                return answer.to::<Q>().expect("the answer to the question");
            }
            let input = match self.news.pop_front() {
                Some(news) => Input::Link(news),
                None => {
                    self.pass_until(admin.next_deadline());
                    Input::Tick
                }
            };
            admin.handle(self.now, input, &mut answered, &mut out);
        }
    }

    /// Plays a program to its end.
    pub(crate) fn play(&mut self, mut program: Program) -> Played {
        let mut played = Played {
            stdout: String::new(),
            stderr: String::new(),
            exit: 0,
        };
        let mut inputs = VecDeque::from([ProgramInput::Start]);
        loop {
            let input = match (inputs.pop_front(), self.news.pop_front()) {
                (Some(input), news) => {
                    self.news.extend(news);
                    input
                }
                (None, Some(news)) => ProgramInput::Link(news),
                (None, None) => self.what_comes_next(&program),
            };
            let mut out = Vec::new();
            program.handle(self.now, input, &mut out);
            for output in out {
                match output {
                    ProgramOutput::Link(op) => self.operate(op),
                    ProgramOutput::Stdout(text) => played.stdout += &readable(&text),
                    ProgramOutput::Stderr(text) => played.stderr += &readable(&text),
                    ProgramOutput::ReadFile(path) => {
                        let file = self.files.get(&path).cloned();
                        let contents = file.ok_or_else(|| "no such file".to_owned());
                        inputs.push_back(ProgramInput::File { path, contents });
                    }
                    ProgramOutput::Event(_) => {}
                    ProgramOutput::Exit(code) => {
                        played.exit = code;
                        return played;
                    }
                }
            }
        }
    }

    /// How many links are open.
    pub(crate) fn links_count(&self) -> usize {
        self.links.len()
    }

    fn operate(&mut self, op: LinkOp) {
        match op {
            LinkOp::Connect(id, address)
                if address.to_string() == BROKER && self.now.mono >= self.away_until =>
            {
                let connection = self.gateway.connect(client());
                let sent = BytesMut::new();
                self.links.insert(id, Link { connection, sent });
                self.news.push_back(LinkInput::Connected(id));
            }
            LinkOp::Connect(id, _) => {
                let why = "connection refused".to_owned();
                self.news.push_back(LinkInput::Closed(id, why));
            }
            LinkOp::Send(id, bytes) => self.receive(id, bytes),
            LinkOp::Close(id) => {
                if let Some(link) = self.links.remove(&id) {
                    let mut outbox = Outbox::default();
                    self.gateway
                        .disconnect(self.now, link.connection, &mut outbox);
                    self.hand_out(&mut outbox);
                }
            }
        }
    }

    fn receive(&mut self, id: LinkId, bytes: Bytes) {
        if let Some(babble) = &self.babble {
            let babble = babble.clone();
            self.news.push_back(LinkInput::Received(id, babble));
            return;
        }
        if self.hang_ups > 0 {
            self.hang_ups -= 1;
            self.operate(LinkOp::Close(id));
            let why = "connection reset".to_owned();
            self.news.push_back(LinkInput::Closed(id, why));
            return;
        }
        let Some(link) = self.links.get_mut(&id) else {
            return;
        };
        link.sent.put(bytes);
        let mut outbox = Outbox::default();
        while let Some(frame) = take_frame(&mut link.sent) {
            let call = decode(frame, &client()).unwrap_or_else(|_| Call::close());
            self.gateway
                .receive(self.now, link.connection, call, &mut outbox);
        }
        self.hand_out(&mut outbox);
    }

    pub(crate) fn pass_until(&mut self, moment: Option<Instant>) {
        let next = moment.into_iter().chain(self.gateway.next_deadline());
        let next = next.min().expect("something is waited for");
        let next = next.max(self.now.mono);
        let passed_ms = (next - self.now.mono) / 1000;
        self.now = Now {
            mono: next,
            wall: Timestamp(self.now.wall.0 + passed_ms as i64),
        };
        let mut outbox = Outbox::default();
        self.gateway.tick(self.now, &mut outbox);
        self.hand_out(&mut outbox);
    }

    fn hand_out(&mut self, outbox: &mut Outbox<Vec<Bytes>>) {
        for (connection, answer) in outbox.drain() {
            let mut links = self.links.iter();
            let Some((id, _)) = links.find(|(_, link)| link.connection == connection) else {
                continue;
            };
            let id = *id;
            match answer {
                Answer::Frame(frame) => {
                    let bytes = frame.into_bytes();
                    self.news.push_back(LinkInput::Received(id, bytes));
                }
                Answer::Nothing => {}
                Answer::Close => {
                    self.links.remove(&id);
                    let why = "closed by the broker".to_owned();
                    self.news.push_back(LinkInput::Closed(id, why));
                }
            }
        }
    }
}

pub(crate) fn address(text: &str) -> Address {
    text.parse().expect("an address")
}

pub(crate) fn partition(topic: &str, partition: i32) -> TopicPartition {
    let topic = topic.into();
    TopicPartition { topic, partition }
}

fn readable(text: &Bytes) -> String {
    String::from_utf8(text.to_vec()).expect("text")
}

fn client() -> Client {
    Client {
        host: "/127.0.0.1".into(),
        broker_address: Endpoint {
            host: "broker.test".into(),
            port: 9092,
        },
    }
}

fn take_frame(sent: &mut BytesMut) -> Option<Bytes> {
    let size = sent.get(..4)?.try_into().expect("four bytes");
    let size = i32::from_be_bytes(size) as usize;
    (sent.len() >= 4 + size).then(|| {
        sent.advance(4);
        sent.split_to(size).freeze()
    })
}
