//! A program's process, as the world sees it.

use std::sync::Arc;

use ottla_client::{LinkId, LinkInput, LinkOp, Output};
use ottla_core::Instant;
use ottla_core::sorted::Set;

use super::{Answer, CodeInput, CodeOp, End, Key, Print, Printed, Question, TURNS_MAX, Turn};
use crate::World;

/// A program's process: what it is, what has come for it, when its next turn is.
#[derive(Debug, Clone)]
pub struct Program {
    owner: u32,
    source: Arc<str>,
    seed: u64,
    /// Everything that it was told and has answered.
    key: Key,
    /// What has come since, and when. What comes at the very moment of a turn is for the next one.
    inbox: Vec<(Instant, CodeInput)>,
    due: Option<Instant>,
    /// The answer to the next turn, if it is in.
    answer: Option<(Key, Arc<Answer>)>,
    turns_count: u32,
    end: Option<(Instant, End)>,
    /// Sockets that are open or being opened, as the program counts them.
    sockets: Set<u32>,
    /// Links of earlier lives: a socket's link is counted behind them.
    links_count: u32,
    /// The highest number that a socket has had in this life.
    last_socket: u32,
    prints: Vec<Print>,
    /// The group that it has asked to join last.
    group: Option<String>,
}

impl Program {
    /// A program whose first turn is next.
    pub(crate) fn new(now: Instant, owner: u32, source: Arc<str>, seed: u64) -> Self {
        Self {
            owner,
            key: Key::start(&source, seed),
            source,
            seed,
            inbox: Vec::new(),
            due: Some(now + 1),
            answer: None,
            turns_count: 0,
            end: None,
            sockets: Set::new(),
            links_count: 0,
            last_socket: 0,
            prints: Vec::new(),
            group: None,
        }
    }

    /// What it is made of.
    pub fn source(&self) -> &Arc<str> {
        &self.source
    }

    /// When and how it came to its end; `None`: it runs.
    pub fn end(&self) -> Option<(Instant, End)> {
        self.end
    }

    /// The group that it has asked to join, of several the last; also when its process has ended since.
    pub fn group(&self) -> Option<&str> {
        self.group.as_deref()
    }

    /// Begins again, perhaps with another source. The links of its earlier life must have been broken.
    pub(crate) fn restart(&mut self, now: Instant, source: Arc<str>, seed: u64) {
        let links_count = self.links_count + self.last_socket;
        *self = Self {
            links_count,
            ..Self::new(now, self.owner, source, seed)
        };
    }

    /// Its process is killed: it is told nothing more. Its links are the world's to break.
    pub(crate) fn kill(&mut self, now: Instant) {
        if self.end.is_none() {
            self.finish(now, End::Stopped);
        }
    }

    /// Asks it to end.
    pub(crate) fn terminate(&mut self, now: Instant) {
        self.tell(now, CodeInput::Terminate);
    }

    /// Something happened on one of its links.
    pub(crate) fn link(&mut self, now: Instant, input: LinkInput) {
        let socket = input.link().serial.saturating_sub(self.links_count);
        if self.sockets.contains(&socket) {
            let input = match input {
                LinkInput::Connected(_) => CodeInput::Connected(socket),
                LinkInput::Received(_, bytes) => CodeInput::Received(socket, bytes),
                LinkInput::Closed(_, why) => {
                    self.sockets.remove(&socket);
                    CodeInput::Closed(socket, why)
                }
            };
            self.tell(now, input);
        }
    }

    /// When its next turn is.
    pub(crate) fn next_turn_at(&self) -> Option<Instant> {
        self.due
    }

    /// The next turn, if it has not been answered.
    pub(crate) fn question(&self, name: &Arc<str>) -> Option<Question> {
        let turn = self.next_turn()?;
        let key = self.key.then(&turn);
        if self.answer.as_ref().is_some_and(|(of, _)| *of == key) {
            return None;
        }
        Some(Question {
            name: name.clone(),
            source: self.source.clone(),
            seed: self.seed,
            key,
            previous: self.key,
            turn,
        })
    }

    /// Takes an answer; one that is not for the next turn is forgotten when that comes.
    pub(crate) fn answer(&mut self, key: Key, answer: Arc<Answer>) {
        self.answer = Some((key, answer));
    }

