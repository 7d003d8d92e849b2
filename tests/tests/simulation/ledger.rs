//! What was promised, and whether it holds.

use ottla_core::sorted::Map;

use ottla_core::TopicPartition;
use ottla_tests::world::{Client, Fetched, World};

#[derive(Default)]
pub(crate) struct Ledger {
    /// What each partition has held below its high watermark, by offset.
    contents: Map<TopicPartition, Vec<String>>,
    /// Who has read a partition in a generation of a group.
    owners: Map<(String, i32, TopicPartition), String>,
    /// How far each group was seen to have come.
    committed: Map<(String, TopicPartition), i64>,
    /// How far each group was told to have come.
    acknowledged: Map<(String, TopicPartition), i64>,
}

impl Ledger {
    /// A producer was told that its values are in the log.
    pub(crate) fn acknowledge(&self, partition: &TopicPartition, offset: i64, values: &[String]) {
        let first = usize::try_from(offset).expect("an offset");
        let found = self.contents[partition].get(first..first + values.len());
        assert_eq!(found, Some(values), "{partition} at {offset}");
    }

    /// A consumer was told that its commit counts.
    pub(crate) fn acknowledge_commit(
        &mut self,
        group: &str,
        partition: TopicPartition,
        offset: i64,
    ) {
        let key = (group.to_owned(), partition);
        let known = self.acknowledged.entry(key).or_insert(offset);
        *known = offset.max(*known);
    }

    /// A reader was given records.
    pub(crate) fn check_fetched(&self, partition: &TopicPartition, fetched: &Fetched) {
        for (offset, value) in &fetched.records {
            assert!(*offset < fetched.high_watermark, "{partition} at {offset}");
            let known = &self.contents[partition][usize::try_from(*offset).expect("an offset")];
            assert_eq!(value, known, "{partition} at {offset}");
        }
    }

    /// Looks at what is new since the last look.
    pub(crate) fn look(
        &mut self,
        world: &mut World,
        reader: Client,
        partitions: &[TopicPartition],
    ) {
        for partition in partitions {
            let known = self.contents.entry(partition.clone()).or_default();
            let log = world
                .broker
                .partition_log(&partition.topic, partition.partition);
            let (start, end) = log.map_or((0, 0), |log| {
                assert!(log.start_offset() <= log.high_watermark());
                assert!(log.high_watermark() <= log.end_offset());
                (log.start_offset().0, log.high_watermark().0)
            });
            let mut next = known.len() as i64;
            assert!(end >= next, "{partition} has lost what was readable");
            assert!(
                start <= next,
                "{partition}: nobody deletes what nobody has seen"
            );
            while next < end {
                let fetched = world.read(reader, &partition.topic, (partition.partition, next));
                assert_eq!(fetched.high_watermark, end);
                assert!(!fetched.records.is_empty(), "{partition} at {next}");
                for (offset, value) in fetched.records {
                    assert_eq!(offset, next, "{partition}: offsets are dense");
                    known.push(value);
                    next += 1;
                }
            }
        }
        self.look_at_groups(world);
    }

    fn look_at_groups(&mut self, world: &World) {
        let mut readers = Map::new();
        for (client, consumer) in world.consumers().filter(|(_, c)| c.is_reading()) {
            let who = &consumer.who;
            let name = who.instance_id.as_deref().unwrap_or(&who.member_id);
            for partition in &consumer.partitions {
                let key = (who.group.to_string(), who.generation_id, partition.clone());
                let other = readers.insert(key.clone(), client);
                assert!(other.is_none(), "{key:?}: {other:?} and {client:?}");
                let first = self.owners.entry(key).or_insert_with(|| name.to_owned());
                assert_eq!(
                    first, name,
                    "the owner of {partition} in generation {}",
                    who.generation_id
                );
            }
        }
        for group in world.broker.groups() {
            for (topic, partition, offset) in group.offsets().iter() {
                let topic = topic.clone();
                let key = (group.id().to_string(), TopicPartition { topic, partition });
                let known = self.committed.entry(key.clone()).or_insert(offset.offset.0);
                assert!(offset.offset.0 >= *known, "{key:?} went back from {known}");
                *known = offset.offset.0;
            }
        }
        for (key, offset) in &self.acknowledged {
            let known = self.committed.get(key);
            assert!(
                known >= Some(offset),
                "{key:?}: {known:?} in place of {offset}"
            );
        }
    }

    /// Everything that was ever readable, and has not been deleted by hand, is still there, byte for byte.
    pub(crate) fn audit(&self, world: &mut World, reader: Client) {
        for (partition, known) in &self.contents {
            let log = world
                .broker
                .partition_log(&partition.topic, partition.partition);
            let start = log.map_or(0, |log| log.start_offset().0);
            let found = world.values(reader, &partition.topic, partition.partition);
            let kept = &known[usize::try_from(start).expect("an offset")..];
            assert_eq!(found, kept, "{partition} from {start} on");
        }
    }

    /// How often a value is in a partition. Deleted records do not count: with its records a producer may be forgotten, as in Apache Kafka.
    pub(crate) fn count(&self, world: &World, partition: &TopicPartition, value: &str) -> usize {
        let log = world
            .broker
            .partition_log(&partition.topic, partition.partition);
        let start = log.map_or(0, |log| log.start_offset().0 as usize);
        let known = self.contents[partition].iter().skip(start);
        known.filter(|found| *found == value).count()
    }

    /// The offset after the last readable record.
    pub(crate) fn end(&self, partition: &TopicPartition) -> i64 {
        self.contents
            .get(partition)
            .map_or(0, |known| known.len() as i64)
    }
}
