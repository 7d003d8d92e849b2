//! Ottla's client against Ottla and against Apache Kafka: the same command lines, the same output.

mod friendly;
mod groups;
mod produce_consume;
mod records;
mod shell;
mod transactions;
