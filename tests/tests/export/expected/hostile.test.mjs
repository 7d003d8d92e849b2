// Written by Ottla's tutorial. In a project that has `ottla` and `kafkajs`, `node --test scene.test.mjs` runs it.
// It waits for what is to happen, not for time: a session that has to end takes as long as it takes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Kafka, Partitioners, logLevel } from 'kafkajs';
import { Ottla } from 'ottla';

test('the scene', async (t) => {
  const ottla = await Ottla.start({ seed: 7 });
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

  // 0 producer p topic=a keys=END,'$(id) value="END\n$(id)?`id`\r'+x+'"
  const startP = async () => {
    const client = kafka('p').producer({ createPartitioner: Partitioners.DefaultPartitioner, idempotent: true });
    clients.push(client);
    await client.connect();
    return client;
  };
  let p = await startP();

  // 0 producer q topic=a keys=none
  const startQ = async () => {
    const client = kafka('q').producer({ createPartitioner: Partitioners.DefaultPartitioner, idempotent: true });
    clients.push(client);
    await client.connect();
    return client;
  };
  let q = await startQ();

  // 1s send p count=3
  await p.send({ topic: 'a', acks: -1, messages: [
    { key: 'END', value: "END\n$(id)\u{2028}`id`\r'+x+'" },
    { key: "'$(id)", value: "END\n$(id)\u{2028}`id`\r'+x+'" },
    { key: 'END', value: "END\n$(id)\u{2028}`id`\r'+x+'" },
  ] });

  // 2s send q value=END
  await q.send({ topic: 'a', acks: -1, messages: [
    { key: null, value: 'END' },
  ] });

  // What came of it
  await ottla.topic('a').count(4);
});
