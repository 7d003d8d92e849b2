// A broker in the process: KafkaJS through sockets that are none.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import net from 'node:net';
import { test } from 'node:test';

import { Ottla } from 'ottla';

import { broker, consumerOf, kafkaOn, producerOf, TEN } from './support.mjs';

test('kafkajs_produces_and_consumes_and_no_port_is_opened', async (t) => {
  const forbidden = (what) => () => assert.fail(`${what} was called`);
  t.mock.method(net.Server.prototype, 'listen', forbidden('listen'));
  t.mock.method(net.Socket.prototype, 'connect', forbidden('connect'));
  const ottla = await broker(t, { topics: { orders: { partitions: 3 } } });
  const kafka = kafkaOn(ottla);
  const producer = await producerOf(t, kafka);
  await producer.send({ topic: 'orders', messages: TEN });
  const consumer = await consumerOf(t, kafka, { topics: ['orders'] });
  await ottla.group('project').caughtUp();
  assert.deepEqual(consumer.seen.map(({ value }) => value).sort(), TEN.map(({ value }) => value));
  assert.ok(!process.getActiveResourcesInfo().some((resource) => /TCP/.test(resource)));
});

test('records_are_decoded', async (t) => {
  const ottla = await broker(t, { topics: { orders: {} } });
  const producer = await producerOf(t, kafkaOn(ottla));
  const headers = { trace: 'a1', twice: ['x', 'y'] };
  await producer.send({
    topic: 'orders',
    messages: [
      { key: 'ann', value: '{"total": 7}', headers, timestamp: '1700000000000' },
      { key: null, value: null, timestamp: '1700000000001' },
    ],
  });
  const [first, tombstone] = await ottla.topic('orders').count(2);
  assert.equal(first.key.toString(), 'ann');
  assert.equal(`${first.value}`, '{"total": 7}');
  assert.deepEqual(first.value.json(), { total: 7 });
  assert.deepEqual([first.topic, first.partition, first.offset, first.timestamp], ['orders', 0, 0n, 1_700_000_000_000]);
  assert.equal(String(first.headers.trace), 'a1');
  assert.deepEqual(first.headerList.map(([name, value]) => `${name}=${value}`), ['trace=a1', 'twice=x', 'twice=y']);
  assert.deepEqual([tombstone.key, tombstone.value, tombstone.offset], [null, null, 1n]);
  assert.deepEqual(ottla.topic('orders').records({ from: 1n }).map(({ offset }) => offset), [1n]);
  assert.deepEqual(ottla.topic('orders').records({ limit: 1 }).length, 1);
});

test('an_address_that_is_not_the_brokers_is_refused', async (t) => {
  const ottla = await broker(t);
  const refusal = (host, port) =>
    new Promise((resolve) => {
      ottla.socketFactory()({ host, port, onConnect: () => resolve('connected') }).on('error', (error) => resolve(error.code));
    });
  assert.equal(await refusal('ottla', 9092), 'connected');
  assert.equal(await refusal('ottla', 9093), 'ECONNREFUSED');
  assert.equal(await refusal('localhost', 9092), 'ECONNREFUSED');
  await ottla.close();
  assert.equal(await refusal('ottla', 9092), 'ECONNREFUSED');
});

test('a_client_is_never_called_while_it_is_calling', async (t) => {
  const ottla = await broker(t);
  const socket = ottla.socketFactory()({ host: 'ottla', port: 9092, onConnect: () => {} });
  await new Promise((resolve) => socket.once('connect', resolve));
  let isWriting = false;
  const answer = new Promise((resolve) => {
    socket.on('data', (bytes) => {
      assert.ok(!isWriting);
      resolve(bytes);
    });
  });
  const other = ottla.socketFactory()({ host: 'ottla', port: 9092, onConnect: () => {} });
  await new Promise((resolve) => other.once('connect', resolve));
  isWriting = true;
  // ApiVersions, version 0, correlation id 7, no client id.
  socket.write(Buffer.from('0000000a' + '0012' + '0000' + '00000007' + 'ffff', 'hex'));
  other.end();
  isWriting = false;
  assert.equal((await answer).readInt32BE(4), 7);
  socket.end();
});

test('a_client_that_never_rests_does_not_stop_the_time', async (t) => {
  const ottla = await broker(t, { clock: 'manual' });
  // ApiVersions, version 0, correlation id 7, no client id: again after each answer.
  const ask = () => socket.write(Buffer.from('0000000a' + '0012' + '0000' + '00000007' + 'ffff', 'hex'));
  const socket = ottla.socketFactory()({ host: 'ottla', port: 9092, onConnect: ask });
  socket.on('data', ask);
  const begun = ottla.clock.now();
  await ottla.clock.advance('1s');
  assert.equal(ottla.clock.now() - begun, 1_000);
  const never = new Promise(() => {});
  await assert.rejects(ottla.clock.until(never, { limit: '1s' }), { code: 'ERR_TIMEOUT' });
  const ended = assert.rejects(ottla.clock.until(never), { code: 'ERR_CLOSED' });
  await ottla.close();
  await ended;
});

