// What a program sees of the world it is in: time, chance, modules, errors. Without a broker.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { EPOCH_MS, Program, live } from './support.mjs';

test('timers run in the order of their moments, and time stands still while code runs', async () => {
  const { lines, end } = await live(`
    const began = Date.now();
    const say = (what) => console.log(what, Date.now() - began);
    setTimeout(() => say('b'), 20);
    setTimeout(() => say('a'), 10);
    setTimeout(() => say('c'), 20);
    setImmediate(() => say('immediate'));
    process.nextTick(() => say('tick'));
    let count = 0;
    const interval = setInterval(() => { say('interval'); if (++count === 2) clearInterval(interval); }, 15);
    await new Promise((resolve) => setTimeout(resolve, 60_000));
    say('a minute later');
  `);
  assert.deepEqual(lines, ['0 tick 0', '0 immediate 0', '10 a 10', '15 interval 15', '20 b 20', '20 c 20', '30 interval 30', '60000 a minute later 60000']);
  assert.equal(end, 'done');
});

test('what a promise leads to happens before the next timer', async () => {
  const { lines } = await live(`
    setTimeout(async () => { for (let i = 0; i < 50; i++) await null; console.log('first'); }, 5);
    setTimeout(() => console.log('second'), 5);
  `);
  assert.deepEqual(lines, ['5 first', '5 second']);
});

test('clocks show the time of the world', async () => {
  const { lines } = await live(`
    const { setTimeout: sleep } = require('node:timers/promises');
    await sleep(1500);
    console.log(new Date().toISOString(), new Date() instanceof Date, new Date(0).getTime(), performance.now(), process.hrtime.bigint());
  `);
  assert.deepEqual(lines, [`1500 ${new Date(EPOCH_MS + 1500).toISOString()} true 0 1500.001 1500001000n`]);
});

test('chance follows from the seed', async () => {
  const source = `console.log(Math.random(), crypto.randomUUID(), require('crypto').randomBytes(4));`;
  const [first, again, other] = await Promise.all([live(source), live(source), live(source, { seed: [1, 3] })]);
  assert.deepEqual(first.lines, again.lines);
  assert.notDeepEqual(first.lines, other.lines);
});

test('import and require reach the same modules, and others are named as missing', async () => {
  const { lines } = await live(`import events, { EventEmitter as Emitter } from 'node:events';
import * as util from 'util';
const { Kafka } = require('kafkajs');
const later = await import('kafkajs');
export const kafka = Kafka;
console.log(events.EventEmitter === Emitter, util.format('%s %d', 'a', 1), later.Kafka === Kafka, typeof kafka);
try { require('fs'); } catch (error) { console.log(error.message); }`);
  assert.deepEqual(lines, [
    '0 true a 1 true function',
    "0 There is no module 'fs' in the page: programs can use kafkajs, assert, buffer, crypto, events, net, process, timers, timers/promises, tls, util, zlib",
  ]);
});

test('an error that nobody caught ends the program, with its line', async () => {
  for (const [source, line, text] of [
    ['\nconst a = 1;\na.b.c();', 3, /^Uncaught TypeError: .*\n    at program\.js:3:5$/],
    ['\n\nasync function run() {\n  await null;\n  throw new Error("no");\n}\nrun();', 5, /^Uncaught Error: no\n    at program\.js:5:9/],
    ['setTimeout(() => {\n  nothing();\n}, 10);', 2, /^Uncaught ReferenceError: nothing is not defined\n/],
    ['const a = 1;\nconst b = ;', 2, /^Uncaught SyntaxError: Unexpected token\n    at program\.js:2:11$/],
    ['queueMicrotask(() => {\n  throw "a string";\n});', 0, /^Uncaught a string$/],
    ['import { Kafka } from "kafkajs";\nnew Kafka({ brokers: [] }).producer().connect();', 2, /^Uncaught KafkaJSNonRetriableError: Failed to connect: brokers array is empty\n    at program\.js:2:39$/],
  ]) {
    const { printed, end } = await live(source);
    assert.equal(end, 'failed', source);
    assert.match(printed.at(-1).text, text);
    assert.equal(printed.at(-1).kind, 'error');
    if (line > 0) assert.equal(printed.at(-1).line, line);
  }
});

test('an error that is handled goes on', async () => {
  const { lines, end } = await live(`
    process.on('unhandledRejection', (error) => console.log('heard', error.message));
    Promise.reject(new Error('lost'));
    setTimeout(() => console.log('still here'), 10);
  `);
  assert.deepEqual(lines, ['0 heard lost', '10 still here']);
  assert.equal(end, 'done');
});

