// As many members as partitions, fewer, and more: who reads what, and that members go on by themselves when another one
// joins or leaves.
import { Member, received, shared } from './members.mjs';
import { check, client, equal, flow, keys, step, unique, until } from './support.mjs';

const kafka = client('three-cases');
const admin = kafka.admin();
const producer = kafka.producer({ allowAutoTopicCreation: false });

flow(async () => {
  await admin.connect();
  await producer.connect();
  await sharing('as many members as partitions', 3, [1, 1, 1]);
  await sharing('fewer members than partitions', 2, [2, 1]);
  await sharing('more members than partitions', 4, [1, 1, 1, 0]);
});

async function sharing(what, count, sizes) {
  const topic = unique(`cases-${count}`);
  const group = unique(`cases-group-${count}`);
  await admin.createTopics({ topics: [{ topic, numPartitions: 3 }] });

  step(`${what}: ${count} for 3`);
  const members = Array.from({ length: count }, (_, i) => new Member(`${i}`, group, topic));
  await shared(members, sizes);
  await eachOnce(members, topic, 'all there');
  await committed(group, topic);

  step('a member joins: the others say that the group is rebalancing, and go on');
  const late = new Member('late', group, topic);
  await others(members, () => shared([...members, late], [1, 1, 1, 0, 0].slice(0, count + 1)));
  await eachOnce([...members, late], topic, 'one more');
  await committed(group, topic);

  step('it leaves: the others say that the group is rebalancing, and go on');
  await others(members, () => late.leave());
  await shared(members, sizes);
  await eachOnce(members, topic, 'one less');
  for (const member of members) await member.leave();
  const { groups } = await admin.describeGroups([group]);
  equal([groups[0].state, groups[0].members.length], ['Empty', 0], 'the group when all have left');
}

/** Checks that every one of `members` rebalances because of `change`, and says so in its log. */
async function others(members, change) {
  const unchanged = members.map((member) => ({ member, before: member.rebalances, logged: member.logs.length }));
  await change();
  for (const { member, before, logged } of unchanged) {
    await until(`member ${member.name} rebalances`, () => member.rebalances > before && member.assigned);
    const lines = member.logs.slice(logged);
    check(lines.some((line) => /rebalancing, re-joining/.test(line)), `member ${member.name} logged only ${lines}`);
  }
}

/** Sends ten messages and checks that each reaches one member. */
async function eachOnce(members, topic, what) {
  const messages = keys.map((key) => ({ key, value: `${what} ${key}` }));
  await producer.send({ topic, messages });
  const got = (await received(members, 10)).flat();
  equal(got.map((m) => m.value).sort(), messages.map((m) => m.value).sort(), what);
}

/** Waits until the group has committed all that is in the topic, so that a rebalance repeats nothing. */
async function committed(group, topic) {
  await until('the group has committed everything', async () => {
    const [{ partitions }] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
    const ends = new Map((await admin.fetchTopicOffsets(topic)).map((p) => [p.partition, p.offset]));
    return partitions.every((p) => p.offset === ends.get(p.partition));
  });
}
