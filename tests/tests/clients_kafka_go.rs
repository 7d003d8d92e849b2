//! segmentio/kafka-go, unmodified: the flows are one Go program in `clients/kafka-go`.

use ottla_tests::broker::Broker;
use ottla_tests::client::kafka_go;

#[test]
fn the_low_level_connection_creates_writes_reads_seeks_and_deletes() {
    kafka_go(&Broker::start(), "conn");
}

#[test]
fn the_writer_writes_keys_headers_and_batches_with_every_kind_of_acknowledgement() {
    kafka_go(&Broker::start(), "writer");
}

#[test]
fn the_reader_reads_from_any_offset_and_waits_as_it_is_told() {
    kafka_go(&Broker::start(), "reader");
}

#[test]
fn a_group_commits_restarts_and_shares() {
    kafka_go(&Broker::start(), "group");
}

#[test]
fn the_typed_requests_of_its_client_are_answered_as_by_kafka() {
    kafka_go(&Broker::start(), "admin");
}
