//! What a program has been told so far, as one number.

use super::{CodeInput, Turn};

/// All that a program knows: its source, its seed and its turns, as 128 bits (FNV-1a). Whoever makes two histories meet in one key fools
/// nobody but himself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(u128);

impl Key {
    /// Before its first turn.
    pub(crate) fn start(source: &str, seed: u64) -> Self {
        let mut key = Self(OFFSET);
        key.eat_all(source.as_bytes());
        key.eat(&seed.to_be_bytes());
        key
    }

    /// After one more turn.
    pub(crate) fn then(mut self, turn: &Turn) -> Self {
        self.eat(&turn.at.0.to_be_bytes());
        for input in &turn.inputs {
            let (kind, socket, text): (u8, u32, &[u8]) = match input {
                CodeInput::Connected(socket) => (1, *socket, &[]),
                CodeInput::Received(socket, bytes) => (2, *socket, bytes),
                CodeInput::Closed(socket, why) => (3, *socket, why.as_bytes()),
                CodeInput::Terminate => (4, 0, &[]),
            };
            self.eat(&[kind]);
            self.eat(&socket.to_be_bytes());
            self.eat_all(text);
        }
        self
    }

    /// Bytes behind their number, so that what follows cannot be taken for them.
    fn eat_all(&mut self, bytes: &[u8]) {
        self.eat(&(bytes.len() as u64).to_be_bytes());
        self.eat(bytes);
    }

    fn eat(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u128::from(*byte)).wrapping_mul(PRIME);
        }
    }
}

/// FNV's for 128 bits.
const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
