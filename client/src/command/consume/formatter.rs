//! How a record is printed.

use super::json;
use super::kafka_formatter::KafkaFormatter;
use super::offsets_formatter;
use super::template::Template;
use crate::consumer::Fetched;

/// What makes text of a record.
#[derive(Debug, Clone)]
pub(crate) enum Formatter {
    /// Kafka's `DefaultMessageFormatter`, and `LoggingMessageFormatter`, whose log nobody sees.
    Kafka(KafkaFormatter),
    /// Kafka's `NoOpMessageFormatter`.
    Nothing,
    /// Kafka's `OffsetsMessageFormatter`.
    Offsets,
    /// `ottla consume --format`.
    Template(Template),
    /// `ottla consume --json`: an object a line.
    Json,
}

impl Formatter {
    /// Appends the record's text.
    ///
    /// # Errors
    /// Why there is none: as Java's exception says it, class and message.
    pub(super) fn write(&self, fetched: &Fetched, out: &mut Vec<u8>) -> Result<(), String> {
        match self {
            Self::Kafka(formatter) => formatter.write(fetched, out),
            Self::Nothing => Ok(()),
            Self::Offsets => offsets_formatter::write(fetched, out),
            Self::Template(template) => {
                template.write(fetched, out);
                Ok(())
            }
            Self::Json => {
                json::write(fetched, out);
                Ok(())
            }
        }
    }
}
