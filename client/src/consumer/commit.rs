//! OffsetCommit: where the next owner of a partition goes on.

use std::collections::VecDeque;

use kafka_protocol::messages::offset_commit_request::{
    OffsetCommitRequestPartition, OffsetCommitRequestTopic,
};
use kafka_protocol::messages::{OffsetCommitRequest, OffsetCommitResponse};
use ottla_core::sorted::{Map, Set};
use ottla_core::{ErrorCode, Instant, Now, TopicPartition};

use super::close::Phase;
use super::join::Refusal;
use super::membership::{NO_GENERATION, Stage};
use super::{Asked, CommitError, CommittedOffset, Consumer, ConsumerError, ConsumerEvent, Source};
use crate::interface::Output;
use crate::network::CallError;
use crate::protocol::Response;
use crate::protocol::names::{by_topic, code, optional, partition, text, topic_out};

/// One commit, so that its owner knows it again in [`ConsumerEvent::Committed`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommitId(pub u64);

/// Commits that are asked for. They reach the coordinator one after the other: a later one never loses against an earlier one.
#[derive(Debug, Clone, Default)]
pub(super) struct Commits {
    queue: VecDeque<Commit>,
    last_id: u64,
    /// The first of the queue is not sent again before.
    retry_at: Option<Instant>,
    /// When positions are to be committed next.
    auto_due: Option<Instant>,
}

#[derive(Debug, Clone)]
struct Commit {
    id: CommitId,
    offsets: Map<TopicPartition, CommittedOffset>,
    is_automatic: bool,
    deadline: Instant,
    /// It is at the coordinator, sent as a member of this generation.
    sent_in: Option<i32>,
}

impl Commits {
    pub(super) fn is_pending(&self, id: CommitId) -> bool {
        self.queue.iter().any(|commit| commit.id == id)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// When the first is to be sent again, or given up.
    pub(super) fn next_deadline(&self) -> Option<Instant> {
        let first = self.queue.front()?;
        let retry_at = self.retry_at.filter(|_| first.sent_in.is_none());
        Some(retry_at.map_or(first.deadline, |at| at.min(first.deadline)))
    }
}

impl Consumer {
    /// Commits `offsets`, or all positions. How it ends is told by [`ConsumerEvent::Committed`]; what may pass is tried again for
    /// `default.api.timeout.ms`.
    ///
    /// # Errors
    /// Without a group there is nobody to commit to.
    pub fn commit(
        &mut self,
        now: Now,
        offsets: Option<Map<TopicPartition, CommittedOffset>>,
        out: &mut Vec<Output>,
    ) -> Result<CommitId, ConsumerError> {
        if self.config.group_id.is_none() {
            return Err(ConsumerError::NoGroup);
        }
        let offsets = offsets.unwrap_or_else(|| self.positions(&self.partitions.names()));
        let id = self.enqueue_commit(now, offsets, false);
        self.send_commits(now, out);
        Ok(id)
    }

    /// Commits the positions in these partitions, as far as they are not committed yet.
    pub(super) fn commit_positions(
        &mut self,
        now: Now,
        partitions: &Set<TopicPartition>,
    ) -> Option<CommitId> {
        let mut offsets = self.positions(partitions);
        offsets.retain(|partition, offset| {
            let committed = self
                .partitions
                .get(partition)
                .and_then(|found| found.committed.as_ref());
            committed.is_none_or(|committed| committed.offset != offset.offset)
        });
        (!offsets.is_empty()).then(|| self.enqueue_commit(now, offsets, true))
    }

    /// Positions are committed from time to time, while the user does not work on records.
    pub(super) fn start_auto_commit(&mut self, now: Now) {
        if !self.config.enable_auto_commit || self.user.is_busy || self.phase != Phase::Open {
            return;
        }
        let is_calm = match &self.membership {
            Some(membership) => matches!(membership.stage, Stage::Stable),
            None => matches!(self.source, Source::User),
        };
        let Some(due) = self.commits.auto_due else {
            return self.restart_auto_commit(now);
        };
        if due <= now.mono && is_calm {
            self.restart_auto_commit(now);
            if !self.commits.queue.iter().any(|commit| commit.is_automatic) {
                self.commit_positions(now, &self.partitions.names());
            }
        }
    }

