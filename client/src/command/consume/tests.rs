use bytes::Bytes;
use ottla_core::batch::{Record, RecordHeader, TimestampType};
use ottla_core::{Offset, Timestamp, TopicPartition};

use crate::consumer::Fetched;

/// A record of `orders-2` with all that a record may have.
pub(super) fn fetched() -> Fetched {
    let header = |key: &'static str, value: Option<&'static str>| RecordHeader {
        key: Bytes::from_static(key.as_bytes()),
        value: value.map(|value| Bytes::from_static(value.as_bytes())),
    };
    Fetched {
        partition: TopicPartition {
            topic: "orders".into(),
            partition: 2,
        },
        leader_epoch: Some(3),
        timestamp_type: TimestampType::CreateTime,
        record: Record {
            offset: Offset(15),
            timestamp: Timestamp(1_795_242_421_234),
            key: Some(Bytes::from_static(b"key")),
            value: Some(Bytes::from_static(b"value")),
            headers: vec![header("a", Some("1")), header("b", None)],
        },
    }
}

mod kafka_formatter {
    use super::fetched;
    use crate::command::consume::KafkaFormatter;
    use crate::consumer::Fetched;

    fn line(properties: &[(&str, &str)], fetched: &Fetched) -> Result<String, (String, String)> {
        let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        let (formatter, unknown) =
            KafkaFormatter::from_properties(&properties.iter().map(owned).collect());
        assert_eq!(unknown, Vec::<String>::new());
        let mut out = Vec::new();
        let written = formatter.write(fetched, &mut out);
        let text = String::from_utf8(out).expect("text");
        match written {
            Ok(()) => Ok(text),
            Err(error) => Err((text, error)),
        }
    }

    #[test]
    fn a_value_is_a_line_unless_more_is_asked_for() {
        assert_eq!(line(&[], &fetched()).as_deref(), Ok("value\n"));
        let all = [
            ("print.timestamp", "true"),
            ("print.partition", "TRUE"),
            ("print.offset", " true "),
            ("print.delivery", "true"),
            ("print.epoch", "true"),
            ("print.headers", "true"),
            ("print.key", "true"),
        ];
        assert_eq!(
            line(&all, &fetched()).as_deref(),
            Ok(
                "CreateTime:1795242421234\tPartition:2\tOffset:15\tDelivery:NOT_PRESENT\tEpoch:NOT_PRESENT\ta:1,b:null\tkey\tvalue\n"
            )
        );
    }

    #[test]
    fn separators_and_the_word_for_null_can_be_chosen() {
        let mut record = fetched();
        record.record.key = None;
        record.record.headers.clear();
        let properties = [
            ("print.headers", "true"),
            ("print.key", "true"),
            ("print.value", "false"),
            ("key.separator", " | "),
            ("line.separator", ";"),
            ("null.literal", "<null>"),
        ];
        assert_eq!(
            line(&properties, &record).as_deref(),
            Ok("NO_HEADERS | <null>;")
        );
    }

    #[test]
    fn what_cannot_be_deserialized_is_told_behind_what_is_printed_already() {
        let properties = [
            ("print.key", "true"),
            (
                "value.deserializer",
                "org.apache.kafka.common.serialization.IntegerDeserializer",
            ),
        ];
        let error = "org.apache.kafka.common.errors.SerializationException: Size of data received by IntegerDeserializer is not 4";
        assert_eq!(
            line(&properties, &fetched()),
            Err(("key\t".to_owned(), error.to_owned()))
        );
        let mut record = fetched();
        record.record.value = Some(7i32.to_be_bytes().to_vec().into());
        assert_eq!(line(&properties, &record).as_deref(), Ok("key\t7\n"));
    }
}
