// Members = partitions, fewer members than partitions, more members than partitions; what the admin client is told.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { atEnd, broker, consumerOf, kafkaOn, manualBroker, producerOf, shareSizes, sorted, TEN } from './support.mjs';

for (const [membersCount, sizes] of [
  [3, [1, 1, 1]],
  [2, [1, 2]],
  [4, [0, 1, 1, 1]],
]) {
  test(`three_partitions_are_shared_by_${membersCount}_members`, async (t) => {
    const { ottla, until } = await manualBroker(t, { topics: { orders: { partitions: 3 } } });
    const ends = { after: (end) => atEnd(t, () => until(end())) };
    const members = [];
    const rejoined = [];
    for (let index = 1; index <= membersCount; index += 1) {
      const kafka = kafkaOn(ottla, { clientId: `worker-${index}` });
      const member = await until(consumerOf(ends, kafka, { topics: ['orders'], maxWaitTimeInMs: 5_000 }));
      member.on(member.events.REBALANCING, () => rejoined.push(index));
      members.push(member);
    }
    await until(ottla.group('project').stable({ members: membersCount }));
    assert.deepEqual(shareSizes(ottla, 'project'), sizes);
    // Whoever was there hears that the group is rebalancing, and goes on by itself.
    assert.ok(members.slice(0, -1).every((_, index) => rejoined.includes(index + 1)));
    const producer = await producerOf(t, kafkaOn(ottla));
    await until(producer.send({ topic: 'orders', messages: TEN }));
    await until(ottla.group('project').caughtUp());
    assert.deepEqual(sorted(members.flatMap(({ seen }) => seen.map(({ key }) => key))), sorted(TEN.map(({ key }) => key)));
    await until(members[0].disconnect());
    await until(ottla.group('project').stable({ members: membersCount - 1 }));
  });
}

test('the_admin_client_is_answered_as_kafka_does', async (t) => {
  const ottla = await broker(t);
  const kafka = kafkaOn(ottla, { clientId: 'worker' });
  const admin = kafka.admin();
  await admin.connect();
  atEnd(t, () => admin.disconnect());
  assert.equal(await admin.createTopics({ topics: [{ topic: 'orders', numPartitions: 2 }] }), true);
  assert.equal(await admin.createTopics({ topics: [{ topic: 'orders' }] }), false);
  assert.deepEqual(await admin.listTopics(), ['orders']);
  const { topics } = await admin.fetchTopicMetadata({ topics: ['orders'] });
  assert.deepEqual(topics[0].partitions.map(({ partitionId, isr }) => [partitionId, isr]).sort(), [[0, [1]], [1, [1]]]);

  const producer = await producerOf(t, kafka);
  await producer.send({ topic: 'orders', messages: [{ value: 'a', partition: 0 }, { value: 'b', partition: 1 }, { value: 'c', partition: 1 }] });
  const ends = await admin.fetchTopicOffsets('orders');
  assert.deepEqual(sorted(ends.map(({ partition, low, high }) => `${partition}: ${low} to ${high}`)), ['0: 0 to 1', '1: 0 to 2']);

  const consumer = await consumerOf(t, kafka, { topics: ['orders'] });
  await ottla.group('project').caughtUp();
  const [{ partitions }] = await admin.fetchOffsets({ groupId: 'project', topics: ['orders'] });
  assert.deepEqual(sorted(partitions.map(({ partition, offset }) => `${partition}: ${offset}`)), ['0: 1', '1: 2']);
  const { groups } = await admin.describeGroups(['project']);
  assert.deepEqual([groups[0].state, groups[0].members.map(({ clientId }) => clientId)], ['Stable', ['worker']]);
  assert.deepEqual((await admin.listGroups()).groups, [{ groupId: 'project', protocolType: 'consumer' }]);
  // A consumer that asks for its topic would have it made again.
  await consumer.disconnect();
  await admin.deleteTopics({ topics: ['orders'] });
  assert.deepEqual(ottla.topics().filter(({ isInternal }) => !isInternal), []);
});
