// What the programs share: the unmodified client, the broker's address, checks that say what was the case instead, and
// waiting for a condition. Packages come from CLIENT_PACKAGES (target/clients/kafkajs), or from beside this file.
import { createRequire } from 'node:module';
import { isDeepStrictEqual } from 'node:util';

const require = createRequire(process.env.CLIENT_PACKAGES ? `${process.env.CLIENT_PACKAGES}/` : import.meta.url);
export const { Kafka, Partitioners, logLevel, CompressionTypes, AssignerProtocol, PartitionAssigners } = require('kafkajs');
export const express = () => require('express');

export const bootstrap = process.env.KAFKA_BOOTSTRAP ?? 'localhost:9092';

/** A name that no other run uses on a shared broker. */
export const unique = (name) => name + (process.env.KAFKA_SUFFIX ?? '');

/** A client whose log lines go to `log`, so that a program can look for them; nothing is printed. */
export function client(clientId, { log = () => {}, ...options } = {}) {
  return new Kafka({
    clientId,
    brokers: [bootstrap],
    logLevel: logLevel.INFO,
    logCreator: () => (entry) => log(entry.log.message, entry),
    ...options,
  });
}

export const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
export const ascending = (a, b) => a - b;
export const keys = Array.from({ length: 10 }, (_, i) => String(i));

/** Where murmur2, as every client's default partitioner computes it, puts the keys "0" to "9" in three partitions. */
export const keysOfPartition = { 0: ['1', '5', '7', '8'], 1: ['4', '6'], 2: ['0', '2', '3', '9'] };

export function equal(actual, expected, what) {
  if (!isDeepStrictEqual(actual, expected)) {
    throw new Error(`${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
  }
}

export function check(condition, what) {
  if (!condition) throw new Error(what);
}

/** Waits until `condition()` is true; `state()` says what was the case when it did not become so. */
export async function until(what, condition, { state = () => '', within = 30_000 } = {}) {
  const deadline = Date.now() + within;
  for (;;) {
    const result = await condition();
    if (result) return result;
    if (Date.now() > deadline) throw new Error(`not within ${within} ms: ${what}; ${JSON.stringify(await state())}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Checks that the broker refuses with an error of this type, retried by the client or not. */
export async function rejects(promise, type, what) {
  const error = await promise.then(() => null, (e) => e);
  check(error, `${what}: expected ${type}, but it succeeded`);
  equal(error.type ?? error.cause?.type, type, what);
}

/** Says which step of a flow runs, so that a failure has a place. */
export function step(text) {
  console.log(`- ${text}`);
}

/** Runs a flow, and ends the process with its result. */
export async function flow(run) {
  try {
    await run();
    process.exit(0);
  } catch (error) {
    console.error(error.stack);
    process.exit(1);
  }
}
