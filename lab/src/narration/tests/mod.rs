//! Stories as they are told.

mod causes;

use expect_test::expect;
use ottla_core::Instant;

use super::Host;
use crate::timeline::{Start, Timeline};

/// A timeline out of lines `<seconds> <action>`: `you` before it makes it the learner's doing.
fn play(script: &str, until_s: u64) -> Timeline {
    let (mut plan, mut own) = (Vec::new(), Vec::new());
    for line in script
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        let (is_own, line) = match line.strip_prefix("you ") {
            Some(line) => (true, line),
            None => (false, line),
        };
        let (seconds, action) = line.split_once(' ').expect("a moment and an action");
        let seconds: u64 = seconds.parse().expect("seconds");
        let action = action.parse().expect("an action");
        let actions = if is_own { &mut own } else { &mut plan };
        actions.push((Instant(seconds * 1_000_000), action));
    }
    let start = Start {
        seed: 7,
        actions: plan,
    };
    let mut timeline = Timeline::with_actions(start, own);
    timeline.seek(Instant(until_s * 1_000_000));
    timeline
}

fn story(script: &str, until_s: u64) -> String {
    let timeline = play(script, until_s);
    let told = timeline.sentences().iter().map(|sentence| {
        let ms = sentence.at.0 / 1000;
        format!("{:02}.{:03} {}\n", ms / 1000, ms % 1000, sentence.text())
    });
    told.collect()
}

