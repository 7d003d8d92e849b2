use bytes::{Buf, Bytes};
use kafka_protocol::messages::ApiKey;
use kafka_protocol::protocol::{Decodable, Encodable, HeaderVersion};
use ottla_codec::skip_tagged_fields;
use ottla_core::ErrorCode;

use crate::api::{self, Action, Api};

/// The client at the other end of a connection, as far as its answers depend on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Where it connects from, as Kafka shows it: `/127.0.0.1`.
    pub host: String,
    /// Under which address it is told to find this broker: the one that it has dialled, or an advertised one.
    pub broker_address: Endpoint,
}

/// A host and its port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// A name or an address.
    pub host: String,
    /// The port.
    pub port: u16,
}

/// What stands before the body of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The API's number.
    pub key: i16,
    /// The version in which the request is written, and its answer is to be.
    pub version: i16,
    /// The client's number for the request; the answer carries it.
    pub correlation_id: i32,
    /// The client's name for itself; empty if it has none.
    pub client_id: String,
}

/// A request that has been read and checked, to be given to [`Gateway::receive`](crate::Gateway::receive).
#[derive(Debug, Clone)]
pub struct Call {
    /// Its header.
    pub header: Header,
    /// How large the frame was, in bytes.
    pub size_bytes: usize,
    pub(crate) action: Action,
}

impl Call {
    /// What to hand to the gateway in place of a malformed frame: the connection is closed when everything before is answered.
    pub fn close() -> Call {
        Call {
            header: Header {
                key: -1,
                version: 0,
                correlation_id: 0,
                client_id: String::new(),
            },
            size_bytes: 0,
            action: Action::Close,
        }
    }

    pub(crate) fn is_produce(&self) -> bool {
        self.header.key == ApiKey::Produce as i16
    }
}

/// What is wrong with a frame. The connection is closed without an answer, as Apache Kafka does.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// The frame ends within its header, or the header is no header.
    #[error("the frame is too short for a request, or its header is broken")]
    Header,
    /// Nobody knows the API's number, or not in this version.
    #[error("API key {key} version {version} is not served here")]
    Unsupported {
        /// The API's number.
        key: i16,
        /// The version.
        version: i16,
    },
    /// A frame without records is absurdly large.
    #[error("a request of {name} with {size_bytes} bytes is too large")]
    TooLarge {
        /// The API's name.
        name: &'static str,
        /// The frame's size.
        size_bytes: usize,
    },
    /// The body is not what the version says, or announces more than the frame holds.
    #[error("the body is not a request of {name} version {version}")]
    Body {
        /// The API's name.
        name: &'static str,
        /// The version.
        version: i16,
    },
}

/// Reads a frame (without its length). Pure: no lock is needed, no state is changed.
pub fn decode(frame: Bytes, client: &Client) -> Result<Call, Malformed> {
    read(
        frame,
        client,
        |frame| (frame.api.decode)(frame),
        ErrorCode::UnsupportedVersion,
    )
}

/// Reads a frame as [`decode`] does, for a request that is not to be carried out: it gets `error` as its answer, in the places where
/// Apache Kafka's `getErrorResponse` has it for this API and version. A produce with `acks=0` has no answer, so the connection is closed.
///
/// `error` is not to be [`ErrorCode::None`], which would tell the client that something was done.
pub fn refuse(frame: Bytes, client: &Client, error: ErrorCode) -> Result<Call, Malformed> {
    read(
        frame,
        client,
        |frame| (frame.api.refuse)(frame, error),
        error,
    )
}

