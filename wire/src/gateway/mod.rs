//! The one piece of state that connections share.

mod connection;
mod fetch;
mod outbox;
mod session;

use ottla_core::sorted::Map;
use ottla_core::{
    Broker, ConnectionId, Input, Instant, LogId, Now, Offset, Output, Request, RequestId, Response,
    StoreOp,
};

use crate::api::{Action, World, mismatch};
use crate::frame::{Call, Client};
use crate::store::{Applied, Store};
use connection::{Connection, Done, Step};
use fetch::FetchContext;
pub use outbox::{Answer, Chunk, Frame, Outbox};
use session::FetchSessions;

/// A broker with its store, seen from its connections.
///
/// The shell reads frames, [decodes](crate::decode) them and hands them in; answers come out of the [`Outbox`] in the order in which
/// they are to be written. On one connection answers keep the order of the requests, and a request is started only when the one before
/// is answered (produces may run beside each other). What the engine wants from the store is done before a method returns, or reported by
/// the shell through [`stored`](Self::stored) and [`store_failed`](Self::store_failed).
///
/// ```text
///   decode ─▶ receive ─▶ Broker::handle ─▶ Output::Store ─▶ Store::apply ─▶ Input::Stored ─▶ Broker::handle ─▶ Output::Reply ─▶ Outbox
/// ```
#[derive(Debug, Clone)]
pub struct Gateway<S> {
    broker: Broker,
    store: S,
    connections: Map<ConnectionId, Connection>,
    connections_count: u64,
    sessions: FetchSessions,
    /// What the engine has asked for and is not carried out yet. Empty between calls.
    outputs: Vec<Output>,
    /// Room for what is being carried out. Empty between calls.
    round: Vec<Output>,
}

impl<S: Store> Gateway<S> {
    /// A gateway without connections.
    pub fn new(broker: Broker, store: S) -> Self {
        Self {
            broker,
            store,
            connections: Map::new(),
            connections_count: 0,
            sessions: FetchSessions::default(),
            outputs: Vec::new(),
            round: Vec::new(),
        }
    }

    /// The engine's views.
    pub fn broker(&self) -> &Broker {
        &self.broker
    }

    /// The store.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// The store, for its own housekeeping.
    pub fn store_mut(&mut self) -> &mut S {
        &mut self.store
    }

    /// A client has connected.
    pub fn connect(&mut self, client: Client) -> ConnectionId {
        self.connections_count += 1;
        let id = ConnectionId(self.connections_count);
        self.connections.insert(id, Connection::new(client));
        id
    }

    /// A client is gone, or is not to be heard any more. Nothing is answered to it from now on.
    pub fn disconnect(&mut self, now: Now, connection: ConnectionId, out: &mut Outbox<S::Extent>) {
        if self.connections.remove(&connection).is_some() {
            self.handle(now, Input::Disconnected(connection), out);
        }
    }

    /// Takes a request. Its answer comes into `out`, now or later.
    pub fn receive(
        &mut self,
        now: Now,
        connection: ConnectionId,
        call: Call,
        out: &mut Outbox<S::Extent>,
    ) {
        if let Some(found) = self.connections.get_mut(&connection) {
            found.push(call);
            self.start(now, connection, out);
            self.carry_out(now, out);
        }
    }

    /// Whether a connection's next frame should be read. False while much of it is unanswered: look again after each of its answers.
    pub fn wants_more(&self, connection: ConnectionId) -> bool {
        self.connections
            .get(&connection)
            .is_some_and(Connection::wants_more)
    }

    /// Lets time pass. Early, late and spurious ticks are harmless.
    pub fn tick(&mut self, now: Now, out: &mut Outbox<S::Extent>) {
        self.handle(now, Input::Tick, out);
    }

    /// When [`tick`](Self::tick) could next change anything.
    pub fn next_deadline(&self) -> Option<Instant> {
        self.broker.next_deadline().map(|(moment, _)| moment)
    }

    /// The store has kept its promise for what it had put off ([`Applied::Later`]): everything in `log` below `through`.
    pub fn stored(&mut self, now: Now, log: LogId, through: Offset, out: &mut Outbox<S::Extent>) {
        self.handle(now, Input::Stored { log, through }, out);
    }

    /// The store could not do what it had put off: nothing in `log` from `from` on is stored.
    pub fn store_failed(
        &mut self,
        now: Now,
        log: LogId,
        from: Offset,
        out: &mut Outbox<S::Extent>,
    ) {
        self.handle(now, Input::StoreFailed { log, from }, out);
    }

    /// Stops in an orderly way: what saves time at the next start is handed to the store.
    pub fn close(&mut self) {
        self.broker.stopping(&mut self.outputs);
        for output in std::mem::take(&mut self.outputs) {
            if let Output::Store(op) = output {
                self.store.apply(op);
            }
        }
    }

    fn handle(&mut self, now: Now, input: Input, out: &mut Outbox<S::Extent>) {
        self.broker.handle(now, input, &mut self.outputs);
        self.carry_out(now, out);
    }

