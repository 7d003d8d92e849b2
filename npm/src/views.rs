//! What there is to see: plain values for JavaScript.

mod groups;
mod records;
mod topics;

pub(crate) use groups::{group, groups};
pub(crate) use records::{Wanted, records};
pub(crate) use topics::topics;
