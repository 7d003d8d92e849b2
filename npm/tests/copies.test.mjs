// Copies: prepare once, begin each test with a fresh one.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Ottla } from 'ottla';

import { atEnd, broker, consumerOf, kafkaOn, producerOf, TEN } from './support.mjs';

const values = (ottla) => ottla.topic('orders').records().map(({ value }) => String(value));

/** A broker with ten records, of which a group has read all. */
async function prepared(t) {
  const ottla = await broker(t, { topics: { orders: { partitions: 3 } } });
  const producer = await producerOf(t, kafkaOn(ottla));
  await producer.send({ topic: 'orders', messages: TEN });
  const consumer = await consumerOf(t, kafkaOn(ottla), { topics: ['orders'] });
  await ottla.group('project').caughtUp();
  await consumer.disconnect();
  return ottla;
}

test('a_fork_goes_its_own_way', async (t) => {
  const ottla = await prepared(t);
  const fork = ottla.fork();
  atEnd(t, () => fork.close());
  assert.deepEqual(values(fork), values(ottla));
  assert.deepEqual(fork.group('project').offsets, ottla.group('project').offsets);
  const producer = await producerOf(t, kafkaOn(fork));
  await producer.send({ topic: 'orders', messages: [{ value: 'only in the fork' }] });
  assert.ok(values(fork).includes('only in the fork'));
  assert.ok(!values(ottla).includes('only in the fork'));
  await fork.close();
  assert.equal(values(ottla).length, 10);
});

test('a_copy_of_a_crashed_broker_has_crashed_until_it_is_restarted', async (t) => {
  const ottla = await prepared(t);
  await ottla.crash();
  const fork = ottla.fork();
  atEnd(t, () => fork.close());
  const refusal = await new Promise((resolve) => {
    fork.socketFactory()({ host: 'ottla', port: 9092, onConnect: resolve }).on('error', ({ code }) => resolve(code));
  });
  assert.equal(refusal, 'ECONNREFUSED');
  await fork.restart();
  const producer = await producerOf(t, kafkaOn(fork));
  await producer.send({ topic: 'orders', messages: [{ value: 'only in the fork' }] });
  assert.equal(values(fork).length, 11);
  await ottla.restart();
});

test('a_snapshot_is_restored_with_all_that_was_stored', async (t) => {
  const ottla = await prepared(t);
  const bytes = ottla.snapshot();
  await ottla.close();
  const again = await Ottla.restore(bytes);
  atEnd(t, () => again.close());
  assert.deepEqual(values(again).sort(), TEN.map(({ value }) => value));
  assert.equal(again.group('project').lag, 0n);
  const producer = await producerOf(t, kafkaOn(again));
  await producer.send({ topic: 'orders', messages: [{ value: 'new' }] });
  const consumer = await consumerOf(t, kafkaOn(again), { topics: ['orders'] });
  await again.group('project').caughtUp();
  assert.deepEqual(consumer.seen.map(({ value }) => value), ['new']);
});

test('damaged_bytes_are_refused_with_the_place', async (t) => {
  const ottla = await prepared(t);
  const bytes = ottla.snapshot();
  const refused = { name: 'OttlaError', code: 'ERR_SNAPSHOT', message: /\d/ };
  for (const damaged of [new Uint8Array(), Buffer.from('something else'), bytes.subarray(0, bytes.length - 1), 'text', undefined]) {
    await assert.rejects(Ottla.restore(damaged), { name: 'OttlaError', code: 'ERR_SNAPSHOT' });
  }
  const flipped = Uint8Array.from(bytes);
  flipped[flipped.length >> 1] ^= 1;
  await assert.rejects(Ottla.restore(flipped), refused);
  await assert.rejects(Ottla.restore(bytes, { seed: 1 }), { code: 'ERR_OPTION', message: /Ottla\.restore\(\) has no option "seed"/ });
});

test('a_thousand_brokers_leave_no_memory_behind', async () => {
  const round = async (count) => {
    for (let index = 0; index < count; index += 1) {
      const ottla = await Ottla.start({ topics: { orders: { partitions: 3 } } });
      ottla.fork().close();
      await ottla.close();
    }
  };
  await round(200);
  globalThis.gc?.();
  const before = process.memoryUsage();
  await round(1_000);
  globalThis.gc?.();
  const after = process.memoryUsage();
  // WebAssembly's memory never shrinks: if it has not grown, what was taken was given back.
  assert.ok(after.external + after.arrayBuffers - before.external - before.arrayBuffers < 2_000_000, JSON.stringify({ before, after }));
});
