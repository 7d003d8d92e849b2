// One topic, three partitions, growing groups: time passes only when the test says so.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { atEnd, consumerOf, kafkaOn, manualBroker, producerOf, shareSizes, sorted, TEN } from './support.mjs';

const TOPIC = 'employee-topic';
const TOPICS = { [TOPIC]: { partitions: 3 } };

/** Starts members of a group, each with sockets of its own. */
function membersOn(t, ottla, until) {
  return async (clientId, options = {}) => {
    const socketFactory = ottla.socketFactory();
    const kafka = kafkaOn(ottla, { clientId, socketFactory });
    const ends = { after: (end) => atEnd(t, () => until(end())) };
    const consumer = await until(consumerOf(ends, kafka, { topics: [TOPIC], sessionTimeout: 10_000, maxWaitTimeInMs: 5_000, ...options }));
    return Object.assign(consumer, { kill: () => socketFactory.kill() });
  };
}

const values = (...consumers) => sorted(consumers.flatMap(({ seen }) => seen.map(({ value }) => value)));
const numbered = (from, to) => Array.from({ length: to - from }, (_, index) => ({ value: `number ${from + index}` }));

test('a_group_grows_to_more_members_than_partitions_and_loses_them_again', async (t) => {
  const { ottla, until } = await manualBroker(t, { topics: TOPICS });
  const member = membersOn(t, ottla, until);
  const producer = await producerOf(t, kafkaOn(ottla, { clientId: 'shop' }));
  const group = ottla.group('project');
  const stable = (members) => until(group.stable({ members }));
  const sendTen = async () => {
    for (const message of TEN) await until(producer.send({ topic: TOPIC, messages: [message] }));
    await until(group.caughtUp());
  };

  const first = await member('worker-1');
  await stable(1);
  assert.deepEqual(shareSizes(ottla, 'project'), [3]);
  const second = await member('worker-2');
  await stable(2);
  assert.deepEqual(shareSizes(ottla, 'project'), [1, 2]);
  const third = await member('worker-3');
  await stable(3);
  assert.deepEqual(shareSizes(ottla, 'project'), [1, 1, 1]);

  // Each key lands where murmur2 says, and each message is seen by exactly one member.
  await sendTen();
  const counts = [0, 1, 2].map((partition) => ottla.topic(TOPIC).records({ partition }).length);
  assert.deepEqual(sorted(counts), [2, 4, 4]);
  assert.deepEqual(values(first, second, third), sorted(TEN.map(({ value }) => value)));
  assert.deepEqual(sorted([first, second, third].map(({ seen }) => seen.length)), [2, 4, 4]);

  // The fourth gets no partition, is idle, and stays a member.
  const fourth = await member('worker-4');
  await stable(4);
  assert.deepEqual(shareSizes(ottla, 'project'), [0, 1, 1, 1]);
  await sendTen();
  const idle = [first, second, third, fourth].filter(({ seen }) => seen.length < 2);
  assert.ok(idle.every(({ seen }) => seen.length === 0));
  await ottla.clock.advance('1m');
  assert.equal(group.members.length, 4);

  // One that is killed does not leave: its session ends, and another takes over. Nothing is lost, nothing that was committed is repeated.
  const owners = group.members.filter(({ assignment }) => assignment.length > 0).map(({ clientId }) => clientId);
  const consumers = { 'worker-1': first, 'worker-2': second, 'worker-3': third, 'worker-4': fourth };
  const victim = consumers[owners[0]];
  const before = values(...Object.values(consumers));
  victim.kill();
  await ottla.clock.advance('5s');
  assert.equal(group.members.length, 4);
  await ottla.clock.advance('6s');
  await stable(3);
  assert.deepEqual(shareSizes(ottla, 'project'), [1, 1, 1]);
  await sendTen();
  assert.deepEqual(values(...Object.values(consumers)), sorted([...before, ...TEN.map(({ value }) => value)]));

  // One that is stopped leaves at once.
  const stopped = Object.values(consumers).find((one) => one !== victim && one !== first) ?? first;
  await until(stopped.disconnect());
  await stable(2);
  assert.deepEqual(shareSizes(ottla, 'project'), [1, 2]);
});

