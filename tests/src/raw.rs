//! A connection without a client: frames, right or wrong, byte by byte.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use bytes::{BufMut, Bytes, BytesMut};
use kafka_protocol::messages::{RequestHeader, ResponseHeader};
use kafka_protocol::protocol::{Decodable, Encodable, HeaderVersion, Request, StrBytes};
use kafka_protocol::records::{
    Compression, NO_PRODUCER_EPOCH, NO_PRODUCER_ID, NO_SEQUENCE, Record, RecordBatchEncoder,
    RecordEncodeOptions, TimestampType,
};

use crate::broker::Broker;

/// A socket to a broker.
pub struct Connection {
    stream: TcpStream,
    correlation_id: i32,
}

impl Connection {
    /// Connects.
    ///
    /// # Panics
    /// When the broker does not accept.
    pub fn open(broker: &Broker) -> Self {
        let stream = TcpStream::connect(broker.socket_address()).expect("the broker accepts");
        stream
            .set_read_timeout(Some(SILENCE))
            .expect("a time-out can be set");
        Self {
            stream,
            correlation_id: 0,
        }
    }

    /// Writes bytes as they are. A broker that has closed the connection is found out by reading.
    pub fn write(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes);
    }

    /// Whether the broker closes the connection without a word.
    ///
    /// # Panics
    /// When it says something, or neither speaks nor closes.
    pub fn is_closed(&mut self) -> bool {
        let mut byte = [0];
        match self.stream.read(&mut byte) {
            Ok(0) => true,
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => true,
            Ok(_) => panic!("an answer instead of the connection's end"),
            Err(error) => panic!("the connection stays open: {error}"),
        }
    }

    /// Says that nothing more will be written.
    pub fn finish(&mut self) {
        let _ = self.stream.shutdown(Shutdown::Write);
    }

    /// Sends a request of a version that both sides know, and waits for its answer.
    ///
    /// # Panics
    /// When there is none, or it cannot be read.
    pub fn ask<R: Request>(&mut self, request: &R, version: i16) -> R::Response {
        self.send(request, version);
        self.answer::<R>(version)
    }

    /// Sends a request.
    ///
    /// # Panics
    /// When it cannot be encoded.
    pub fn send<R: Request>(&mut self, request: &R, version: i16) {
        let mut frame = self.header(R::KEY, version, R::header_version(version));
        request
            .encode(&mut frame, version)
            .expect("a request that can be encoded");
        self.write_frame(&frame);
    }

    /// Sends a request by its number, of whatever version, with this body.
    pub fn send_unknown(&mut self, key: i16, version: i16, body: &[u8]) {
        let mut frame = self.header(key, version, 1);
        frame.put_slice(body);
        self.write_frame(&frame);
    }

    /// Waits for the answer to a request.
    ///
    /// # Panics
    /// When there is none, or it cannot be read.
    pub fn answer<R: Request>(&mut self, version: i16) -> R::Response {
        let mut body = self.frame();
        let header = ResponseHeader::decode(&mut body, R::Response::header_version(version))
            .expect("a response's header");
        assert_eq!(header.correlation_id, self.correlation_id);
        R::Response::decode(&mut body, version).expect("a response that can be decoded")
    }

    /// Waits for an answer, and gives its bytes after the size.
    ///
    /// # Panics
    /// When there is none.
    pub fn frame(&mut self) -> Bytes {
        let mut size = [0; 4];
        self.stream
            .read_exact(&mut size)
            .expect("the size of an answer");
        let size = usize::try_from(i32::from_be_bytes(size)).expect("a size");
        let mut body = vec![0; size];
        self.stream
            .read_exact(&mut body)
            .expect("the rest of an answer");
        body.into()
    }

    fn header(&mut self, key: i16, version: i16, header_version: i16) -> BytesMut {
        self.correlation_id += 1;
        let header = RequestHeader::default()
            .with_request_api_key(key)
            .with_request_api_version(version)
            .with_correlation_id(self.correlation_id)
            .with_client_id(Some(StrBytes::from_static_str("raw")));
        let mut frame = BytesMut::new();
        header
            .encode(&mut frame, header_version)
            .expect("a header can be encoded");
        frame
    }

    fn write_frame(&mut self, frame: &[u8]) {
        let size = i32::try_from(frame.len()).expect("a small frame");
        self.write(&[&size.to_be_bytes(), frame].concat());
    }
}

/// A record batch with these values.
///
/// # Panics
/// When it cannot be encoded.
pub fn batch(values: &[&[u8]]) -> BytesMut {
    let records: Vec<Record> = (0_i32..)
        .zip(values)
        .map(|(offset, value)| Record {
            transactional: false,
            control: false,
            delete_horizon: false,
            partition_leader_epoch: -1,
            producer_id: NO_PRODUCER_ID,
            producer_epoch: NO_PRODUCER_EPOCH,
            timestamp_type: TimestampType::Creation,
            offset: offset.into(),
            // The encoder begins a new batch where sequences do not follow each other.
            sequence: NO_SEQUENCE + offset,
            timestamp: 1_700_000_000_000,
            key: None,
            value: Some(Bytes::copy_from_slice(value)),
            headers: Default::default(),
        })
        .collect();
    let options = RecordEncodeOptions {
        version: 2,
        compression: Compression::None,
    };
    let mut bytes = BytesMut::new();
    RecordBatchEncoder::encode(&mut bytes, &records, &options).expect("records can be encoded");
    bytes
}

const SILENCE: Duration = Duration::from_secs(10);
