//! A client's process.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use ottla_client::consumer::Consumer;
use ottla_client::producer::{Delivery, Producer};
use ottla_client::{Input, LinkId, LinkInput, Output};
use ottla_core::{Instant, Now};

use crate::app::{AppEvent, ConsumerApp, Identity, ProducerApp};
use crate::code::{End, Print, Program, Question};
use crate::scene::Life;
use crate::terminal::{Terminal, Written};

/// Someone who lives in a world beside the broker. Also one that has crashed or left, until it is removed.
#[derive(Debug, Clone)]
pub struct Resident {
    pub(crate) name: Arc<str>,
    pub(crate) client: Client,
    pub(crate) life: Life,
    /// What its links are named by. A process that is started again has other links.
    pub(crate) owners: Vec<u32>,
    /// What its producer has been told and nobody has looked at.
    pub(crate) deliveries: Vec<Delivery>,
    /// What has come while it stood still.
    waiting: Vec<LinkInput>,
    /// Records that are at the broker: on which link, by which correlation id. The newest few.
    produces: VecDeque<(LinkId, i32)>,
    /// The next answer to records is to be lost.
    pub(crate) is_losing_answer: bool,
    /// When the world looks after it next.
    pub(crate) due: Option<Instant>,
}

#[derive(Debug, Clone)]
pub(crate) enum Client {
    /// A client whose user is outside of the world.
    Producer(Box<Producer>),
    /// The same.
    Consumer(Box<Consumer>),
    ProducerApp(Box<ProducerApp>),
    ConsumerApp(Box<ConsumerApp>),
    Program(Box<Program>),
    Terminal(Box<Terminal>),
}

impl Resident {
    pub(crate) fn new(name: &str, owners: Vec<u32>, client: Client) -> Self {
        Self {
            name: name.into(),
            client,
            life: Life::Running,
            owners,
            deliveries: Vec::new(),
            waiting: Vec::new(),
            produces: VecDeque::new(),
            is_losing_answer: false,
            due: None,
        }
    }

    /// Its name: no other resident has it.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// How it is.
    pub fn life(&self) -> Life {
        match &self.client {
            Client::Program(program) => match program.end() {
                Some((at, End::Done)) => Life::Left(at),
                Some((at, End::Failed | End::Stopped)) => Life::Crashed(at),
                None => self.life,
            },
            _ => self.life,
        }
    }

    pub(crate) fn is_frozen(&self) -> bool {
        matches!(self.life, Life::Frozen(_))
    }

    /// Its application, if it is a producer with one.
    pub fn as_producer(&self) -> Option<&ProducerApp> {
        match &self.client {
            Client::ProducerApp(app) => Some(app),
            _ => None,
        }
    }

    /// Its application, if it is a consumer with one.
    pub fn as_consumer(&self) -> Option<&ConsumerApp> {
        match &self.client {
            Client::ConsumerApp(app) => Some(app),
            _ => None,
        }
    }

    /// Whether what it sends is known from its frames alone: a program of the learner, and a producer without an application.
    pub(crate) fn is_opaque(&self) -> bool {
        matches!(self.client, Client::Program(_) | Client::Producer(_))
    }

    /// What it is, if it is the terminal.
    pub(crate) fn as_terminal(&self) -> Option<&Terminal> {
        match &self.client {
            Client::Terminal(terminal) => Some(terminal),
            _ => None,
        }
    }

    /// Its client, if it is a producer.
    pub(crate) fn producer(&self) -> Option<&Producer> {
        match &self.client {
            Client::Producer(producer) => Some(producer),
            Client::ProducerApp(app) => Some(app.producer()),
            _ => None,
        }
    }

    /// Its client, if it is a consumer.
    pub(crate) fn consumer(&self) -> Option<&Consumer> {
        match &self.client {
            Client::Consumer(consumer) => Some(consumer),
            Client::ConsumerApp(app) => Some(app.consumer()),
            _ => None,
        }
    }

