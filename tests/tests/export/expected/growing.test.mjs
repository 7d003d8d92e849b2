// Written by Ottla's tutorial. In a project that has `ottla` and `kafkajs`, `node --test scene.test.mjs` runs it.
// It waits for what is to happen, not for time: a session that has to end takes as long as it takes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, Partitioners, logLevel } from 'kafkajs';
import { Ottla } from 'ottla';

test('the scene', async (t) => {
  const ottla = await Ottla.start({ seed: 7, topics: { 'employee-topic': { partitions: 3 } } });
  const clients = [];
  const sockets = {}; // by client: each has its own, as a process has
  const kafka = (clientId) => {
    const socketFactory = ottla.socketFactory();
    sockets[clientId] = socketFactory;
    // The dead do not start again.
    const retry = { restartOnFailure: async () => sockets[clientId] === socketFactory };
    return new Kafka({ clientId, brokers: ottla.brokers, socketFactory, retry, logLevel: logLevel.NOTHING });
  };
  // What SIGKILL does to a process: its sockets end, it says nothing, and its group waits for its session to end.
  const kill = (clientId) => {
    const socketFactory = sockets[clientId];
    delete sockets[clientId];
    socketFactory.kill();
  };
  t.after(async () => {
    await Promise.all(clients.map((client) => client.disconnect()));
    await ottla.close();
  });
  const read = {}; // by group: the records that were worked on, as topic-partition@offset

  // 0 producer shop topic=employee-topic idempotence=false
  const startShop = async () => {
    const client = kafka('shop').producer({ createPartitioner: Partitioners.DefaultPartitioner, idempotent: false });
    clients.push(client);
    await client.connect();
    return client;
  };
  let shop = await startShop();

  // 0 consumer worker-1 group=project topics=employee-topic
  const startWorker1 = async () => {
    const client = kafka('worker-1').consumer({ groupId: 'project', sessionTimeout: 10000, heartbeatInterval: 3000 });
    clients.push(client);
    await client.connect();
    await client.subscribe({ topics: ['employee-topic'], fromBeginning: true });
    read['project'] ??= new Set();
    await client.run({
      autoCommitInterval: 5000,
      eachMessage: async ({ topic, partition, message }) => {
        read['project'].add(`${topic}-${partition}@${message.offset}`);
      },
    });
    return client;
  };
  let worker1 = await startWorker1();
  await ottla.group('project').stable({ members: 1, timeout: '1m' });

  // 1s consumer worker-2 group=project topics=employee-topic work=100ms commit=after
  const startWorker2 = async () => {
    const client = kafka('worker-2').consumer({ groupId: 'project', sessionTimeout: 10000, heartbeatInterval: 3000 });
    clients.push(client);
    await client.connect();
    await client.subscribe({ topics: ['employee-topic'], fromBeginning: true });
    read['project'] ??= new Set();
    await client.run({
      autoCommit: false,
      eachMessage: async ({ topic, partition, message }) => {
        await sleep(100);
        read['project'].add(`${topic}-${partition}@${message.offset}`);
        await client.commitOffsets([{ topic, partition, offset: String(BigInt(message.offset) + 1n) }]);
      },
    });
    return client;
  };
  let worker2 = await startWorker2();
  await ottla.group('project').stable({ members: 2, timeout: '1m' });

  // 5s send shop count=4
  await shop.send({ topic: 'employee-topic', acks: -1, messages: [
    { key: '0', value: 'value-1' },
    { key: '1', value: 'value-2' },
    { key: '2', value: 'value-3' },
    { key: '3', value: 'value-4' },
  ] });

  // 6s crash worker-1
  kill('worker-1');
  await ottla.group('project').stable({ members: 1, timeout: '1m' });

  // What came of it
  await ottla.topic('employee-topic').count(4);
  await ottla.group('project').stable({ members: 1 });
  await ottla.group('project').caughtUp();
  assert.equal(read['project'].size, 4);
});
