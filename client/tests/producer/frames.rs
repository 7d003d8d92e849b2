//! Real frames, made and read by another codec than the client's own adaptation.

use bytes::{Buf, BufMut, Bytes, BytesMut};
use kafka_protocol::messages::{ApiKey, RequestHeader};
use kafka_protocol::protocol::{Decodable, Encodable, HeaderVersion, StrBytes};

/// A request's frame without its length, looked at.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) api: ApiKey,
    pub(crate) version: i16,
    pub(crate) correlation_id: i32,
    pub(crate) frame: Bytes,
    body: Bytes,
}

impl Asked {
    pub(crate) fn read(frame: Bytes) -> Asked {
        let mut body = frame.clone();
        let api = ApiKey::try_from(body.get_i16()).expect("a key");
        let version = body.get_i16();
        let correlation_id = body.get_i32();
        let client_id_bytes = body.get_i16().max(0) as usize;
        body.advance(client_id_bytes);
        if api.request_header_version(version) >= 2 {
            body.advance(1);
        }
        Asked {
            api,
            version,
            correlation_id,
            frame,
            body,
        }
    }

    pub(crate) fn body<R: Decodable>(&self) -> R {
        R::decode(&mut self.body.clone(), self.version).expect("a request of this version")
    }

    /// The answer's frame, with its length.
    pub(crate) fn answer<R: Encodable + HeaderVersion>(&self, body: &R) -> Bytes {
        let mut frame = BytesMut::new();
        frame.put_i32(0);
        frame.put_i32(self.correlation_id);
        if R::header_version(self.version) >= 1 {
            frame.put_u8(0);
        }
        body.encode(&mut frame, self.version)
            .expect("an answer of this version");
        let size = frame.len() as i32 - 4;
        frame[..4].copy_from_slice(&size.to_be_bytes());
        frame.freeze()
    }

    /// What an answer's frame says, given with its length.
    pub(crate) fn read_answer<R: Decodable + HeaderVersion>(&self, frame: &Bytes) -> R {
        let mut body = frame.slice(8..);
        if R::header_version(self.version) >= 1 {
            body.advance(1);
        }
        R::decode(&mut body, self.version).expect("an answer of this version")
    }
}

/// A request's frame without its length.
pub(crate) fn request<R: Encodable + HeaderVersion>(api: ApiKey, version: i16, body: &R) -> Bytes {
    let header = RequestHeader::default()
        .with_request_api_key(api as i16)
        .with_request_api_version(version)
        .with_client_id(Some(StrBytes::from_static_str("reader")));
    let mut frame = BytesMut::new();
    header
        .encode(&mut frame, R::header_version(version))
        .expect("a header");
    body.encode(&mut frame, version).expect("a request");
    frame.freeze()
}
