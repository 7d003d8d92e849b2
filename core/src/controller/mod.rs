//! Topics and configuration: decided here, written as records of the metadata log.

mod codec;
mod record;

pub use record::{MetadataRecord, PartitionRecord, RecordError, Replicas};
