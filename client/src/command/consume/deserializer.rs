//! Kafka's deserializers: what a key or a value looks like as text.

use std::borrow::Cow;

use crate::command::kafka::java;

/// A class of `org.apache.kafka.common.serialization`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deserializer {
    /// UTF-8; what is malformed becomes U+FFFD.
    String,
    Short,
    Integer,
    Long,
    Float,
    Double,
    Boolean,
    /// A UUID as text.
    Uuid,
    /// Printable ASCII, the rest as `\xNN`.
    Bytes,
    /// The bytes themselves. (Java prints where the array lies in memory, which is of no use to anybody.)
    ByteArray,
    /// Java prints the buffer's measures.
    ByteBuffer,
    /// Nothing but null, which a formatter never hands to it.
    Void,
}

impl Deserializer {
    /// By its class name, with or without the package.
    pub(crate) fn of_class(name: &str) -> Option<Self> {
        let name = name
            .strip_prefix("org.apache.kafka.common.serialization.")
            .unwrap_or(name);
        Some(match name.strip_suffix("Deserializer")? {
            "String" => Self::String,
            "Short" => Self::Short,
            "Integer" => Self::Integer,
            "Long" => Self::Long,
            "Float" => Self::Float,
            "Double" => Self::Double,
            "Boolean" => Self::Boolean,
            "UUID" => Self::Uuid,
            "Bytes" => Self::Bytes,
            "ByteArray" => Self::ByteArray,
            "ByteBuffer" => Self::ByteBuffer,
            "Void" => Self::Void,
            _ => return None,
        })
    }

    /// Appends `bytes` as text.
    ///
    /// # Errors
    /// Java's exception, class and message, if they are none of this kind.
    pub(crate) fn write(self, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), String> {
        match self {
            Self::String => match String::from_utf8_lossy(bytes) {
                Cow::Borrowed(text) => out.extend_from_slice(text.as_bytes()),
                Cow::Owned(text) => out.extend_from_slice(text.as_bytes()),
            },
            Self::Short => {
                let number = i16::from_be_bytes(fixed(bytes, "ShortDeserializer")?);
                java::push_integer(out, i64::from(number));
            }
            Self::Integer => {
                let number = i32::from_be_bytes(fixed(bytes, "IntegerDeserializer")?);
                java::push_integer(out, i64::from(number));
            }
            Self::Long => {
                let number = i64::from_be_bytes(fixed(bytes, "LongDeserializer")?);
                java::push_integer(out, number);
            }
            Self::Float => {
                let number = f32::from_be_bytes(fixed(bytes, "Deserializer")?);
                out.extend_from_slice(java::float(number).as_bytes());
            }
            Self::Double => {
                let number = f64::from_be_bytes(fixed(bytes, "Deserializer")?);
                out.extend_from_slice(java::double(number).as_bytes());
            }
            Self::Boolean => match fixed(bytes, "BooleanDeserializer")? {
                [0] => out.extend_from_slice(b"false"),
                [1] => out.extend_from_slice(b"true"),
                [other] => {
                    let byte = other.cast_signed();
                    return Err(serialization_error(&format!(
                        "Unexpected byte received by BooleanDeserializer: {byte}"
                    )));
                }
            },
            Self::Uuid => {
                let text = uuid(bytes)
                    .ok_or_else(|| serialization_error("Error parsing data into UUID"))?;
                out.extend_from_slice(text.as_bytes());
            }
            Self::Bytes => escape(bytes, out),
            Self::ByteArray => out.extend_from_slice(bytes),
            Self::ByteBuffer => {
                let size = bytes.len();
                let text = format!("java.nio.HeapByteBuffer[pos=0 lim={size} cap={size}]");
                out.extend_from_slice(text.as_bytes());
            }
            Self::Void => {
                return Err("java.lang.IllegalArgumentException: Data should be null for a VoidDeserializer.".to_owned());
            }
        }
        Ok(())
    }
}

fn fixed<const SIZE: usize>(bytes: &[u8], class: &str) -> Result<[u8; SIZE], String> {
    let wrong_size =
        || serialization_error(&format!("Size of data received by {class} is not {SIZE}"));
    bytes.try_into().map_err(|_| wrong_size())
}

