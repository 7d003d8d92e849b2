// A web service with pub/sub in one process: each order is worked on once, through failures, a crash and a shutdown.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { check, client, equal, flow, step, sum, unique, until } from './support.mjs';

const directory = mkdtempSync(join(tmpdir(), 'web-service-'));
const store = join(directory, 'done');
const topic = unique('orders');
const group = unique('orders-service');
const admin = client('web-service').admin();

flow(async () => {
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 2 }] });

  step('what is posted is worked on');
  let service = await start();
  const placed = await service.post(ids('a', 10));
  equal(sum([0, 1].map((p) => placed.filter((order) => order.partition === p).length)), 10, 'orders that have a place');
  await service.worksOn(10);
  await service.terminate();

  step('a handler that throws is called again, and the order is worked on once');
  service = await start({ FAIL_AT: 'b3' });
  await service.post(ids('b', 10));
  const { failures, worked } = await service.worksOn(20);
  equal([failures, worked], [2, 10], 'failures, and orders worked on');
  await service.terminate();

  step('a crash between work and commit delivers the order again, and the store removes it');
  service = await start({ CRASH_AT: 'c4' });
  const posting = service.post(ids('c', 10)).catch(() => null);
  equal(await service.ended, [null, 'SIGKILL'], 'how the service ended');
  await posting;
  check(doneInStore().includes('c4'), 'c4 was worked on before the crash');
  service = await start();
  await until('c4 again', async () => (await service.orders()).duplicates === 1, { state: service.orders });
  // Which orders of the last round had been published before the crash is known only to the log.
  const published = sum((await admin.fetchTopicOffsets(topic)).map((p) => Number(p.high)));
  await service.worksOn(published);
  equal((await service.orders()).duplicates, 1, 'orders delivered again');

  step('SIGTERM in the middle of the work: the order in hand is finished and committed, the rest is left');
  await service.terminate();
  service = await start({ WORK_MS: '100' });
  await service.post(ids('d', 20));
  await until('some work is done', async () => (await service.orders()).worked >= 3);
  await service.terminate();
  const finished = doneInStore().length;
  check(finished < published + 20, 'the work was finished before the shutdown');
  equal(await committed(), finished, 'what is committed is what is done');
  const [described] = (await admin.describeGroups([group])).groups;
  equal(described.state, 'Empty', 'the group, as soon as the service has ended');

  step('it goes on where it was, and nothing is worked on twice');
  service = await start();
  const last = await service.worksOn(published + 20);
  equal(last.duplicates, 0, 'orders delivered again');
  await service.terminate();
  equal(doneInStore().length, new Set(doneInStore()).size, 'orders in the store');
  rmSync(directory, { recursive: true });
});

const ids = (round, count) => Array.from({ length: count }, (_, i) => `${round}${i}`);

const doneInStore = () => readFileSync(store, 'utf8').split('\n').filter(Boolean);

async function committed() {
  const [{ partitions }] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
  return sum(partitions.map((p) => Math.max(0, Number(p.offset))));
}

/** Starts the service in a process of its own, and waits until it listens. */
async function start(environment = {}) {
  const program = fileURLToPath(new URL('service.mjs', import.meta.url));
  const child = spawn(process.execPath, [program, store], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.on('exit', () => child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const url = `http://127.0.0.1:${JSON.parse(line).port}/orders`;
  const orders = async () => (await fetch(url)).json();
  return {
    ended,
    orders,
    /** Posts orders one after the other: where each was put. */
    async post(orders) {
      const placed = [];
      for (const id of orders) {
        const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ id }) });
        equal(response.status, 202, `the answer to order ${id}`);
        placed.push(await response.json());
      }
      return placed;
    },
    /** Waits until `count` orders are done, by this process and those before it. */
    async worksOn(count) {
      await until(`${count} orders are done`, async () => (await orders()).done.length === count, { state: orders });
      return orders();
    },
    /** SIGTERM: it must end well. */
    async terminate() {
      child.kill('SIGTERM');
      equal(await ended, [0, null], 'how the service ended');
    },
  };
}