    pub(super) fn restart_auto_commit(&mut self, now: Now) {
        let interval_ms = i64::from(self.config.auto_commit_interval_ms);
        self.commits.auto_due = Some(now.mono.plus_ms(interval_ms));
    }

    /// Whether positions are to be committed as soon as the user is there.
    pub(super) fn is_auto_commit_due(&self, now: Now) -> bool {
        self.config.enable_auto_commit && self.commits.auto_due.is_some_and(|due| due <= now.mono)
    }

    pub(super) fn auto_commit_deadline(&self) -> Option<Instant> {
        let is_calm = (self.membership.as_ref())
            .is_none_or(|membership| matches!(membership.stage, Stage::Stable));
        let is_awake = is_calm && self.config.enable_auto_commit && !self.user.is_busy;
        (self.commits.auto_due).filter(|_| is_awake && !self.partitions.is_empty())
    }

    fn positions(&self, partitions: &Set<TopicPartition>) -> Map<TopicPartition, CommittedOffset> {
        let place = |name: &TopicPartition| {
            let place = self.partitions.get(name)?.place()?;
            let offset = CommittedOffset {
                offset: place.offset,
                leader_epoch: place.leader_epoch,
                metadata: String::new(),
            };
            Some((name.clone(), offset))
        };
        partitions.iter().filter_map(place).collect()
    }

    fn enqueue_commit(
        &mut self,
        now: Now,
        offsets: Map<TopicPartition, CommittedOffset>,
        is_automatic: bool,
    ) -> CommitId {
        self.commits.last_id += 1;
        let id = CommitId(self.commits.last_id);
        self.commits.queue.push_back(Commit {
            id,
            offsets,
            is_automatic,
            deadline: now
                .mono
                .plus_ms(i64::from(self.config.default_api_timeout_ms)),
            sent_in: None,
        });
        self.is_stirred = true;
        id
    }

    /// Sends the first commit, unless it is under way or cannot be sent at all.
    pub(super) fn send_commits(&mut self, now: Now, out: &mut Vec<Output>) {
        while let Some(commit) = self.commits.queue.front() {
            if commit.deadline <= now.mono {
                let reason = "the coordinator did not take it".to_owned();
                self.finish_commit(Err(CommitError::TimedOut { reason }), out);
                continue;
            }
            if commit.sent_in.is_some() || self.commits.retry_at.is_some_and(|at| at > now.mono) {
                return;
            }
            if commit.offsets.is_empty() {
                self.finish_commit(Ok(()), out);
                continue;
            }
            let Some(group) = self.config.group_id.clone() else {
                return;
            };
            let (member, generation) = match &self.membership {
                Some(membership) if membership.is_joining() && !membership.is_gathered() => {
                    self.commit_met_a_rebalance(now, out);
                    continue;
                }
                Some(membership) if !membership.is_member() => {
                    self.finish_commit(Err(CommitError::NotMember), out);
                    continue;
                }
                Some(membership) => (text(&membership.member), membership.generation),
                None => (text(""), NO_GENERATION),
            };
            let instance_id = self.config.group_instance_id.as_deref();
            let request = OffsetCommitRequest::default()
                .with_group_id(text(&group).into())
                .with_generation_id_or_member_epoch(generation)
                .with_member_id(member)
                .with_group_instance_id(optional(instance_id.filter(|_| self.membership.is_some())))
                .with_topics(topics(&commit.offsets));
            let id = commit.id;
            let target = self.coordinator(group);
            let call = self.network.request(now, target, request.into(), out);
            self.asked.insert(call, Asked::Commit(id));
            if let Some(commit) = self.commits.queue.front_mut() {
                commit.sent_in = Some(generation);
            }
            return;
        }
    }

