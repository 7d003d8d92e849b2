// What is made to go wrong, and how clients take it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { broker, consumerOf, kafkaOn, manualBroker, producerOf, TEN } from './support.mjs';

const TOPICS = { orders: {} };
const PATIENT = { retry: { initialRetryTime: 10, retries: 5 } };

test('a_request_that_fails_twice_is_tried_a_third_time', async (t) => {
  const ottla = await broker(t, { topics: TOPICS });
  const producer = await producerOf(t, kafkaOn(ottla, PATIENT));
  const fault = ottla.faults.fail({ api: 'Produce', error: 'NOT_LEADER_OR_FOLLOWER', times: 2 });
  assert.deepEqual([fault.hits, fault.remaining], [0, 2]);
  await producer.send({ topic: 'orders', messages: TEN });
  assert.deepEqual([fault.hits, fault.remaining], [2, 0]);
  assert.equal(ottla.topic('orders').records().length, 10);
});

test('a_fault_is_for_one_client_and_ends_when_it_is_removed', async (t) => {
  const ottla = await broker(t, { topics: TOPICS });
  const [shop, till] = [
    await producerOf(t, kafkaOn(ottla, { clientId: 'shop', retry: { retries: 0 } })),
    await producerOf(t, kafkaOn(ottla, { clientId: 'till', retry: { retries: 0 } })),
  ];
  const fault = ottla.faults.fail({ api: 'Produce', error: 'NOT_ENOUGH_REPLICAS', clientId: 'shop' });
  const send = (producer) => producer.send({ topic: 'orders', messages: [{ value: 'a' }] });
  await send(till);
  await assert.rejects(send(shop), /NOT_ENOUGH_REPLICAS|in-sync replicas/i);
  await fault.hit();
  assert.equal(fault.remaining, Infinity);
  fault.remove();
  await send(shop);
  assert.deepEqual([fault.hits, fault.remaining], [1, 0]);
});

test('a_connection_that_ends_in_the_middle_is_made_again', async (t) => {
  const ottla = await broker(t, { topics: TOPICS });
  const producer = await producerOf(t, kafkaOn(ottla, PATIENT));
  const fault = ottla.faults.disconnect({ api: 'Produce', times: 1 });
  await producer.send({ topic: 'orders', messages: TEN });
  assert.equal(fault.hits, 1);
  assert.equal(ottla.topic('orders').records().length, 10);
});

test('a_delay_takes_the_brokers_time', async (t) => {
  const { ottla, until } = await manualBroker(t, { topics: TOPICS });
  const producer = await producerOf(t, kafkaOn(ottla));
  ottla.faults.delay({ api: 'Produce', by: '2s', times: 1 });
  const begun = ottla.clock.now();
  await until(producer.send({ topic: 'orders', messages: TEN }));
  assert.equal(ottla.clock.now() - begun, 2_000);
});

test('a_commit_that_is_refused_gives_the_message_again', async (t) => {
  const ottla = await broker(t, { topics: TOPICS });
  const producer = await producerOf(t, kafkaOn(ottla));
  await producer.send({ topic: 'orders', messages: [{ value: 'a' }] });
  const fault = ottla.faults.fail({ api: 'OffsetCommit', error: 'REBALANCE_IN_PROGRESS', times: 1 });
  const consumer = await consumerOf(t, kafkaOn(ottla, PATIENT), { topics: ['orders'] });
  await fault.hit();
  await ottla.group('project').caughtUp();
  assert.deepEqual(consumer.seen.map(({ value }) => value), ['a', 'a']);
});

test('what_does_not_exist_cannot_fail', async (t) => {
  const ottla = await broker(t);
  assert.throws(() => ottla.faults.fail({ api: 'Prodcue', error: 'UNKNOWN_SERVER_ERROR' }), { name: 'OttlaError', code: 'ERR_API', message: /Prodcue/ });
  assert.throws(() => ottla.faults.fail({ api: 'Produce', error: 'NOT_LEADER' }), { name: 'OttlaError', code: 'ERR_OPTION', message: /NOT_LEADER/ });
  assert.throws(() => ottla.faults.fail({ api: 'Produce', error: 'UNKNOWN_SERVER_ERROR', times: 0 }), { code: 'ERR_OPTION', message: /^times: 0/ });
  assert.throws(() => ottla.faults.delay({ api: 'Produce', by: 'soon' }), { code: 'ERR_OPTION', message: /^by: "soon"/ });
  const fault = ottla.faults.disconnect({ api: 'Produce' });
  await assert.rejects(fault.hit({ timeout: 20 }), { code: 'ERR_TIMEOUT', message: 'disconnect of Produce was to hit 1 request: not within 20 ms; it has hit 0' });
});
