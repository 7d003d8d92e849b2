//! Lines out of bytes that come cut anywhere, told apart as Java's `BufferedReader` does.

use bytes::{Buf, Bytes, BytesMut};
use memchr::memchr2;

/// A line may be this long. Kafka's tools have no limit of their own; a broker takes 1 MiB unless it is told otherwise.
pub(crate) const LINE_MAX_BYTES: usize = 100 * 1024 * 1024;

/// A stream of bytes as lines. `\n`, `\r` and `\r\n` end a line; so does the end of the stream, unless nothing follows the last end of line.
///
/// A line that lies in one piece of the stream is a slice of it; nothing is copied but what a cut has divided.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lines {
    /// What has been pushed and not yet been looked at.
    rest: Bytes,
    /// The start of a line whose end has not come.
    begun: BytesMut,
    /// The last byte looked at was a `\r`: a `\n` behind it belongs to it.
    after_return: bool,
    ended: bool,
}

/// A line is longer than [`LINE_MAX_BYTES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLong;

impl Lines {
    /// More of the stream.
    pub(crate) fn push(&mut self, bytes: Bytes) {
        if self.rest.is_empty() {
            self.rest = bytes;
            return;
        }
        let mut joined = BytesMut::with_capacity(self.rest.len() + bytes.len());
        joined.extend_from_slice(&self.rest);
        joined.extend_from_slice(&bytes);
        self.rest = joined.freeze();
    }

    /// Nothing more will come.
    pub(crate) fn end(&mut self) {
        self.ended = true;
    }

    /// Nothing can be read until more is pushed, and more may come.
    pub(crate) fn is_hungry(&self) -> bool {
        self.rest.is_empty() && !self.ended
    }

    /// All lines have been read.
    pub(crate) fn is_finished(&self) -> bool {
        self.ended && self.rest.is_empty() && self.begun.is_empty()
    }

    /// The next line without its end, if the whole of it is there.
    pub(crate) fn next(&mut self) -> Result<Option<Bytes>, TooLong> {
        if self.after_return && !self.rest.is_empty() {
            self.after_return = false;
            if self.rest[0] == b'\n' {
                self.rest.advance(1);
            }
        }
        match memchr2(b'\n', b'\r', &self.rest) {
            Some(at) => {
                let line = self.rest.split_to(at);
                self.after_return = self.rest[0] == b'\r';
                self.rest.advance(1);
                self.finish(line).map(Some)
            }
            None if self.ended => {
                let line = std::mem::take(&mut self.rest);
                let is_line = !line.is_empty() || !self.begun.is_empty();
                self.finish(line).map(|line| is_line.then_some(line))
            }
            None => {
                self.begun.extend_from_slice(&self.rest);
                self.rest.clear();
                match self.begun.len() > LINE_MAX_BYTES {
                    true => Err(TooLong),
                    false => Ok(None),
                }
            }
        }
    }

    fn finish(&mut self, end: Bytes) -> Result<Bytes, TooLong> {
        let length = self.begun.len() + end.len();
        if length > LINE_MAX_BYTES {
            return Err(TooLong);
        }
        if self.begun.is_empty() {
            return Ok(end);
        }
        self.begun.extend_from_slice(&end);
        Ok(std::mem::take(&mut self.begun).freeze())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(chunks: &[&[u8]]) -> Vec<String> {
        let mut lines = Lines::default();
        let mut read = Vec::new();
        let mut drain = |lines: &mut Lines| {
            while let Some(line) = lines.next().expect("short lines") {
                read.push(String::from_utf8(line.to_vec()).expect("text"));
            }
        };
        for chunk in chunks {
            lines.push(Bytes::copy_from_slice(chunk));
            drain(&mut lines);
        }
        lines.end();
        drain(&mut lines);
        assert!(lines.is_finished());
        read
    }

    #[test]
    fn all_three_ends_of_line_count_and_the_last_line_needs_none() {
        assert_eq!(read(&[b"a\nb\r\nc\rd\n\ne"]), ["a", "b", "c", "d", "", "e"]);
        assert_eq!(read(&[b"a\n"]), ["a"]);
        assert_eq!(read(&[b"\n\r"]), ["", ""]);
        assert_eq!(read(&[]), Vec::<String>::new());
    }

    #[test]
    fn a_cut_anywhere_changes_nothing() {
        let text = b"first\r\nsecond\n\rthird\r\r\nfourth";
        let whole = read(&[text]);
        for cut in 0..=text.len() {
            for second in cut..=text.len() {
                let parts = [&text[..cut], &text[cut..second], &text[second..]];
                assert_eq!(read(&parts), whole, "cut at {cut} and {second}");
            }
        }
    }

    #[test]
    fn a_line_without_end_does_not_fill_the_memory() {
        let mut lines = Lines::default();
        let chunk = Bytes::from(vec![b'x'; 10 * 1024 * 1024]);
        let fits = (0..10).all(|_| {
            lines.push(chunk.clone());
            lines.next() == Ok(None)
        });
        assert!(fits);
        lines.push(chunk);
        assert_eq!(lines.next(), Err(TooLong));
    }
}
