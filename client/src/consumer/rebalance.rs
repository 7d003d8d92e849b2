//! From one generation to the next: what is committed, given up, lost and taken over, and when.

use ottla_core::sorted::Set;
use ottla_core::{Now, TopicPartition};

use super::close::Phase;
use super::membership::Stage;
use super::{Consumer, ConsumerEvent};
use crate::assignor::LastAssignment;
use crate::interface::Output;

impl Consumer {
    /// Goes as far on the way to a generation as it can.
    pub(super) fn advance_membership(&mut self, now: Now, out: &mut Vec<Output>) {
        let Some(membership) = &self.membership else {
            return;
        };
        match &membership.stage {
            Stage::Outside | Stage::Stable if self.phase != Phase::Open || self.user.is_busy => {}
            Stage::Outside | Stage::Stable => {
                if membership.given.is_some() {
                    self.take_over(now, out);
                } else {
                    self.begin_rebalance(now, out);
                }
            }
            Stage::Preparing { .. } if self.phase != Phase::Open => {}
            Stage::Preparing { commit, until } => {
                let is_committing = commit.is_some_and(|id| self.commits.is_pending(id));
                if !is_committing || *until <= now.mono {
                    self.give_up_and_join(now, out);
                }
            }
            Stage::Assigning { .. } => self.share_out(now, out),
            Stage::Joining(_) | Stage::Syncing(_) => {}
        }
    }

    /// The next generation is to be joined, as soon as the user is there.
    pub(super) fn want_rejoin(&mut self, reason: &str, out: &mut Vec<Output>) {
        if let Some(membership) = &mut self.membership
            && membership.rejoin.is_none()
        {
            membership.rejoin = Some(reason.to_owned());
            let reason = reason.to_owned();
            out.push(ConsumerEvent::RejoinNeeded { reason }.into());
            self.is_stirred = true;
        }
    }

    /// The coordinator does not count this member any more. Its partitions are lost, which the user learns when it is there.
    pub(super) fn fall_out(&mut self, keeps_member: bool, reason: &str, out: &mut Vec<Output>) {
        if let Some(membership) = &mut self.membership {
            membership.fall_out(keeps_member);
            membership.retry_at = None;
        }
        self.want_rejoin(reason, out);
        self.is_stirred = true;
    }

    /// First the positions are committed: whoever gets the partitions goes on from there.
    fn begin_rebalance(&mut self, now: Now, out: &mut Vec<Output>) {
        let knows_topics = self.knows_its_topics();
        let until = self.poll_deadline(now);
        let is_cooperative = self.config.is_cooperative();
        let Some(membership) = &mut self.membership else {
            return;
        };
        if membership.rejoin.is_none() || membership.retry_at.is_some_and(|at| at > now.mono) {
            return;
        }
        membership.retry_at = None;
        if !knows_topics {
            return;
        }
        if !membership.is_member() || !self.config.enable_auto_commit {
            return self.give_up_and_join(now, out);
        }
        if !is_cooperative {
            self.stop_reading(&self.partitions.names());
        }
        let commit = self.commit_positions(now, &self.partitions.names());
        if let Some(membership) = &mut self.membership {
            membership.stage = Stage::Preparing { commit, until };
        }
        self.is_stirred = true;
    }

    /// Then partitions are given up: all of them, or, among cooperative members, those of topics that are not wanted any more.
    fn give_up_and_join(&mut self, now: Now, out: &mut Vec<Output>) {
        let Some(membership) = &mut self.membership else {
            return;
        };
        membership.led = None;
        let is_member = membership.is_member();
        let mut partitions = self.partitions.names();
        if is_member && self.config.is_cooperative() {
            partitions.retain(|partition| !self.source.wants(&partition.topic));
        }
        self.drop_partitions(partitions, is_member, out);
        self.join(now, out);
    }

    /// Takes the partitions over that the leader has given. Partitions that move to others are committed first.
    fn take_over(&mut self, now: Now, out: &mut Vec<Output>) {
        let Some(given) = self
            .membership
            .as_mut()
            .and_then(|membership| membership.given.as_mut())
        else {
            return;
        };
        if given
            .partitions
            .iter()
            .any(|partition| !self.source.wants(&partition.topic))
        {
            // The subscription has changed since the join.
            if let Some(membership) = &mut self.membership {
                membership.given = None;
            }
            return self.want_rejoin(
                "received assignment does not match the current subscription",
                out,
            );
        }
        let all: Set<TopicPartition> = given.partitions.iter().cloned().collect();
        let owned = self.partitions.names();
        let moving: Set<TopicPartition> = owned.difference(&all).cloned().collect();
        match given.commit {
            Some(commit) if self.commits.is_pending(commit) => return,
            None if !moving.is_empty() && self.config.enable_auto_commit => {
                self.stop_reading(&moving);
                let commit = self.commit_positions(now, &moving);
                if let Some(given) = self
                    .membership
                    .as_mut()
                    .and_then(|membership| membership.given.as_mut())
                {
                    given.commit = commit;
                }
                if commit.is_some() {
                    self.is_stirred = true;
                    return;
                }
            }
            _ => {}
        }
        let added: Set<TopicPartition> = all.difference(&owned).cloned().collect();
        let Some(membership) = &mut self.membership else {
            return;
        };
        let generation = membership.generation;
        if let Some(given) = membership.given.take() {
            membership.last = Some(LastAssignment {
                generation,
                partitions: given.partitions,
            });
        }
        if !moving.is_empty() {
            self.drop_partitions(moving, true, out);
            // The others are given what was given up in another round (KIP-429).
            self.want_rejoin("need to revoke partitions and re-join", out);
        }
        self.partitions.add(added.iter().cloned());
        self.obey_the_leaders_pattern(&all);
        self.restart_auto_commit(now);
        self.watch_topics(now, out);
        out.push(
            ConsumerEvent::Assigned {
                generation,
                added,
                all,
            }
            .into(),
        );
        self.rejoin_if_topics_changed(out);
        self.is_stirred = true;
    }

    /// A leader may know topics of the pattern that this member has not seen yet: they count as joined for.
    fn obey_the_leaders_pattern(&mut self, all: &Set<TopicPartition>) {
        if self.source.pattern().is_none() {
            return;
        }
        if let (super::Source::Group { topics, .. }, Some(membership)) =
            (&mut self.source, &mut self.membership)
        {
            for partition in all {
                topics.insert(partition.topic.clone());
                membership.joined_topics.insert(partition.topic.clone());
            }
        }
    }

    /// Nothing more of these partitions reaches the user.
    fn stop_reading(&mut self, partitions: &Set<TopicPartition>) {
        for partition in partitions {
            if let Some(found) = self.partitions.get_mut(partition) {
                found.is_leaving = true;
            }
        }
    }

    pub(super) fn drop_partitions(
        &mut self,
        partitions: Set<TopicPartition>,
        is_orderly: bool,
        out: &mut Vec<Output>,
    ) {
        if partitions.is_empty() {
            return;
        }
        self.partitions.remove(&partitions);
        let event = match is_orderly {
            true => ConsumerEvent::Revoked { partitions },
            false => ConsumerEvent::Lost { partitions },
        };
        out.push(event.into());
    }
}
