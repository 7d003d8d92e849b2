//! Expiry: offsets that nobody needs any more are forgotten, and groups without members and offsets (KIP-211).

use super::group::Group;
use super::offsets::CommittedOffset;
use super::state::State;
use super::turn::Turn;
use crate::sorted::Map;
use crate::{GroupId, Timer, TopicName};

/// `Timer::OffsetExpiry`: looks at all groups, and asks to be called again.
pub(super) fn expire(groups: &mut Map<GroupId, Group>, turn: &mut Turn<'_>) {
    for group in groups.values_mut() {
        group.expire(turn);
    }
    schedule(turn);
}

pub(super) fn schedule(turn: &mut Turn<'_>) {
    let interval_ms = turn.world.config.offsets_retention_check_interval_ms;
    turn.set(Timer::OffsetExpiry, interval_ms.max(1));
}

impl Group {
    fn expire(&mut self, turn: &mut Turn<'_>) {
        let expired: Vec<(TopicName, i32)> = self
            .offsets
            .iter()
            .filter(|(topic, partition, offset)| {
                self.has_expired(topic, offset, turn)
                    && !self.offsets.is_in_flight(topic, *partition)
            })
            .map(|(topic, partition, _)| (topic.clone(), partition))
            .collect();
        let nothing_is_left = expired.len() == self.offsets.partitions().len();
        if nothing_is_left && matches!(self.state, State::Empty) && self.pending.is_empty() {
            self.die("its last offset has expired", None, turn);
        } else if !expired.is_empty() {
            self.remove_offsets(expired, None, turn);
        }
    }

    fn has_expired(&self, topic: &TopicName, offset: &CommittedOffset, turn: &Turn<'_>) -> bool {
        if self.is_subscribed_to(topic) {
            return false;
        }
        let since = match &self.state {
            State::Dead => return false,
            // Nobody works with it since it became empty; for a mere name that offsets are committed under, since the commit.
            State::Empty if self.protocol_type.is_some() => {
                self.state_since.unwrap_or(offset.commit_timestamp)
            }
            State::Empty => offset.commit_timestamp,
            // Consumers have stopped reading this topic. Of others it is not known what they need.
            State::Stable { .. } if self.is_of_consumers() && self.subscribed.is_some() => {
                offset.commit_timestamp
            }
            _ => return false,
        };
        let now = turn.now.wall.0;
        match offset.expire_timestamp {
            Some(expire_timestamp) => now >= expire_timestamp.0,
            None => now.saturating_sub(since.0) >= turn.world.config.offsets_retention_ms,
        }
    }
}
