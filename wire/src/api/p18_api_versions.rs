//! ApiVersions, key 18: versions 0 to 4.
//!
//! A client asks what is served, usually before anything else.
//! - The header of the answer is version 0 in all versions, for the client does not know yet what the broker understands.
//! - A version that nobody knows is answered in version 0 with UNSUPPORTED_VERSION and this key's own range; the connection stays.
//! - 3: flexible; the client names its software, and gets INVALID_REQUEST for a name or version that is no such thing (KIP-511).
//! - 4: the feature range may begin at 0 (KIP-1022). No feature is finalized here, so that no client uses one; the epoch is 0.

use kafka_protocol::messages::api_versions_response::ApiVersion;
use kafka_protocol::messages::{ApiKey, ApiVersionsRequest, ApiVersionsResponse};
use ottla_core::ErrorCode;

use super::{APIS, Action, Api};
use crate::frame::{Frame, Header, Malformed};

pub(super) const API: Api = Api {
    key: ApiKey::ApiVersions as i16,
    name: "ApiVersions",
    versions: 0..=4,
    decode,
    refuse,
};

fn decode(frame: &Frame<'_>) -> Result<Action, Malformed> {
    let body: ApiVersionsRequest = frame.body()?;
    let named =
        is_software(&body.client_software_name) && is_software(&body.client_software_version);
    Ok(if frame.header.version >= 3 && !named {
        refused(frame.header, ErrorCode::InvalidRequest)
    } else {
        let mut response = response(ErrorCode::None, APIS);
        if frame.header.version >= 3 {
            response.finalized_features_epoch = 0;
        }
        Action::answer(frame.header, &response)
    })
}

fn refuse(frame: &Frame<'_>, error: ErrorCode) -> Result<Action, Malformed> {
    let _: ApiVersionsRequest = frame.body()?;
    Ok(refused(frame.header, error))
}

/// A refusal. Where the version is what is wrong, it says in which ones to ask again.
pub(crate) fn refused(header: &Header, error: ErrorCode) -> Action {
    let apis: &[Api] = match error {
        ErrorCode::UnsupportedVersion => &[API],
        _ => &[],
    };
    Action::answer(header, &response(error, apis))
}

fn response(error: ErrorCode, apis: &[Api]) -> ApiVersionsResponse {
    ApiVersionsResponse::default()
        .with_error_code(error.number())
        .with_api_keys(apis.iter().map(range).collect())
}

fn range(api: &Api) -> ApiVersion {
    ApiVersion::default()
        .with_api_key(api.key)
        .with_min_version(*api.versions.start())
        .with_max_version(*api.versions.end())
}

/// KIP-511: letters, digits, dots and hyphens; neither of the latter at an end.
fn is_software(name: &str) -> bool {
    let is_end = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = name.as_bytes();
    is_end(bytes.first())
        && is_end(bytes.last())
        && bytes
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
}
