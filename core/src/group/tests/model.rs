//! A naive model of clients beside the coordinator, under random operations.
//!
//! Each client follows the protocol as real ones do, from what it was answered, and now and then falls silent, leaves, changes its
//! mind or comes back. Whatever happens: every request is answered exactly once, a partition has one owner in a generation, what was
//! committed is what is fetched, and when the chances end, the group becomes stable. A failing run prints its seed.

use super::*;

const PARTITIONS_COUNT: usize = 3;
const SEEDS_COUNT: u64 = 150;
const STEPS_COUNT: usize = 400;

/// A source of chance that gives the same numbers for the same seed (xorshift64*).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % limit
    }

    fn is(&mut self, per_cent: u64) -> bool {
        self.below(100) < per_cent
    }
}

/// A client that does what a consumer does.
#[derive(Debug, Default, Clone)]
struct Client {
    name: String,
    instance_id: Option<String>,
    id: String,
    generation_id: i32,
    step: Step,
    /// The request that it waits for.
    waits_for: Option<RequestId>,
    /// The partitions that it owns in its generation.
    owns: Vec<u8>,
}

#[derive(Debug, Default, Clone, PartialEq)]
enum Step {
    /// Is not there.
    #[default]
    Gone,
    /// Wants to join.
    Joins,
    /// Has joined; the leader has the members.
    Syncs(Option<Vec<MemberId>>),
    /// Has an assignment.
    Works,
}

struct Run {
    bench: Bench,
    chance: Chance,
    clients: Vec<Client>,
    /// Requests whose client does not care any more. They are to be answered all the same.
    abandoned: Vec<RequestId>,
    /// Who owned what, by generation.
    owners: Map<(i32, u8), String>,
    /// What was acknowledged last, by partition.
    acknowledged: Map<i32, i64>,
    next_offset: i64,
}

