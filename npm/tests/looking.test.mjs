// Looking and waiting: what is told when it does not happen; events.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { broker, consumerOf, kafkaOn, producerOf, TEN } from './support.mjs';

const TOPICS = { orders: { partitions: 2, config: { 'retention.ms': 60_000 } } };

test('topics_and_groups_are_plain_values', async (t) => {
  const ottla = await broker(t, { topics: TOPICS });
  assert.deepEqual(
    ottla.topics().map(({ name, config, isInternal }) => ({ name, config, isInternal })),
    [{ name: 'orders', config: { 'retention.ms': '60000' }, isInternal: false }],
  );
  assert.equal(ottla.topic('nothing').describe(), undefined);
  assert.deepEqual(ottla.groups(), []);
  const nobody = ottla.group('nobody');
  assert.deepEqual([nobody.describe(), nobody.state, nobody.generation, nobody.members, nobody.lag], [undefined, 'Dead', 0, [], 0n]);

  const kafka = kafkaOn(ottla, { clientId: 'worker' });
  const producer = await producerOf(t, kafka);
  await producer.send({ topic: 'orders', messages: TEN });
  await consumerOf(t, kafka, { topics: ['orders'] });
  const group = ottla.group('project');
  const { members, offsets, ...rest } = await group.caughtUp();
  assert.deepEqual([rest.id, rest.state, rest.generation, rest.protocol], ['project', 'Stable', 1, 'RoundRobinAssigner']);
  assert.equal(rest.leader, members[0].memberId);
  assert.deepEqual(members.map(({ clientId, instanceId, assignment }) => ({ clientId, instanceId, assignment })), [
    { clientId: 'worker', instanceId: null, assignment: [{ topic: 'orders', partitions: [0, 1] }] },
  ]);
  assert.equal(offsets.reduce((sum, { committed }) => sum + committed, 0n), 10n);
  assert.equal(group.lag, 0n);
});

test('a_wait_in_vain_says_what_was_seen_instead', async (t) => {
  const ottla = await broker(t, { topics: TOPICS });
  const late = (message) => ({ name: 'OttlaError', code: 'ERR_TIMEOUT', message });
  const timeout = 30;
  await assert.rejects(
    ottla.topic('odrers').count(1, { timeout }),
    late('topic "odrers" was to hold 1 record: not within 30 ms; there is no topic "odrers"; there is "orders"'),
  );
  await assert.rejects(ottla.group('g').stable({ timeout }), late('group "g" was to be stable: not within 30 ms; there is no group at all'));

  const kafka = kafkaOn(ottla, { clientId: 'worker' });
  const producer = await producerOf(t, kafka);
  await producer.send({ topic: 'orders', messages: [{ value: 'a', partition: 1 }, { value: 'b', partition: 1 }] });
  await assert.rejects(
    ottla.topic('orders').count(3, { timeout: '30ms' }),
    late('topic "orders" was to hold 3 records: not within 30 ms; it held 2 (by partition: 0, 2)'),
  );
  await consumerOf(t, kafka, { topics: ['orders'], run: { autoCommit: false } });
  await assert.rejects(
    ottla.group('project').caughtUp({ timeout }),
    late(
      'group "project" was to have committed every record: not within 30 ms; it was Stable in generation 1, with 1 member: worker has orders 0, 1; behind in orders 1 (at none of 2)',
    ),
  );
  await assert.rejects(
    ottla.group('project').stable({ members: 2, timeout }),
    late(/with 2 members: not within 30 ms; it was Stable in generation 1, with 1 member: worker has orders 0, 1/),
  );
});

test('a_wait_begins_before_what_it_waits_for', async (t) => {
  const ottla = await broker(t, { topics: TOPICS });
  const counted = ottla.topic('orders').count(2);
  const producer = await producerOf(t, kafkaOn(ottla));
  await producer.send({ topic: 'orders', messages: [{ value: 'a' }] });
  await producer.send({ topic: 'orders', messages: [{ value: 'b' }] });
  assert.deepEqual((await counted).map(({ value }) => String(value)).sort(), ['a', 'b']);
});

test('events_tell_the_story_of_a_group', async (t) => {
  const ottla = await broker(t, { topics: TOPICS });
  const events = ottla.events();
  const story = [];
  const told = (async () => {
    for await (const event of events) {
      assert.equal(typeof event.at, 'number');
      if (event.group === 'project') story.push(event);
    }
  })();
  const kafka = kafkaOn(ottla, { clientId: 'worker' });
  const consumer = await consumerOf(t, kafka, { topics: ['orders'] });
  await ottla.group('project').stable();
  await consumer.disconnect();
  await ottla.group('project').stable({ members: 0 });
  await ottla.close();
  await told;
  assert.deepEqual(story.map(({ type, from, to }) => (type === 'groupState' ? `${from} -> ${to}` : type)), [
    'memberIdAssigned',
    'memberJoined',
    'Empty -> PreparingRebalance',
    'PreparingRebalance -> CompletingRebalance',
    'generation',
    'CompletingRebalance -> Stable',
    'assigned',
    'memberLeft',
    'Stable -> PreparingRebalance',
    'PreparingRebalance -> Empty',
  ]);
  const left = story.find(({ type }) => type === 'memberLeft');
  assert.equal(left.cause, 'left');
  assert.equal(left.text, `group project: ${left.memberId} is gone: it left`);
});

test('whoever_waits_for_an_event_hears_one_and_all_of_them_of_the_end', async (t) => {
  const ottla = await broker(t, { topics: TOPICS });
  const events = ottla.events();
  const asked = [events.next(), events.next()];
  const producer = await producerOf(t, kafkaOn(ottla));
  await producer.send({ topic: 'orders', messages: [{ value: 'a', partition: 0 }] });
  const [first, second] = await Promise.all(asked);
  assert.deepEqual([first.value.type, second.value.type], ['appended', 'highWatermark']);
  const others = ottla.events();
  const last = [others.next(), others.next()];
  await ottla.close();
  assert.deepEqual((await Promise.all(last)).map(({ done }) => done), [true, true]);
  assert.throws(() => ottla.events(), { code: 'ERR_CLOSED' });
});

test('a_wait_may_be_as_long_as_one_likes', async (t) => {
  const ottla = await broker(t, { topics: TOPICS });
  const counted = ottla.topic('orders').count(1, { timeout: '30d' });
  const producer = await producerOf(t, kafkaOn(ottla));
  await producer.send({ topic: 'orders', messages: [{ value: 'a' }] });
  assert.equal((await counted).length, 1);
});

test('a_listener_that_has_heard_enough_hears_no_more', async (t) => {
  const ottla = await broker(t, { topics: TOPICS });
  const producer = await producerOf(t, kafkaOn(ottla));
  const sent = producer.send({ topic: 'orders', messages: [{ value: 'a' }] });
  for await (const event of ottla.events()) {
    if (event.type === 'appended') {
      assert.deepEqual([event.topic, event.offset, event.count], ['orders', 0n, 1]);
      break;
    }
  }
  await sent;
});
