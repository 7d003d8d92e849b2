// One topic with three partitions, and a group that grows, shrinks, loses a member and is joined by other groups.
import { Member, received, shared } from './members.mjs';
import { ascending, check, client, equal, flow, keys, keysOfPartition, step, sum, unique, until } from './support.mjs';

const topic = unique('employee-topic');
const project = unique('project');
const kafka = client('growing-group');
const admin = kafka.admin();
const producer = kafka.producer();
/** Values of all messages ever sent. */
const sent = [];

flow(async () => {
  await admin.connect();
  await producer.connect();

  step('a topic with three partitions');
  const config = { topic, numPartitions: 3, replicationFactor: 1 };
  equal(await admin.createTopics({ topics: [config] }), true, 'the topic is new');

  step('one consumer has all partitions');
  const a = new Member('a', project, topic);
  await shared([a], [3]);
  equal(a.assigned, [0, 1, 2], 'partitions of the only member');

  step('a second one joins: 2 + 1');
  const b = new Member('b', project, topic);
  await shared([a, b], [2, 1]);

  step('a third one joins: one each');
  const c = new Member('c', project, topic);
  await shared([a, b, c], [1, 1, 1]);

  step('ten keys land where murmur2 says, and each message is seen by exactly one member');
  await sendKeys('first');
  const parts = await received([a, b, c], 10);
  for (const [i, member] of [a, b, c].entries()) {
    const [partition] = member.assigned;
    equal(parts[i].map((m) => m.partition), keysOfPartition[partition].map(() => partition), `partition read by ${member.name}`);
    equal(parts[i].map((m) => m.key), keysOfPartition[partition], `keys read by ${member.name}`);
    equal(parts[i].map((m) => m.offset), parts[i].map((_, n) => String(n)), `offsets read by ${member.name}`);
  }
  equal(parts.map((p) => p.length).sort(ascending), [2, 4, 4], 'sizes of the three parts');

  step('a fourth one joins: it is idle and stays a member');
  const d = new Member('d', project, topic);
  await shared([a, b, c, d], [1, 1, 1, 0]);
  equal((await describe(project)).members.length, 4, 'members of the group');
  const all = [a, b, c, d];
  const idle = all.find((m) => m.assigned.length === 0);
  const active = all.filter((m) => m !== idle);

  step('the idle member gets nothing');
  await sendKeys('second');
  await received(active, 10);
  await caughtUp(project);
  equal(idle.messages, [], 'messages of the idle member');

  step('a member is killed: after its session timeout the idle one takes over');
  const [victim, ...others] = active;
  await victim.kill();
  const killedAt = Date.now();
  await sendKeys('third');
  const survivors = [...others, idle];
  await shared(survivors, [1, 1, 1]);
  const silence = Date.now() - killedAt;
  check(silence > 5_000, `the killed member was given up after ${silence} ms, before its session timeout of 6 s`);

  step('nothing is lost, and nothing acknowledged is repeated');
  equal(values(await received(survivors, 10)), sent.slice(-10).sort(), 'what the survivors got');

  step('a member leaves with disconnect(): rebalance at once');
  await caughtUp(project);
  const [leaver, ...two] = survivors;
  await leaver.leave();
  const leftAt = Date.now();
  await shared(two, [2, 1]);
  check(Date.now() - leftAt < 5_000, `the rebalance took ${Date.now() - leftAt} ms, as if the member had been killed`);
  equal((await describe(project)).members.length, 2, 'members of the group');

  step('one key: one partition, one member, in order');
  await sendEach('emp001', Array.from({ length: 10 }, () => 'emp001'));
  const parted = await received(two, 10);
  equal(parted.map((p) => p.length).sort(ascending), [0, 10], 'messages for each member');
  equal(parted.flat().map((m) => m.partition), Array(10).fill(1), 'their partition');
  equal(parted.flat().map((m) => m.value), sent.slice(-10), 'their order');

  for (const [count, sizes] of [[10, [3, 3, 4]], [12, [4, 4, 4]]]) {
    step(`${count} messages without key spread over all partitions`);
    await sendEach(`without key ${count}`, Array.from({ length: count }, () => null));
    const spread = (await received(two, count)).flat();
    equal([0, 1, 2].map((p) => spread.filter((m) => m.partition === p).length).sort(ascending), sizes, 'sizes');
  }

  step('a new group from the beginning gets everything ever sent');
  const project2 = new Member('project2', unique('project2'), topic);
  await shared([project2], [3]);
  equal(values(await received([project2], sent.length)), sent.toSorted(), 'messages of project2');

  step('a new group at the end gets only what is sent after it joined');
  const project3 = new Member('project3', unique('project3'), topic, { fromBeginning: false });
  await shared([project3], [3]);
  await until('project3 fetches from the end', () => project3.fetched);
  await sendKeys('for project3');
  equal(values(await received([project3], 10)), sent.slice(-10).sort(), 'messages of project3');
  await received(two, 10);

  step('a member that restarts goes on where the group was, whatever fromBeginning says');
  await caughtUp(project);
  for (const member of two) await member.leave();
  await sendKeys('while nobody reads');
  for (const fromBeginning of [true, false]) {
    const restarted = new Member(`restarted, fromBeginning ${fromBeginning}`, project, topic, { fromBeginning });
    await shared([restarted], [3]);
    equal(values(await received([restarted], 10)), sent.slice(-10).sort(), `messages of ${restarted.name}`);
    await caughtUp(project);
    await restarted.leave();
    if (fromBeginning) await sendKeys('while nobody reads again');
  }

  step('two groups at once: each gets everything');
  const group = ['x', 'y', 'z'].map((name) => new Member(name, project, topic));
  const finance = ['f', 'g'].map((name) => new Member(name, unique('finance'), topic));
  await shared(group, [1, 1, 1]);
  await shared(finance, [2, 1]);
  equal(values(await received(finance, sent.length)), sent.toSorted(), 'what finance got from the beginning');
  await sendKeys('for both');
  equal(values(await received(group, 10)), sent.slice(-10).sort(), 'what project got');
  equal(values(await received(finance, 10)), sent.slice(-10).sort(), 'what finance got');
});

/** Sends the keys "0" to "9", one message each. */
async function sendKeys(what) {
  await sendEach(what, keys);
}

/** Sends messages one by one. */
async function sendEach(what, keysOfMessages) {
  for (const [i, key] of keysOfMessages.entries()) {
    const value = `${what} ${i}`;
    await producer.send({ topic, messages: [{ key, value }] });
    sent.push(value);
  }
}

function values(parts) {
  return parts.flat().map((m) => m.value).sort();
}

async function describe(group) {
  const { groups } = await admin.describeGroups([group]);
  return groups[0];
}

/** Waits until the group has committed everything. */
async function caughtUp(group) {
  const offsets = async () => {
    const [{ partitions }] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
    return partitions.map((p) => Number(p.offset));
  };
  await until('the group has committed everything', async () => sum(await offsets()) === sent.length, { state: offsets });
}