#[test]
fn the_life_of_a_group() {
    let script = "
        0 topic employee-topic partitions=3
        0 producer producer topic=employee-topic
        1 consumer consumer-1 group=project topics=employee-topic
        you 6 consumer consumer-2 group=project topics=employee-topic
        you 12 consumer consumer-3 group=project topics=employee-topic
        you 18 send producer count=10
        you 20 consumer consumer-4 group=project topics=employee-topic
        you 26 crash consumer-1
        you 28 send producer count=10
        you 45 leave consumer-3
        you 55 send producer key=emp001 count=10
    ";
    expect![[r#"
        00.000 There is a topic employee-topic with 3 partitions.
        00.000 producer starts. It writes to employee-topic.
        01.000 consumer-1 starts. It asks to join group project.
        01.220 consumer-1 joins group project.
        01.220 Generation 1 of group project begins with consumer-1.
        01.260 consumer-1 reads partitions 0, 1 and 2.
        01.360 consumer-1 finds nothing committed and begins at offset 0 of partitions 0, 1 and 2.
        06.000 You started consumer-2. It asks to join group project.
        06.220 consumer-2 joins group project. A rebalance begins: all members are to join again.
        07.300 Generation 2 of group project begins with 2 members. consumer-1 leads it: it works out who reads what.
        07.340 consumer-1 reads partitions 0 and 1, consumer-2 reads 2.
        07.400 consumer-2 goes on where its group has committed: at offset 0 of partition 2.
        12.000 You started consumer-3. It asks to join group project.
        12.220 consumer-3 joins group project. A rebalance begins.
        13.380 Generation 3 of group project begins with 3 members.
        13.420 consumer-1 reads partition 0, consumer-2 reads 1, consumer-3 reads 2.
        13.480 consumer-2 and consumer-3 go on where their group has committed.
        18.000 You told producer to send 10 records.
        18.125 producer sent 10 records: 4 to partition 0, 2 to partition 1 and 4 to partition 2.
        18.480 consumer-1, consumer-2 and consumer-3 commit: their group goes on at offset 4 of partition 0, 2 of partition 1 and 4 of partition 2.
        20.000 You started consumer-4. It asks to join group project.
        20.220 consumer-4 joins group project. A rebalance begins.
        22.460 Generation 4 of group project begins with 4 members.
        22.500 consumer-1 reads partition 0, consumer-2 reads 1, consumer-3 reads 2. consumer-4 gets none: it is a spare.
        26.000 You crashed consumer-1. Nobody knows yet.
        28.000 You told producer to send 10 records.
        28.025 producer sent 10 records: 4 to partition 0, 2 to partition 1 and 4 to partition 2. What is in partition 0 waits: consumer-1 is dead.
        32.560 consumer-2 and consumer-3 commit: their group goes on at offset 4 of partition 1 and 8 of partition 2.
        35.500 consumer-1 has sent no heartbeat for 10 s: the coordinator of group project removes it. A rebalance begins.
        37.540 Generation 5 of group project begins with 3 members, without consumer-1.
        37.580 consumer-2 reads partition 0, consumer-3 reads 1, consumer-4 reads 2.
        37.640 consumer-2, consumer-3 and consumer-4 go on where their group has committed.
        42.640 consumer-2 commits: its group goes on at offset 8 of partition 0.
        45.000 You stopped consumer-3 in order. It tells its group.
        45.020 consumer-3 leaves group project. A rebalance begins.
        46.620 Generation 6 of group project begins with 2 members, without consumer-3.
        46.660 consumer-2 reads partitions 0 and 1, consumer-4 reads 2.
        55.000 You told producer to send 10 records with key emp001.
        55.025 producer sent 10 records with key emp001: murmur2 → partition 1, offsets 4 to 13.
        56.720 consumer-2 commits: its group goes on at offset 14 of partition 1.
    "#]].assert_eq(&story(script, 60));
}

#[test]
fn a_zombie_learns_that_its_group_went_on() {
    let script = "
        0 topic orders partitions=2
        0 producer shop topic=orders rate=1/s keys=a,b
        0 consumer worker-1 group=billing topics=orders commit=after work=500ms
        0 consumer worker-2 group=billing topics=orders commit=after work=500ms
        you 10 freeze worker-1
        you 30 thaw worker-1
    ";
    expect![[r#"
        00.000 There is a topic orders with 2 partitions.
        00.000 shop starts. It writes to orders.
        00.000 worker-1 starts. It asks to join group billing.
        00.000 worker-2 starts. It asks to join group billing.
        00.125 shop sent key a: murmur2 → partition 0, offset 0.
        00.220 worker-1 and worker-2 join group billing.
        00.220 Generation 1 of group billing begins with worker-1.
        00.300 Generation 2 of group billing begins with 2 members. worker-1 leads it: it works out who reads what.
        00.340 worker-1 reads partition 0, worker-2 reads 1.
        00.440 worker-1 and worker-2 find nothing committed and begin at offset 0 of partitions 0 and 1.
        01.020 worker-1 commits: its group goes on at offset 1 of partition 0.
        01.025 shop sent key b: murmur2 → partition 0, offset 1.
        02.025 shop sent key a: murmur2 → partition 0, offset 2.
        03.585 worker-1 commits: its group goes on at offset 4 of partition 0.
        04.025 shop sent 2 records to partition 0, offsets 3 and 4.
        07.585 worker-1 commits: its group goes on at offset 8 of partition 0.
        08.025 shop sent 4 records to partition 0, offsets 5 to 8.
        10.000 shop sent key b: murmur2 → partition 0, offset 9.
        10.000 You froze worker-1: its process stands still. Nobody knows yet.
        10.025 shop sent key a: murmur2 → partition 0, offset 10. What is in partition 0 waits: worker-1 stands still.
        11.025 shop sent key b: murmur2 → partition 0, offset 11.
        13.025 shop sent 2 records to partition 0, offsets 12 and 13.
        17.025 shop sent 4 records to partition 0, offsets 14 to 17.
        19.565 worker-1 has sent no heartbeat for 10 s: the coordinator of group billing removes it. A rebalance begins: all members are to join again.
        21.380 Generation 3 of group billing begins with worker-2, without worker-1.
        21.420 worker-2 reads partitions 0 and 1.
        21.480 worker-2 goes on where its group has committed: at offset 10 of partition 0.
        22.080 worker-2 commits: its group goes on at offset 11 of partition 0.
        24.240 worker-2 commits: its group goes on at offset 15 of partition 0.
        25.025 shop sent 8 records to partition 0, offsets 18 to 25.
        28.020 worker-2 commits: its group goes on at offset 22 of partition 0.
        30.000 shop sent 4 records to partition 0, offsets 26 to 29.
        30.000 You let worker-1 go on. It does not know that it stood still.
        30.500 worker-1 wants to commit offset 11 of partition 0. The coordinator refuses it: the group has gone on without this member.
        30.500 worker-1 learns that its group went on without it. It has lost partition 0, and joins again.
        30.560 worker-1 joins group billing. A rebalance begins.
        34.520 Generation 4 of group billing begins with 2 members.
        34.560 worker-1 reads partition 0, worker-2 reads 1.
        34.620 worker-1 goes on where its group has committed: at offset 34 of partition 0.
        35.200 worker-1 commits: its group goes on at offset 35 of partition 0.
        37.585 worker-1 commits: its group goes on at offset 38 of partition 0.
    "#]].assert_eq(&story(script, 40));
}

#[test]
fn two_groups_read_the_same_records() {
    let script = "
        0 topic orders partitions=2
        0 topic mails partitions=1
        0 producer shop topic=orders
        0 consumer worker-1 group=billing topics=orders
        0 consumer mailer-1 group=mailing topics=orders from=latest
        you 8 send shop count=3
        you 10 crash worker-1
        you 12 send shop key=a
    ";
    expect![[r#"
        00.000 There is a topic orders with 2 partitions.
        00.000 There is a topic mails with 1 partition.
        00.000 shop starts. It writes to orders.
        00.000 worker-1 starts. It asks to join group billing.
        00.000 mailer-1 starts. It asks to join group mailing.
        00.220 worker-1 joins group billing.
        00.220 Generation 1 of group billing begins with worker-1.
        00.220 mailer-1 joins group mailing.
        00.220 Generation 1 of group mailing begins with mailer-1.
        00.260 Group billing: worker-1 reads orders-0 and orders-1.
        00.260 Group mailing: mailer-1 reads orders-0 and orders-1.
        00.360 mailer-1 finds nothing committed and begins at offset 0 of orders-0 and orders-1.
        00.360 worker-1 finds nothing committed and begins at offset 0 of orders-0 and orders-1.
        08.000 You told shop to send 3 records.
        08.125 shop sent 3 records: 2 to orders-0 and 1 to orders-1.
        10.000 You crashed worker-1. Nobody knows yet.
        10.320 mailer-1 commits: its group goes on at offset 2 of orders-0 and 1 of orders-1.
        12.000 You told shop to send 1 record with key a.
        12.025 shop sent key a: murmur2 → orders-0, offset 2. For group billing it waits: worker-1 is dead.
        15.320 mailer-1 commits: its group goes on at offset 3 of orders-0.
        19.260 worker-1 has sent no heartbeat for 10 s: the coordinator of group billing removes it. Group billing has no members now.
    "#]].assert_eq(&story(script, 25));
}

#[test]
fn a_lost_answer_makes_a_producer_repeat_itself() {
    let script = "
        0 topic orders partitions=1
        0 producer shop topic=orders
        you 2 lose-answer shop
        you 3 send shop key=a
        you 5 broker crash
        you 6 send shop key=b
        you 8 broker start
    ";
    expect![[r#"
        00.000 There is a topic orders with 1 partition.
        00.000 shop starts. It writes to orders.
        02.000 You arranged that the next answer to shop gets lost.
        03.000 You told shop to send 1 record with key a.
        03.125 shop sent key a: murmur2 → partition 0, offset 0.
        03.145 shop has lost its connection, and tries to connect again.
        03.145 shop does not know whether its batch for partition 0 was written (NETWORK_EXCEPTION). It will send it again.
        03.283 shop has sent a batch for partition 0 again. The broker has it at offset 0 already, and writes it only once.
        05.000 You killed the broker. What it has stored stays.
        05.020 shop has lost its connection, and tries to connect again.
        06.000 You told shop to send 1 record with key b.
        08.000 You started the broker. It reads what it has stored.
        08.797 shop sent key b: murmur2 → partition 0, offset 1.
    "#]].assert_eq(&story(script, 20));
}

#[test]
fn bad_records_and_slow_work() {
    let script = "
        0 topic orders partitions=1
        0 producer shop topic=orders
        0 consumer worker-1 group=billing topics=orders on-poison=retry max-poll-interval=6s
        you 4 send shop key=a value=poison
        you 8 crash worker-1
        you 9 remove worker-1
        you 10 consumer worker-2 group=billing topics=orders work=8s max-poll-interval=6s on-poison=skip
    ";
    expect![[r#"
        00.000 There is a topic orders with 1 partition.
        00.000 shop starts. It writes to orders.
        00.000 worker-1 starts. It asks to join group billing.
        00.220 worker-1 joins group billing.
        00.220 Generation 1 of group billing begins with worker-1.
        00.260 worker-1 reads partition 0.
        00.360 worker-1 finds nothing committed and begins at offset 0 of partition 0.
        04.000 You told shop to send 1 record with key a.
        04.125 shop sent key a: murmur2 → partition 0, offset 0.
        04.180 worker-1 cannot handle offset 0 of partition 0. It tries again each second, and nothing behind it is read.
        08.000 You crashed worker-1. Nobody knows yet.
        09.000 You cleared worker-1 away.
        10.000 You started worker-2. It asks to join group billing.
        10.220 worker-2 joins group billing. A rebalance begins: all members are to join again.
        16.220 worker-1 has not joined again in time: group billing goes on without it.
        16.220 Generation 2 of group billing begins with worker-2, without worker-1.
        16.260 worker-2 reads partition 0.
        16.360 worker-2 finds nothing committed and begins at offset 0 of partition 0.
        22.400 worker-2 has worked for longer than max.poll.interval.ms (6 s): it leaves its group.
        22.420 worker-2 leaves group billing. Group billing has no members now.
        24.400 worker-2 cannot handle offset 0 of partition 0. It skips the record.
        24.400 worker-2 is done, finds that it has lost partition 0, and joins again.
        24.460 worker-2 joins group billing.
        24.460 Generation 4 of group billing begins with worker-2.
        24.500 worker-2 reads partition 0.
    "#]].assert_eq(&story(script, 30));
}

#[test]
fn old_records_go_whoever_has_read_them() {
    let script = "
        0 topic orders partitions=1 retention.ms=5000 segment.ms=1000
        0 producer shop topic=orders
        you 1 send shop key=a
        you 3 send shop key=b
        you 20 partitions orders 2
        you 21 send shop key=a
    ";
    expect![[r#"
        00.000 There is a topic orders with 1 partition.
        00.000 shop starts. It writes to orders.
        01.000 You told shop to send 1 record with key a.
        01.125 shop sent key a: murmur2 → partition 0, offset 0.
        03.000 You told shop to send 1 record with key b.
        03.025 shop sent key b: murmur2 → partition 0, offset 1.
        07.000 The oldest records of partition 0 are gone: it begins at offset 1 now. Nobody was asked whether they had been read.
        09.000 The oldest records of partition 0 are gone: it begins at offset 2 now. Nobody was asked whether they had been read.
        20.000 You gave topic orders more partitions: 2. What is written stays where it is. From now on a key may go elsewhere.
        21.000 You told shop to send 1 record with key a.
        21.025 shop sent key a: murmur2 → partition 0, offset 2.
        27.000 The oldest records of partition 0 are gone: it begins at offset 3 now. Nobody was asked whether they had been read.
    "#]].assert_eq(&story(script, 30));
}

#[test]
fn a_command_in_the_terminal_is_a_client_like_others() {
    let script = "
        0 topic orders partitions=2
        0 producer shop topic=orders
        you 1 run kafka-console-consumer --topic orders --group viewers --from-beginning
        you 6 send shop key=a
        you 9 ctrl-c
    ";
    let timeline = play(script, 8);
    assert_eq!(timeline.scene().groups[0].members[0].client, "terminal");
    expect![[r#"
        00.000 There is a topic orders with 2 partitions.
        00.000 shop starts. It writes to orders.
        01.000 You ran kafka-console-consumer --topic orders --group viewers --from-beginning
        01.220 terminal joins group viewers.
        01.220 Generation 1 of group viewers begins with terminal.
        01.260 terminal reads partitions 0 and 1.
        01.360 terminal finds nothing committed and begins at offset 0 of partitions 0 and 1.
        06.000 You told shop to send 1 record with key a.
        06.125 shop sent key a: murmur2 → partition 0, offset 0.
        06.320 terminal commits: its group goes on at offset 1 of partition 0 and 0 of partition 1.
        09.000 You pressed ctrl-C.
        09.020 terminal leaves group viewers. Group viewers has no members now.
    "#]]
    .assert_eq(&story(script, 15));
}

#[test]
fn what_the_broker_refuses_by_its_limits_is_told_once_for_each_try() {
    let script = "
        0 topic orders
        you 1 run kafka-topics --create --topic wide --partitions 65
        you 3 run kafka-topics --create --topic wide --partitions 65
    ";
    expect![[r#"
        00.000 There is a topic orders with 1 partition.
        01.000 You ran kafka-topics --create --topic wide --partitions 65
        01.120 The broker says: Topic 'wide' cannot have 65 partitions: on this broker a topic has 64 at most (ottla.max.partitions.per.topic).
        03.000 You ran kafka-topics --create --topic wide --partitions 65
        03.120 The broker says: Topic 'wide' cannot have 65 partitions: on this broker a topic has 64 at most (ottla.max.partitions.per.topic).
    "#]].assert_eq(&story(script, 5));
}

#[test]
fn what_a_lesson_shows_is_neither_the_scenes_doing_nor_the_learners() {
    let actions = |lines: &[&str]| {
        let action = |line: &&str| line.parse().expect("an action");
        let at = Instant(1_000_000);
        lines.iter().map(|line| (at, action(line))).collect()
    };
    let scene = Start {
        seed: 7,
        actions: actions(&[
            "topic orders partitions=2",
            "topic returns",
            "producer shop topic=orders",
            "send shop partition=0 count=3",
            "send shop partition=1 count=3",
        ]),
    };
    let shown = actions(&["send shop key=a", "send shop topic=returns count=2"]);
    let mut timeline = Timeline::shown(scene, Host::Exam, shown);
    timeline.seek(Instant(1_000_000));
    assert!(!timeline.can_undo());
    let own = "crash shop".parse().expect("an action");
    timeline.act(own).expect("it runs");
    let told: Vec<String> = timeline
        .sentences()
        .iter()
        .map(|sentence| sentence.text())
        .collect();
    expect![[r#"
        There is a topic orders with 2 partitions.
        There is a topic returns with 1 partition.
        shop starts. It writes to orders.
        shop is to send 3 records to orders-0.
        shop is to send 3 records to orders-1.
        The exam told shop to send 1 record with key a.
        The exam told shop to send 2 records to topic returns.
        You crashed shop."#]]
    .assert_eq(&told.join("\n"));
}
