import { type Clock, ManualClock, type OnAdvance, RealClock } from './clock.js';
import { OttlaError } from './error.js';
import { shown } from './spans.js';
import type { WasmSource } from './wasm.js';

/** How a broker's time goes. */
export interface ClockOptions {
  /**
   * `'real'` (if nothing is said): time passes. `'manual'`: it stands still until `clock.advance()` moves it; what the broker calls now begins with
   * what `Date.now()` says at the start.
   */
  clock?: 'real' | 'manual';
  /**
   * Called with each step, in milliseconds, that a manual clock makes: there a test moves its clients' fake timers, for example
   * `(ms) => mock.timers.tick(ms)`.
   */
  onAdvance?: OnAdvance;
}

/** A topic that is there from the start. */
export interface TopicOptions {
  /** One, if nothing is said. */
  partitions?: number;
  /** By Kafka's names: `{ 'retention.ms': '60000' }`. */
  config?: Record<string, string | number | boolean>;
}

/** What a broker is restored with. */
export interface RestoreOptions extends ClockOptions {
  /**
   * The engine's WebAssembly, where the one that is inlined cannot be used: a `WebAssembly.Module`, its bytes, a `Response`, or a promise of one. It
   * counts for the first broker; all others share it.
   */
  wasm?: WasmSource;
}

/** What a broker is started with. */
export interface StartOptions extends RestoreOptions {
  /** What the broker leaves to chance, ids of topics and members, comes from here: the same seed, the same ids. 0 if nothing is said. */
  seed?: number | bigint;
  /** The broker's configuration, by Kafka's names: `{ 'group.initial.rebalance.delay.ms': '0' }`. */
  config?: Record<string, string | number | boolean>;
  /** Topics that are there from the start. */
  topics?: Record<string, TopicOptions>;
}

const CLOCK = ['clock', 'onAdvance'];
export const RESTORE = [...CLOCK, 'wasm'];
export const START = [...RESTORE, 'seed', 'config', 'topics'];

/** The clock that is asked for. */
export function clockOf({ clock = 'real', onAdvance }: ClockOptions): Clock {
  if (clock !== 'real' && clock !== 'manual') {
    throw new OttlaError('ERR_OPTION', `clock: ${shown(clock)} is not allowed; 'real' and 'manual' are`);
  }
  checkOnAdvance(onAdvance, clock === 'manual');
  return clock === 'manual' ? new ManualClock(onAdvance, Date.now()) : new RealClock();
}

export function checkOnAdvance(onAdvance: unknown, isManual: boolean): void {
  if (onAdvance === undefined) return;
  if (typeof onAdvance !== 'function') throw new OttlaError('ERR_OPTION', `onAdvance: ${shown(onAdvance)} is not allowed; a function is`);
  if (isManual) return;
  throw new OttlaError('ERR_OPTION', "onAdvance: only a manual clock is advanced; start the broker with { clock: 'manual' }");
}

/** Options of the engine's own, without those that are not there. */
export function engineOptions({ seed, config, topics }: StartOptions): object {
  // It says of others itself what is wrong with them; a larger one does not get there.
  if (typeof seed === 'bigint' && BigInt.asUintN(64, seed) !== seed) {
    throw new OttlaError('ERR_OPTION', `seed must be a whole number from 0 to ${2n ** 64n - 1n}, not ${seed}`);
  }
  return Object.fromEntries(Object.entries({ seed, config, topics }).filter(([, value]) => value !== undefined));
}
