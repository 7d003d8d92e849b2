//! One blocking connection, with the codec of the crate `kafka-protocol`.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use kafka_protocol::messages::{RequestHeader, ResponseHeader};
use kafka_protocol::protocol::{
    Decodable as _, Encodable as _, HeaderVersion as _, Message, Request, StrBytes,
};

/// A connection to the broker. An I/O error means that the broker is gone; anything that it should not say is a panic.
pub struct Client {
    stream: TcpStream,
    /// Of the request sent last; answers come in the order of the requests.
    sent: i32,
    received: i32,
}

impl Client {
    /// Connects.
    ///
    /// # Errors
    /// When nobody listens.
    pub fn connect(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(ANSWER_WITHIN))?;
        Ok(Self {
            stream,
            sent: 0,
            received: 0,
        })
    }

    /// Sends a request and waits for its answer.
    ///
    /// # Errors
    /// When the broker is gone.
    pub fn call<R: Request>(&mut self, version: i16, request: &R) -> io::Result<R::Response> {
        self.send(version, request)?;
        self.receive::<R>(version)
    }

    /// Sends a request; its answer is taken later.
    ///
    /// # Errors
    /// When the broker is gone.
    pub fn send<R: Request>(&mut self, version: i16, request: &R) -> io::Result<()> {
        self.sent += 1;
        let header = RequestHeader::default()
            .with_request_api_key(R::KEY)
            .with_request_api_version(version)
            .with_correlation_id(self.sent)
            .with_client_id(Some(StrBytes::from_static_str("crash-test")));
        let mut frame = BytesMut::from(&[0_u8; 4][..]);
        header
            .encode(&mut frame, R::header_version(version))
            .expect("a header can be encoded");
        request
            .encode(&mut frame, version)
            .expect("a request can be encoded");
        let size = u32::try_from(frame.len() - 4).expect("a frame has less than 4 GiB");
        frame[..4].copy_from_slice(&size.to_be_bytes());
        self.stream.write_all(&frame)
    }

    /// Waits for the answer to the oldest request that has none.
    ///
    /// # Errors
    /// When the broker is gone.
    ///
    /// # Panics
    /// When the answer is to another request, cannot be decoded, or does not come in time.
    pub fn receive<R: Request>(&mut self, version: i16) -> io::Result<R::Response> {
        let mut size = [0; 4];
        self.read(&mut size)?;
        let mut frame = vec![0; u32::from_be_bytes(size) as usize];
        self.read(&mut frame)?;
        let mut frame = Bytes::from(frame);
        let header = ResponseHeader::decode(&mut frame, R::Response::header_version(version))
            .expect("a response's header can be decoded");
        self.received += 1;
        assert_eq!(
            header.correlation_id, self.received,
            "answers come in the order of the requests"
        );
        let response = R::Response::decode(&mut frame, version).expect("a response can be decoded");
        assert!(
            frame.is_empty(),
            "{} bytes too many after a response to key {}",
            frame.len(),
            R::KEY
        );
        Ok(response)
    }

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<()> {
        let outcome = self.stream.read_exact(buffer);
        if let Err(error) = &outcome
            && error.kind() == io::ErrorKind::WouldBlock
        {
            panic!("no answer within {ANSWER_WITHIN:?}");
        }
        outcome
    }
}

/// Whether this version of a message is one that the codec knows; said here so that a mistake shows at once.
pub(super) const fn known<M: Message>(version: i16) -> i16 {
    assert!(M::VERSIONS.min <= version && version <= M::VERSIONS.max);
    version
}

const ANSWER_WITHIN: Duration = Duration::from_secs(20);
