//! Settings as Kafka's clients know them.

use ottla_client::consumer::ConsumerConfig;
use ottla_client::producer::ProducerConfig;

use crate::action::{ActionError, CommitPolicy, ConsumerSettings, ProducerSettings};

impl ProducerSettings {
    /// # Errors
    /// Settings that do not go together, in Kafka's words.
    pub(crate) fn to_config(&self, client_id: &str) -> Result<ProducerConfig, ActionError> {
        let (acks, linger) = (self.acks.to_string(), self.linger.0.to_string());
        let batch_size = self.batch_size.to_string();
        let mut properties = vec![
            ("bootstrap.servers", BOOTSTRAP),
            ("client.id", client_id),
            ("acks", &acks),
            ("linger.ms", &linger),
            ("batch.size", &batch_size),
            ("compression.type", &self.compression),
            ("partitioner.class", self.partitioner.name()),
        ];
        // Idempotence is on of itself, unless acks rules it out; it is only an error to ask for both.
        if !self.enable_idempotence {
            properties.push(("enable.idempotence", "false"));
        }
        let config = ProducerConfig::from_properties(properties);
        config
            .map(|(config, _)| config)
            .map_err(|error| ActionError(error.0))
    }
}

impl ConsumerSettings {
    /// # Errors
    /// Settings that do not go together, in Kafka's words.
    pub(crate) fn to_config(&self, client_id: &str) -> Result<ConsumerConfig, ActionError> {
        let session = self.session_timeout.0.to_string();
        let heartbeat = self.heartbeat_interval.0.to_string();
        let max_poll_interval = self.max_poll_interval.0.to_string();
        let max_poll_records = self.max_poll_records.to_string();
        let auto_commit = match self.commit {
            CommitPolicy::Auto(every) => Some(every.0.to_string()),
            _ => None,
        };
        let mut properties = vec![
            ("bootstrap.servers", BOOTSTRAP),
            ("client.id", client_id),
            (
                "auto.offset.reset",
                if self.from_beginning {
                    "earliest"
                } else {
                    "latest"
                },
            ),
            ("partition.assignment.strategy", self.assignor.name()),
            ("session.timeout.ms", &session),
            ("heartbeat.interval.ms", &heartbeat),
            ("max.poll.interval.ms", &max_poll_interval),
            ("max.poll.records", &max_poll_records),
        ];
        if let Some(group) = &self.group {
            properties.push(("group.id", group));
            match &auto_commit {
                Some(every) => properties.push(("auto.commit.interval.ms", every)),
                None => properties.push(("enable.auto.commit", "false")),
            }
        }
        if let Some(id) = &self.group_instance_id {
            properties.push(("group.instance.id", id));
        }
        let config = ConsumerConfig::from_properties(properties);
        config
            .map(|(config, _)| config)
            .map_err(|error| ActionError(error.0))
    }
}

/// [`World::address`](crate::World::address), as a property.
const BOOTSTRAP: &str = "broker.lab:9092";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_property_is_the_worlds_address() {
        assert_eq!(crate::World::address().to_string(), BOOTSTRAP);
    }

    #[test]
    fn settings_that_do_not_go_together_are_refused_in_kafkas_words() {
        let mut settings = ConsumerSettings::new(Some("g"), &["t"]);
        settings.heartbeat_interval = settings.session_timeout;
        let error = settings.to_config("c").unwrap_err();
        assert_eq!(
            error.0,
            "Heartbeat must be set lower than the session timeout"
        );
    }
}
