// Written by Ottla's tutorial. In a project that has `ottla` and `kafkajs`, `node --test scene.test.mjs` runs it.
// It waits for what is to happen, not for time: a session that has to end takes as long as it takes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigResourceTypes, Kafka, Partitioners, logLevel } from 'kafkajs';
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

  // 0 topic a retention.ms=60000
  const admin = kafka('admin').admin();
  clients.push(admin);
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 'a', numPartitions: 1, configEntries: [{ name: 'retention.ms', value: '60000' }] }] });

  // 0 producer if topic=a keys=none value="it's \\ \"odd\"" partitioner=murmur2_random
  // KafkaJS does not have this partitioner: keys may go elsewhere.
  const startIf_ = async () => {
    const client = kafka('if').producer({ createPartitioner: Partitioners.DefaultPartitioner, idempotent: true });
    clients.push(client);
    await client.connect();
    return client;
  };
  let if_ = await startIf_();

  // 0 consumer one topics=a on-poison=skip
  // KafkaJS reads in a group only: this one is the consumer's own.
  const startOne = async () => {
    const client = kafka('one').consumer({ groupId: 'one-alone', sessionTimeout: 10000, heartbeatInterval: 3000 });
    clients.push(client);
    await client.connect();
    await client.subscribe({ topics: ['a'], fromBeginning: true });
    read['one-alone'] ??= new Set();
    await client.run({
      autoCommitInterval: 5000,
      eachMessage: async ({ topic, partition, message }) => {
        if (message.value?.toString().startsWith('poison')) return;
        read['one-alone'].add(`${topic}-${partition}@${message.offset}`);
      },
    });
    return client;
  };
  let one = await startOne();

  // 0 consumer c-1 group=g topics=a from=latest instance=c-1 on-poison=skip
  // KafkaJS knows no static members.
  const startC1 = async () => {
    const client = kafka('c-1').consumer({ groupId: 'g', sessionTimeout: 10000, heartbeatInterval: 3000 });
    clients.push(client);
    await client.connect();
    await client.subscribe({ topics: ['a'], fromBeginning: false });
    read['g'] ??= new Set();
    await client.run({
      autoCommitInterval: 5000,
      eachMessage: async ({ topic, partition, message }) => {
        if (message.value?.toString().startsWith('poison')) return;
        read['g'].add(`${topic}-${partition}@${message.offset}`);
      },
    });
    return client;
  };
  let c1 = await startC1();
  await ottla.group('g').stable({ members: 1, timeout: '1m' });

  // 1s send if

  // 1s send if key=x:y value=poison
  await if_.send({ topic: 'a', acks: -1, messages: [
    { key: null, value: 'it\'s \\ "odd"' },
    { key: 'x:y', value: 'poison' },
  ] });

  // 2s pause c-1
  c1.pause([{ topic: 'a' }]);

  // 2s seek one a-0 end
  one.seek({ topic: 'a', partition: 0, offset: '-1' });

  // 3s partitions a 2
  await admin.createPartitions({ topicPartitions: [{ topic: 'a', count: 2 }] });

  // 3s configure a retention.ms=
  await admin.alterConfigs({ resources: [{ type: ConfigResourceTypes.TOPIC, name: 'a', configEntries: [] }] });

  // 4s freeze one
  // (nothing to do here)

  // 5s thaw one
  // (nothing to do here)

  // 5s leave c-1
  await c1.disconnect();

  // 8s restart c-1
  c1 = await startC1();
  await ottla.group('g').stable({ members: 1, timeout: '1m' });

  // 9s links latency=50ms
  // (nothing to do here)

  // 9s broker stop
  await ottla.crash();

  // 10s broker start
  await ottla.restart();

  // What came of it
  await ottla.topic('a').count(2);
  await ottla.group('g').stable({ members: 1 });
});
