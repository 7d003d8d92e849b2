//! The native broker's parts, as a library so that tests can use them one by one.

pub mod disk;
