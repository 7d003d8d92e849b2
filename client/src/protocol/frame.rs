//! Requests as frames, and answers out of frames.

use bytes::{BufMut, Bytes, BytesMut};
use kafka_protocol::messages::{ApiKey, RequestHeader};
use kafka_protocol::protocol::{Encodable, StrBytes};
use ottla_codec::skip_tagged_fields;

use super::{Request, Response, adapt};

/// A request says something that its version has no words for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{api:?} version {version} cannot express this request: {what}")]
pub struct Inexpressible {
    /// The API.
    pub api: ApiKey,
    /// The version that was to be written.
    pub version: i16,
    /// What it lacks.
    pub what: String,
}

/// Bytes that are not the answer that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the broker's answer of {size_bytes} bytes is not one to {api:?} version {version}")]
pub struct Undecodable {
    /// The API that was asked.
    pub api: ApiKey,
    /// In which version.
    pub version: i16,
    /// The body's size.
    pub size_bytes: usize,
}

impl Request {
    /// The request's frame in `version`, with its length in front.
    pub fn encode(
        &self,
        version: i16,
        correlation_id: i32,
        client_id: &str,
    ) -> Result<Bytes, Inexpressible> {
        let api = self.api();
        let inexpressible = |what: String| Inexpressible { api, version, what };
        let request = adapt::request(self, version).map_err(inexpressible)?;
        let header_version = request.header_version(version);
        let header = RequestHeader::default()
            .with_request_api_key(api as i16)
            .with_request_api_version(version)
            .with_correlation_id(correlation_id)
            .with_client_id(Some(StrBytes::from_string(client_id.to_owned())));
        let header_bytes = header.compute_size(header_version);
        let header_bytes = header_bytes.map_err(|error| inexpressible(error.to_string()))?;
        let body_bytes = request.body_bytes(version).map_err(inexpressible)?;
        let size = i32::try_from(header_bytes + body_bytes)
            .map_err(|_| inexpressible("more than 2 GiB".into()))?;
        let mut frame = BytesMut::with_capacity(4 + header_bytes + body_bytes);
        frame.put_i32(size);
        header
            .encode(&mut frame, header_version)
            .map_err(|error| inexpressible(error.to_string()))?;
        request
            .write_body(&mut frame, version)
            .map_err(inexpressible)?;
        Ok(frame.freeze())
    }
}

impl Response {
    /// Reads the answer to `request` as it was sent in `version`. `answer` is what stands behind the correlation id of the frame.
    pub fn decode(request: &Request, version: i16, answer: Bytes) -> Result<Self, Undecodable> {
        let api = request.api();
        let undecodable = Undecodable {
            api,
            version,
            size_bytes: answer.len(),
        };
        let mut body = answer;
        if Response::header_version(api, version) >= 1 {
            // None is known.
            skip_tagged_fields(&mut body).ok_or(undecodable.clone())?;
        }
        let response = Response::read_body(api, version, &body).ok_or(undecodable)?;
        Ok(adapt::response(request, version, response))
    }
}
