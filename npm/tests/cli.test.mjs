// `npx ottla`, as a process.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { freePort, kafkaAt, producerOf, TEN } from './support.mjs';

const MAIN = join(import.meta.dirname, '../dist/cli/main.js');

/** Starts it; `said` is what it has said. */
function ottla(...words) {
  const child = spawn(process.execPath, [MAIN, ...words], { stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });
  const said = { out: '', err: '' };
  child.stdout.on('data', (text) => (said.out += text));
  child.stderr.on('data', (text) => (said.err += text));
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, ...said }));
  const says = async (pattern) => {
    for (;;) {
      const found = pattern.exec(said.out);
      if (found) return found;
      if (child.exitCode !== null) throw new Error(`it ended: ${said.err}`);
      await Promise.race([once(child.stdout, 'data'), ended]);
    }
  };
  return { child, ended, says };
}

async function isFree(port) {
  const server = net.createServer().listen(port, '127.0.0.1');
  const [outcome] = await Promise.race([once(server, 'listening').then(() => [true]), once(server, 'error').then(() => [false])]).catch(() => [false]);
  server.close();
  return outcome;
}

test('it_serves_until_it_is_told_to_end', async (t) => {
  const port = await freePort();
  const { child, ended, says } = ottla('--port', String(port), '--topic', 'orders:3', '--config=log.retention.ms=-1');
  await says(new RegExp(`ottla is listening on 127.0.0.1:${port}`));
  await t.test('clients find it', async (t) => {
    const producer = await producerOf(t, kafkaAt([`127.0.0.1:${port}`]));
    const places = await producer.send({ topic: 'orders', messages: TEN });
    assert.deepEqual(places.map(({ partition }) => partition).sort(), [0, 1, 2]);
  });
  child.kill('SIGTERM');
  assert.equal((await ended).code, 0);
  assert.ok(await isFree(port));
});

test('it_runs_a_command_and_ends_as_it_does', async () => {
  const { ended } = ottla('--run', `node -e "console.log(process.env.KAFKA_BROKERS); process.exit(7)"`);
  const { code, out } = await ended;
  assert.equal(code, 7);
  const [, port] = /^127\.0\.0\.1:(\d+)\n$/.exec(out);
  assert.ok(await isFree(Number(port)));
});

test('signals_are_the_commands', async () => {
  const script = `process.on('SIGTERM', () => { console.log('told'); process.exit(3); }); setInterval(() => {}, 1000); console.log('ready');`;
  // A shell stands between: the signal passes it.
  const { child, ended, says } = ottla('--run', `node -e "${script}"; exit $?`);
  await says(/ready/);
  child.kill('SIGTERM');
  const { code, out } = await ended;
  assert.match(out, /told/);
  assert.ok([3, 143].includes(code), String(code));
});

test('a_command_that_a_signal_ends_gives_128_and_its_number', async () => {
  const { code } = await ottla('--run', 'kill -KILL $$').ended;
  assert.equal(code, 137);
});

test('what_is_wrong_is_told_in_one_line', async (t) => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address();
  const wrong = [
    [['--port', String(port)], `ottla: port ${port} of 127.0.0.1 is taken by another program; choose another, or 0 for a free one\n`],
    [['--prot', '1'], 'ottla: there is no option --prot; npx ottla --help shows those that there are\n'],
    [['--port', 'many'], 'ottla: --port many: a whole number is wanted, 65535 at most\n'],
    [['--topic', 'a:x'], 'ottla: --topic a:x: a whole number is wanted, 10000 at most\n'],
    [['--seed', '99999999999999999999'], 'ottla: seed must be a whole number from 0 to 18446744073709551615, not 99999999999999999999\n'],
    [['--wasm', '/nowhere/ottla.wasm'], "ottla: --wasm /nowhere/ottla.wasm: it cannot be written: ENOENT: no such file or directory, open '/nowhere/ottla.wasm'\n"],
    [['--run'], 'ottla: --run wants a value\n'],
    [['--run', ''], 'ottla: --run wants a command, in quotation marks: --run "npm test"\n'],
  ];
  for (const [words, message] of wrong) {
    const { code, err } = await ottla(...words).ended;
    assert.deepEqual([code, err], [1, message]);
  }
});

test('help_version_and_the_program_are_there', async () => {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'));
  assert.deepEqual(await ottla('--version').ended, { code: 0, signal: null, out: `${version}\n`, err: '' });
  assert.match((await ottla('--help').ended).out, /--run COMMAND/);
  const file = join(mkdtempSync(join(tmpdir(), 'ottla-')), 'ottla.wasm');
  assert.equal((await ottla('--wasm', file).ended).code, 0);
  assert.ok(existsSync(file) && WebAssembly.validate(readFileSync(file)));
});
