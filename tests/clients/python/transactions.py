"""Exactly once with librdkafka: what is committed is read, what is aborted is not, offsets go with the transaction."""

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from support import config, equal, step, unique, until

source, target = unique("transactions-in"), unique("transactions-out")
admin = AdminClient(config())
for future in admin.create_topics([NewTopic(source, 1, 1), NewTopic(target, 1, 1)]).values():
    future.result()


def consumer(group, isolation):
    return Consumer(config(
        group_id=unique(group), auto_offset_reset="earliest", isolation_level=isolation, fetch_wait_max_ms=100,
        enable_auto_commit=False, session_timeout_ms=6000,
    ))


def values(isolation, count):
    reader = consumer(f"transactions-{isolation}-{count}", isolation)
    reader.assign([TopicPartition(target, 0, 0)])
    read = []
    until(f"{count} messages", lambda: read.extend(reader.consume(10, 0.1)) or len(read) >= count)
    reader.close()
    return [m.value().decode() for m in read]


producer = Producer(config(transactional_id=unique("transactions-id")))
producer.init_transactions(30)

step("committed messages are read, aborted ones only by who reads everything")
for what, end in [("committed", producer.commit_transaction), ("aborted", producer.abort_transaction), ("again", producer.commit_transaction)]:
    producer.begin_transaction()
    producer.produce(target, value=what)
    producer.flush(30)
    end(30)
equal("read_committed", values("read_committed", 2), ["committed", "again"])
equal("read_uncommitted", values("read_uncommitted", 3), ["committed", "aborted", "again"])

step("consumed offsets are committed with the transaction, or not at all")
plain = Producer(config())
plain.produce(source, value="in")
plain.flush(30)
worker = consumer("transactions-worker", "read_committed")
worker.subscribe([source])
message = until("a message", lambda: worker.poll(0.1))
for end, expected in [(producer.abort_transaction, -1001), (producer.commit_transaction, 1)]:
    producer.begin_transaction()
    producer.produce(target, value="worked")
    producer.send_offsets_to_transaction([TopicPartition(source, 0, 1)], worker.consumer_group_metadata(), 30)
    end(30)
    [committed] = worker.committed([TopicPartition(source, 0)], timeout=10)
    equal("committed", committed.offset, expected)
worker.close()

step("a second producer with the same id fences the first")
second = Producer(config(transactional_id=unique("transactions-id")))
second.init_transactions(30)
try:
    producer.begin_transaction()
    producer.produce(target, value="from the fenced one")
    producer.commit_transaction(30)
    raise AssertionError("the fenced producer could commit")
except KafkaException as error:
    equal("the fenced producer's error", error.args[0].name(), "_FENCED")
equal("read_committed", values("read_committed", 3), ["committed", "again", "worked"])