    pub(super) fn commit_answered(
        &mut self,
        now: Now,
        id: CommitId,
        result: Result<Response, CallError>,
        out: &mut Vec<Output>,
    ) {
        let Some(commit) = self
            .commits
            .queue
            .front_mut()
            .filter(|commit| commit.id == id)
        else {
            return;
        };
        let sent_in = commit.sent_in.take().unwrap_or(NO_GENERATION);
        let is_automatic = commit.is_automatic;
        let mut refusals =
            match self.coordinators_answer::<OffsetCommitResponse>("OffsetCommit", result) {
                Ok(response) => refusals(&response),
                Err(Refusal::Fatal { reason, .. }) => {
                    return self.finish_commit(Err(CommitError::Failed(reason)), out);
                }
                Err(_) => return self.retry_commit(now),
            };
        if is_automatic {
            // A topic that is gone keeps nobody from going on with the others.
            refusals.retain(|(_, code)| *code != ErrorCode::UnknownTopicOrPartition);
        }
        let Some((_, code)) = refusals.first() else {
            return self.finish_commit(Ok(()), out);
        };
        let code = *code;
        let is_current = self
            .membership
            .as_ref()
            .is_none_or(|membership| membership.generation == sent_in && !membership.is_joining());
        let error = match code {
            ErrorCode::CoordinatorLoadInProgress | ErrorCode::UnknownTopicOrPartition => {
                return self.retry_commit(now);
            }
            ErrorCode::NotCoordinator
            | ErrorCode::CoordinatorNotAvailable
            | ErrorCode::RequestTimedOut => {
                self.note_coordinator_error(code, out);
                return self.retry_commit(now);
            }
            ErrorCode::RebalanceInProgress => {
                if is_current {
                    let reason = "offset commit failed since group is already rebalancing";
                    self.want_rejoin(reason, out);
                }
                return self.commit_met_a_rebalance(now, out);
            }
            ErrorCode::UnknownMemberId | ErrorCode::IllegalGeneration
                if self.membership.is_some() =>
            {
                if !is_current {
                    return self.commit_met_a_rebalance(now, out);
                }
                let reason = format!("encountered {code} from OFFSET_COMMIT response");
                self.fall_out(code == ErrorCode::IllegalGeneration, &reason, out);
                CommitError::NotMember
            }
            ErrorCode::FencedInstanceId if is_current => {
                self.fenced(out);
                CommitError::Refused { code }
            }
            code => CommitError::Refused { code },
        };
        self.finish_commit(Err(error), out);
    }

    /// Whoever closes sees the rebalance through, and commits in the next generation; others are told.
    fn commit_met_a_rebalance(&mut self, now: Now, out: &mut Vec<Output>) {
        match self.phase {
            Phase::Open => self.finish_commit(Err(CommitError::RebalanceInProgress), out),
            _ => self.retry_commit(now),
        }
    }

    fn retry_commit(&mut self, now: Now) {
        self.commits.retry_at = Some(self.retry_at(now));
        self.is_stirred = true;
    }

    fn finish_commit(&mut self, result: Result<(), CommitError>, out: &mut Vec<Output>) {
        let Some(commit) = self.commits.queue.pop_front() else {
            return;
        };
        self.commits.retry_at = None;
        self.is_stirred = true;
        if result.is_ok() {
            for (partition, offset) in &commit.offsets {
                if let Some(found) = self.partitions.get_mut(partition) {
                    found.committed = Some(offset.clone());
                }
            }
        }
        let (id, offsets) = (commit.id, commit.offsets);
        out.push(
            ConsumerEvent::Committed {
                id,
                offsets,
                result,
            }
            .into(),
        );
    }
}

fn topics(offsets: &Map<TopicPartition, CommittedOffset>) -> Vec<OffsetCommitRequestTopic> {
    let topic = |(name, partitions): (_, Vec<(i32, &CommittedOffset)>)| {
        let partitions = partitions.into_iter().map(|(index, offset)| {
            OffsetCommitRequestPartition::default()
                .with_partition_index(index)
                .with_committed_offset(offset.offset.0)
                .with_committed_leader_epoch(offset.leader_epoch.unwrap_or(-1))
                .with_committed_metadata(Some(text(&offset.metadata)))
        });
        OffsetCommitRequestTopic::default()
            .with_name(topic_out(&name))
            .with_partitions(partitions.collect())
    };
    by_topic(offsets).into_iter().map(topic).collect()
}

fn refusals(response: &OffsetCommitResponse) -> Vec<(TopicPartition, ErrorCode)> {
    let partitions = response.topics.iter().flat_map(|topic| {
        let partitions = topic.partitions.iter();
        partitions.map(|told| {
            (
                partition(&topic.name, told.partition_index),
                code(told.error_code),
            )
        })
    });
    partitions.filter(|(_, code)| !code.is_ok()).collect()
}