    /// Whether there is still a process: it runs, stands still, or is about to leave.
    pub fn is_alive(&self) -> bool {
        match (self.life, &self.client) {
            (_, Client::Program(program)) => program.end().is_none(),
            (_, Client::Terminal(_)) => true,
            (Life::Running | Life::Frozen(_), _) => true,
            (Life::Crashed(_), _) => false,
            (Life::Left(_), Client::ProducerApp(app)) => !app.is_closed(),
            (Life::Left(_), Client::ConsumerApp(app)) => !app.is_closed(),
            (Life::Left(_), Client::Producer(producer)) => !producer.is_closed(),
            (Life::Left(_), Client::Consumer(consumer)) => !consumer.is_closed(),
        }
    }

    pub(crate) fn link(&mut self, now: Now, input: LinkInput, out: &mut Vec<Output>) {
        match self.life {
            Life::Frozen(_) => self.waiting.push(input),
            _ if self.is_alive() => self.handle(now, Input::Link(input), out),
            _ => {}
        }
    }

    pub(crate) fn tick_if_due(&mut self, now: Now, out: &mut Vec<Output>) {
        if self
            .next_deadline()
            .is_some_and(|deadline| deadline <= now.mono)
        {
            self.handle(now, Input::Tick, out);
        }
    }

