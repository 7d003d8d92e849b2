use ottla_core::sorted::Map;

use ottla_core::{ConnectionId, Event, MemberId, Now, TopicPartition};

/// A member id is a client's name, a dash, and a UUID.
const UUID_CHARS: usize = 36;

/// What happened, in lines for people: members and connections have the names of their clients.
#[derive(Debug, Clone, Default)]
pub(super) struct Story {
    lines: Vec<String>,
    connections: Map<ConnectionId, String>,
    members: Map<MemberId, String>,
}

impl Story {
    pub(super) fn connected(&mut self, connection: ConnectionId, name: &str) {
        self.connections.insert(connection, name.to_owned());
    }

    pub(super) fn event(&mut self, now: Now, event: &Event) {
        match event {
            Event::MemberIdAssigned { member, .. }
            | Event::MemberJoined { member, .. }
            | Event::MemberReplaced { new: member, .. } => self.meet(member),
            _ => {}
        }
        if is_internal(event) {
            return;
        }
        let mut text = event.to_string();
        for (member, name) in &self.members {
            text = text.replace(member.as_str(), name);
        }
        if let Event::Fetched { connection, .. } | Event::FetchParked { connection } = event {
            let name = &self.connections[connection];
            text = text.replace(&format!("connection {}", connection.0), name);
        }
        self.line(now, text);
    }

    pub(super) fn line(&mut self, now: Now, text: String) {
        let ms = now.mono.0 / 1000;
        let (s, m, h) = (ms / 1000 % 60, ms / 60_000 % 60, ms / 3_600_000);
        let hours = if h > 0 {
            format!("{h}:")
        } else {
            String::new()
        };
        self.lines
            .push(format!("{hours}{m:02}:{s:02}.{:03}  {text}\n", ms % 1000));
    }

    pub(super) fn take(&mut self) -> String {
        self.lines.drain(..).collect()
    }

    /// A second member of the same name gets a mark behind it.
    fn meet(&mut self, member: &MemberId) {
        if self.members.contains_key(member) {
            return;
        }
        let length = member.len().saturating_sub(UUID_CHARS + 1);
        let mut name = member[..length].to_owned();
        while self.members.values().any(|known| *known == name) {
            name.push('\'');
        }
        self.members.insert(member.clone(), name);
    }
}

/// Whether an event is about a topic that the broker keeps for itself.
fn is_internal(event: &Event) -> bool {
    let partition: &TopicPartition = match event {
        Event::TopicCreated { topic, .. } => return topic.starts_with("__"),
        Event::Appended { partition, .. }
        | Event::HighWatermark { partition, .. }
        | Event::SegmentRolled { partition, .. } => partition,
        _ => return false,
    };
    partition.topic.starts_with("__")
}
