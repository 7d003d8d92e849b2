// A producer and a consumer while their broker is killed and started again: what was acknowledged is read, in order, and an
// idempotent producer's retries store nothing twice. Says "sent N" for whoever kills the broker.
import { check, client, equal, flow, unique, until } from './support.mjs';

const topic = unique('keeps-going');
const group = unique('keeps-going-group');
const total = 300;
const retry = { initialRetryTime: 50, maxRetryTime: 500, retries: 60 };
const kafka = client('keeps-going', { retry, connectionTimeout: 2000 });
const admin = kafka.admin();
const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
const consumer = kafka.consumer({ groupId: group, sessionTimeout: 6000, heartbeatInterval: 500, maxWaitTimeInMs: 200, retry });

flow(async () => {
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] });
  await producer.connect();
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const read = [];
  await consumer.run({ eachMessage: async ({ message }) => read.push(`${message.offset}:${message.value}`) });

  for (let i = 0; i < total; i++) {
    const [{ baseOffset }] = await producer.send({ topic, acks: -1, messages: [{ value: `${i}` }] });
    equal(Number(baseOffset), i, `offset of message ${i}`);
    if (i % 50 === 49) console.log(`sent ${i + 1}`);
  }
  const [{ low, high }] = await admin.fetchTopicOffsets(topic);
  equal([low, high], ['0', `${total}`], 'offsets of the log');

  // A commit that the broker's end cut off is repeated, and so are its messages: at least once, but never out of order.
  await until('all is read', () => new Set(read).size === total, { state: () => read.slice(-3) });
  const firsts = [...new Set(read)];
  equal(firsts, Array.from({ length: total }, (_, i) => `${i}:${i}`), 'what was read, without repeats');
  await until('all is committed', async () => {
    const [{ partitions }] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
    return partitions[0].offset === `${total}`;
  });
  check(read.length < 2 * total, `${read.length - total} messages were repeated`);
  await consumer.disconnect();
});