/// Reads a frame's header and leaves the body to `act`. `unsupported` is the answer to ApiVersions in a version that nobody knows.
fn read(
    frame: Bytes,
    client: &Client,
    act: impl FnOnce(&Frame<'_>) -> Result<Action, Malformed>,
    unsupported: ErrorCode,
) -> Result<Call, Malformed> {
    let size_bytes = frame.len();
    let mut body = frame;
    let key = body.try_get_i16().map_err(|_| Malformed::Header)?;
    let version = body.try_get_i16().map_err(|_| Malformed::Header)?;
    let correlation_id = body.try_get_i32().map_err(|_| Malformed::Header)?;
    let mut header = Header {
        key,
        version,
        correlation_id,
        client_id: String::new(),
    };
    let unknown = Malformed::Unsupported { key, version };
    let api = api::api(key).ok_or(unknown.clone())?;
    if !api.versions.contains(&version) {
        if key != ApiKey::ApiVersions as i16 {
            return Err(unknown);
        }
        // The one question that a client may ask in a version that the broker has never heard of.
        header.version = 0;
        let action = api::refused_api_versions(&header, unsupported);
        return Ok(Call {
            header,
            size_bytes,
            action,
        });
    }
    if size_bytes > SIZE_BYTES_MAX && key != ApiKey::Produce as i16 {
        return Err(Malformed::TooLarge {
            name: api.name,
            size_bytes,
        });
    }
    header.client_id = rest_of_header(&mut body, key, version).ok_or(Malformed::Header)?;
    let frame = Frame {
        api,
        header: &header,
        body,
        client,
    };
    let action = act(&frame)?;
    Ok(Call {
        header,
        size_bytes,
        action,
    })
}

/// The client's name and the tagged fields.
fn rest_of_header(body: &mut Bytes, key: i16, version: i16) -> Option<String> {
    let client_id = match body.try_get_i16().ok()? {
        // Apache Kafka takes every negative length for "none".
        size if size < 0 => String::new(),
        size => {
            let size = usize::try_from(size).ok()?;
            let text = (body.len() >= size).then(|| body.split_to(size))?;
            str::from_utf8(&text).ok()?.to_owned()
        }
    };
    if ApiKey::try_from(key).ok()?.request_header_version(version) >= 2 {
        skip_tagged_fields(body)?;
    }
    Some(client_id)
}

/// A request whose body is still to be read.
pub(crate) struct Frame<'a> {
    pub(crate) api: &'static Api,
    pub(crate) header: &'a Header,
    pub(crate) body: Bytes,
    pub(crate) client: &'a Client,
}

impl Frame<'_> {
    /// The body as the library reads it.
    pub(crate) fn body<T: Decodable>(&self) -> Result<T, Malformed> {
        ottla_codec::decode(&self.body, self.header.version).ok_or_else(|| self.malformed())
    }

    /// Answers the body without a look at the broker.
    pub(crate) fn answer<T: Decodable, R: Encodable + HeaderVersion>(
        &self,
        answer: impl FnOnce(T) -> R,
    ) -> Result<Action, Malformed> {
        Ok(Action::answer(self.header, &answer(self.body()?)))
    }

    /// The body is not what it should be.
    pub(crate) fn malformed(&self) -> Malformed {
        Malformed::Body {
            name: self.api.name,
            version: self.header.version,
        }
    }
}

/// Writes an answer's frame, with its length.
pub(crate) fn encode<T: Encodable + HeaderVersion>(
    header: &Header,
    body: &T,
) -> Result<Bytes, String> {
    let flexible = T::header_version(header.version) >= 1;
    let head_bytes = if flexible { 9 } else { 8 };
    let body_bytes = body
        .compute_size(header.version)
        .map_err(|error| error.to_string())?;
    let mut frame = Vec::with_capacity(head_bytes + body_bytes);
    frame.extend_from_slice(&[0; 4]);
    frame.extend_from_slice(&header.correlation_id.to_be_bytes());
    if flexible {
        frame.push(0);
    }
    body.encode(&mut frame, header.version)
        .map_err(|error| error.to_string())?;
    let size = frame.len() - 4;
    frame[..4].copy_from_slice(&(size as u32).to_be_bytes());
    Ok(Bytes::from(frame))
}

/// The largest frame of anything but records. What a list of small things takes in memory is many times its frame.
const SIZE_BYTES_MAX: usize = 16 << 20;
