// What the tests of the package share: KafkaJS on a broker, and clients that end with their test.

import { once } from 'node:events';
import net from 'node:net';
import { mock } from 'node:test';

import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { Ottla } from 'ottla';

const endings = new WeakMap();

/** Sees to it that `end` is called when the test has ended, the last that was asked for first: clients end before their broker. */
export function atEnd(t, end) {
  if (!endings.has(t)) {
    endings.set(t, []);
    t.after(async () => {
      for (const one of endings.get(t).reverse()) await one();
    });
  }
  endings.get(t).push(end);
}

/** A broker that ends with its test. */
export async function broker(t, options) {
  const ottla = await Ottla.start(options);
  atEnd(t, () => ottla.close());
  return ottla;
}

/** KafkaJS on a broker in this process. */
export function kafkaOn(ottla, options = {}) {
  return kafkaAt(ottla.brokers, { socketFactory: ottla.socketFactory(), ...options });
}

/** KafkaJS on a broker at an address. */
export function kafkaAt(brokers, { clientId = 'app', ...options } = {}) {
  return new Kafka({
    clientId,
    brokers,
    logLevel: logLevel.NOTHING,
    ...options,
  });
}

/** A producer that is connected, and ends with its test. */
export async function producerOf(t, kafka, options) {
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, ...options });
  await producer.connect();
  atEnd(t, () => producer.disconnect());
  return producer;
}

/**
 * A consumer that runs, and ends with its test. What it has been given is in `seen`. A fetch waits for 100 ms rather than for 5 s, where time is real:
 * KafkaJS does not end before its fetch has.
 */
export async function consumerOf(t, kafka, { topics, groupId = 'project', fromBeginning = true, onMessage = () => {}, run, ...options }) {
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100, ...options });
  const seen = [];
  await consumer.connect();
  atEnd(t, () => consumer.disconnect());
  await consumer.subscribe({ topics, fromBeginning });
  await consumer.run({
    eachMessage: async ({ topic, partition, message }) => {
      seen.push({ topic, partition, offset: message.offset, key: message.key?.toString(), value: message.value?.toString() });
      await onMessage(message);
    },
    ...run,
  });
  return Object.assign(consumer, { seen });
}

/** A port at which nobody listens. */
export async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Keys "0" to "9", one by one, as in flow A of the stories. */
export const TEN = Array.from({ length: 10 }, (_, index) => ({ key: String(index), value: `message ${index}` }));

/** Sorted, for lists whose order nobody promised. */
export const sorted = (list) => [...list].sort();

/**
 * A broker whose clock and the clients' timers move together, and only when a test says so; what KafkaJS leaves to chance comes from a seed. `until`
 * lets time pass until a promise has settled.
 */
export async function manualBroker(t, { seed = 1, ...options } = {}) {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: Date.UTC(2026, 0, 1) });
  atEnd(t, () => mock.timers.reset());
  // KafkaJS sets timers to negative times. Node takes them for 1 ms, its mock timers for the past, where they ring for ever.
  const { setTimeout: mocked } = globalThis;
  globalThis.setTimeout = (action, ms, ...values) => mocked(action, Math.max(ms || 0, 1), ...values);
  pinChance(t, seed);
  const ottla = await broker(t, { seed, clock: 'manual', onAdvance: (ms) => mock.timers.tick(ms), ...options });
  return { ottla, until: (promise) => ottla.clock.until(promise) };
}

/** KafkaJS takes times of retries from `Math.random`, and the partition where a producer without keys begins from `crypto`. */
function pinChance(t, seed) {
  let state = seed >>> 0;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const randomMock = mock.method(Math, 'random', random);
  const bytesMock = mock.method(crypto, 'getRandomValues', (bytes) => bytes.fill(Math.floor(random() * 256)));
  atEnd(t, () => {
    randomMock.mock.restore();
    bytesMock.mock.restore();
  });
}

/** How a group has shared its partitions out, by client: `['worker-1: 0 1', 'worker-2: 2']`. */
export const shares = (ottla, groupId) =>
  ottla
    .group(groupId)
    .members.map(({ clientId, assignment }) => `${clientId}: ${assignment.flatMap(({ partitions }) => partitions).join(' ')}`)
    .sort();

/** How many partitions each member has, the least first. */
export const shareSizes = (ottla, groupId) =>
  ottla
    .group(groupId)
    .members.map(({ assignment }) => assignment.flatMap(({ partitions }) => partitions).length)
    .sort();
