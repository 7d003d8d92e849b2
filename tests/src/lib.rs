//! What the tests stand on: a broker to test, the tools that real clients need, and ways to run them.
//!
//! Tests of clients are black-box: they know an address. With `OTTLA_TEST_BOOTSTRAP=host:port` the same tests run against
//! any other broker, which is how their expectations were proven on Apache Kafka.

pub mod broker;
pub mod client;
pub mod crash;
pub mod dump_log;
pub mod fuzzing;
pub mod java;
pub mod kafka;
pub mod ottla;
pub mod prepare;
pub mod raw;
pub mod recording;
pub mod running;
pub mod tools;
pub mod world;
