//! What users do, as `lab` shows it: one topic and growing groups, members fewer, as many and more than partitions.

mod every_prefix;
mod growing_groups;
mod stage;
mod three_cases;
