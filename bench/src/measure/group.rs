//! 50 consumers join one group at once: the time until all of them are in one generation and have their partition.
//!
//! Each is a bare client on a thread and a connection of its own, that joins, syncs, and then beats every 20 ms so that
//! it hears of a rebalance soon; a real consumer beats every 3 s, and that would be all that is measured.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use super::{Figure, Plan, Unit, spend, started};
use crate::Result;
use crate::bare::requests::{RETRY, refuse};
use crate::bare::{Connection, Frame, Reader};
use crate::broker::Broker;

pub fn run(broker: &Broker, plan: &Plan) -> Result<Vec<Figure>> {
    let (running, mut connection) = started(broker, plan, TOPIC, CONSUMERS as i32)?;
    // The first group makes __consumer_offsets: not part of joining.
    coordinator(&mut connection, "warm-up")?;
    join_all(
        running.port,
        "warm-up",
        if broker.warms_up() { CONSUMERS } else { 1 },
    )?;

    let (took, spent) = spend(&running, || join_all(running.port, "group", CONSUMERS))?;
    Ok(vec![
        Figure::new(
            format!("{CONSUMERS} consumers join one group"),
            Unit::Milliseconds,
            took.as_secs_f64() * 1e3,
        ),
        Figure::new(
            format!("{CONSUMERS} consumers join one group, CPU"),
            Unit::Milliseconds,
            spent.cpu.as_secs_f64() * 1e3,
        ),
    ])
}

/// Returns the time from the first join until the last of `consumers` has its partition in the common generation.
fn join_all(port: u16, group: &str, consumers: usize) -> Result<Duration> {
    let progress = Progress {
        consumers,
        generations: Mutex::default(),
    };
    let mut connections = (0..consumers)
        .map(|_| Connection::open(port))
        .collect::<Result<Vec<_>>>()?;
    for connection in &mut connections {
        coordinator(connection, group)?;
    }
    let since = Instant::now();
    let until = since + LIMIT;
    thread::scope(|scope| {
        let progress = &progress;
        let members: Vec<_> = connections
            .into_iter()
            .enumerate()
            .map(|(number, connection)| {
                scope.spawn(move || Member::new(number, connection, group).stay(progress, until))
            })
            .collect();
        let mut last = since;
        for member in members {
            last = last.max(
                member
                    .join()
                    .map_err(|_| "a consumer's thread panicked")??,
            );
        }
        Ok(last - since)
    })
}

/// Who is in which generation, with a partition assigned.
struct Progress {
    consumers: usize,
    generations: Mutex<BTreeMap<usize, i32>>,
}

impl Progress {
    fn set(&self, member: usize, generation: i32) -> Result<()> {
        self.generations
            .lock()
            .map_err(|_| "a consumer's thread panicked")?
            .insert(member, generation);
        Ok(())
    }

    /// Whether all are in one generation.
    fn is_complete(&self) -> Result<bool> {
        let generations = self
            .generations
            .lock()
            .map_err(|_| "a consumer's thread panicked")?;
        let first = generations.values().next();
        Ok(generations.len() == self.consumers
            && generations
                .values()
                .all(|generation| Some(generation) == first))
    }
}

struct Member<'a> {
    number: usize,
    connection: Connection,
    group: &'a str,
    id: String,
}

