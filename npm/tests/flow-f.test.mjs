// A web service that publishes on POST and consumes in the same process.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';

import express from 'express';

import { atEnd, broker, kafkaOn, producerOf, sorted } from './support.mjs';

const TOPIC = 'orders';

/** What a service has when it starts: its database survives it. */
async function service(t, ottla, { database, work = async () => {} }) {
  const socketFactory = ottla.socketFactory();
  const retry = { initialRetryTime: 20, retries: 8, restartOnFailure: async () => !socketFactory.isKilled };
  const kafka = kafkaOn(ottla, { clientId: 'shop', socketFactory, retry });
  const producer = await producerOf(t, kafka, { idempotent: true });
  const consumer = kafka.consumer({ groupId: 'shop', maxWaitTimeInMs: 50, sessionTimeout: 6_000, maxBytes: 64 * 1024 });
  await consumer.connect();
  await consumer.subscribe({ topics: [TOPIC], fromBeginning: true });
  let deliveriesCount = 0;
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    eachBatch: async ({ batch, heartbeat, resolveOffset, isRunning, isStale }) => {
      for (const message of batch.messages) {
        if (!isRunning() || isStale()) return;
        deliveriesCount += 1;
        const key = message.key.toString();
        await work(key, consumer);
        // At least once: what is there already was worked on before.
        if (!database.has(key)) database.set(key, message.value.toString());
        resolveOffset(message.offset);
        await consumer.commitOffsets([{ topic: batch.topic, partition: batch.partition, offset: String(BigInt(message.offset) + 1n) }]);
        await heartbeat();
      }
    },
  });
  const app = express().use(express.json());
  app.post('/orders', async (request, response) => {
    const { id, item } = request.body;
    await producer.send({ topic: TOPIC, acks: -1, messages: [{ key: id, value: item }] });
    response.status(202).end();
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = async () => {
    server.close();
    server.closeAllConnections();
    await consumer.disconnect();
  };
  atEnd(t, stop);
  const post = async (id, item) => {
    const response = await fetch(`http://127.0.0.1:${server.address().port}/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id, item }),
    });
    assert.equal(response.status, 202);
  };
  return { post, consumer, stop, kill: () => socketFactory.kill(), deliveries: () => deliveriesCount };
}

const start = (t) => broker(t, { topics: { [TOPIC]: { partitions: 3 } } });

test('what_is_posted_is_published_and_worked_on', async (t) => {
  const ottla = await start(t);
  const database = new Map();
  const { post } = await service(t, ottla, { database });
  for (const id of ['a', 'b', 'c']) await post(id, `item ${id}`);
  await ottla.topic(TOPIC).count(3);
  await ottla.group('shop').caughtUp();
  assert.deepEqual(sorted(database.keys()), ['a', 'b', 'c']);
  assert.equal(database.get('b'), 'item b');
});

test('a_handler_that_throws_is_tried_again', async (t) => {
  const ottla = await start(t);
  const database = new Map();
  let failuresCount = 0;
  const work = async () => {
    if (failuresCount < 2) {
      failuresCount += 1;
      throw new Error('the database is away');
    }
  };
  const { post, deliveries } = await service(t, ottla, { database, work });
  await post('a', 'tea');
  await ottla.topic(TOPIC).count(1);
  await ottla.group('shop').caughtUp();
  assert.deepEqual([...database], [['a', 'tea']]);
  assert.equal(deliveries(), 3);
});

test('a_crash_between_work_and_commit_gives_the_message_again_and_the_service_knows_it', async (t) => {
  const ottla = await start(t);
  const database = new Map();
  // The commit never arrives: the process dies with the work done.
  const lost = ottla.faults.disconnect({ api: 'OffsetCommit' });
  const first = await service(t, ottla, { database });
  await first.post('a', 'tea');
  await lost.hit();
  first.kill();
  lost.remove();
  assert.deepEqual([...database], [['a', 'tea']]);
  assert.equal(ottla.group('shop').offsets.every(({ committed }) => committed === null), true);

  const second = await service(t, ottla, { database });
  await ottla.group('shop').caughtUp({ timeout: '20s' });
  assert.equal(second.deliveries(), 1);
  assert.deepEqual([...database], [['a', 'tea']]);
});

test('a_consumer_that_pauses_gets_nothing_until_it_goes_on_where_it_says', async (t) => {
  const ottla = await start(t);
  const database = new Map();
  const { post, consumer, deliveries } = await service(t, ottla, { database });
  await post('a', 'tea');
  await ottla.group('shop').caughtUp();
  consumer.pause([{ topic: TOPIC }]);
  await post('a', 'coffee');
  await assert.rejects(ottla.group('shop').caughtUp({ timeout: 300 }), /behind in orders/);
  assert.equal(deliveries(), 1);
  const { partition } = ottla.topic(TOPIC).records()[0];
  consumer.seek({ topic: TOPIC, partition, offset: '0' });
  consumer.resume([{ topic: TOPIC }]);
  await ottla.group('shop').caughtUp();
  assert.equal(deliveries(), 3);
});

test('a_service_that_is_stopped_leaves_its_group_at_once', async (t) => {
  const ottla = await start(t);
  const { stop } = await service(t, ottla, { database: new Map() });
  await ottla.group('shop').stable({ members: 1 });
  await stop();
  await ottla.group('shop').stable({ members: 0 });
});
