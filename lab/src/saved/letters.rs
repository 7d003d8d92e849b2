//! Which letters a link carries as they are, and how it carries the others.

/// Writes a text for a link.
pub(super) fn put(out: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b' ' => out.push('+'),
            byte if is_plain(byte) => out.push(char::from(byte)),
            byte => {
                out.push('%');
                for digit in [byte >> 4, byte & 15] {
                    out.push(char::from(b"0123456789ABCDEF"[usize::from(digit)]));
                }
            }
        }
    }
}

/// Reads it again.
///
/// # Errors
/// Which character, from 1, does not make a text with those before it.
pub(super) fn get(text: &str) -> Result<String, usize> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, behind)) = rest.split_first() {
        rest = behind;
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => match behind {
                [high, low, behind @ ..] if digit(*high).and(digit(*low)).is_some() => {
                    let value = |digit_byte| digit(digit_byte).unwrap_or(0);
                    bytes.push(value(*high) << 4 | value(*low));
                    rest = behind;
                }
                _ => return Err(length(&bytes) + 1),
            },
            byte => bytes.push(*byte),
        }
    }
    String::from_utf8(bytes).map_err(|error| {
        let sound = error.utf8_error().valid_up_to();
        length(&error.as_bytes()[..sound]) + 1
    })
}

fn digit(byte: u8) -> Option<u8> {
    let digit = char::from(byte).to_digit(16)?;
    Some(digit as u8)
}

/// How many characters these are.
fn length(bytes: &[u8]) -> usize {
    String::from_utf8_lossy(bytes).chars().count()
}

/// What a fragment may hold (RFC 3986) and no mail program takes for the end of the link or for a sign of its own.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~/:@=,".contains(&byte)
}
