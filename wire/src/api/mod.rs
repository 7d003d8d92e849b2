//! What is served: one file for each API key, and the table of them all.
//!
//! A file declares its [`Api`]: key, name, versions, `decode`, which turns a body into an [`Action`] on the connection's own thread,
//! and `refuse`, which turns it into the answer that it gets when it is not to be carried out. The action says what it takes to answer:
//!
//! - [`Action::engine`]: a request of the engine, and a function which writes the answer out of the engine's response;
//! - [`Action::view`]: a look at the engine's views under the lock (requests that change nothing);
//! - and either may lead to another action in the end, as Metadata does when it creates a topic on the way.
//!
//! Whoever adds an API adds a file and its line in [`APIS`]; it is advertised from then on.

mod action;
mod convert;
mod p00_produce;
mod p01_fetch;
mod p02_list_offsets;
mod p03_metadata;
mod p08_offset_commit;
mod p09_offset_fetch;
mod p10_find_coordinator;
mod p11_join_group;
mod p12_heartbeat;
mod p13_leave_group;
mod p14_sync_group;
mod p15_describe_groups;
mod p16_list_groups;
mod p18_api_versions;
mod p19_create_topics;
mod p20_delete_topics;
mod p21_delete_records;
mod p22_init_producer_id;
mod p23_offset_for_leader_epoch;
mod p32_describe_configs;
mod p33_alter_configs;
mod p35_describe_log_dirs;
mod p37_create_partitions;
mod p42_delete_groups;
mod p44_incremental_alter_configs;
mod p46_list_partition_reassignments;
mod p47_offset_delete;
mod p60_describe_cluster;
mod p61_describe_producers;
mod p74_list_config_resources;
mod p75_describe_topic_partitions;

use std::ops::RangeInclusive;

use ottla_core::ErrorCode;

pub(crate) use action::{Action, Then, World, mismatch};
pub(crate) use p01_fetch::FetchCall;
pub(crate) use p18_api_versions::refused as refused_api_versions;

use crate::frame::{Frame, Malformed};

/// One kind of request that is served.
#[derive(Debug)]
pub struct Api {
    /// Its number in the protocol.
    pub key: i16,
    /// Its name, as Kafka writes it.
    pub name: &'static str,
    /// The versions that are advertised.
    pub versions: RangeInclusive<i16>,
    /// Reads a body. Anything that the client could have known not to send in this form is malformed; what is only wrong gets an error code.
    pub(crate) decode: fn(&Frame<'_>) -> Result<Action, Malformed>,
    /// Reads a body that is not to be carried out, and answers it with an error where Apache Kafka's `getErrorResponse` has it.
    pub(crate) refuse: fn(&Frame<'_>, ErrorCode) -> Result<Action, Malformed>,
}

impl Api {
    /// The API that Kafka calls so, such as `JoinGroup`.
    pub fn named(name: &str) -> Option<&'static Api> {
        APIS.iter().find(|api| api.name == name)
    }
}

/// Everything that is served, by number.
pub static APIS: &[Api] = &[
    p00_produce::API,
    p01_fetch::API,
    p02_list_offsets::API,
    p03_metadata::API,
    p08_offset_commit::API,
    p09_offset_fetch::API,
    p10_find_coordinator::API,
    p11_join_group::API,
    p12_heartbeat::API,
    p13_leave_group::API,
    p14_sync_group::API,
    p15_describe_groups::API,
    p16_list_groups::API,
    p18_api_versions::API,
    p19_create_topics::API,
    p20_delete_topics::API,
    p21_delete_records::API,
    p22_init_producer_id::API,
    p23_offset_for_leader_epoch::API,
    p32_describe_configs::API,
    p33_alter_configs::API,
    p35_describe_log_dirs::API,
    p37_create_partitions::API,
    p42_delete_groups::API,
    p44_incremental_alter_configs::API,
    p46_list_partition_reassignments::API,
    p47_offset_delete::API,
    p60_describe_cluster::API,
    p61_describe_producers::API,
    p74_list_config_resources::API,
    p75_describe_topic_partitions::API,
];

/// The API with this number.
pub(crate) fn api(key: i16) -> Option<&'static Api> {
    APIS.binary_search_by_key(&key, |api| api.key)
        .ok()
        .map(|index| &APIS[index])
}

#[cfg(test)]
mod tests {
    use super::*;
    use kafka_protocol::messages::ApiKey;

    #[test]
    fn the_table_is_in_order_and_names_are_kafkas() {
        assert!(APIS.is_sorted_by_key(|api| api.key));
        for api in APIS {
            let key = ApiKey::try_from(api.key).expect("a key of the protocol");
            assert_eq!(api.name, format!("{key:?}"));
            assert_eq!(Api::named(api.name).map(|found| found.key), Some(api.key));
        }
    }

    #[test]
    fn no_version_is_advertised_that_the_codec_does_not_know() {
        // These are read by hand.
        let by_hand =
            [ApiKey::Produce, ApiKey::OffsetCommit, ApiKey::OffsetFetch].map(|key| key as i16);
        for api in APIS.iter().filter(|api| !by_hand.contains(&api.key)) {
            let known = ApiKey::try_from(api.key)
                .expect("a key of the protocol")
                .valid_versions();
            assert!(known.min <= *api.versions.start(), "{}", api.name);
            assert!(known.max >= *api.versions.end(), "{}", api.name);
        }
    }
}
