// `process`: enough for clients of Kafka, and for programs that end in order.

import { EventEmitter } from 'events';

/** Thrown by `process.exit`, so that nothing behind it runs. */
export const EXIT = Symbol('process.exit');

/** A process whose end is `exit(code)`, and which prints by `print(kind, text, line)`. */
export function processOf(name, clock, print, exit) {
  const stream = (kind) => ({
    isTTY: false,
    write: (text) => {
      print(kind, String(text).replace(/\n$/, ''), 0);
      return true;
    },
  });
  const hrtime = (since) => {
    const now_us = clock.mono_us();
    const [seconds, nanos] = [Math.floor(now_us / 1e6), (now_us % 1e6) * 1000];
    if (!since) return [seconds, nanos];
    const [passed_s, passed_ns] = [seconds - since[0], nanos - since[1]];
    return passed_ns < 0 ? [passed_s - 1, passed_ns + 1e9] : [passed_s, passed_ns];
  };
  hrtime.bigint = () => BigInt(clock.mono_us()) * 1000n;
  const process = new EventEmitter();
  return Object.assign(process, {
    argv: ['node', name],
    // The note about KafkaJS's partitioners is for those who come from version 1.
    env: { KAFKAJS_NO_PARTITIONER_WARNING: '1' },
    exitCode: undefined,
    pid: 1,
    platform: 'browser',
    title: name,
    version: 'v20.0.0',
    versions: { node: '20.0.0' },
    cwd: () => '/',
    emitWarning: (warning) => print('warning', String(warning), 0),
    exit: (code = process.exitCode ?? 0) => {
      exit(Number(code));
      throw EXIT;
    },
    hrtime,
    memoryUsage: () => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }),
    nextTick: (work, ...args) => queueMicrotask(() => work(...args)),
    stderr: stream('error'),
    stdout: stream('plain'),
    uptime: () => clock.mono_us() / 1e6,
  });
}
