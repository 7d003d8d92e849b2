import kafkajs from 'kafkajs';
import * as ottla from 'ottla';
import { expect, test, vi } from 'vitest';
import story from './story.cjs';

test('kafkajs produces and consumes', async () => {
  expect(await story(ottla, kafkajs)).toBe('tea anna tea 0');
});

test('a session ends when fake time says so', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
  const broker = await ottla.Ottla.start({ clock: 'manual', onAdvance: (ms) => vi.advanceTimersByTime(ms), topics: { orders: {} } });
  const { clock } = broker;
  const socketFactory = broker.socketFactory();
  const retry = { restartOnFailure: async () => false };
  const kafka = new kafkajs.Kafka({ brokers: broker.brokers, socketFactory, retry, logLevel: kafkajs.logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: 'billing' });
  await consumer.connect();
  await consumer.subscribe({ topics: ['orders'] });
  await clock.until(consumer.run({ eachMessage: async () => {} }));
  await clock.until(broker.group('billing').stable({ members: 1 }));
  socketFactory.kill();
  await clock.advance('31s');
  expect(broker.group('billing').members).toEqual([]);
  await clock.until(consumer.disconnect());
  await broker.close();
  vi.useRealTimers();
});
