//! Flow C: members as many as partitions, fewer, more. Others tell that the group rebalances, and go on by themselves.

use ottla_client::Event;
use ottla_client::consumer::ConsumerEvent;
use ottla_lab::Teller;

use crate::stage::{Stage, TOPIC};

#[test]
fn as_many_fewer_and_more_members_than_partitions() {
    for (members_count, shares) in [
        (3, vec![1, 1, 1]),
        (2, vec![2, 1]),
        (5, vec![1, 1, 1, 0, 0]),
    ] {
        for assignor in ["range", "roundrobin", "sticky", "cooperative-sticky"] {
            let names: Vec<String> = (1..=members_count)
                .map(|number| format!("member-{number}"))
                .collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let mut stage = run(&names, assignor);
            assert_eq!(stage.shares(&names), shares, "{assignor}");

            // One joins while records flow.
            stage.log.clear();
            stage.act(&[&format!(
                "consumer newcomer group=g topics={TOPIC} assignor={assignor} commit=after"
            )]);
            stage.pass_s(10);
            for name in &names {
                assert!(tells_of_a_rebalance(&stage, name), "{assignor}: {name}");
            }
            let mut all = names.clone();
            all.push("newcomer");
            stage.shares(&all);

            // One leaves.
            stage.log.clear();
            stage.act(&["leave member-1"]);
            stage.pass_s(10);
            assert!(tells_of_a_rebalance(&stage, "newcomer"), "{assignor}");
            stage.shares(&all[1..]);

            stage.act(&["rate shop 0"]);
            stage.pass_s(10);
            let places = stage.places(&all);
            let done: Vec<_> = places.keys().cloned().collect();
            assert_eq!(
                done,
                Vec::from_iter(stage.acknowledged("shop")),
                "{assignor}: nothing is lost"
            );
            assert!(
                places.values().all(|times| *times == 1),
                "{assignor}: nothing that was committed is repeated"
            );
        }
    }
}

fn run(names: &[&str], assignor: &str) -> Stage {
    let topic = format!("topic {TOPIC} partitions=3");
    let producer = format!("producer shop topic={TOPIC} rate=10/s");
    let mut stage = Stage::begin(23, &[&topic, &producer]);
    for name in names {
        stage.act(&[&format!(
            "consumer {name} group=g topics={TOPIC} assignor={assignor} commit=after"
        )]);
    }
    stage.pass_s(12);
    stage
}

fn tells_of_a_rebalance(stage: &Stage, name: &str) -> bool {
    stage.log.iter().any(|line| {
        let is_told = matches!(
            line.what,
            Teller::Client(Event::Consumer(ConsumerEvent::RejoinNeeded { .. }))
        );
        &*line.who == name && is_told
    })
}
