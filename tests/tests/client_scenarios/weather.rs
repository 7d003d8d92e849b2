//! Everything at once, by many seeds.

use ottla_client::random::Random;
use ottla_lab::Conditions;

use crate::stage::{PARTITIONS, Stage};

#[test]
fn whatever_the_weather_nothing_acknowledged_is_lost_and_nothing_is_there_twice() {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let seeds = match number("CLIENTS_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("CLIENTS_RUNS").unwrap_or(RUNS),
    };
    for seed in seeds {
        let _announced = Announced(seed);
        live(seed);
    }
}

fn live(seed: u64) {
    let mut chance = Random::new(seed);
    let mut stage = Stage::new(seed);
    let strategy =
        ["range", "roundrobin", "sticky", "cooperative-sticky"][chance.below(4) as usize];
    let member = [
        ("partition.assignment.strategy", strategy),
        ("session.timeout.ms", "10000"),
        // How long a join on a link that died silently is waited for.
        ("max.poll.interval.ms", "30000"),
        ("request.timeout.ms", "5000"),
    ];
    for name in ["anna", "berta", "clara"] {
        let client = stage.read(name, &member);
        let work_ms = [0, 20, 500, 5_000][chance.below(4) as usize];
        stage.work_ms.insert(client, work_ms);
    }
    let linger_ms = chance.below(100).to_string();
    let producer = [
        ("linger.ms", linger_ms.as_str()),
        ("request.timeout.ms", "5000"),
        ("delivery.timeout.ms", "120000"),
        ("batch.size", ["100", "16384"][chance.below(2) as usize]),
    ];
    stage.produce("plato", &producer, 200, 50 + chance.below(150));
    stage.produce("quine", &producer, 100, 50 + chance.below(400));
    for _ in 0..25 {
        trouble(&mut stage, &mut chance);
        stage.pass_ms(chance.below(3_000));
    }
    come_to_rest(&mut stage);
}

fn trouble(stage: &mut Stage, chance: &mut Random) {
    let clients: Vec<u32> = stage
        .producers
        .keys()
        .chain(&stage.readers)
        .copied()
        .collect();
    let client = clients[chance.below(clients.len() as u64) as usize];
    match chance.below(14) {
        0..4 => stage.world.break_links(client),
        4 => stage.world.deaden_links(client),
        5 => stage.world.freeze(client),
        6 => stage.world.thaw(client),
        7 => stage.world.freeze_broker(),
        8 => stage.world.thaw_broker(),
        9 => stage.world.stop_broker(chance.below(2) == 0),
        10 => stage.world.start_broker(),
        11 if stage.readers.len() > 1 && stage.readers.contains(&client) => {
            stage.world.kill(client);
            stage.readers.retain(|reader| *reader != client);
        }
        _ => stage.world.set_conditions(Conditions {
            latency_us: chance.below(200_000),
            jitter_us: chance.below(100_000),
            bytes_per_s: (chance.below(3) == 0).then(|| 5_000 + chance.below(100_000)),
            piece_max_bytes: (chance.below(2) == 0).then(|| 1 + chance.below(200) as usize),
            breaks_per_million: chance.below(2) * chance.below(20_000),
        }),
    }
}

/// Trouble ends. Everybody gets what it waits for.
fn come_to_rest(stage: &mut Stage) {
    stage.world.set_conditions(Conditions::default());
    stage.world.thaw_broker();
    stage.world.start_broker();
    let clients: Vec<u32> = stage
        .producers
        .keys()
        .chain(&stage.readers)
        .copied()
        .collect();
    clients
        .into_iter()
        .for_each(|client| stage.world.thaw(client));
    stage.pass_until(
        "the producers are done",
        200_000,
        Stage::nothing_is_under_way,
    );
    stage.ledger.everything_is_told();
    let log = stage.log();
    stage.ledger.audit(&log);
    stage.pass_until("all is read", 120_000, |stage| {
        stage.ledger.read.len() >= log.len()
    });
    stage.ledger.everything_is_read(&log);
    stage.pass_ms(20_000);
    let owned = stage
        .readers
        .iter()
        .map(|client| stage.world.consumer(*client).assignment().len());
    assert_eq!(
        owned.sum::<usize>(),
        PARTITIONS as usize,
        "each partition has one owner"
    );
    stage.close_readers();
    assert_eq!(stage.committed(), stage.ends());
}

/// Says which seed it was when a run panics.
struct Announced(u64);

impl Drop for Announced {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let seed = self.0;
            eprintln!(
                "again: CLIENTS_SEED={seed} cargo test -p ottla-tests --test client_scenarios"
            );
        }
    }
}

const RUNS: u64 = 40;
