//! A member of a group, and how it gets its id.

use bytes::Bytes;

use crate::MemberId;
use crate::interface::JoinGroupRequest;

/// A member of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its id.
    pub id: MemberId,
    /// Its static name.
    pub instance_id: Option<String>,
    /// The client's name for itself.
    pub client_id: String,
    /// Where it connects from, as Kafka shows it: `/127.0.0.1`.
    pub client_host: String,
    /// How long it may be silent.
    pub session_timeout_ms: i32,
    /// How long a rebalance waits for it.
    pub rebalance_timeout_ms: i32,
    /// The assignors that it knows, best first, each with its metadata (its subscription).
    pub protocols: Vec<(String, Bytes)>,
    /// Its assignment in the group's generation; empty while there is none.
    pub assignment: Bytes,
}

impl Member {
    pub(super) fn new(id: MemberId, request: JoinGroupRequest) -> Self {
        Self {
            id,
            instance_id: request.instance_id,
            client_id: request.client_id,
            client_host: request.client_host,
            session_timeout_ms: request.session_timeout_ms,
            rebalance_timeout_ms: request.rebalance_timeout_ms,
            protocols: request.protocols,
            assignment: Bytes::new(),
        }
    }

    /// What it told its leader for an assignor.
    pub fn metadata(&self, protocol: &str) -> Option<&Bytes> {
        self.protocols
            .iter()
            .find(|(name, _)| name == protocol)
            .map(|(_, metadata)| metadata)
    }
}

/// Makes member ids as Kafka does: the client's (or the static member's) name and a random UUID.
#[derive(Debug, Clone)]
pub(super) struct MemberIds {
    /// The state of a splitmix64 generator.
    seed: u64,
}

impl MemberIds {
    pub(super) fn new(seed: u64) -> Self {
        Self { seed }
    }

    pub(super) fn next(&mut self, name: &str) -> MemberId {
        let [high, low] = [self.number(), self.number()];
        // RFC 9562: version 4, variant 10.
        let high = (high & !0xf000) | 0x4000;
        let low = (low & !(0b11 << 62)) | (0b10 << 62);
        MemberId::from(format!(
            "{name}-{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xffff,
            low >> 48,
            low & 0xffff_ffff_ffff,
        ))
    }

    /// Takes an id into account that was given out before a restart: a generator that begins with the same seed would give it out again.
    pub(super) fn stir(&mut self, id: &MemberId) {
        for byte in id.bytes() {
            self.seed = (self.seed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn number(&mut self) -> u64 {
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.seed;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_id_is_the_clients_name_and_a_version_4_uuid() {
        let mut ids = MemberIds::new(7);
        let [first, second] = [ids.next("kafkajs"), ids.next("kafkajs")];
        assert_ne!(first, second);
        let uuid = first.strip_prefix("kafkajs-").expect("the client's name");
        let parts: Vec<&str> = uuid.split('-').collect();
        assert_eq!(
            parts.iter().map(|p| p.len()).collect::<Vec<_>>(),
            [8, 4, 4, 4, 12]
        );
        assert!(parts[2].starts_with('4'));
        assert!(parts[3].starts_with(['8', '9', 'a', 'b']));
    }

    #[test]
    fn the_same_seed_gives_the_same_ids() {
        assert_eq!(MemberIds::new(3).next("a"), MemberIds::new(3).next("a"));
        assert_ne!(MemberIds::new(3).next("a"), MemberIds::new(4).next("a"));
    }

    #[test]
    fn ids_from_before_a_restart_are_not_given_out_again() {
        let id = MemberIds::new(3).next("a");
        let mut restarted = MemberIds::new(3);
        restarted.stir(&id);
        assert_ne!(restarted.next("a"), id);
    }
}
