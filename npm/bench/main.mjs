// `npm run bench`: start, fork, and KafkaJS in the process and over TCP, beside the native broker and beside what KafkaJS can do at all.
// Each number is the median of some runs. Build first: `cargo xtask npm`, and for the native broker `cargo build --release --package ottla`.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { Ottla } from 'ottla';

import { echo } from './echo.mjs';

const RECORDS_COUNT = 10_000;
const BATCH_COUNT = 500;
const RUNS_COUNT = 5;
const NATIVE = join(import.meta.dirname, '../../target/release/ottla');

console.log(`Node ${process.version}, ${cpus()[0].model}; medians of ${RUNS_COUNT} runs`);
await starts();
await forks();
await closes();
await throughput();

async function starts() {
  const begun = performance.now();
  await (await Ottla.start()).close();
  tell('start, the first', performance.now() - begun, 'ms');
  tell('start, the next', await median(async () => {
    const from = performance.now();
    const ottla = await Ottla.start({ topics: { orders: { partitions: 3 } } });
    const passed = performance.now() - from;
    await ottla.close();
    return passed;
  }), 'ms');
}

async function forks() {
  const ottla = await Ottla.start({ topics: { orders: { partitions: 3 } } });
  await produce({ brokers: ottla.brokers, socketFactory: ottla.socketFactory() });
  tell(`fork, with ${RECORDS_COUNT} records`, await median(async () => {
    const from = performance.now();
    const fork = ottla.fork();
    const passed = performance.now() - from;
    await fork.close();
    return passed;
  }), 'ms');
  const from = performance.now();
  const bytes = ottla.snapshot();
  tell(`snapshot, ${(bytes.length / 1e6).toFixed(1)} MB`, performance.now() - from, 'ms');
  await ottla.close();
}

async function closes() {
  const round = async (count) => {
    for (let index = 0; index < count; index += 1) await (await Ottla.start({ topics: { orders: { partitions: 3 } } })).close();
  };
  await round(100);
  const before = process.memoryUsage().rss;
  await round(1_000);
  tell('memory left by 1,000 brokers', (process.memoryUsage().rss - before) / 1e6, 'MB');
}

/** Records a second, to and from brokers that are reached in different ways. */
async function throughput() {
  await each('in the process', async () => {
    const ottla = await Ottla.start({ topics: { orders: { partitions: 3 } } });
    return { settings: { brokers: ottla.brokers, socketFactory: ottla.socketFactory() }, close: () => ottla.close() };
  });
  await each('over TCP', async () => {
    const ottla = await Ottla.start({ topics: { orders: { partitions: 3 } } });
    const { bootstrap } = await ottla.listen();
    return { settings: { brokers: [bootstrap] }, close: () => ottla.close() };
  });
  if (existsSync(NATIVE)) await each('the native broker', native);
  else console.log('the native broker is not built');
  // Answers that were recorded: nobody works, so that this is what KafkaJS itself takes.
  const ottla = await Ottla.start({ topics: { orders: { partitions: 3 } } });
  const { bootstrap } = await ottla.listen();
  const floor = await echo(bootstrap);
  tell("produce, KafkaJS's own floor", await median(() => produce({ brokers: [floor.bootstrap] })), 'records/s');
  await floor.close();
  await ottla.close();
}

async function each(name, start) {
  const rates = { produce: [], consume: [] };
  for (let run = 0; run < RUNS_COUNT; run += 1) {
    const { settings, close } = await start();
    rates.produce.push(await produce(settings));
    rates.consume.push(await consume(settings));
    await close();
  }
  for (const [what, runs] of Object.entries(rates)) tell(`${what}, ${name}`, middle(runs), 'records/s');
}

async function native() {
  const child = spawn(NATIVE, ['--listen', '127.0.0.1:0', '--memory'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, OTTLA_TUTORIAL: 'off', OTTLA_LOG: 'error' },
  });
  let said = '';
  child.stdout.on('data', (text) => (said += text));
  for (;;) {
    const found = /127\.0\.0\.1:(\d+)/.exec(said);
    if (found) break;
    await once(child.stdout, 'data');
  }
  const brokers = [/127\.0\.0\.1:\d+/.exec(said)[0]];
  const admin = client({ brokers }).admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 'orders', numPartitions: 3 }] });
  await admin.disconnect();
  const close = async () => {
    child.kill('SIGTERM');
    await once(child, 'close');
  };
  return { settings: { brokers }, close };
}

function client(settings) {
  return new Kafka({ clientId: 'bench', logLevel: logLevel.NOTHING, ...settings });
}

async function produce(settings) {
  const producer = client(settings).producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const messages = Array.from({ length: BATCH_COUNT }, (_, index) => ({ key: String(index), value: 'x'.repeat(100) }));
  const from = performance.now();
  for (let sent = 0; sent < RECORDS_COUNT; sent += BATCH_COUNT) await producer.send({ topic: 'orders', messages });
  const passed = performance.now() - from;
  await producer.disconnect();
  return (RECORDS_COUNT / passed) * 1_000;
}

async function consume(settings) {
  const consumer = client(settings).consumer({ groupId: `bench-${performance.now()}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: ['orders'], fromBeginning: true });
  let [seen, from] = [0, 0];
  // Joining takes its time, whatever there is to read.
  consumer.on(consumer.events.GROUP_JOIN, () => (from = performance.now()));
  const passed = await new Promise((resolve) => {
    void consumer.run({
      eachBatch: async ({ batch }) => {
        seen += batch.messages.length;
        if (seen >= RECORDS_COUNT) resolve(performance.now() - from);
      },
    });
  });
  await consumer.disconnect();
  return (RECORDS_COUNT / passed) * 1_000;
}

async function median(measure) {
  const runs = [];
  for (let run = 0; run < RUNS_COUNT; run += 1) runs.push(await measure());
  return middle(runs);
}

function middle(runs) {
  return runs.sort((one, other) => one - other)[runs.length >> 1];
}

function tell(what, number, unit) {
  const digits = number < 100 ? 2 : 0;
  console.log(`${what.padEnd(40)} ${number.toLocaleString('en', { maximumFractionDigits: digits }).padStart(12)} ${unit}`);
}
