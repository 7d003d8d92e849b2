// KafkaJS's admin answers as Kafka does: topics, offsets, groups, configuration, and the refusals among them.
import { Member, received, shared } from './members.mjs';
import { AssignerProtocol, check, client, equal, flow, keys, keysOfPartition, rejects, step, sum, unique } from './support.mjs';

const topic = unique('admin-topic');
const group = unique('admin-group');
const kafka = client('admin', { retry: { retries: 2 } });
const admin = kafka.admin();
const producer = kafka.producer();
const byPartition = (a, b) => a.partition - b.partition;

flow(async () => {
  await admin.connect();
  await producer.connect();

  step('the cluster has one broker, which is its controller');
  const cluster = await admin.describeCluster();
  equal(cluster.brokers.length, 1, 'brokers');
  equal(cluster.controller, cluster.brokers[0].nodeId, 'controller');
  check(cluster.clusterId?.length > 0, 'the cluster has an id');

  step('a topic is created once');
  equal(await admin.createTopics({ topics: [{ topic, numPartitions: 3 }] }), true, 'the first time');
  equal(await admin.createTopics({ topics: [{ topic, numPartitions: 3 }] }), false, 'the second time');
  check((await admin.listTopics()).includes(topic), 'the topic is listed');

  step('what cannot be created is refused with its reason');
  const refusals = [
    [{ topic: 'no such name!' }, 'INVALID_TOPIC_EXCEPTION'],
    [{ topic: unique('none'), numPartitions: 0 }, 'INVALID_PARTITIONS'],
    [{ topic: unique('bad-config'), configEntries: [{ name: 'retention.ms', value: 'soon' }] }, 'INVALID_CONFIG'],
  ];
  for (const [config, type] of refusals) {
    const error = await admin.createTopics({ topics: [config] }).then(() => null, (e) => e);
    equal(error?.errors?.[0]?.type, type, `creating ${JSON.stringify(config)}`);
  }

  step('metadata: each partition has its leader, replicas and in-sync replicas');
  const metadata = await admin.fetchTopicMetadata({ topics: [topic] });
  const { nodeId } = cluster.brokers[0];
  equal(
    metadata.topics[0].partitions.map((p) => [p.partitionId, p.leader, p.replicas, p.isr, p.partitionErrorCode]).sort(),
    [0, 1, 2].map((p) => [p, nodeId, [nodeId], [nodeId], 0]),
    'partitions',
  );

  step('offsets of the topic and of the group');
  await producer.send({ topic, messages: keys.map((key) => ({ key, value: key })) });
  const offsets = (await admin.fetchTopicOffsets(topic)).sort(byPartition);
  equal(offsets.map((o) => [o.partition, o.low, o.high]), [0, 1, 2].map((p) => [p, '0', String(keysOfPartition[p].length)]), 'offsets');
  equal(await committed(), [-1, -1, -1], 'a group that has committed nothing');

  const member = new Member('reader', group, topic);
  await shared([member], [3]);
  await received([member], 10);

  step('groups: listed and described, with what each member was assigned');
  const listed = (await admin.listGroups()).groups.find((g) => g.groupId === group);
  equal(listed?.protocolType, 'consumer', 'protocol type in the list');
  const [described] = (await admin.describeGroups([group])).groups;
  equal(
    [described.errorCode, described.state, described.protocolType, described.protocol, described.members.length],
    [0, 'Stable', 'consumer', 'RoundRobinAssigner', 1],
    'the group',
  );
  const [{ memberId, clientId, clientHost, memberAssignment }] = described.members;
  equal(memberId, member.memberId, 'member id');
  equal(clientId, 'member', 'client id');
  check(clientHost.startsWith('/'), `the host ${clientHost} is not written as Kafka does, with a slash`);
  equal(AssignerProtocol.MemberAssignment.decode(memberAssignment).assignment, { [topic]: [0, 1, 2] }, 'assignment');
  const nobody = await admin.describeGroups([unique('nobody')]);
  equal([nobody.groups[0].errorCode, nobody.groups[0].state], [0, 'Dead'], 'a group that does not exist');

  step('an active group is neither deleted nor moved');
  const refused = await admin.deleteGroups([group]).then(() => null, (e) => e);
  equal(refused?.groups?.[0]?.error?.type, 'NON_EMPTY_GROUP', 'deleting the group');
  const moved = await admin.setOffsets({ groupId: group, topic, partitions: [{ partition: 0, offset: '0' }] }).then(() => null, (e) => e);
  check(moved, 'offsets of an active group can be set');

  step('when it is empty its offsets can be set and reset, and the group deleted');
  await member.leave();
  equal(await committed(), [4, 2, 4], 'what the group has committed');
  await admin.setOffsets({ groupId: group, topic, partitions: [{ partition: 0, offset: '1' }] });
  equal(await committed(), [1, 2, 4], 'after setting one');
  await admin.resetOffsets({ groupId: group, topic, earliest: true });
  equal(await committed(), [-2, -2, -2], 'KafkaJS commits the name of the beginning, not its offset');
  const again = new Member('again', group, topic);
  await shared([again], [3]);
  await received([again], 10);
  await again.leave();
  equal((await admin.deleteGroups([group]))[0].errorCode, 0, 'deleting the group');
  equal(await committed(), [-1, -1, -1], 'after deleting the group');

  step('offsets by time');
  const past = (await admin.fetchTopicOffsetsByTimestamp(topic, 0)).sort(byPartition);
  equal(past.map((o) => o.offset), ['0', '0', '0'], 'since 1970');
  const future = (await admin.fetchTopicOffsetsByTimestamp(topic, Date.now() + 3_600_000)).sort(byPartition);
  equal(future.map((o) => o.offset), ['4', '2', '4'], 'in an hour: the end');

  step('records are deleted up to an offset');
  await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '3' }, { partition: 2, offset: '-1' }] });
  const shortened = (await admin.fetchTopicOffsets(topic)).sort(byPartition);
  equal(shortened.map((o) => [o.low, o.high]), [['3', '4'], ['0', '2'], ['4', '4']], 'offsets');

  step('configuration: read, altered, and where a value comes from');
  equal(await config('retention.ms'), ['604800000', 5], 'the default');
  await admin.alterConfigs({ validateOnly: false, resources: [{ type: 2, name: topic, configEntries: [{ name: 'retention.ms', value: '1000000' }] }] });
  equal(await config('retention.ms'), ['1000000', 1], 'the topic\'s own');

  step('partitions are added');
  await admin.createPartitions({ topicPartitions: [{ topic, count: 5 }] });
  const more = await admin.fetchTopicMetadata({ topics: [topic] });
  equal(more.topics[0].partitions.length, 5, 'partitions');
  await rejects(admin.createPartitions({ topicPartitions: [{ topic, count: 2 }] }), 'INVALID_PARTITIONS', 'fewer partitions');

  step('the topic is deleted');
  await admin.deleteTopics({ topics: [topic] });
  check(!(await admin.listTopics()).includes(topic), 'the topic is still listed');
  await rejects(admin.deleteTopics({ topics: [topic] }), 'UNKNOWN_TOPIC_OR_PARTITION', 'deleting it again');
  await rejects(admin.fetchTopicOffsets(topic), 'UNKNOWN_TOPIC_OR_PARTITION', 'its offsets');
});

/** What the group has committed for each of the three partitions. */
async function committed() {
  const [{ partitions }] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
  return partitions.sort(byPartition).map((p) => Number(p.offset));
}

/** A configuration value of the topic, with the number of its source. */
async function config(name) {
  const { resources } = await admin.describeConfigs({ resources: [{ type: 2, name: topic, configNames: [name] }] });
  const [entry] = resources[0].configEntries;
  return [entry.configValue, entry.configSource];
}
