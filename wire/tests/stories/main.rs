//! Stories told in real frames, made and read by another codec than the gateway's own.

mod failing_store;
mod group_offsets;
mod group_requests;
mod groups;
mod list_offsets;
mod malformed;
mod metadata;
mod order;
mod produce_and_fetch;
mod requests;
mod sessions;
mod support;
