// What a group does underneath: the frames of a consumer from its first word to its last, and what its commits mean.
import { client, equal, flow, step, unique, until } from './support.mjs';

const topic = unique('frames');
const group = unique('frames-group');
const admin = client('frames').admin();
const producer = client('frames').producer();

flow(async () => {
  await admin.connect();
  await producer.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] });
  await producer.send({ topic, messages: Array.from({ length: 5 }, (_, i) => ({ value: `${i}` })) });

  step('a consumer joins, reads, commits and leaves, in this order');
  const first = new Watched('first', { autoCommit: true });
  await first.start();
  await until('five messages are committed', async () => (await committed()) === '5');
  await until('it heartbeats', () => first.frames.includes('Heartbeat'));
  await first.consumer.disconnect();
  equal(
    inOrderOfFirstAppearance(first.frames),
    ['ApiVersions', 'Metadata', 'GroupCoordinator', 'JoinGroup', 'SyncGroup', 'OffsetFetch', 'ListOffsets', 'Fetch', 'OffsetCommit', 'Heartbeat', 'LeaveGroup'],
    'frames',
  );
  equal(first.frames.filter((name) => name === 'JoinGroup').length, 2, 'it joins without a member id first, then with the one it was given');
  equal(first.frames.at(-1), 'LeaveGroup', 'its last frame');

  step('the committed offset is the next one to read');
  await producer.send({ topic, messages: [{ value: '5' }] });
  const second = new Watched('second', { autoCommit: false });
  await second.start();
  await until('a message', () => second.messages.length);
  equal(second.messages, [{ offset: '5', value: '5' }], 'what the second reads after a commit of 5');

  step('what was processed but not committed is delivered again to the new owner');
  await second.consumer.disconnect();
  equal(await committed(), '5', 'committed');
  const third = new Watched('third', { autoCommit: false });
  await third.start();
  await until('the message again', () => third.messages.length);
  equal(third.messages, [{ offset: '5', value: '5' }], 'what the third reads');

  step('an explicit commit counts');
  await third.consumer.commitOffsets([{ topic, partition: 0, offset: '6' }]);
  await third.consumer.disconnect();
  equal(await committed(), '6', 'committed');

  step('only one of the members is the leader: it is given the members and assigns');
  const members = [new Watched('x', { autoCommit: true }), new Watched('y', { autoCommit: true })];
  for (const member of members) await member.start();
  const last = () => members.map((m) => m.joins.at(-1));
  await until('both have joined under one leader', () => last().every((join) => join && join.leaderId === last()[0].leaderId));
  equal(last().filter((join) => join.isLeader).map((join) => join.memberId), [last()[0].leaderId], 'the leader');
  const [described] = (await admin.describeGroups([group])).groups;
  equal(described.members.map((m) => m.memberId).sort(), last().map((join) => join.memberId).sort(), 'members of the group');
  for (const member of members) await member.consumer.disconnect();
});

/** A consumer whose frames, joins and messages are written down. */
class Watched {
  frames = [];
  joins = [];
  messages = [];

  constructor(name, { autoCommit }) {
    this.autoCommit = autoCommit;
    this.consumer = client(name).consumer({ groupId: group, heartbeatInterval: 300, maxWaitTimeInMs: 300, sessionTimeout: 6000 });
    this.consumer.on(this.consumer.events.REQUEST, ({ payload }) => this.frames.push(payload.apiName));
    this.consumer.on(this.consumer.events.GROUP_JOIN, ({ payload }) => this.joins.push(payload));
  }

  async start() {
    await this.consumer.connect();
    await this.consumer.subscribe({ topic, fromBeginning: true });
    await this.consumer.run({
      autoCommit: this.autoCommit,
      eachMessage: async ({ message }) => this.messages.push({ offset: message.offset, value: message.value.toString() }),
    });
  }
}

async function committed() {
  const [{ partitions }] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
  return partitions[0].offset;
}

function inOrderOfFirstAppearance(names) {
  return [...new Set(names)];
}
