//! Stories of the engine in virtual time, one behaviour a file.
//!
//! A story's text is what a person would see: the virtual time, and the events' own words. `UPDATE_EXPECT=1 cargo test` writes
//! the texts anew; then they are to be read.

mod a_commit_of_an_old_generation_does_not_count;
mod a_group_survives_a_restart;
mod a_heartbeat_tells_where_the_group_stands;
mod a_member_that_leaves_is_replaced_at_once;
mod a_newcomer_waits_until_the_others_have_joined_again;
mod a_silent_member_loses_its_partitions;
mod a_slow_member_is_removed_at_the_rebalance_timeout;
mod a_static_member_comes_back;
mod a_static_member_is_fenced_by_its_twin;
mod commits_survive_a_restart;
mod offsets_of_a_group_without_members_expire;
mod the_leader_assigns_and_sync_hands_out;
