// The worker in which a learner's program lives.
//
//   page ─▶ { start: { name, source, seed: [high, low], epoch_ms }, turns: [{ at, inputs }] }   once
//        ─▶ { turns: [{ at, inputs }] }                                                         then, one message after the answer to the last
//        ◀─ { isLoaded }                                                                        when it is there
//        ◀─ { ops, deadline, prints, end }                                                      to the last turn of each message
//
// Moments are microseconds since the world began. The turns of the first message but the last are those of an earlier life, lived through again: the
// program does what it did then, and nobody is told.

import { Program } from './runtime/program.js';

const post = self.postMessage.bind(self);
const listen = self.addEventListener.bind(self);
const hops = new MessageChannel();
const resolves = [];
hops.port1.onmessage = () => resolves.shift()();

const host = {
  Date,
  // A task of its own begins when all microtasks are done.
  hop: () =>
    new Promise((resolve) => {
      resolves.push(resolve);
      hops.port2.postMessage(0);
    }),
  onRejection: (heard) =>
    listen('unhandledrejection', (event) => {
      event.preventDefault();
      heard(event.reason);
    }),
};

post({ isLoaded: true });

let program = null;
listen('message', async ({ data: { start, turns } }) => {
  let answer;
  for (const turn of turns) {
    const isFirst = program === null;
    program ??= new Program(start, host);
    answer = await program.turn(turn, isFirst);
  }
  post(answer);
});
