// One seed, one story: a crash of a member, with KafkaJS, a hundred times.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { atEnd, consumerOf, kafkaOn, manualBroker, producerOf, TEN } from './support.mjs';

const RUNS_COUNT = 100;

test('one_seed_gives_the_same_events_in_a_hundred_runs', async (t) => {
  let first;
  for (let run = 0; run < RUNS_COUNT; run += 1) {
    const story = await once(t, run);
    first ??= story;
    assert.deepEqual(story, first, `run ${run} differs`);
  }
  assert.ok(first.some((line) => line.includes('it sent no heartbeat for its session timeout')));
  assert.ok(first.length > 50, first.join('\n'));
});

/** Two members, one of which is killed: the events, with their times. */
async function once(t, run) {
  const story = [];
  await t.test(`run ${run}`, async (t) => {
    const { ottla, until } = await manualBroker(t, { seed: 7, topics: { orders: { partitions: 3 } } });
    const events = ottla.events();
    const heard = (async () => {
      for await (const { at, text } of events) story.push(`${at} ${text}`);
    })();
    const ends = { after: (end) => atEnd(t, () => until(end())) };
    const member = (clientId, socketFactory = ottla.socketFactory()) =>
      until(consumerOf(ends, kafkaOn(ottla, { clientId, socketFactory }), { topics: ['orders'], sessionTimeout: 10_000, maxWaitTimeInMs: 5_000 }));
    const doomed = ottla.socketFactory();
    await member('worker-1', doomed);
    await member('worker-2');
    await until(ottla.group('project').stable({ members: 2 }));
    const producer = await producerOf(t, kafkaOn(ottla, { clientId: 'shop' }));
    await until(producer.send({ topic: 'orders', messages: TEN }));
    await until(ottla.group('project').caughtUp());
    doomed.kill();
    await ottla.clock.advance('11s');
    await until(ottla.group('project').stable({ members: 1 }));
    await events.return();
    await heard;
  });
  return story;
}