test('garbage_ends_its_connection_and_nothing_else', async (t) => {
  const ottla = await broker(t, { topics: { orders: {} } });
  const socket = ottla.socketFactory()({ host: 'ottla', port: 9092, onConnect: () => socket.write('GET / HTTP/1.1\r\n\r\n') });
  let endsCount = 0;
  socket.on('end', () => {
    endsCount += 1;
    socket.end();
  });
  await new Promise((resolve) => socket.once('close', resolve));
  assert.equal(endsCount, 1);
  const producer = await producerOf(t, kafkaOn(ottla));
  await producer.send({ topic: 'orders', messages: TEN });
  assert.equal((await ottla.topic('orders').count(10)).length, 10);
});

test('what_is_killed_says_nothing_and_gets_no_other_socket', async (t) => {
  const ottla = await broker(t, { topics: { orders: {} } });
  const factory = ottla.socketFactory();
  const consumer = await consumerOf(t, kafkaOn(ottla, { socketFactory: factory, retry: { retries: 0 } }), { topics: ['orders'] });
  consumer.on(consumer.events.CRASH, () => {});
  await ottla.group('project').stable({ members: 1 });
  assert.equal(factory.isKilled, false);
  factory.kill();
  assert.equal(factory.isKilled, true);
  const socket = factory({ host: 'ottla', port: 9092, onConnect: () => {} });
  const code = await new Promise((resolve) => socket.on('error', (error) => resolve(error.code)));
  assert.equal(code, 'ECONNREFUSED');
  // It did not leave: the broker waits for its session to end.
  assert.equal(ottla.group('project').members.length, 1);
});

test('a_process_ends_by_itself_when_its_clients_have_gone', () => {
  const script = `
    import { Ottla } from 'ottla';
    const ottla = await Ottla.start();
    const socket = ottla.socketFactory()({ host: 'ottla', port: 9092, onConnect: () => console.log('connected') });
    setTimeout(() => { console.log('still here'); socket.end(); }, 200).unref();
  `;
  const child = spawnSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: import.meta.dirname, encoding: 'utf8', timeout: 20_000 });
  assert.equal(child.stderr, '');
  assert.deepEqual([child.status, child.stdout], [0, 'connected\nstill here\n']);
});

test('closing_ends_everything_and_does_no_harm_twice', async (t) => {
  const ottla = await broker(t, { topics: { orders: {} } });
  const ended = new Promise((resolve) => {
    const socket = ottla.socketFactory()({ host: 'ottla', port: 9092, onConnect: () => void ottla.close() });
    socket.on('end', () => resolve());
  });
  await ended;
  await ottla.close();
  const closed = { name: 'OttlaError', code: 'ERR_CLOSED', message: 'the broker has been closed' };
  assert.throws(() => ottla.topics(), closed);
  assert.throws(() => ottla.topic('orders').records(), closed);
  assert.throws(() => ottla.group('g').members, closed);
  assert.throws(() => ottla.snapshot(), closed);
  assert.throws(() => ottla.fork(), closed);
  assert.throws(() => ottla.faults.disconnect(), closed);
  await assert.rejects(ottla.listen(), closed);
  await assert.rejects(ottla.crash(), closed);
  await assert.rejects(ottla.group('g').stable(), closed);
  await assert.rejects(ottla.clock.advance(1), closed);
});

test('a_fault_may_end_after_its_broker', async () => {
  const ottla = await Ottla.start();
  const fault = ottla.faults.disconnect();
  await ottla.close();
  fault[Symbol.dispose]();
  assert.equal(fault.remaining, 0);
});

test('a_wait_ends_with_its_broker', async (t) => {
  const ottla = await broker(t);
  const wait = ottla.group('g').stable();
  await ottla.close();
  await assert.rejects(wait, { code: 'ERR_CLOSED' });
});

test('a_start_in_the_same_process_takes_a_moment', async () => {
  await (await Ottla.start()).close();
  const times = [];
  for (let run = 0; run < 20; run += 1) {
    const begun = performance.now();
    const ottla = await Ottla.start({ topics: { orders: { partitions: 3 } } });
    times.push(performance.now() - begun);
    await ottla.close();
  }
  times.sort((one, other) => one - other);
  assert.ok(times[10] < 10, `the median of 20 was ${times[10]} ms`);
});