impl Run {
    fn new(seed: u64) -> Self {
        let clients = (0..5).map(|number| Client {
            name: format!("c{number}"),
            instance_id: (number == 4).then(|| "static".to_owned()),
            ..Client::default()
        });
        Self {
            bench: Bench::new(),
            chance: Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1),
            clients: clients.collect(),
            abandoned: Vec::new(),
            owners: Map::new(),
            acknowledged: Map::new(),
            next_offset: 1,
        }
    }

    fn step(&mut self) {
        self.bench.stores = self.chance.is(80);
        let client = self.chance.below(5) as usize;
        match self.chance.below(100) {
            0..60 => self.drive(client),
            60..70 => self.commit(client),
            70..80 => {
                let ms = self.chance.below(3_000);
                self.bench.advance(ms as i64);
            }
            80..84 => self.crash(client),
            84..88 => self.leave(client),
            88..94 => self.bench.store_all(),
            94..96 => self.bench.fail_all(),
            96..98 => self.bench.advance(SESSION_TIMEOUT_MS.into()),
            _ => self.restart(),
        }
        self.check();
    }

    /// The client does the next thing that a consumer does.
    fn drive(&mut self, number: usize) {
        self.receive(number);
        let client = self.clients[number].clone();
        if client.waits_for.is_some() {
            return;
        }
        let request = match client.step {
            Step::Gone => {
                self.clients[number].step = Step::Joins;
                return;
            }
            Step::Joins => GroupRequest::Join(JoinGroupRequest {
                instance_id: client.instance_id,
                ..join_request(&client.name, &client.id)
            }),
            Step::Syncs(members) => {
                let members = members.unwrap_or_default();
                let parts = members.iter().enumerate().map(|(index, member)| {
                    let share = (0..PARTITIONS_COUNT).filter(|p| p % members.len() == index);
                    (member.clone(), share.map(|p| p as u8).collect::<Bytes>())
                });
                sync(&client.id, client.generation_id, parts.collect())
            }
            Step::Works => GroupRequest::Heartbeat(HeartbeatRequest {
                group: GROUP.into(),
                generation_id: client.generation_id,
                member_id: client.id.as_str().into(),
                instance_id: client.instance_id,
            }),
        };
        let id = self.bench.send(request);
        self.clients[number].waits_for = Some(id);
        self.receive(number);
    }

    fn receive(&mut self, number: usize) {
        let client = &mut self.clients[number];
        let Some(response) = client
            .waits_for
            .and_then(|id| self.bench.replies.remove(&id))
        else {
            return;
        };
        client.waits_for = None;
        let error = match response {
            Response::JoinGroup(joined) => {
                if matches!(joined.error, ErrorCode::None | ErrorCode::MemberIdRequired) {
                    client.id = joined.member_id.to_string();
                }
                if joined.error.is_ok() {
                    client.generation_id = joined.generation_id;
                    let members = joined.members.into_iter().map(|m| m.member_id).collect();
                    let is_leader = joined.leader == joined.member_id && !joined.skip_assignment;
                    client.step = Step::Syncs(is_leader.then_some(members));
                }
                joined.error
            }
            Response::SyncGroup(synced) => {
                if synced.error.is_ok() {
                    client.step = Step::Works;
                    client.owns = synced.assignment.to_vec();
                    let place = client.instance_id.as_ref().unwrap_or(&client.id);
                    for partition in &client.owns {
                        let key = (client.generation_id, *partition);
                        let owner = self.owners.entry(key).or_insert_with(|| place.clone());
                        assert_eq!(owner, place, "{key:?} has two owners");
                    }
                }
                synced.error
            }
            Response::Heartbeat(error) => error,
            other => panic!("{other:?}"),
        };
        match error {
            ErrorCode::None => {}
            ErrorCode::UnknownMemberId | ErrorCode::FencedInstanceId => {
                client.id.clear();
                client.step = Step::Joins;
            }
            _ => client.step = Step::Joins,
        }
    }

    fn commit(&mut self, number: usize) {
        let client = &self.clients[number];
        let Some(partition) = client
            .owns
            .first()
            .copied()
            .filter(|_| client.step == Step::Works)
        else {
            return;
        };
        // Acknowledged or refused, but for sure: so that the model knows what must be there.
        self.bench.store_all();
        self.bench.stores = true;
        let offset = self.next_offset;
        self.next_offset += 1;
        let partition = i32::from(partition);
        let error = self
            .bench
            .commit(&client.id, client.generation_id, partition, offset);
        if error.is_ok() {
            self.acknowledged.insert(partition, offset);
        }
    }

    fn crash(&mut self, number: usize) {
        let client = &mut self.clients[number];
        self.abandoned.extend(client.waits_for.take());
        client.id.clear();
        client.owns.clear();
        client.step = Step::Gone;
    }

    fn leave(&mut self, number: usize) {
        let id = self.clients[number].id.clone();
        if !id.is_empty() && self.clients[number].waits_for.is_none() {
            self.bench.leave(&id, None);
        }
        self.crash(number);
    }

    /// The broker dies with what it has not stored. Connections break; clients keep their ids.
    fn restart(&mut self) {
        self.bench = self.bench.restart();
        self.abandoned.clear();
        for client in &mut self.clients {
            if client.waits_for.take().is_some() {
                client.step = Step::Joins;
            }
        }
        // Generations that were not stored are numbered again.
        let generation_id = self
            .bench
            .coordinator
            .group(GROUP)
            .map_or(0, Group::generation_id);
        self.owners
            .retain(|(generation, _), _| *generation <= generation_id);
    }

    fn check(&mut self) {
        self.abandoned
            .retain(|id| self.bench.replies.remove(id).is_none());
        let waiting: Vec<RequestId> = self.clients.iter().filter_map(|c| c.waits_for).collect();
        for id in self.bench.replies.keys() {
            assert!(
                waiting.contains(id),
                "{id:?} was not asked, or is answered twice"
            );
        }
        for (partition, offset) in &self.acknowledged {
            assert_eq!(
                self.bench.offset(*partition),
                Some(*offset),
                "of partition {partition}"
            );
        }
    }

    /// No more chances: everyone who is there goes on, and time passes.
    fn become_quiet(&mut self) {
        self.bench.stores = true;
        self.bench.store_all();
        for number in 0..5 {
            self.clients[number].step = match self.clients[number].step.clone() {
                Step::Gone => Step::Joins,
                step => step,
            };
        }
        for _ in 0..60 {
            for _ in 0..4 {
                for number in 0..5 {
                    self.drive(number);
                }
            }
            self.bench.advance(2_000);
            self.check();
        }
        assert_eq!(self.bench.state(), "Stable", "{:?}", self.bench.group());
        let all_work = self.clients.iter().all(|client| client.step == Step::Works);
        assert!(all_work, "{:#?}", self.clients);
        assert!(
            self.abandoned.is_empty(),
            "unanswered: {:?}",
            self.abandoned
        );
        let mut owned: Vec<u8> = self.clients.iter().flat_map(|c| c.owns.clone()).collect();
        owned.sort_unstable();
        assert_eq!(owned, [0, 1, 2]);
        let restarted = self.bench.restart();
        assert_eq!(restarted.state(), "Stable");
        assert_eq!(restarted.group().members().len(), 5);
    }
}

#[test]
fn whatever_clients_do_the_group_keeps_its_promises_and_becomes_stable() {
    let seeds = match std::option_env!("OTTLA_SEED").map(str::parse::<u64>) {
        Some(seed) => {
            let seed = seed.expect("OTTLA_SEED is a number");
            seed..seed + 1
        }
        None => 1..SEEDS_COUNT + 1,
    };
    for seed in seeds {
        let outcome = std::panic::catch_unwind(|| {
            let mut run = Run::new(seed);
            for _ in 0..STEPS_COUNT {
                run.step();
            }
            run.become_quiet();
        });
        if let Err(panic) = outcome {
            eprintln!("the seed was {seed}: run again with OTTLA_SEED={seed}");
            std::panic::resume_unwind(panic);
        }
    }
}
