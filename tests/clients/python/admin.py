"""librdkafka's admin client: topics, configuration, groups, offsets and records."""

from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, Producer, TopicCollection, TopicPartition
from confluent_kafka.admin import (
    AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, NewPartitions, NewTopic, OffsetSpec, ResourceType,
)

from support import check, config, equal, refused, step, unique, until

admin = AdminClient(config())
topic = unique("rdkafka-admin")
group = unique("rdkafka-admin-group")

step("a topic is created once, listed, described, and given more partitions")
admin.create_topics([NewTopic(topic, 2, 1)])[topic].result()
refused("creating it again", "TOPIC_ALREADY_EXISTS", lambda: admin.create_topics([NewTopic(topic, 2, 1)])[topic].result())
check("the topic is listed", topic in admin.list_topics(timeout=10).topics)
described = admin.describe_topics(TopicCollection([topic]))[topic].result()
equal("partitions", [(p.id, len(p.replicas), len(p.isr)) for p in described.partitions], [(0, 1, 1), (1, 1, 1)])
admin.create_partitions([NewPartitions(topic, 3)])[topic].result()
until("three partitions", lambda: len(admin.list_topics(topic, timeout=10).topics[topic].partitions) == 3)

step("the cluster is described")
cluster = admin.describe_cluster().result()
equal("brokers", len(cluster.nodes), 1)
equal("controller", cluster.controller.id, cluster.nodes[0].id)

step("configuration is altered incrementally")
resource = ConfigResource(
    ResourceType.TOPIC, topic,
    incremental_configs=[ConfigEntry("retention.ms", "1000000", incremental_operation=AlterConfigOpType.SET)],
)
admin.incremental_alter_configs([resource])[resource].result()
asked = ConfigResource(ResourceType.TOPIC, topic)
entry = admin.describe_configs([asked])[asked].result()["retention.ms"]
equal("retention.ms", (entry.value, entry.is_default), ("1000000", False))

step("a group is listed and described, its offsets altered, and it is deleted")
producer = Producer(config())
for i in range(9):
    producer.produce(topic, value=str(i), partition=i % 3)
producer.flush(30)
consumer = Consumer(config(group_id=group, auto_offset_reset="earliest", session_timeout_ms=6000, fetch_wait_max_ms=100))
consumer.subscribe([topic])
read = []
until("nine messages", lambda: read.extend(consumer.consume(10, 0.1)) or len(read) == 9)
groups = admin.list_consumer_groups().result()
check("the group is listed", group in [g.group_id for g in groups.valid])
description = admin.describe_consumer_groups([group])[group].result()
equal("the group", (description.state.name, len(description.members)), ("STABLE", 1))
refused("deleting an active group", "NON_EMPTY_GROUP", lambda: admin.delete_consumer_groups([group])[group].result())
consumer.close()


def offsets():
    result = admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)])[group].result()
    return sorted((p.partition, p.offset) for p in result.topic_partitions)


equal("offsets", offsets(), [(0, 3), (1, 3), (2, 3)])
moved = ConsumerGroupTopicPartitions(group, [TopicPartition(topic, 1, 1)])
admin.alter_consumer_group_offsets([moved])[group].result()
equal("offsets", offsets(), [(0, 3), (1, 1), (2, 3)])
admin.delete_consumer_groups([group])[group].result()

step("offsets are listed, and records deleted")
first = TopicPartition(topic, 0)
equal("latest", admin.list_offsets({first: OffsetSpec.latest()})[first].result().offset, 3)
deleted = admin.delete_records([TopicPartition(topic, 0, 2)])
equal("low watermark", [f.result().low_watermark for f in deleted.values()], [2])
equal("earliest", admin.list_offsets({first: OffsetSpec.earliest()})[first].result().offset, 2)

step("the topic is deleted")
admin.delete_topics([topic])[topic].result()
until("the topic is gone", lambda: topic not in admin.list_topics(timeout=10).topics)
