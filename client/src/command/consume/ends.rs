//! `--exit-at-end`: whether everything has been read that was there at the start.

use ottla_core::sorted::{Map, Set};
use ottla_core::{Offset, TopicPartition};

use crate::consumer::{Consumer, ConsumerEvent};
use crate::event::Event;

/// Where the logs ended when reading began.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ends {
    /// For partitions that the command has chosen itself: what it was told of them beforehand.
    known: Map<TopicPartition, Offset>,
    /// The group has given this consumer its share, which may be nothing.
    is_assigned: bool,
}

impl Ends {
    /// Of partitions whose ends are known: when all of them are reached, that is the end.
    pub(crate) fn of_partitions(ends: Map<TopicPartition, Offset>) -> Self {
        Self {
            known: ends,
            is_assigned: true,
        }
    }

    /// A group gives and takes partitions. The end of each is where its log ended when it was first fetched from.
    pub(super) fn notice(&mut self, event: &Event) {
        let Event::Consumer(event) = event else {
            return;
        };
        match event {
            ConsumerEvent::Assigned { .. } => self.is_assigned = true,
            ConsumerEvent::Fetched { partition, end, .. } => {
                self.known.entry(partition.clone()).or_insert(*end);
            }
            ConsumerEvent::Revoked { partitions } | ConsumerEvent::Lost { partitions } => {
                self.known
                    .retain(|partition, _| !partitions.contains(partition));
                self.is_assigned = false;
            }
            _ => {}
        }
    }

    /// Whether each partition's position stands at its end, or behind it.
    pub(super) fn are_reached(&mut self, consumer: &Consumer) -> bool {
        if !self.is_assigned {
            return false;
        }
        let assignment: Set<TopicPartition> = consumer.assignment();
        assignment.iter().all(|partition| {
            let end = self
                .known
                .get(partition)
                .copied()
                .or_else(|| consumer.end_offset(partition));
            let position = consumer.position(partition);
            end.zip(position)
                .is_some_and(|(end, position)| position >= end)
        })
    }
}
