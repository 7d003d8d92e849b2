//! A topic's id, as people type it.

use ottla_core::Uuid;

use crate::command::kafka::failure::Failure;

/// Kafka's `Uuid.fromString`: 16 bytes in base64 for URLs.
pub(super) fn parse(text: &str) -> Result<Uuid, Failure> {
    if text.chars().count() > LONGEST {
        let prefix: String = text.chars().take(LONGEST).collect();
        return Err(Failure::illegal(format!(
            "Input string with prefix `{prefix}` is too long to be decoded as a base64 UUID"
        )));
    }
    let bytes = decode(text)?;
    let id: [u8; 16] = bytes[..].try_into().map_err(|_| {
        Failure::illegal(format!(
            "Input string `{text}` decoded as {} bytes, which is not equal to the expected 16 bytes of a base64-encoded UUID",
            bytes.len()
        ))
    })?;
    Ok(Uuid(id))
}

/// Java's URL-safe decoder, with its words for what is none.
fn decode(text: &str) -> Result<Vec<u8>, Failure> {
    let digits = text.trim_end_matches('=');
    let mut bytes = Vec::new();
    let (mut bits, mut bits_count) = (0u32, 0);
    for digit in digits.bytes() {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => {
                return Err(Failure::illegal(format!(
                    "Illegal base64 character {digit:x}"
                )));
            }
        };
        bits = bits << 6 | u32::from(value);
        bits_count += 6;
        if bits_count >= 8 {
            bits_count -= 8;
            bytes.push((bits >> bits_count) as u8);
        }
    }
    match digits.len() % 4 {
        1 => Err(Failure::illegal(
            "Last unit does not have enough valid bits",
        )),
        _ => Ok(bytes),
    }
}

const LONGEST: usize = 24;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_as_it_is_shown() {
        let id = parse("4L6g3nShT-eMCtK--X86sw").expect("an id");
        assert_eq!(id.to_string(), "4L6g3nShT-eMCtK--X86sw");
        assert_eq!(parse("AAAAAAAAAAAAAAAAAAAAAA").expect("none"), Uuid::ZERO);
    }

    #[test]
    fn what_is_no_id_is_refused() {
        for text in [
            "",
            "nonsense",
            "4L6g3nShT+eMCtK++X86sw",
            "A",
            &"A".repeat(25),
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
