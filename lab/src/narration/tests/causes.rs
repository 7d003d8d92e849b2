//! Stories tell why something happened, and what came before it.

use expect_test::expect;

use super::story;

#[test]
fn why_reading_begins_where_it_does() {
    let script = "
        0 topic orders partitions=1 retention.ms=5000 segment.ms=1000
        0 producer shop topic=orders rate=1/s keys=none
        0 consumer clerk group=billing topics=orders commit=never
        0 consumer reader topics=orders
        3 commit clerk
        4 crash clerk
        4 remove reader
        5 restart clerk
        you 17 seek clerk orders-0 end
        you 18 leave clerk
        you 19 rate shop 0
        you 20 restart clerk
    ";
    expect![[r#"
        00.000 There is a topic orders with 1 partition.
        00.000 shop starts. It writes to orders.
        00.000 clerk starts. It asks to join group billing.
        00.000 reader starts. It reads orders alone, in no group.
        00.125 shop sent a record without a key to partition 0, offset 0.
        00.140 reader begins at offset 0 of partition 0.
        00.220 clerk joins group billing.
        00.220 Generation 1 of group billing begins with clerk.
        00.260 clerk reads partition 0.
        00.360 clerk finds nothing committed and begins at offset 0 of partition 0.
        02.025 shop sent 2 records without a key to partition 0, offsets 1 and 2.
        03.000 clerk is to commit.
        03.040 clerk commits: its group goes on at offset 3 of partition 0.
        04.000 shop sent a record without a key to partition 0, offset 3.
        04.000 clerk crashes. Nobody knows yet.
        04.025 shop sent a record without a key to partition 0, offset 4. Its owner is dead, so it waits.
        05.000 You started clerk again. For its group it is a new member.
        05.025 shop sent a record without a key to partition 0, offset 5.
        05.220 clerk joins group billing. A rebalance begins: all members are to join again.
        07.000 The oldest records of partition 0 are gone: it begins at offset 2 now. Nobody was asked whether they had been read.
        07.025 shop sent 2 records without a key to partition 0, offsets 6 and 7.
        09.000 The oldest records of partition 0 are gone: it begins at offset 4 now. Nobody was asked whether they had been read.
        11.000 The oldest records of partition 0 are gone: it begins at offset 6 now. Nobody was asked whether they had been read.
        11.025 shop sent 4 records without a key to partition 0, offsets 8 to 11.
        13.000 The oldest records of partition 0 are gone: it begins at offset 8 now. Nobody was asked whether they had been read.
        13.260 clerk has sent no heartbeat for 10 s: the coordinator of group billing removes it.
        13.260 Generation 2 of group billing begins with clerk.
        13.300 clerk reads partition 0.
        13.360 clerk goes on where its group has committed: at offset 3 of partition 0.
        13.440 clerk asks for an offset that the log does not hold (OFFSET_OUT_OF_RANGE). It goes on at offset 8 of partition 0.
        15.000 The oldest records of partition 0 are gone: it begins at offset 10 now. Nobody was asked whether they had been read.
        17.000 The oldest records of partition 0 are gone: it begins at offset 12 now. Nobody was asked whether they had been read.
        17.000 shop sent 5 records without a key to partition 0, offsets 12 to 16.
        17.000 You moved clerk in partition 0 to its end.
        17.045 clerk goes on at offset 18 of partition 0.
        18.000 shop sent a record without a key to partition 0, offset 17.
        18.000 You stopped clerk in order. It tells its group.
        18.020 clerk leaves group billing. Group billing has no members now.
        19.000 The oldest records of partition 0 are gone: it begins at offset 14 now. Nobody was asked whether they had been read.
        19.000 shop sent a record without a key to partition 0, offset 18.
        19.000 You told shop to send nothing more by itself.
        19.025 shop sent a record without a key to partition 0, offset 19.
        20.000 You started clerk again.
        20.220 clerk joins group billing.
        20.220 Generation 4 of group billing begins with clerk.
        20.260 clerk reads partition 0.
        20.320 clerk goes on where its group has committed: at offset 3 of partition 0.
        20.400 clerk asks for an offset that the log does not hold (OFFSET_OUT_OF_RANGE). It goes on at offset 14 of partition 0.
        21.000 The oldest records of partition 0 are gone: it begins at offset 16 now. Nobody was asked whether they had been read.
        23.000 The oldest records of partition 0 are gone: it begins at offset 18 now. Nobody was asked whether they had been read.
    "#]].assert_eq(&story(script, 24));
}

#[test]
fn what_was_written_is_told_before_what_is_done_then() {
    let script = "
        0 topic plain partitions=1
        0 producer shop topic=plain rate=1/s keys=none idempotence=false acks=all
        0 consumer clerk group=billing topics=plain commit=never
        you 8 crash clerk
        you 10 lose-answer shop
        you 11 rate shop 0
    ";
    expect![[r#"
        00.000 There is a topic plain with 1 partition.
        00.000 shop starts. It writes to plain.
        00.000 clerk starts. It asks to join group billing.
        00.125 shop sent a record without a key to partition 0, offset 0.
        00.220 clerk joins group billing.
        00.220 Generation 1 of group billing begins with clerk.
        00.260 clerk reads partition 0.
        00.360 clerk finds nothing committed and begins at offset 0 of partition 0.
        02.025 shop sent 2 records without a key to partition 0, offsets 1 and 2.
        06.025 shop sent 4 records without a key to partition 0, offsets 3 to 6.
        08.000 shop sent a record without a key to partition 0, offset 7.
        08.000 You crashed clerk. Nobody knows yet.
        08.025 shop sent a record without a key to partition 0, offset 8. Its owner is dead, so it waits.
        09.025 shop sent a record without a key to partition 0, offset 9.
        10.000 You arranged that the next answer to shop gets lost.
        10.045 shop has lost its connection, and tries to connect again.
        10.045 shop does not know whether its batch for partition 0 was written (NETWORK_EXCEPTION). It will send it again.
        10.183 shop sent 2 records without a key to partition 0, offsets 10 and 11.
        11.000 You told shop to send nothing more by itself.
    "#]].assert_eq(&story(script, 14));
}
