// What a program can import.

import assert from '../shims/assert.cjs';
import * as crypto from '../shims/crypto.js';
import * as net from '../shims/net.js';
import * as tls from '../shims/tls.js';
import * as util from '../shims/util.js';
import * as zlib from '../shims/zlib.js';

/** `require`, over what there is. KafkaJS is read when it is first asked for: the globals that it looks at are there by then. */
export function modulesOf(process) {
  const timers = {
    setTimeout: (...args) => setTimeout(...args),
    setInterval: (...args) => setInterval(...args),
    setImmediate: (...args) => setImmediate(...args),
    clearTimeout: (timer) => clearTimeout(timer),
    clearInterval: (timer) => clearInterval(timer),
    clearImmediate: (immediate) => clearImmediate(immediate),
  };
  const timersPromises = {
    setTimeout: (ms, value) => new Promise((resolve) => setTimeout(resolve, ms, value)),
    setImmediate: (value) => new Promise((resolve) => setImmediate(resolve, value)),
    scheduler: { wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
  };
  const modules = {
    kafkajs: () => require('kafkajs'),
    assert: () => assert,
    buffer: () => require('buffer'),
    crypto: () => crypto,
    events: () => require('events'),
    net: () => net,
    process: () => process,
    timers: () => timers,
    'timers/promises': () => timersPromises,
    tls: () => tls,
    util: () => util,
    zlib: () => zlib,
  };
  return (name) => {
    const known = String(name).replace(/^node:/, '');
    if (Object.hasOwn(modules, known)) return modules[known]();
    const error = new Error(`There is no module '${name}' in the page: programs can use ${Object.keys(modules).join(', ')}`);
    throw Object.assign(error, { code: 'MODULE_NOT_FOUND' });
  };
}