    /// Does what the engine has asked for, and what follows from that, until nothing is left.
    fn carry_out(&mut self, now: Now, out: &mut Outbox<S::Extent>) {
        let mut round = std::mem::take(&mut self.round);
        while !self.outputs.is_empty() {
            std::mem::swap(&mut round, &mut self.outputs);
            // What was decided before a failure is known can only lead into the same log's lost part: the engine has forgotten it.
            let mut failed: Vec<LogId> = Vec::new();
            for output in round.drain(..) {
                match output {
                    Output::Reply { id, response } => self.reply(now, id, response, out),
                    Output::Store(StoreOp::Append { log, .. }) if failed.contains(&log) => {}
                    Output::Store(op) => failed.extend(self.apply(now, op)),
                    Output::Event(event) => out.event(event),
                }
            }
        }
        self.round = round;
    }

    /// Hands an effect to the store, and what became of it to the engine. Returns the log to which nothing could be appended.
    fn apply(&mut self, now: Now, op: StoreOp) -> Option<LogId> {
        let append = match &op {
            StoreOp::Append {
                log,
                base_offset,
                header,
                ..
            } => {
                let through = *base_offset + i64::from(header.last_offset_delta) + 1;
                Some((*log, *base_offset, through))
            }
            _ => None,
        };
        let applied = self.store.apply(op);
        let (log, from, through) = append?;
        let input = match applied {
            Applied::Done => Input::Stored { log, through },
            Applied::Failed => Input::StoreFailed { log, from },
            Applied::Later => return None,
        };
        self.broker.handle(now, input, &mut self.outputs);
        (applied == Applied::Failed).then_some(log)
    }

    /// Starts what may be started on a connection.
    fn start(&mut self, now: Now, connection: ConnectionId, out: &mut Outbox<S::Extent>) {
        while let Some((sequence, action)) = self
            .connections
            .get_mut(&connection)
            .and_then(Connection::start)
        {
            self.perform(
                now,
                RequestId {
                    connection,
                    sequence,
                },
                action,
                out,
            );
        }
    }

    /// Goes as far with a request as it can without waiting.
    fn perform(&mut self, now: Now, id: RequestId, action: Action, out: &mut Outbox<S::Extent>) {
        let mut action = Some(action);
        let done = loop {
            match action {
                Some(Action::View(look)) => action = self.look(id, |world| look(world)),
                Some(Action::Engine(request, then)) => {
                    return self.ask(now, id, request, Step::Asked(then));
                }
                Some(Action::Fetch(call)) => match self.sessions.begin(now.mono, *call) {
                    Ok((mut request, context)) => {
                        request.max_bytes =
                            request.max_bytes.min(self.broker.config().fetch_max_bytes);
                        return self.ask(
                            now,
                            id,
                            Request::Fetch(request),
                            Step::Fetching(Box::new(context)),
                        );
                    }
                    Err(error) => {
                        action = self.look(id, |world| fetch::refuse(world.header, error))
                    }
                },
                Some(Action::Answer(frame)) => break Done::Frame(frame),
                Some(Action::Nothing) => break Done::Nothing,
                Some(Action::Close) => break Done::Close,
                None => return,
            }
        };
        if let Some(connection) = self.connections.get_mut(&id.connection) {
            connection.set(id.sequence, Step::Done(done));
            connection.flush(id.connection, out);
        }
    }

    fn ask(&mut self, now: Now, id: RequestId, request: Request, step: Step) {
        if let Some(connection) = self.connections.get_mut(&id.connection) {
            connection.set(id.sequence, step);
            self.broker
                .handle(now, Input::Request { id, request }, &mut self.outputs);
        }
    }

    /// The engine has answered.
    fn reply(&mut self, now: Now, id: RequestId, response: Response, out: &mut Outbox<S::Extent>) {
        let Some(connection) = self.connections.get_mut(&id.connection) else {
            return;
        };
        match connection.set(id.sequence, Step::Started) {
            Some(Step::Asked(then)) => {
                if let Some(action) = self.look(id, |world| then.answer(response, world)) {
                    self.perform(now, id, action, out);
                }
            }
            Some(Step::Fetching(context)) => self.answer_fetch(now, id, response, *context, out),
            _ => return,
        }
        self.start(now, id.connection, out);
    }

    fn answer_fetch(
        &mut self,
        now: Now,
        id: RequestId,
        response: Response,
        context: FetchContext,
        out: &mut Outbox<S::Extent>,
    ) {
        let Response::Fetch(response) = response else {
            mismatch(&response)
        };
        let Some(connection) = self.connections.get_mut(&id.connection) else {
            return;
        };
        let Some(header) = connection.header(id.sequence) else {
            return;
        };
        let mut found = fetch::locate(response, &mut self.store);
        let slots_count = self
            .broker
            .config()
            .max_incremental_fetch_session_cache_slots;
        let session_id = self
            .sessions
            .end(now, context.session, slots_count, &mut found);
        let frame = fetch::write(header, session_id, context.committed_only, found);
        connection.finish_alone(id.sequence);
        out.answer(id.connection, Answer::Frame(frame));
    }

    /// Makes an action out of what there is to see. `None` if the connection is closed by now.
    fn look(
        &mut self,
        id: RequestId,
        look: impl FnOnce(&mut World<'_>) -> Action,
    ) -> Option<Action> {
        let connection = self.connections.get(&id.connection)?;
        let mut world = World {
            broker: &self.broker,
            store: &mut self.store,
            header: connection.header(id.sequence)?,
            client: &connection.client,
        };
        Some(look(&mut world))
    }
}
