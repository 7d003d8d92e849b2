//! Who has written which records.

use std::collections::VecDeque;
use std::sync::Arc;

use ottla_core::sorted::Map;
use ottla_core::{ConnectionId, Event, Offset, TopicPartition};

/// Whose request each of a partition's newest records came with. The broker keeps no such thing: it is noted where the request meets the broker.
#[derive(Debug, Clone, Default)]
pub(crate) struct Authors {
    of: Map<TopicPartition, Arc<VecDeque<Run>>>,
}

/// Records of one author, one behind the other.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Run {
    from: Offset,
    to: Offset,
    owner: u32,
}

impl Authors {
    /// Notes what has happened; `owner_of` knows whose link a connection is.
    pub(crate) fn note(&mut self, event: &Event, owner_of: impl Fn(ConnectionId) -> Option<u32>) {
        match event {
            Event::Appended {
                partition,
                base_offset,
                records_count,
                connection: Some(connection),
                ..
            } => {
                let count = i64::from(*records_count);
                if let Some(owner) = owner_of(*connection) {
                    self.add(owner, partition, *base_offset, count);
                }
            }
            Event::TopicDeleted { topic } => {
                self.of.retain(|partition, _| partition.topic != *topic)
            }
            _ => {}
        }
    }

    /// Whose records a partition's are.
    pub(crate) fn of(&self, partition: &TopicPartition) -> AuthorsOf<'_> {
        AuthorsOf(self.of.get(partition).map(|runs| &**runs))
    }

    fn add(&mut self, owner: u32, partition: &TopicPartition, from: Offset, count: i64) {
        let to = from + count;
        let runs = self.of.entry(partition.clone()).or_default();
        let runs = Arc::make_mut(runs);
        // What could not be stored is written anew from there.
        while runs.pop_back_if(|run| run.from >= from).is_some() {}
        match runs.back_mut() {
            Some(run) if run.owner == owner && run.to >= from => run.to = to,
            last => {
                if let Some(last) = last {
                    last.to = last.to.min(from);
                }
                runs.push_back(Run { from, to, owner });
            }
        }
        if runs.len() > RUNS_KEPT {
            runs.pop_front();
        }
    }
}

/// Who has written the records of a partition.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AuthorsOf<'a>(Option<&'a VecDeque<Run>>);

impl AuthorsOf<'_> {
    /// The owner of the link on which a record came.
    pub(crate) fn who(self, offset: Offset) -> Option<u32> {
        let runs = self.0?;
        let index = runs.partition_point(|run| run.to <= offset);
        let run = runs.get(index).filter(|run| run.from <= offset)?;
        Some(run.owner)
    }
}

/// As many as cells can be shown.
const RUNS_KEPT: usize = crate::scene::CELLS_MAX;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_have_those_who_sent_them_also_when_they_are_written_anew() {
        let partition = TopicPartition {
            topic: "t".into(),
            partition: 0,
        };
        let mut authors = Authors::default();
        for (owner, from, count) in [(1, 0, 2), (1, 2, 1), (2, 3, 4), (3, 5, 1)] {
            authors.add(owner, &partition, Offset(from), count);
        }
        let who = |offset| authors.of(&partition).who(Offset(offset));
        assert_eq!(
            [0, 2, 3, 4, 5, 6].map(who),
            [Some(1), Some(1), Some(2), Some(2), Some(3), None]
        );
    }
}
