// A web service that publishes what it is sent and consumes it in the same process: service.mjs STORE.
// POST /orders {id} publishes; GET /orders says what was worked on. STORE is a file with the ids that are done, its
// idempotency store. For the test, CRASH_AT and FAIL_AT name an order at which it dies between work and commit, or throws.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { client, express as loadExpress, unique } from './support.mjs';

const express = loadExpress();
const [store] = process.argv.slice(2);
const { CRASH_AT, FAIL_AT, WORK_MS = '0' } = process.env;
const topic = unique('orders');
const kafka = client('service', { retry: { initialRetryTime: 50, retries: 20 } });
const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
const consumer = kafka.consumer({ groupId: unique('orders-service'), sessionTimeout: 6000, heartbeatInterval: 500, maxWaitTimeInMs: 200 });

const done = new Set(existsSync(store) ? readFileSync(store, 'utf8').split('\n').filter(Boolean) : []);
const counts = { worked: 0, duplicates: 0, failures: 0 };
let failuresLeft = FAIL_AT ? 2 : 0;
let working = Promise.resolve();
let stopping = false;

await producer.connect();
await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: true });
await consumer.run({
  autoCommit: false,
  eachMessage: (delivery) => (working = handle(delivery)),
});

async function handle({ topic, partition, message }) {
  // Not begun is not lost: it is delivered again to whoever comes next.
  if (stopping) throw new Error('stopping');
  const id = message.key.toString();
  if (id === FAIL_AT && failuresLeft-- > 0) {
    counts.failures += 1;
    throw new Error(`order ${id} cannot be handled yet`);
  }
  if (done.has(id)) {
    counts.duplicates += 1;
  } else {
    await new Promise((resolve) => setTimeout(resolve, Number(WORK_MS)));
    appendFileSync(store, `${id}\n`);
    done.add(id);
    counts.worked += 1;
  }
  if (id === CRASH_AT) process.kill(process.pid, 'SIGKILL');
  await consumer.commitOffsets([{ topic, partition, offset: String(BigInt(message.offset) + 1n) }]);
}

const app = express();
app.use(express.json());
app.post('/orders', async (request, response) => {
  const { id } = request.body;
  const [{ partition, baseOffset }] = await producer.send({ topic, acks: -1, messages: [{ key: id, value: JSON.stringify(request.body) }] });
  response.status(202).json({ partition, offset: baseOffset });
});
app.get('/orders', (_, response) => response.json({ done: [...done], ...counts }));

const server = app.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })));

process.once('SIGTERM', async () => {
  server.close();
  stopping = true;
  // KafkaJS drops commits once disconnect() has begun: the message in hand is finished first.
  await working.catch(() => {});
  await consumer.disconnect();
  await producer.disconnect();
  process.exit(0);
});
