// A consumer as a process of its own: member.mjs GROUP TOPIC FROM_BEGINNING. It tells what happens to it as lines of JSON,
// leaves its group on the line "leave", and ends at once when whoever started it is gone.
import { createInterface } from 'node:readline';
import { client } from './support.mjs';

const [group, topic, fromBeginning] = process.argv.slice(2);
const tell = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);

const kafka = client('member', { log: (message) => tell({ log: message }) });
const consumer = kafka.consumer({
  groupId: group,
  sessionTimeout: 6000,
  heartbeatInterval: 500,
  maxWaitTimeInMs: 500,
});

consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
  tell({ joined: payload.memberAssignment[topic] ?? [], memberId: payload.memberId, leader: payload.isLeader });
});
consumer.on(consumer.events.FETCH, () => tell({ fetched: true }));
consumer.on(consumer.events.REBALANCING, () => tell({ rebalancing: true }));
consumer.on(consumer.events.CRASH, ({ payload }) => tell({ crash: payload.error.message }));

createInterface({ input: process.stdin })
  .on('line', async (line) => {
    if (line !== 'leave') throw new Error(`unknown command ${line}`);
    await consumer.disconnect();
    process.exit(0);
  })
  .on('close', () => process.exit(1));

await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: fromBeginning === 'true' });
await consumer.run({
  eachMessage: async ({ partition, message }) => {
    tell({ partition, offset: message.offset, key: message.key?.toString() ?? null, value: message.value.toString() });
  },
});