test('a_fixed_key_goes_to_one_partition_and_one_member_in_order', async (t) => {
  const { ottla, until } = await manualBroker(t, { topics: TOPICS });
  const member = membersOn(t, ottla, until);
  const consumers = [await member('worker-1'), await member('worker-2')];
  await until(ottla.group('project').stable({ members: 2 }));
  const producer = await producerOf(t, kafkaOn(ottla));
  const messages = numbered(0, 10).map((message) => ({ key: 'emp001', ...message }));
  await until(producer.send({ topic: TOPIC, messages }));
  await until(ottla.group('project').caughtUp());
  const [reader, ...others] = consumers.filter(({ seen }) => seen.length > 0);
  assert.deepEqual(others, []);
  assert.deepEqual(reader.seen.map(({ value }) => value), messages.map(({ value }) => value));
  assert.equal(new Set(reader.seen.map(({ partition }) => partition)).size, 1);
});

test('messages_without_keys_are_spread_over_all_partitions', async (t) => {
  const { ottla, until } = await manualBroker(t, { topics: TOPICS });
  const producer = await producerOf(t, kafkaOn(ottla));
  const counts = () => [0, 1, 2].map((partition) => ottla.topic(TOPIC).records({ partition }).length);
  await until(producer.send({ topic: TOPIC, messages: numbered(0, 10) }));
  assert.deepEqual(sorted(counts()), [3, 3, 4]);
  const before = counts();
  await until(producer.send({ topic: TOPIC, messages: numbered(10, 22) }));
  assert.deepEqual(counts().map((count, partition) => count - before[partition]), [4, 4, 4]);
});

test('where_a_group_begins_is_where_it_was_and_only_then_what_it_asked_for', async (t) => {
  const { ottla, until } = await manualBroker(t, { topics: TOPICS });
  const member = membersOn(t, ottla, until);
  const producer = await producerOf(t, kafkaOn(ottla));
  const send = (from, to) => until(producer.send({ topic: TOPIC, messages: numbered(from, to) }));
  const texts = (from, to) => sorted(numbered(from, to).map(({ value }) => value));
  const caughtUp = (id) => until(ottla.group(id).caughtUp());

  await send(0, 6);
  const everything = await member('reader-2', { groupId: 'project2', fromBeginning: true });
  await caughtUp('project2');
  assert.deepEqual(values(everything), texts(0, 6));

  const fromNow = await member('reader-3', { groupId: 'project3', fromBeginning: false });
  await ottla.clock.advance('1s');
  await send(6, 9);
  await caughtUp('project3');
  assert.deepEqual(values(fromNow), texts(6, 9));

  // One that comes back goes on where the group was, whatever it asks for.
  await until(everything.disconnect());
  await send(9, 12);
  const again = await member('reader-2', { groupId: 'project2', fromBeginning: false });
  await caughtUp('project2');
  assert.deepEqual(values(everything, again), texts(0, 12));
  assert.deepEqual(values(again), sorted([...texts(9, 12), ...texts(6, 9).filter((text) => !values(everything).includes(text))]));
});

test('two_groups_each_get_everything', async (t) => {
  const { ottla, until } = await manualBroker(t, { topics: TOPICS });
  const member = membersOn(t, ottla, until);
  const start = async (groupId, count) => {
    const members = [];
    for (let index = 1; index <= count; index += 1) members.push(await member(`${groupId}-${index}`, { groupId }));
    await until(ottla.group(groupId).stable({ members: count }));
    return members;
  };
  const [project, finance] = [await start('project', 3), await start('finance', 2)];
  assert.deepEqual(shareSizes(ottla, 'project'), [1, 1, 1]);
  assert.deepEqual(shareSizes(ottla, 'finance'), [1, 2]);
  const producer = await producerOf(t, kafkaOn(ottla));
  await until(producer.send({ topic: TOPIC, messages: TEN }));
  for (const [id, members] of [['project', project], ['finance', finance]]) {
    await until(ottla.group(id).caughtUp());
    assert.deepEqual(values(...members), sorted(TEN.map(({ value }) => value)));
  }
});

test('all_of_it_takes_less_than_two_seconds', () => {
  // Nothing here waits, so that what the processor has worked is what has passed on a machine that does nothing else.
  const { user, system } = process.cpuUsage();
  assert.ok(user + system < 2_000_000, `it took ${(user + system) / 1_000} ms`);
});
