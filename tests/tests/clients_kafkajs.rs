//! KafkaJS 2.2.4, unmodified, in Node: the flows are programs in `clients/kafkajs`.

use ottla_tests::broker::{self, Broker};
use ottla_tests::client::{kafkajs, kafkajs_command};
use ottla_tests::running::Running;

#[test]
fn a_group_grows_shrinks_and_loses_a_member() {
    kafkajs(&Broker::start(), "growing_group.mjs");
}

#[test]
fn members_share_what_partitions_there_are_and_go_on_when_others_come_and_leave() {
    kafkajs(&Broker::start(), "three_cases.mjs");
}

#[test]
fn the_admin_is_answered_as_by_kafka() {
    kafkajs(&Broker::start(), "admin.mjs");
}

#[test]
fn a_group_speaks_the_frames_of_its_protocol_in_order() {
    kafkajs(&Broker::start(), "frames.mjs");
}

#[test]
fn batches_are_resolved_paused_sought_and_bounded() {
    kafkajs(&Broker::start(), "batches.mjs");
}

#[test]
fn a_web_service_works_on_each_order_once() {
    kafkajs(&Broker::start(), "web_service.mjs");
}

#[test]
fn everything_works_in_memory_too() {
    kafkajs(&Broker::in_memory(), "admin.mjs");
}

#[test]
fn a_producer_and_a_consumer_survive_that_their_broker_is_killed() {
    if broker::skipped_because_external("kill -9 and a restart under KafkaJS") {
        return;
    }
    let Some(mut program) = kafkajs_command("keeps_going.mjs") else {
        return;
    };
    let mut broker = Broker::start();
    let mut client = Running::start_client(&broker, &mut program);
    client.says("sent 50");
    broker.kill_9();
    broker.restart();
    client.says("sent 150");
    broker.terminate();
    broker.restart();
    client.ends_with(0);
}