test('what is printed knows its line, and looks as in Node', async () => {
  const { printed } = await live(`console.log({ a: 1, 'b c': [1, 'two', null], when: new Date(0), bytes: Buffer.from('hi') });
console.warn('%s has %d', 'x', 2, new Map([['k', { deep: { deeper: { deepest: 1 } } }]]));
console.error(new Error('shown'));`);
  assert.deepEqual(printed.map(({ kind, text, line }) => [kind, text, line]), [
    ['plain', "{\n  a: 1,\n  'b c': [ 1, 'two', null ],\n  when: 1970-01-01T00:00:00.000Z,\n  bytes: <Buffer 68 69>\n}", 1],
    ['warning', "x has 2 Map(1) { 'k' => { deep: { deeper: [Object] } } }", 2],
    ['error', 'Error: shown\n    at program.js:3:15', 3],
  ]);
});

test('a loop that waits for time to pass is told that it will not', async () => {
  const { printed, end } = await live('const until = Date.now() + 100;\nwhile (Date.now() < until);');
  assert.equal(end, 'failed');
  assert.match(printed[0].text, /^Uncaught Error: Time does not pass while code runs/);
  assert.equal(printed[0].line, 2);
});

test('a program ends by process.exit, and a promise that nobody keeps is named', async () => {
  assert.deepEqual((await live('console.log(1); process.exit(1); console.log(2);')), { printed: [{ ms: 0, kind: 'plain', text: '1', line: 1 }], lines: ['0 1'], end: 'failed' });
  const { printed, end } = await live('await new Promise(() => {});');
  assert.deepEqual([printed[0].text, end], ['The program awaits something that will never come: it is over.', 'done']);
});

test('SIGTERM is for the program to handle', async () => {
  const program = new Program(`
    setInterval(() => {}, 1000);
    process.once('SIGTERM', () => { console.log('closing'); process.exit(0); });
  `);
  assert.deepEqual(await program.turn(1), { ops: [], deadline: 1_000_001, prints: [], end: null });
  assert.deepEqual(await program.turn(500, ['terminate']), { ops: [], deadline: null, prints: [['plain', 'closing', 3]], end: 'done' });
  await program.end();
});

test('nothing leads out of the worker', async () => {
  const { lines } = await live(`
    const names = ['fetch', 'XMLHttpRequest', 'WebSocket', 'importScripts', 'postMessage', 'indexedDB', 'Worker', 'self', 'navigator'];
    console.log(names.filter((name) => globalThis[name] !== undefined));
  `);
  assert.deepEqual(lines, ['0 []']);
});

test('sockets are refused, connected, read, written and closed in turns', async () => {
  const program = new Program(`
    const net = require('net');
    const socket = net.connect({ host: 'localhost', port: 9092 }, () => socket.write('hello'));
    socket.on('data', (bytes) => { console.log(bytes.toString()); });
    socket.on('end', () => console.log('end'));
    socket.on('close', () => console.log('close'));
    net.connect(1).on('error', (error) => console.log(error.code));
  `);
  const bytes = (text) => new Uint8Array(Buffer.from(text));
  assert.deepEqual((await program.turn(1)).ops, [['connect', 1, 'localhost', 9092], ['connect', 2, 'localhost', 1]]);
  const connected = await program.turn(2, ['connected', 1], ['closed', 2, 'connection refused']);
  assert.deepEqual([connected.ops, connected.prints.map(([, text]) => text), connected.end], [[['send', 1, bytes('hello')]], ['ECONNREFUSED'], null]);
  const closed = await program.turn(3, ['received', 1, bytes('world')], ['closed', 1, 'closed by the broker']);
  assert.deepEqual([closed.ops, closed.prints.map(([, text]) => text), closed.end], [[], ['world', 'end', 'close'], 'done']);
  await program.end();
});

test('a life that is lived again is the same', async () => {
  const source = `
    setInterval(() => console.log(Math.random(), Date.now()), 10);
    require('net').connect(9092).on('connect', () => console.log('connected'));
  `;
  const [first, second] = [new Program(source), new Program(source)];
  const turns = [{ at: 1, inputs: [] }, { at: 5_000, inputs: [['connected', 1]] }, { at: 10_001, inputs: [] }, { at: 20_001, inputs: [] }];
  const answers = [];
  for (const turn of turns) answers.push(await first.turns(turn));
  assert.deepEqual(await second.turns(...turns), answers.at(-1));
  await Promise.all([first.end(), second.end()]);
});
