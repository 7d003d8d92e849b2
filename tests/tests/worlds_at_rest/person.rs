//! A person with ideas.

use ottla_client::random::Random;
use ottla_lab::World;

/// A topic, producers, groups.
pub(crate) fn beginning(chance: &mut Random) -> Vec<String> {
    let partitions_count = 1 + chance.below(4);
    let assignor = pick(
        chance,
        &["range", "roundrobin", "sticky", "cooperative-sticky"],
    );
    let mut lines = vec![format!("topic t partitions={partitions_count}")];
    for index in 0..1 + chance.below(3) {
        let rate = 1 + chance.below(5);
        lines.push(format!(
            "producer p{index} topic=t keys=p{index} rate={rate}/s"
        ));
    }
    for index in 0..1 + chance.below(4) {
        let work = pick(chance, &["0", "20ms", "400ms"]);
        lines.push(format!(
            "consumer a{index} group=after topics=t commit=after assignor={assignor} work={work}"
        ));
    }
    for index in 0..chance.below(3) {
        let commit = pick(chance, &["auto:1s", "before", "auto:5s"]);
        let instance = pick(chance, &["", " instance=b"]);
        let instance = match instance {
            "" => String::new(),
            _ => format!("{instance}{index}"),
        };
        lines.push(format!(
            "consumer b{index} group=other topics=t commit={commit}{instance}"
        ));
    }
    lines
}

/// Something that may come to a person's mind; not always something that makes sense.
pub(crate) fn idea(chance: &mut Random, world: &World) -> String {
    let names: Vec<String> = (world.residents())
        .map(|resident| resident.name().to_string())
        .filter(|name| name != "terminal")
        .collect();
    let name = &names[chance.below(names.len() as u64) as usize];
    let number = chance.below(1000);
    match chance.below(30) {
        0 | 1 => format!("crash {name}"),
        2 | 3 => format!("freeze {name}"),
        4 | 5 => format!("thaw {name}"),
        6 => format!("leave {name}"),
        7 | 8 => format!("restart {name}"),
        9 | 10 => format!("cut {name}"),
        11 => format!("lose-answer {name}"),
        12 => format!("pause {name}"),
        13 => format!("resume {name}"),
        14 => format!("seek {name} t-0 beginning"),
        15 => format!("commit {name}"),
        16 => format!("work {name} {}", pick(chance, &["0", "100ms", "2s"])),
        17 => format!("rate {name} {}", pick(chance, &["0", "1/s", "8/s"])),
        18 => format!("send {name} count={}", 1 + chance.below(20)),
        19 => format!(
            "broker {}",
            pick(chance, &["crash", "stop", "start", "freeze", "thaw"])
        ),
        20 => "broker start".to_owned(),
        21 => format!(
            "links latency={}ms jitter={}ms",
            1 + chance.below(300),
            chance.below(100)
        ),
        22 => format!("disk {}", pick(chance, &["0", "5ms", "300ms"])),
        23 => format!("partitions t {}", 1 + chance.below(6)),
        24 => format!("consumer c{number} group=after topics=t commit=after"),
        25 => format!("producer q{number} topic=t keys=q{number} count=20 rate=2/s linger=50ms"),
        26 => format!(
            "run {}",
            pick(
                chance,
                &[
                    "kafka-topics --describe",
                    "kafka-consumer-groups --describe --group after",
                    "kafka-console-consumer --topic t --from-beginning",
                ]
            )
        ),
        27 => "ctrl-c".to_owned(),
        28 => "remove a0".to_owned(),
        _ => "configure t min.insync.replicas=1".to_owned(),
    }
}

/// What ends all trouble.
pub(crate) fn peace(world: &World) -> Vec<String> {
    let mut lines: Vec<String> = ["broker thaw", "broker start", "disk 0", "links", "ctrl-c"]
        .into_iter()
        .map(str::to_owned)
        .collect();
    for resident in world.residents() {
        let name = resident.name();
        lines.push(format!("thaw {name}"));
        lines.push(format!("rate {name} 0"));
        lines.push(format!("work {name} 0"));
    }
    lines
}

/// Whoever has ended comes back, and reads on.
pub(crate) fn returns(world: &World) -> Vec<String> {
    let names = world.residents().map(|resident| resident.name());
    let lines = names.flat_map(|name| {
        [
            format!("restart {name}"),
            format!("resume {name}"),
            format!("rate {name} 0"),
        ]
    });
    lines.collect()
}

fn pick<'a>(chance: &mut Random, words: &[&'a str]) -> &'a str {
    words[chance.below(words.len() as u64) as usize]
}
