//! Members of Java, librdkafka and Ottla in one group, on Ottla and on Apache Kafka: they share, and take over from each other.
//!
//! The first member to join leads the group, so its assignor decides for all. Each client leads once, leaves once and is killed once.

mod group;
mod member;

use std::thread;

use group::Group;
use member::Client::{Java, Librdkafka, Ottla};
use member::{Client, Member};
use ottla_client::assignor::Assignor;
use ottla_tests::broker::Broker;
use ottla_tests::on_both_brokers;

on_both_brokers! {
    fn eager_members_share_a_group_whoever_leads_it(broker: &Broker) {
        at_the_same_time(
            broker,
            &[
                (Assignor::Range, [Ottla, Java, Librdkafka]),
                (Assignor::Range, [Java, Librdkafka, Ottla]),
                (Assignor::Range, [Librdkafka, Ottla, Java]),
                (Assignor::RoundRobin, [Ottla, Librdkafka, Java]),
                // librdkafka has no such assignor.
                (Assignor::Sticky, [Ottla, Java, Ottla]),
            ],
        );
    }
    fn cooperative_members_share_a_group_whoever_leads_it(broker: &Broker) {
        at_the_same_time(
            broker,
            &[
                (Assignor::CooperativeSticky, [Ottla, Java, Librdkafka]),
                (Assignor::CooperativeSticky, [Java, Librdkafka, Ottla]),
                (Assignor::CooperativeSticky, [Librdkafka, Ottla, Java]),
            ],
        );
    }
}

/// Most of a group's time is waiting.
fn at_the_same_time(broker: &Broker, groups: &[(Assignor, [Client; 3])]) {
    if !Client::all_are_here() {
        return;
    }
    thread::scope(|scope| {
        for (assignor, clients) in groups {
            scope.spawn(|| comes_and_goes(broker, *assignor, *clients));
        }
    });
}

/// They join one after the other; the second leaves, the third is killed, and the first remains. In each state records come, and each is read
/// once: also after a take-over, for whoever takes over goes on where the other one committed.
fn comes_and_goes(broker: &Broker, assignor: Assignor, clients: [Client; 3]) {
    let name = format!("mixed-{}-{}", assignor.name(), clients[0].name());
    let mut group = Group::of(broker, &broker.name(&name));
    let join = |group: &Group, place: usize| {
        let client_id = format!("{place}-{}", clients[place - 1].name());
        Member::join(broker, clients[place - 1], group, assignor, &client_id)
    };

    group.produce();
    let mut first = join(&group, 1);
    group.is_split_into(&[(&first, 6)]);
    group.has_read_everything(&mut [&mut first]);

    let mut second = join(&group, 2);
    group.is_split_into(&[(&first, 3), (&second, 3)]);
    let mut third = join(&group, 3);
    group.is_split_into(&[(&first, 2), (&second, 2), (&third, 2)]);
    if assignor == Assignor::Range {
        let stretches = [(&first, [0, 1]), (&second, [2, 3]), (&third, [4, 5])];
        for (member, stretch) in stretches {
            assert_eq!(group.share_of(member), stretch);
        }
    }
    group.produce();
    group.has_read_everything(&mut [&mut first, &mut second, &mut third]);

    second.leaves();
    group.is_split_into(&[(&first, 3), (&third, 3)]);
    group.produce();
    group.has_read_everything(&mut [&mut first, &mut second, &mut third]);

    third.is_killed();
    group.is_split_into(&[(&first, 6)]);
    group.produce();
    group.has_read_everything(&mut [&mut first, &mut second, &mut third]);

    first.leaves();
    group.is_split_into(&[]);
}
