// The worker as the page starts it, in a thread of Node: the same bundle, with what a browser calls by other names.

import { build } from 'esbuild';
import { Worker } from 'node:worker_threads';

import { worker as options } from '../build.mjs';

const { outputFiles } = await build({ ...options, write: false });
const bundle = outputFiles[0].text;

export const EPOCH_MS = 1_700_000_000_000;

const PRELUDE = `
  const { parentPort } = require('node:worker_threads');
  const node = process;
  globalThis.self = globalThis;
  globalThis.postMessage = (message) => parentPort.postMessage(message);
  globalThis.addEventListener = (type, heard) =>
    type === 'message'
      ? parentPort.on('message', (data) => heard({ data }))
      : node.on('unhandledRejection', (reason) => heard({ reason, preventDefault() {} }));
`;

/** A program in a thread. */
export class Program {
  #worker;
  #start;

  constructor(source, { name = 'program.js', seed = [1, 2] } = {}) {
    this.#worker = new Worker(PRELUDE + bundle, { eval: true });
    this.#start = { name, source, seed, epoch_ms: EPOCH_MS };
  }

  /** Turns, the answer to the last of which is given. */
  turns(...turns) {
    return new Promise((resolve, reject) => {
      this.#worker.removeAllListeners();
      this.#worker.on('message', (message) => message.isLoaded || resolve(message));
      this.#worker.once('error', reject);
      this.#worker.postMessage({ start: this.#start, turns });
    });
  }

  turn(at, ...inputs) {
    return this.turns({ at, inputs });
  }

  end() {
    return this.#worker.terminate();
  }
}

/** Lives through all of a program that needs no broker: its prints, with their milliseconds. */
export async function live(source, options) {
  const program = new Program(source, options);
  const printed = [];
  let [at, answer] = [1, null];
  for (let turns = 0; turns < 1000; turns++) {
    answer = await program.turn(at);
    printed.push(...answer.prints.map(([kind, text, line]) => ({ ms: Math.floor(at / 1000), kind, text, line })));
    if (answer.deadline === null) break;
    at = answer.deadline;
  }
  await program.end();
  return { printed, lines: printed.map(({ ms, text }) => `${ms} ${text}`), end: answer.end };
}