    fn handle(&mut self, now: Now, input: Input, out: &mut Vec<Output>) {
        match &mut self.client {
            Client::Producer(producer) => producer.handle(now, input, out),
            Client::Consumer(consumer) => consumer.handle(now, input, out),
            Client::Terminal(terminal) => match input {
                Input::Link(input) => terminal.link(now, input, out),
                Input::Tick => terminal.tick(now, out),
            },
            Client::Program(program) => match input {
                Input::Link(input) => program.link(now.mono, input),
                Input::Tick => program.turn_if_due(now.mono, out),
            },
            Client::ProducerApp(app) => app.handle(now, input, out),
            Client::ConsumerApp(app) => app.handle(now, input, out),
        }
    }

    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        match &self.client {
            _ if self.is_frozen() || !self.is_alive() => None,
            Client::Producer(producer) => producer.next_deadline(),
            Client::Consumer(consumer) => consumer.next_deadline(),
            Client::ProducerApp(app) => app.next_deadline(),
            Client::ConsumerApp(app) => app.next_deadline(),
            Client::Program(program) => program.next_turn_at(),
            Client::Terminal(terminal) => terminal.next_deadline(),
        }
    }

    /// What it waits for, if its next turn is at this moment.
    pub(crate) fn question(&self, at: Instant) -> Option<Question> {
        match &self.client {
            Client::Program(program) if !self.is_frozen() && program.next_turn_at() == Some(at) => {
                program.question(&self.name)
            }
            _ => None,
        }
    }

    /// What the terminal's command has written since this was last asked.
    pub(crate) fn take_written(&mut self) -> Vec<Written> {
        match &mut self.client {
            Client::Terminal(terminal) => terminal.take_written(),
            _ => Vec::new(),
        }
    }

    /// What a program has printed since this was last asked.
    pub(crate) fn take_prints(&mut self) -> Vec<Print> {
        match &mut self.client {
            Client::Program(program) => program.take_prints(),
            _ => Vec::new(),
        }
    }

    pub(crate) fn freeze(&mut self, now: Now) {
        if self.life == Life::Running {
            self.life = Life::Frozen(now.mono);
        }
    }

    /// Goes on, and finds everything that has come meanwhile.
    pub(crate) fn thaw(&mut self, now: Now, out: &mut Vec<Output>) {
        let Life::Frozen(since) = self.life else {
            return;
        };
        self.life = Life::Running;
        match &mut self.client {
            Client::ConsumerApp(app) => app.stood_still(now.mono - since),
            Client::Program(program) => program.wake(now.mono),
            _ => {}
        }
        for input in std::mem::take(&mut self.waiting) {
            self.handle(now, Input::Link(input), out);
        }
    }

    /// Ends in order, as soon as it can.
    pub(crate) fn leave(&mut self, now: Now, out: &mut Vec<Output>) {
        self.life = Life::Left(now.mono);
        match &mut self.client {
            Client::Producer(producer) => producer.close(now, out),
            Client::Consumer(consumer) => consumer.close(now, out),
            Client::ProducerApp(app) => app.leave(now, out),
            Client::ConsumerApp(app) => app.leave(now, out),
            Client::Program(program) => program.terminate(now.mono),
            Client::Terminal(_) => {}
        }
    }

    /// A new process in the place of the old one, which does nothing yet.
    pub(crate) fn restart(&mut self, identity: Identity, now: Now) {
        self.begin_again();
        match &mut self.client {
            Client::ProducerApp(app) => app.restart(identity.owner, identity.seed, now.mono),
            Client::ConsumerApp(app) => app.restart(identity),
            Client::Program(program) => {
                program.restart(now.mono, program.source().clone(), identity.seed);
            }
            Client::Producer(_) | Client::Consumer(_) | Client::Terminal(_) => {}
        }
    }

    /// Nothing of the old process is left.
    pub(crate) fn begin_again(&mut self) {
        self.life = Life::Running;
        self.produces.clear();
        self.is_losing_answer = false;
    }

    /// There is no process any more.
    pub(crate) fn die(&mut self, now: Now) {
        self.life = Life::Crashed(now.mono);
        self.waiting.clear();
        if let Client::Program(program) = &mut self.client {
            program.kill(now.mono);
        }
    }

    /// What became of records that its producer has sent.
    pub(crate) fn delivered(&mut self, now: Now, delivery: Delivery) {
        match &mut self.client {
            Client::ProducerApp(app) => app.delivered(now.mono, &delivery),
            _ => self.deliveries.push(delivery),
        }
    }

    /// Remembers which requests bring records. What is sent at once are whole frames.
    pub(crate) fn note_sent(&mut self, link: LinkId, mut frames: &[u8]) {
        if !matches!(self.client, Client::ProducerApp(_)) {
            return;
        }
        while let Some((size, frame)) = frames.split_first_chunk::<4>() {
            let size_bytes = usize::try_from(i32::from_be_bytes(*size)).unwrap_or(usize::MAX);
            if let [0, PRODUCE, _, _, a, b, c, d, ..] = *frame {
                self.produces
                    .push_back((link, i32::from_be_bytes([a, b, c, d])));
                if self.produces.len() > PRODUCES_KEPT {
                    self.produces.pop_front();
                }
            }
            frames = frame.get(size_bytes..).unwrap_or_default();
        }
    }

    /// Whether this frame is the answer to records that is to be lost; then the next one is not.
    pub(crate) fn loses_answer(&mut self, link: LinkId, frame: &Bytes) -> bool {
        let correlation = frame.get(4..8).and_then(|bytes| bytes.try_into().ok());
        let Some(answered) = correlation.map(|bytes| (link, i32::from_be_bytes(bytes))) else {
            return false;
        };
        let place = self.produces.iter().position(|sent| *sent == answered);
        place.is_some_and(|place| {
            self.produces.remove(place);
            std::mem::take(&mut self.is_losing_answer)
        })
    }

    /// What its application tells, and whether its process has died of something.
    pub(crate) fn take_told(&mut self) -> (Vec<AppEvent>, bool) {
        match &mut self.client {
            Client::ProducerApp(app) => (app.take_told(), false),
            Client::ConsumerApp(app) => {
                let is_alive = !matches!(self.life, Life::Crashed(_));
                (app.take_told(), app.is_dead && is_alive)
            }
            _ => (Vec::new(), false),
        }
    }
}

/// The API key of Produce, as the low byte of a frame's first field.
const PRODUCE: u8 = 0;
const PRODUCES_KEPT: usize = 16;
