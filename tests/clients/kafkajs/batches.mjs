// A consumer that takes whole batches: heartbeats in a long one, stops in the middle, seeks, pauses and resumes, and bounds
// what it fetches at once.
import { check, client, CompressionTypes, equal, flow, step, sum, unique, until } from './support.mjs';

const kafka = client('batches');
const admin = kafka.admin();
const producer = kafka.producer({ idempotent: true });

flow(async () => {
  await admin.connect();
  await producer.connect();
  await heartbeatKeepsALongBatch();
  await offsetsResolvedAreCommitted();
  await seeking();
  await pausing();
  await boundedFetches();
});

async function heartbeatKeepsALongBatch() {
  step('a batch that takes longer than the session keeps its member by heartbeat()');
  const topic = await filled('long-batch', 8);
  const group = unique('long-batch-group');
  const read = [];
  let joinedAgain = 0;
  const consumer = await running(group, topic, {
    eachBatch: async ({ batch, heartbeat, resolveOffset }) => {
      for (const message of batch.messages) {
        await new Promise((resolve) => setTimeout(resolve, 1000));
        read.push(message.offset);
        resolveOffset(message.offset);
        await heartbeat();
      }
    },
  });
  consumer.on(consumer.events.GROUP_JOIN, () => (joinedAgain += 1));
  await until('the batch is done', async () => (await committed(group, topic)) === '8');
  equal(read, ['0', '1', '2', '3', '4', '5', '6', '7'], 'read once');
  equal(joinedAgain, 0, 'how often it had to join again');
  await consumer.disconnect();
}

async function offsetsResolvedAreCommitted() {
  step('a batch that fails in the middle goes on after the last offset it resolved');
  const topic = await filled('resolved', 10);
  const read = [];
  const consumer = await running(unique('resolved-group'), topic, {
    eachBatchAutoResolve: false,
    eachBatch: async ({ batch, resolveOffset, commitOffsetsIfNecessary }) => {
      for (const message of batch.messages) {
        if (message.offset === '4' && !read.includes('failed')) {
          read.push('failed');
          await commitOffsetsIfNecessary();
          throw new Error('not this one');
        }
        read.push(message.offset);
        resolveOffset(message.offset);
      }
    },
  });
  await until('all is read', () => read.length === 11, { state: () => read });
  equal(read, ['0', '1', '2', '3', 'failed', '4', '5', '6', '7', '8', '9'], 'read');
  await consumer.disconnect();
}

async function seeking() {
  step('seek() goes back and forth');
  const topic = await filled('seeking', 10);
  const read = [];
  const consumer = await running(unique('seeking-group'), topic, {
    eachMessage: async ({ message }) => read.push(message.offset),
  });
  await until('all is read', () => read.length === 10);
  consumer.seek({ topic, partition: 0, offset: '7' });
  await until('the last three again', () => read.length === 13, { state: () => read });
  equal(read.slice(10), ['7', '8', '9'], 'after seeking to 7');

  step('a seek beyond the end starts over, as fromBeginning says');
  consumer.seek({ topic, partition: 0, offset: '1000' });
  await until('all again', () => read.length === 23, { state: () => read });
  equal(read.slice(13), Array.from({ length: 10 }, (_, i) => `${i}`), 'after seeking beyond the end');
  await consumer.disconnect();
}

async function pausing() {
  step('a paused partition gives nothing until it is resumed');
  const topic = await filled('pausing', 4, 2);
  const read = [];
  const consumer = await running(unique('pausing-group'), topic, {
    eachMessage: async ({ partition }) => read.push(partition),
  });
  await until('all is read', () => read.length === 8);
  consumer.pause([{ topic, partitions: [0] }]);
  equal(consumer.paused(), [{ topic, partitions: [0] }], 'paused');
  await fill(topic, 4, 2);
  await until('the other partition is read', () => read.length === 12, { state: () => read });
  // A round of fetches, in which the paused partition could have come too.
  let rounds = 0;
  consumer.on(consumer.events.FETCH, () => (rounds += 1));
  await until('two more rounds of fetches', () => rounds >= 2);
  equal(read.slice(8), [1, 1, 1, 1], 'while 0 is paused');
  consumer.resume([{ topic, partitions: [0] }]);
  await until('the rest', () => read.length === 16, { state: () => read });
  equal(read.slice(12), [0, 0, 0, 0], 'after resuming');
  await consumer.disconnect();
}

async function boundedFetches() {
  step('maxBytesPerPartition and maxBytes bound a batch, but never to nothing');
  const topic = unique('bounded');
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] });
  const value = 'x'.repeat(10_000);
  for (let i = 0; i < 10; i++) {
    await producer.send({ topic, compression: i % 2 ? CompressionTypes.GZIP : CompressionTypes.None, messages: [{ value, headers: { number: `${i}` } }] });
  }
  const batches = [];
  const numbers = [];
  const consumer = await running(unique('bounded-group'), topic, {
    eachBatch: async ({ batch }) => {
      batches.push(batch.messages.length);
      for (const message of batch.messages) {
        equal(message.value.toString(), value, 'the value');
        numbers.push(message.headers.number.toString());
      }
    },
  }, { maxBytesPerPartition: 100, maxBytes: 200 });
  await until('all is read', () => sum(batches) === 10, { state: () => batches });
  equal(numbers, Array.from({ length: 10 }, (_, i) => `${i}`), 'messages in order, by their header');
  check(batches.every((size) => size === 1), `batches of ${batches} messages, although each is above the limit`);
  await consumer.disconnect();
}

/** A topic with `count` messages in each partition, in one batch. */
async function filled(name, count, partitions = 1) {
  const topic = unique(name);
  await admin.createTopics({ topics: [{ topic, numPartitions: partitions }] });
  await fill(topic, count, partitions);
  return topic;
}

async function fill(topic, count, partitions) {
  const numbers = Array.from({ length: count * partitions }, (_, i) => i);
  await producer.send({ topic, messages: numbers.map((i) => ({ value: `${i}`, partition: i % partitions })) });
}

async function running(groupId, topic, handlers, options = {}) {
  const consumer = kafka.consumer({ groupId, sessionTimeout: 6000, heartbeatInterval: 500, maxWaitTimeInMs: 200, retry: { initialRetryTime: 50 }, ...options });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run(handlers);
  return consumer;
}

async function committed(groupId, topic) {
  const [{ partitions }] = await admin.fetchOffsets({ groupId, topics: [topic] });
  return partitions[0].offset;
}