    /// Lives through its next turn, if its moment has come and its answer is in.
    pub(crate) fn turn_if_due(&mut self, now: Instant, out: &mut Vec<Output>) {
        let Some(turn) = self.next_turn().filter(|turn| turn.at <= now) else {
            return;
        };
        let key = self.key.then(&turn);
        let Some((_, answer)) = self.answer.take().filter(|(of, _)| *of == key) else {
            return;
        };
        self.key = key;
        self.inbox.drain(..turn.inputs.len());
        self.turns_count += 1;
        let deadline = answer.deadline.map(|deadline| deadline.max(now + 1));
        self.due = match self.inbox.is_empty() {
            true => deadline,
            false => Some(now + 1),
        };
        self.prints.extend(answer.prints.iter().cloned());
        for op in &answer.ops {
            self.operate(now, op, out);
        }
        let is_endless = self.turns_count >= TURNS_MAX && answer.end.is_none();
        if is_endless {
            self.prints.push(Print {
                kind: Printed::Error,
                text: format!("The program has had {TURNS_MAX} turns, which is the most that it can have: it was stopped."),
                line: None,
            });
        }
        if let Some(end) = answer.end.or(is_endless.then_some(End::Stopped)) {
            let open = std::mem::take(&mut self.sockets);
            out.extend(
                open.into_iter()
                    .map(|socket| Output::Link(LinkOp::Close(self.link_id(socket)))),
            );
            self.finish(now, end);
        }
    }

    /// What it has printed since this was last asked.
    pub(crate) fn take_prints(&mut self) -> Vec<Print> {
        std::mem::take(&mut self.prints)
    }

    fn next_turn(&self) -> Option<Turn> {
        let at = self.due?;
        let inputs = self.inbox.iter().take_while(|(came_at, _)| *came_at < at);
        let inputs = inputs.map(|(_, input)| input.clone()).collect();
        Some(Turn { at, inputs })
    }

    /// What it says of sockets that it does not have is not heard.
    fn operate(&mut self, now: Instant, op: &CodeOp, out: &mut Vec<Output>) {
        match op {
            CodeOp::Connect(socket, address) => {
                if *socket > self.last_socket && *socket < SOCKETS_MAX {
                    self.last_socket = *socket;
                    if World::is_address(address) {
                        self.sockets.insert(*socket);
                        let link = self.link_id(*socket);
                        out.push(Output::Link(LinkOp::Connect(link, address.clone())));
                    } else {
                        let why = "connection refused".to_owned();
                        self.tell(now, CodeInput::Closed(*socket, why));
                    }
                }
            }
            CodeOp::Send(socket, bytes) => {
                if self.sockets.contains(socket) {
                    self.group = joined_group(bytes).or(self.group.take());
                    let link = self.link_id(*socket);
                    out.push(Output::Link(LinkOp::Send(link, bytes.clone())));
                }
            }
            CodeOp::Close(socket) => {
                if self.sockets.remove(socket) {
                    out.push(Output::Link(LinkOp::Close(self.link_id(*socket))));
                }
            }
        }
    }

    fn link_id(&self, socket: u32) -> LinkId {
        LinkId {
            owner: self.owner,
            serial: self.links_count + socket,
        }
    }

    /// Its process has stood still: what was due meanwhile is due next.
    pub(crate) fn wake(&mut self, now: Instant) {
        self.due = self.due.map(|due| due.max(now + 1));
    }

    fn tell(&mut self, now: Instant, input: CodeInput) {
        if self.end.is_none() {
            self.inbox.push((now, input));
            let next = now + 1;
            self.due = Some(self.due.map_or(next, |due| due.min(next)));
        }
    }

    fn finish(&mut self, now: Instant, end: End) {
        self.end = Some((now, end));
        self.due = None;
        self.inbox.clear();
        self.answer = None;
        self.sockets.clear();
    }
}

/// The group that a request asks to join, in a version that KafkaJS speaks: fields of fixed places, texts with two bytes of length.
fn joined_group(request: &[u8]) -> Option<String> {
    let [_, _, _, _, 0, JOIN_GROUP, _, _, _, _, _, _, rest @ ..] = request else {
        return None;
    };
    let (client_id_length, rest) = rest.split_first_chunk::<2>()?;
    let client_id_length = usize::try_from(i16::from_be_bytes(*client_id_length)).unwrap_or(0);
    let (length, rest) = rest.get(client_id_length..)?.split_first_chunk::<2>()?;
    let group = rest.get(..usize::from(u16::from_be_bytes(*length)))?;
    String::from_utf8(group.to_vec()).ok()
}

/// The API key of JoinGroup, as the low byte of a frame's first field.
const JOIN_GROUP: u8 = 11;

/// More sockets than a program may make in its life: it would need more turns than it has.
const SOCKETS_MAX: u32 = 1 << 24;
