// Clients of other kinds and other processes: over TCP.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import net from 'node:net';
import { test } from 'node:test';

import { Consumer, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka';
import { Ottla } from 'ottla';

import { atEnd, broker, consumerOf, freePort, kafkaAt, kafkaOn, producerOf, sorted, TEN } from './support.mjs';

const TOPICS = { orders: { partitions: 3 } };

test('kafkajs_over_tcp_meets_kafkajs_in_the_process', async (t) => {
  const ottla = await broker(t, { topics: TOPICS });
  const listener = await ottla.listen();
  assert.equal(listener.bootstrap, `127.0.0.1:${listener.port}`);
  const producer = await producerOf(t, kafkaAt([listener.bootstrap]));
  await producer.send({ topic: 'orders', messages: TEN });
  const consumer = await consumerOf(t, kafkaOn(ottla), { topics: ['orders'] });
  await ottla.group('project').caughtUp();
  assert.equal(consumer.seen.length, 10);
});

test('platformatic_kafka_produces_and_consumes', async (t) => {
  const ottla = await broker(t, { topics: TOPICS });
  const { bootstrap } = await ottla.listen();
  const producer = new Producer({ clientId: 'app', bootstrapBrokers: [bootstrap], serializers: stringSerializers });
  atEnd(t, () => producer.close());
  await producer.send({ messages: TEN.map((message) => ({ topic: 'orders', ...message })), acks: -1 });
  const consumer = new Consumer({ clientId: 'app', groupId: 'project', bootstrapBrokers: [bootstrap], deserializers: stringDeserializers });
  atEnd(t, () => consumer.close(true));
  const stream = await consumer.consume({ topics: ['orders'], mode: 'earliest', autocommit: true, maxWaitTime: 100 });
  const values = [];
  for await (const { value } of stream) {
    values.push(value);
    if (values.length === 10) break;
  }
  assert.deepEqual(sorted(values), TEN.map(({ value }) => value));
});

test('kcat_in_another_process_produces_and_consumes', async (t) => {
  const ottla = await broker(t, { topics: TOPICS });
  const { bootstrap } = await ottla.listen();
  if (!isThere('kcat')) return t.skip('kcat is not installed');
  const { stdout } = await run('sh', ['-c', `printf 'ann:1\\nbob:2\\n' | kcat -b ${bootstrap} -P -t orders -K: && kcat -b ${bootstrap} -C -t orders -o beginning -e -q -K:`]);
  assert.deepEqual(sorted(stdout.trim().split('\n')), ['ann:1', 'bob:2']);
  assert.equal((await ottla.topic('orders').count(2)).length, 2);
});

test('a_port_that_is_taken_is_told_and_a_closed_one_is_free', async (t) => {
  const [one, other] = [await broker(t), await broker(t)];
  const listener = await one.listen();
  const { port } = listener;
  await assert.rejects(other.listen({ port }), {
    name: 'OttlaError',
    code: 'EADDRINUSE',
    message: `port ${port} of 127.0.0.1 is taken by another program; choose another, or 0 for a free one`,
  });
  await assert.rejects(other.listen({ host: '203.0.113.7' }), { code: 'EADDRNOTAVAIL' });
  await listener.close();
  const second = await other.listen({ port });
  assert.equal(second.port, port);
  await other.close();
  assert.equal(await dial(port), 'ECONNREFUSED');
});

test('a_crashed_broker_is_not_there_and_comes_back_with_what_it_had', async (t) => {
  const ottla = await broker(t, { topics: TOPICS });
  const { bootstrap, port } = await ottla.listen();
  const producer = await producerOf(t, kafkaAt([bootstrap]));
  await producer.send({ topic: 'orders', messages: TEN });
  await ottla.crash();
  assert.equal(await dial(port), 'ECONNREFUSED');
  const socket = ottla.socketFactory()({ host: 'ottla', port: 9092, onConnect: () => {} });
  assert.equal(await new Promise((resolve) => socket.on('error', ({ code }) => resolve(code))), 'ECONNREFUSED');
  await ottla.restart();
  assert.equal(await dial(port), 'connected');
  assert.equal(ottla.topic('orders').records().length, 10);
  // The producer finds it again by itself.
  await producer.send({ topic: 'orders', messages: TEN });
  assert.equal((await ottla.topic('orders').count(20)).length, 20);
});

test('a_port_that_opens_while_its_broker_ends_is_shut_again', async (t) => {
  const [port, other] = [await freePort(), await broker(t)];
  const closed = await Ottla.start();
  const refused = assert.rejects(closed.listen({ port }), { name: 'OttlaError', code: 'ERR_CLOSED' });
  await closed.close();
  await refused;
  assert.equal(await dial(port), 'ECONNREFUSED');

  await other.listen({ port });
  await other.crash();
  await assert.rejects(other.listen(), { name: 'OttlaError', code: 'ERR_CRASHED' });
  const restarted = other.restart();
  await other.close();
  await restarted;
  assert.equal(await dial(port), 'ECONNREFUSED');
});

/** What comes of dialling a port. */
function dial(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => resolve('connected'));
    socket.on('error', ({ code }) => resolve(code));
    socket.on('connect', () => socket.destroy());
  });
}

function run(program, words) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'], timeout: 20_000 });
    let stdout = '';
    child.stdout.on('data', (text) => (stdout += text));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve({ stdout }) : reject(new Error(`${program} ended with ${code}`))));
  });
}

function isThere(program) {
  return spawnSync(program, ['-V']).status === 0;
}
