//! Which versions of which APIs a broker speaks: ApiVersions.

use std::ops::RangeInclusive;
use std::sync::Arc;

use bytes::Bytes;
use kafka_protocol::messages::{ApiKey, ApiVersionsResponse};
use ottla_core::ErrorCode;
use ottla_core::sorted::Map;

use crate::network::CallError;
use crate::protocol;

/// The versions that a broker speaks, by API. Shared by all copies of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Versions(Arc<Map<i16, RangeInclusive<i16>>>);

/// What an answer to ApiVersions was good for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Learned {
    All(Versions),
    /// The broker does not know the version of the question itself, but this one.
    AskAgain(i16),
}

impl Versions {
    /// Learns from the answer to a question asked in `asked_version`.
    pub(super) fn learn(
        response: &ApiVersionsResponse,
        asked_version: i16,
    ) -> Result<Learned, String> {
        let versions = response
            .api_keys
            .iter()
            .map(|api| (api.api_key, api.min_version..=api.max_version));
        let versions = Versions(Arc::new(versions.collect()));
        match ErrorCode::from_number(response.error_code) {
            Some(ErrorCode::None) => Ok(Learned::All(versions)),
            Some(ErrorCode::UnsupportedVersion) if asked_version > 0 => {
                // Brokers before Kafka 2.4 do not say what they know, but all of them know version 0 (KIP-511).
                let named = versions.0.get(&(ApiKey::ApiVersions as i16));
                let known = named.map_or(0, |range| *range.end());
                Ok(Learned::AskAgain(known.clamp(0, asked_version - 1)))
            }
            code => Err(format!(
                "the broker refused to say which versions it speaks: {}",
                code.map_or("an unknown error", ErrorCode::name)
            )),
        }
    }

    /// The best version that both sides speak.
    pub(super) fn choose(&self, api: ApiKey) -> Result<i16, CallError> {
        let ours =
            protocol::versions(api).expect("what can be asked is in the table of what is spoken");
        let theirs = self.0.get(&(api as i16));
        let common = theirs.map(|theirs| {
            let lowest = *ours.start().max(theirs.start());
            let highest = *ours.end().min(theirs.end());
            lowest..=highest
        });
        match common {
            Some(common) if !common.is_empty() => Ok(*common.end()),
            _ => Err(CallError::Unsupported {
                api,
                ours,
                theirs: theirs.cloned(),
            }),
        }
    }
}

/// Whether this refuses the version of ApiVersions itself: such an answer is always written in version 0.
pub(super) fn is_refusal(api: ApiKey, answer: &Bytes) -> bool {
    let refusal = ErrorCode::UnsupportedVersion.number().to_be_bytes();
    api == ApiKey::ApiVersions && answer.starts_with(&refusal)
}
