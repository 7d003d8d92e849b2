//! Stories of the engine in virtual time, one behaviour a file.
//!
//! A story's text is what a person would see: the virtual time, and the events' own words. `UPDATE_EXPECT=1 cargo test` writes
//! the texts anew; then they are to be read.

mod a_commit_of_an_old_generation_does_not_count;
mod a_configuration_takes_effect;
mod a_fetch_is_answered_empty_in_the_end;
mod a_fetch_reads_several_partitions;
mod a_fetch_waits_for_records;
mod a_group_survives_a_restart;
mod a_group_that_cannot_be_kept_is_refused;
mod a_heartbeat_tells_where_the_group_stands;
mod a_log_rolls_its_segments;
mod a_member_that_leaves_is_replaced_at_once;
mod a_newcomer_waits_until_the_others_have_joined_again;
mod a_produce_waits_for_the_store;
mod a_producer_is_known_after_a_restart;
mod a_silent_member_loses_its_partitions;
mod a_slow_member_is_removed_at_the_rebalance_timeout;
mod a_static_member_comes_back;
mod a_static_member_is_fenced_by_its_twin;
mod a_store_failure_loses_nothing_that_was_acknowledged;
mod a_topic_comes_and_goes;
mod a_topic_is_created_on_use;
mod an_idempotent_producer_repeats_itself;
mod commits_survive_a_restart;
mod deleting_a_topic_forgets_its_offsets;
mod offsets_of_a_group_without_members_expire;
mod old_records_are_deleted;
mod partitions_are_added;
mod records_are_deleted_by_hand;
mod the_brokers_own_logs_are_forced_to_disk;
mod the_leader_assigns_and_sync_hands_out;
mod the_same_inputs_give_the_same_outputs;
mod ticks_are_harmless;
mod validating_changes_nothing;
