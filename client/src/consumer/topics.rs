//! What metadata says about the topics that are read.

use ottla_core::{ErrorCode, Now};

use super::close::Phase;
use super::{Consumer, ConsumerError, Source};
use crate::interface::Output;
use crate::network::WatchedTopics;

impl Consumer {
    /// Metadata is new: a pattern may fit more topics, and a leader may have more partitions to share out.
    pub(super) fn notice_metadata(&mut self, now: Now, out: &mut Vec<Output>) {
        let epoch = self.network.metadata().epoch;
        if epoch == self.metadata_epoch {
            return;
        }
        self.metadata_epoch = epoch;
        if let Some(error) = self.impossible_topic() {
            self.fail(error, out);
        }
        self.match_pattern();
        self.rejoin_if_topics_changed(out);
        self.watch_topics(now, out);
    }

    /// A topic that cannot be, or is not for this client, will not come by waiting.
    fn impossible_topic(&self) -> Option<ConsumerError> {
        let of_group = self.source.topics().into_iter().flatten();
        let assigned = self
            .partitions
            .iter()
            .map(|(partition, _)| &partition.topic);
        let known = &self.network.metadata().topics;
        let mut mine = of_group.chain(assigned);
        mine.find_map(|name| match known.get(name)?.error {
            code @ (ErrorCode::InvalidTopicException | ErrorCode::TopicAuthorizationFailed) => {
                let topic = name.clone();
                Some(ConsumerError::TopicRefused { topic, code })
            }
            _ => None,
        })
    }

    /// Tells the network which topics matter.
    pub(super) fn watch_topics(&mut self, now: Now, out: &mut Vec<Output>) {
        if self.phase != Phase::Open {
            return;
        }
        let watched = if self.source.pattern().is_some() {
            WatchedTopics::All
        } else {
            let mut names = self.source.topics().cloned().unwrap_or_default();
            names.extend(
                self.partitions
                    .iter()
                    .map(|(partition, _)| partition.topic.clone()),
            );
            let led = self
                .membership
                .as_ref()
                .and_then(|membership| membership.led.as_ref());
            names.extend(led.into_iter().flat_map(|led| led.names.iter().cloned()));
            WatchedTopics::Named(names)
        };
        let creates = self.config.allow_auto_create_topics;
        self.network.watch_topics(now, watched, creates, out);
    }

    /// A pattern stands for the topics that there are.
    pub(super) fn match_pattern(&mut self) {
        let Some(pattern) = self.source.pattern().cloned() else {
            return;
        };
        let hides_internal = self.config.exclude_internal_topics;
        let known = self.network.metadata().topics.iter();
        let fitting = known
            .filter(|(name, topic)| {
                topic.error.is_ok() && pattern.matches(name) && !(topic.internal && hides_internal)
            })
            .map(|(name, _)| name.clone())
            .collect();
        if let Source::Group { topics, .. } = &mut self.source {
            *topics = fitting;
        }
    }

    /// A pattern is held against the topics at least once before the group is joined.
    pub(super) fn knows_its_topics(&self) -> bool {
        match &self.source {
            Source::Group { since_epoch, .. } if self.source.pattern().is_some() => {
                self.network.metadata().epoch > *since_epoch
            }
            _ => true,
        }
    }
}