fn serialization_error(message: &str) -> String {
    format!("org.apache.kafka.common.errors.SerializationException: {message}")
}

/// `UUID.fromString`: five hexadecimal numbers, whose leading zeros may be missing and whose surplus digits are dropped.
fn uuid(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes)
        .ok()
        .filter(|text| text.len() <= 36)?;
    let parts: Vec<&str> = text.split('-').collect();
    let [a, b, c, d, e] = parts.as_slice() else {
        return None;
    };
    let number = |part: &str| {
        let is_hex = !part.is_empty() && part.bytes().all(|digit| digit.is_ascii_hexdigit());
        is_hex.then(|| u64::from_str_radix(part, 16).ok())?
    };
    Some(format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        number(a)? & 0xffff_ffff,
        number(b)? & 0xffff,
        number(c)? & 0xffff,
        number(d)? & 0xffff,
        number(e)? & 0xffff_ffff_ffff
    ))
}

fn escape(bytes: &[u8], out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in bytes {
        match byte {
            b' '..=b'~' if *byte != b'\\' => out.push(*byte),
            _ => out.extend_from_slice(&[
                b'\\',
                b'x',
                DIGITS[usize::from(byte >> 4)],
                DIGITS[usize::from(byte & 15)],
            ]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(class: &str, bytes: &[u8]) -> String {
        let mut out = Vec::new();
        let deserializer = Deserializer::of_class(class).expect("a known class");
        match deserializer.write(bytes, &mut out) {
            Ok(()) => String::from_utf8(out).expect("text"),
            Err(error) => error,
        }
    }

    #[test]
    fn numbers_are_big_endian_and_of_one_size() {
        let class = "org.apache.kafka.common.serialization.LongDeserializer";
        assert_eq!(text(class, &[0, 0, 0, 0, 0, 0, 1, 2]), "258");
        assert_eq!(text("IntegerDeserializer", &[255; 4]), "-1");
        assert_eq!(text("ShortDeserializer", &[1, 0]), "256");
        assert_eq!(text("DoubleDeserializer", &2.5f64.to_be_bytes()), "2.5");
        assert_eq!(text("FloatDeserializer", &1e10f32.to_be_bytes()), "1.0E10");
        assert_eq!(text("BooleanDeserializer", &[1]), "true");
        assert_eq!(
            text("IntegerDeserializer", b"hello"),
            "org.apache.kafka.common.errors.SerializationException: Size of data received by IntegerDeserializer is not 4"
        );
        assert_eq!(
            text("DoubleDeserializer", b""),
            "org.apache.kafka.common.errors.SerializationException: Size of data received by Deserializer is not 8"
        );
        assert_eq!(
            text("BooleanDeserializer", &[200]),
            "org.apache.kafka.common.errors.SerializationException: Unexpected byte received by BooleanDeserializer: -56"
        );
    }

    #[test]
    fn the_word_null_is_a_number_too() {
        // A formatter hands the null literal to the deserializer, as Kafka's does.
        assert_eq!(text("IntegerDeserializer", b"null"), "1853189228");
    }

    #[test]
    fn bytes_and_text() {
        assert_eq!(text("StringDeserializer", b"a\xffb"), "a\u{fffd}b");
        assert_eq!(
            text("BytesDeserializer", b"a\\b\n\xff"),
            "a\\x5Cb\\x0A\\xFF"
        );
        assert_eq!(
            text("ByteBufferDeserializer", b"abc"),
            "java.nio.HeapByteBuffer[pos=0 lim=3 cap=3]"
        );
        assert_eq!(
            text("UUIDDeserializer", b"1-2-3-4-5"),
            "00000001-0002-0003-0004-000000000005"
        );
        assert_eq!(
            text("UUIDDeserializer", b"1-2-3-4"),
            "org.apache.kafka.common.errors.SerializationException: Error parsing data into UUID"
        );
        assert_eq!(
            Deserializer::of_class("io.confluent.kafka.serializers.KafkaAvroDeserializer"),
            None
        );
    }
}
