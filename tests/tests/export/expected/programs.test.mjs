// Written by Ottla's tutorial. In a project that has `ottla` and `kafkajs`, `node --test scene.test.mjs` runs it.
// It waits for what is to happen, not for time: a session that has to end takes as long as it takes.
// It runs the programs of the scene: read them first, if they are not your own. What they do takes its time: between two actions there is as
// much as in the scene.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, Partitioners, logLevel } from 'kafkajs';
import { Ottla } from 'ottla';

test('the scene', async (t) => {
  const ottla = await Ottla.start({ seed: 7, topics: { 'orders': { partitions: 3 } } });
  // Programs are processes of their own, which find the broker where they look for it.
  await ottla.listen({ port: 9092 });
  const programs = [];
  const program = (lines) => {
    const child = spawn(process.execPath, ['--input-type=module'], { stdio: ['pipe', 'inherit', 'inherit'] });
    child.stdin.end(lines.join('\n'));
    programs.push(child);
    return child;
  };
  const ended = async (child) => child.exitCode ?? child.signalCode ?? (await once(child, 'exit'))[0];
  t.after(() => programs.forEach((child) => child.kill('SIGKILL')));
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

  // 0 producer till topic=orders keys=a,b
  const startTill = async () => {
    const client = kafka('till').producer({ createPartitioner: Partitioners.DefaultPartitioner, idempotent: true });
    clients.push(client);
    await client.connect();
    return client;
  };
  let till = await startTill();

  // 0 code shop.js
  let startShopJs = () => program([
    "import { createRequire } from 'node:module';",
    'const require = createRequire(import.meta.url);',
    "import { Kafka } from 'kafkajs';",
    "const kafka = new Kafka({ brokers: ['localhost:9092'] });",
    'throw new Error(`',
    'END',
    '$(id)\\\\`)',
  ]);
  let shopJs = startShopJs();
  await sleep(1000);

  // 1s code watch.js
  let startWatchJs = () => program([
    "import { createRequire } from 'node:module';",
    'const require = createRequire(import.meta.url);',
    'setInterval(() => {}, 1000)',
  ]);
  let watchJs = startWatchJs();
  await sleep(1000);

  // 2s freeze watch.js
  watchJs.kill('SIGSTOP');
  await sleep(1000);

  // 3s thaw watch.js
  watchJs.kill('SIGCONT');

  // 3s send till count=2
  await till.send({ topic: 'orders', acks: -1, messages: [
    { key: 'a', value: 'value-1' },
    { key: 'b', value: 'value-2' },
  ] });
  await sleep(1000);

  // 4s crash watch.js
  watchJs.kill('SIGKILL');
  await sleep(1000);

  // 5s restart watch.js
  watchJs = startWatchJs();
  await sleep(1000);

  // 6s code watch.js
  watchJs.kill('SIGKILL');
  startWatchJs = () => program([
    "import { createRequire } from 'node:module';",
    'const require = createRequire(import.meta.url);',
    'setInterval(() => {}, 1000);',
    "process.on('SIGTERM', () => process.exit())",
  ]);
  watchJs = startWatchJs();
  await sleep(1000);

  // 7s leave watch.js
  watchJs.kill('SIGTERM');
  await sleep(1000);

  // What came of it
  assert.equal(await ended(shopJs), 1);
  assert.equal(await ended(watchJs), 0);
});
