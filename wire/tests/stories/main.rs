//! Stories told in real frames, made and read by another codec than the gateway's own.

mod list_offsets;
mod malformed;
mod metadata;
mod order;
mod produce_and_fetch;
mod requests;
mod sessions;
mod support;
