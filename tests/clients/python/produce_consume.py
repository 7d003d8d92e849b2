"""librdkafka's producer and consumer: partitions, compression, groups, commits, positions and times."""

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from support import KEYS, KEYS_OF_PARTITION, check, config, equal, refused, step, unique, until

admin = AdminClient(config())


def created(name, partitions, **settings):
    topic = unique(name)
    new = NewTopic(topic, partitions, 1, config={k.replace("_", "."): v for k, v in settings.items()})
    admin.create_topics([new])[topic].result()
    return topic


def send(producer, topic, messages):
    """Produces, waits for every delivery report, and gives (partition, offset) of each message."""
    reports = []

    def delivered(error, message):
        if error:
            raise KafkaException(error)
        reports.append((message.partition(), message.offset()))

    for message in messages:
        producer.produce(topic, on_delivery=delivered, **message)
    equal("messages left after flush", producer.flush(30), 0)
    equal("delivery reports", len(reports), len(messages))
    return reports


def member(group, topic, **more):
    settings = config(
        group_id=group, auto_offset_reset="earliest", session_timeout_ms=6000, heartbeat_interval_ms=500,
        fetch_wait_max_ms=100, **more,
    )
    consumer = Consumer(settings)
    consumer.subscribe([topic])
    return consumer


def read(consumer, count):
    messages = []

    def poll():
        message = consumer.poll(0.1)
        if message is not None:
            if message.error():
                raise KafkaException(message.error())
            messages.append(message)
        return len(messages) >= count

    until(f"{count} messages", poll)
    return messages


def committed(consumer, topic, partitions):
    asked = [TopicPartition(topic, p) for p in range(partitions)]
    return [p.offset for p in consumer.committed(asked, timeout=10)]


def murmur2_keys():
    step("an idempotent producer: keys land where murmur2 says, once and in order")
    topic = created("rdkafka-keys", 3)
    producer = Producer(config(enable_idempotence=True, partitioner="murmur2_random"))
    send(producer, topic, [{"key": k, "value": f"value {k}", "headers": {"number": k}} for k in KEYS])
    consumer = member(unique("rdkafka-keys-group"), topic)
    places = {0: [], 1: [], 2: []}
    for message in read(consumer, 10):
        key = message.key().decode()
        places[message.partition()].append(key)
        equal("value", message.value(), f"value {key}".encode())
        equal("headers", message.headers(), [("number", key.encode())])
    equal("keys", places, KEYS_OF_PARTITION)
    consumer.close()


def compression():
    for codec in ["none", "gzip", "snappy", "lz4", "zstd"]:
        step(f"a thousand messages in batches compressed with {codec}")
        topic = created(f"rdkafka-{codec}", 1)
        producer = Producer(config(compression_type=codec, linger_ms=20, acks="all"))
        send(producer, topic, [{"value": f"{codec} {i}"} for i in range(1000)])
        consumer = member(unique(f"rdkafka-{codec}-group"), topic)
        messages = read(consumer, 1000)
        equal("offsets", [m.offset() for m in messages], list(range(1000)))
        equal("values", [m.value().decode() for m in messages], [f"{codec} {i}" for i in range(1000)])
        consumer.close()


def groups(strategy):
    step(f"a group with the assignor {strategy}: shared, committed, taken over")
    topic = created(f"rdkafka-group-{strategy}", 4)
    group = unique(f"rdkafka-group-{strategy}")
    producer = Producer(config(acks="all"))
    members = [member(group, topic, partition_assignment_strategy=strategy, enable_auto_commit=False) for _ in range(2)]

    def shared():
        for m in members:
            m.poll(0.05)
        return [len(m.assignment()) for m in members] == [2, 2]

    until("two partitions each", shared)
    send(producer, topic, [{"value": f"{i}", "partition": i % 4} for i in range(20)])
    for m in members:
        messages = read(m, 10)
        equal("partitions", {p.partition() for p in messages}, {p.partition for p in m.assignment()})
        for message in messages:
            m.commit(message=message, asynchronous=False)
    equal("committed", committed(members[0], topic, 4), [5, 5, 5, 5])
    members.pop().close()
    until("all four", lambda: members[0].poll(0.05) or len(members[0].assignment()) == 4)
    send(producer, topic, [{"value": f"{i}", "partition": i} for i in range(4)])
    equal("offsets of the taken over", [m.offset() for m in read(members[0], 4)], [5, 5, 5, 5])
    members[0].close()


def positions():
    step("positions: watermarks, seek, times, and the end of a partition")
    topic = created("rdkafka-positions", 1)
    producer = Producer(config())
    send(producer, topic, [{"value": f"{i}", "timestamp": 1_700_000_000_000 + 1000 * i} for i in range(10)])
    consumer = Consumer(config(group_id=unique("rdkafka-positions"), enable_partition_eof=True, fetch_wait_max_ms=100))
    partition = TopicPartition(topic, 0, OFFSET_BEGINNING)
    equal("watermarks", consumer.get_watermark_offsets(partition, timeout=10), (0, 10))
    consumer.assign([partition])
    equal("from the beginning", [m.offset() for m in read(consumer, 10)], list(range(10)))
    end = until("the end of the partition", lambda: consumer.poll(0.1))
    equal("the end of the partition", end.error().code(), KafkaError._PARTITION_EOF)
    consumer.seek(TopicPartition(topic, 0, 7))
    equal("from 7", [m.offset() for m in read(consumer, 3)], [7, 8, 9])
    [at] = consumer.offsets_for_times([TopicPartition(topic, 0, 1_700_000_003_500)], timeout=10)
    equal("the first at or after 3.5 s", at.offset, 4)
    consumer.close()


def refusals():
    step("a message above the topic's limit, an unknown topic and an illegal one are refused")
    topic = created("rdkafka-large", 1, max_message_bytes="1000")
    producer = Producer(config())
    refused("a large message", "MSG_SIZE_TOO_LARGE", lambda: send(producer, topic, [{"value": b"x" * 5000}]))
    refused("an illegal topic", "TOPIC_EXCEPTION", lambda: send(producer, "no such name!", [{"value": b"x"}]))
    consumer = Consumer(config(group_id=unique("rdkafka-refused")))
    consumer.subscribe([unique("rdkafka-unknown")])
    message = until("an answer about the unknown topic", lambda: consumer.poll(0.1))
    check("it has no error", message.error())
    equal("the unknown topic", message.error().name(), "UNKNOWN_TOPIC_OR_PART")
    consumer.close()


murmur2_keys()
compression()
groups("range")
groups("roundrobin")
groups("cooperative-sticky")
positions()
refusals()