impl<'a> Member<'a> {
    fn new(number: usize, connection: Connection, group: &'a str) -> Member<'a> {
        Member {
            number,
            connection,
            group,
            id: String::new(),
        }
    }

    /// Joins, and joins again at each rebalance, until everyone is in. Returns when this one got its last assignment.
    fn stay(mut self, progress: &Progress, until: Instant) -> Result<Instant> {
        loop {
            let Some(generation) = self.join()? else {
                continue;
            };
            let assigned = Instant::now();
            progress.set(self.number, generation)?;
            while self.beat(generation)? {
                if progress.is_complete()? {
                    return Ok(assigned);
                }
                if Instant::now() > until {
                    return Err(
                        "the consumers were not in one generation within half a minute".into(),
                    );
                }
                thread::sleep(BEAT);
            }
        }
    }

    /// The generation, once this member has its partition in it; `None` if it was overtaken by the next rebalance.
    fn join(&mut self) -> Result<Option<i32>> {
        let subscription = Frame::headless()
            .i16(0)
            .i32(1)
            .string(TOPIC)
            .i32(-1)
            .fields();
        let request = || {
            let request = Frame::new(11, 5)
                .string(self.group)
                .i32(30_000)
                .i32(30_000)
                .string(&self.id)
                .null_string();
            request
                .string("consumer")
                .i32(1)
                .string("range")
                .bytes(&subscription)
                .finish()
        };
        let mut answer = Reader::new(self.connection.call(request())?);
        answer.skip(4)?;
        let error = answer.i16()?;
        let generation = answer.i32()?;
        answer.string()?;
        let leader = answer.string()?;
        let id = answer.string()?;
        match error {
            MEMBER_ID_REQUIRED => {
                self.id = id.to_owned();
                return Ok(None);
            }
            COORDINATOR_LOAD_IN_PROGRESS | NOT_COORDINATOR => {
                thread::sleep(RETRY);
                return Ok(None);
            }
            error => refuse("JoinGroup", error)?,
        }
        let mut members = Vec::new();
        if leader == id {
            for _ in 0..answer.count()? {
                members.push(answer.string()?.to_owned());
                answer.string()?;
                answer.bytes()?;
            }
        }
        self.id = id.to_owned();
        self.sync(generation, &members)
    }

    /// The leader gives each member one partition.
    fn sync(&mut self, generation: i32, members: &[String]) -> Result<Option<i32>> {
        let assigned: Vec<(i32, &String)> = (0..).zip(members).collect();
        let request = Frame::new(14, 3)
            .string(self.group)
            .i32(generation)
            .string(&self.id)
            .null_string();
        let request = request.array(&assigned, |frame, (partition, member)| {
            let assignment = Frame::headless()
                .i16(0)
                .i32(1)
                .string(TOPIC)
                .i32(1)
                .i32(*partition)
                .i32(-1)
                .fields();
            frame.string(member).bytes(&assignment)
        });
        let mut answer = Reader::new(self.connection.call(request.finish())?);
        answer.skip(4)?;
        match answer.i16()? {
            REBALANCE_IN_PROGRESS => return Ok(None),
            error => refuse("SyncGroup", error)?,
        }
        if answer.bytes()?.is_empty() {
            return Err("a member got no assignment".into());
        }
        Ok(Some(generation))
    }

    /// Whether the generation still stands.
    fn beat(&mut self, generation: i32) -> Result<bool> {
        let request = Frame::new(12, 3)
            .string(self.group)
            .i32(generation)
            .string(&self.id)
            .null_string();
        let mut answer = Reader::new(self.connection.call(request.finish())?);
        answer.skip(4)?;
        match answer.i16()? {
            REBALANCE_IN_PROGRESS => Ok(false),
            error => refuse("Heartbeat", error).map(|()| true),
        }
    }
}

/// Asks for the group's coordinator until there is one.
fn coordinator(connection: &mut Connection, group: &str) -> Result<()> {
    let until = Instant::now() + LIMIT;
    loop {
        let mut answer =
            Reader::new(connection.call(Frame::new(10, 2).string(group).i8(0).finish())?);
        answer.skip(4)?;
        match answer.i16()? {
            COORDINATOR_NOT_AVAILABLE if Instant::now() < until => thread::sleep(RETRY),
            error => return refuse("FindCoordinator", error),
        }
    }
}

const TOPIC: &str = "grouped";
const CONSUMERS: usize = 50;
const BEAT: Duration = Duration::from_millis(20);
const LIMIT: Duration = Duration::from_secs(30);

const COORDINATOR_LOAD_IN_PROGRESS: i16 = 14;
const COORDINATOR_NOT_AVAILABLE: i16 = 15;
const NOT_COORDINATOR: i16 = 16;
const REBALANCE_IN_PROGRESS: i16 = 27;
const MEMBER_ID_REQUIRED: i16 = 79;
