import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import kafkajs from 'kafkajs';
import * as ottla from 'ottla';

import story from './story.cjs';

test('kafkajs produces and consumes', async () => {
  assert.equal(await story(ottla, kafkajs), 'tea anna tea 0');
});

test('time passes when the test says so', async () => {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'] });
  const broker = await ottla.Ottla.start({ clock: 'manual', onAdvance: (ms) => mock.timers.tick(ms) });
  let isOver = false;
  setTimeout(() => (isOver = true), 5_000);
  await broker.clock.advance('4s');
  assert.equal(isOver, false);
  await broker.clock.advance('1s');
  assert.equal(isOver, true);
  assert.equal(Date.now(), broker.clock.now());
  await broker.close();
  mock.timers.reset();
});
