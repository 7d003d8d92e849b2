// A program's life in turns: inputs and a moment in, operations and what was printed out. Between turns nothing runs.

import { writeErrorsAs } from '../shims/inspect.js';
import { useTransport } from '../shims/net.js';
import { Clock, dateOf } from './clock.js';
import { consoleOf } from './console.js';
import { placesOf, textOf } from './errors.js';
import { replaceGlobals } from './globals.js';
import { Links } from './links.js';
import { modulesOf } from './modules.js';
import { EXIT, processOf } from './process.js';
import { cryptoOf, randomOf } from './random.js';
import { wrap } from './source.js';

/**
 * A program that has not begun.
 *
 * `host` is what the runtime keeps of the real world: `hop()` is resolved when nothing is left to run of what has been begun, `Date` is the real one,
 * `onRejection(heard)` tells of promises whose failure nobody awaited.
 */
export class Program {
  #name;
  #source;
  #host;
  #clock;
  #links = new Links();
  #process;
  #require;
  #prints = [];
  #end = null;
  #isMainOver = false;

  constructor({ name, source, seed, epoch_ms }, host) {
    this.#name = name;
    this.#source = source;
    this.#host = host;
    this.#clock = new Clock(epoch_ms);
    const random = randomOf(...seed);
    this.#process = processOf(name, this.#clock, this.#print, (code) => this.#finish(code === 0 ? 'done' : 'failed'));
    this.#require = modulesOf(this.#process);
    useTransport(this.#links.open);
    writeErrorsAs((error) => textOf(error, name));
    host.onRejection((error) => this.#uncaught(error, 'unhandledRejection'));
    Error.stackTraceLimit = 50;
    replaceGlobals({
      clock: this.#clock,
      date: dateOf(this.#clock, host.Date),
      random,
      crypto: cryptoOf(random),
      process: this.#process,
      console: consoleOf(name, this.#clock, this.#print),
      guard: (work) => this.#guard(work),
    });
  }

  /** Lives through a moment: `{ at, inputs }`, where `at` is in microseconds. */
  async turn({ at, inputs }, isFirst) {
    this.#clock.now_us = at;
    if (isFirst) await this.#run(() => this.#begin());
    for (const input of inputs) await this.#run(() => this.#hear(input));
    for (let timer; !this.#end && (timer = this.#clock.takeDue()); ) {
      await this.#run(() => timer.work(...timer.args));
      await this.#runImmediates();
    }
    await this.#runImmediates();
    // Browsers tell of unheard failures in a task of its own.
    await this.#host.hop();
    this.#endIfIdle();
    return this.#answer();
  }

  async #runImmediates() {
    while (!this.#end) {
      const immediates = this.#clock.takeImmediates();
      if (immediates.length === 0) return;
      for (const { work, args } of immediates) await this.#run(() => work(...args));
    }
  }

  #begin() {
    this.#main().then(
      () => (this.#isMainOver = true),
      (error) => this.#uncaught(error, 'uncaughtException'),
    );
  }

  async #main() {
    const module = { exports: {} };
    const importOf = (name, isDefault) => {
      const found = this.#require(name);
      return isDefault ? (found.default ?? found) : found;
    };
    const importLater = async (name) => {
      const found = this.#require(name);
      return { ...found, default: found.default ?? found };
    };
    // Indirect: it sees globals only.
    const main = (0, eval)(wrap(this.#source, this.#name));
    await main(this.#require, module, module.exports, importOf, importLater, `/${this.#name}`, '/');
  }

  #hear([kind, socket, what]) {
    switch (kind) {
      case 'connected': return this.#links.connected(socket);
      case 'received': return this.#links.received(socket, what);
      case 'closed': return this.#links.closed(socket, what);
      case 'terminate': return this.#process.emit('SIGTERM', 'SIGTERM', 15) || this.#finish('done');
    }
  }

  /** Runs something, and all that follows from it at this moment. */
  async #run(work) {
    if (this.#end) return;
    this.#clock.callbackBegins();
    this.#guard(work);
    await this.#host.hop();
  }

  #guard(work) {
    if (this.#end) return;
    try {
      work();
    } catch (error) {
      this.#uncaught(error, 'uncaughtException');
    }
  }

  #uncaught(error, event) {
    if (this.#end || error === EXIT) return;
    if (this.#process.listenerCount(event) > 0) {
      this.#guard(() => this.#process.emit(event, error, Promise.resolve()));
      return;
    }
    const text = `Uncaught ${textOf(error, this.#name)}`;
    this.#print('error', text, placesOf(error, this.#name)[0]?.line ?? 0);
    this.#finish('failed');
  }

  #print = (kind, text, line) => {
    if (!this.#end) this.#prints.push([kind, text, line]);
  };

  #finish(end) {
    this.#end ??= end;
  }

  /** As a process of Node: it is over when nothing can come any more. */
  #endIfIdle() {
    if (this.#end || this.#clock.isWaiting() || this.#links.isWaiting()) return;
    if (!this.#isMainOver) this.#print('warning', 'The program awaits something that will never come: it is over.', 0);
    this.#finish((this.#process.exitCode ?? 0) === 0 ? 'done' : 'failed');
  }

  #answer() {
    return {
      ops: this.#links.takeOps(),
      deadline: this.#end ? null : this.#clock.next_us(),
      prints: this.#prints.splice(0),
      end: this.#end,
    };
  }
}
