// Wrong options name themselves, and what is allowed.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Ottla, OttlaError } from 'ottla';

import { broker } from './support.mjs';

const WRONG = [
  [null, /Ottla\.start\(\) takes an object of options, not null/],
  [{ sed: 1 }, /Ottla\.start\(\) has no option "sed"; there are clock, onAdvance, wasm, seed, config, topics/],
  [{ brokers: 3 }, /has no option "brokers"/],
  [{ seed: 'x' }, /seed.*whole number/],
  [{ seed: -1 }, /seed.*whole number/],
  [{ seed: 2n ** 64n }, /seed.*whole number/],
  [{ clock: 'fast' }, /clock: "fast" is not allowed; 'real' and 'manual' are/],
  [{ onAdvance: () => {} }, /onAdvance: only a manual clock is advanced/],
  [{ clock: 'manual', onAdvance: 7 }, /onAdvance: 7 is not allowed; a function is/],
  [{ topics: [] }, /topics/],
  [{ topics: { 'a b': {} } }, /topics\["a b"\].*invalid/],
  [{ topics: { a: { partitions: 0 } } }, /partitions/],
  [{ topics: { a: { partitons: 1 } } }, /partitons/],
  [{ topics: { a: { config: { 'retention.ms': 'long' } } } }, /retention\.ms/],
  [{ config: { 'log.retention.ms': 'long' } }, /log\.retention\.ms/],
];

test('a_program_that_is_none_is_named', async () => {
  // Counts for the first broker only.
  await assert.rejects(Ottla.start({ wasm: 'ottla.wasm' }), { code: 'ERR_OPTION', message: /^wasm: "ottla\.wasm" is not allowed/ });
});

for (const [options, message] of WRONG) {
  test(`what_is_wrong_is_named: ${message}`, async () => {
    await assert.rejects(Ottla.start(options), (error) => {
      assert.ok(error instanceof OttlaError && error instanceof Error);
      assert.equal(error.code, 'ERR_OPTION');
      assert.match(error.message, message);
      return true;
    });
  });
}

test('wrong_arguments_of_methods_are_named_too', async (t) => {
  const ottla = await broker(t, { topics: { orders: {} } });
  const option = (message) => ({ name: 'OttlaError', code: 'ERR_OPTION', message });
  assert.throws(() => ottla.topic(''), option('topic: "" is no topic\'s name'));
  assert.throws(() => ottla.fork({ onAdvance: () => {} }), option(/^onAdvance: only a manual clock is advanced/));
  assert.throws(() => ottla.group(7), option("group: 7 is no group's id"));
  assert.throws(() => ottla.topic('orders').records({ form: 1 }), option('records() has no option "form"; there are partition, from, limit'));
  await assert.rejects(ottla.topic('orders').count('many'), option('count: "many" is not allowed; a whole number is, 0 or more'));
  await assert.rejects(ottla.topic('orders').count(1, { timeout: 'soon' }), option(/timeout: "soon" is no span of time/));
  await assert.rejects(ottla.group('g').stable({ member: 2 }), option('stable() has no option "member"; there are members, timeout'));
  assert.throws(() => ottla.faults.delay({ by: '60d' }), option('by: 5184000000 is not allowed; a whole number is, 0 to 4294967295'));
  await assert.rejects(ottla.clock.until(undefined), option('until: undefined is not allowed; a promise is'));
  await assert.rejects(ottla.clock.until(Promise.resolve(), { timeout: 1 }), option('until() has no option "timeout"; there is limit'));
  await assert.rejects(ottla.listen({ port: 70_000 }), option('port: 70000 is not allowed; a whole number is, 0 to 65535'));
  await assert.rejects(ottla.clock.advance('1s'), { code: 'ERR_CLOCK', message: /start it with \{ clock: 'manual' \}/ });
  assert.throws(() => ottla.topic('odrers').records(), { code: 'ERR_TOPIC', message: 'there is no topic "odrers"; there is "orders"' });
});
