//! KafkaJS 2.2.4, unmodified, in Node: the flows are programs in `clients/kafkajs`.

use ottla_tests::broker::Broker;
use ottla_tests::client::kafkajs;

#[test]
fn a_group_grows_shrinks_and_loses_a_member() {
    kafkajs(&Broker::start(), "growing_group.mjs", &[]);
}
