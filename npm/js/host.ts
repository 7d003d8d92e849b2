/**
 * What the package needs of where it runs, taken when it is loaded: fake timers that a test installs later hold its clients' time, not the
 * broker's. Nothing is imported from Node, so that one file runs in Node, Bun, Deno, browsers and workers.
 */

/** A module of Node's, where there are any. */
export function builtin<T>(name: string): T | undefined {
  const host = (globalThis as { process?: { getBuiltinModule?(name: string): unknown } }).process;
  return host?.getBuiltinModule?.(name) as T | undefined;
}

interface Timers {
  setTimeout(action: () => void, ms: number): Timer;
  clearTimeout(timer: Timer): void;
  setInterval(action: () => void, ms: number): Timer;
  clearInterval(timer: Timer): void;
  setImmediate?(action: () => void): unknown;
}

/** A timer; only where there is a process it can keep one alive. */
export interface Timer {
  ref?(): unknown;
  unref?(): unknown;
}

const timers = builtin<Timers>('node:timers') ?? (globalThis as unknown as Timers);
const { setTimeout: later, clearTimeout: cancel, setInterval: repeat, clearInterval: stop } = timers;
const clock = builtin<{ performance: Performance }>('node:perf_hooks')?.performance ?? performance;
const readClock = clock.now.bind(clock);
const readDate = Date.now.bind(Date);

/** Milliseconds of a clock that only goes forward. */
export const monotonicMs = (): number => readClock();

/** Milliseconds since 1970, whatever a test says. */
export const wallMs = (): number => readDate();

/** Calls `action` once. */
export const setTimer = (action: () => void, ms: number): Timer => later.call(globalThis, action, ms);

export const clearTimer = (timer: Timer): void => cancel.call(globalThis, timer);

/** Keeps the process alive until it is let go. */
export function keepAlive(): () => void {
  const timer = repeat.call(globalThis, () => {}, LONGEST_MS);
  return () => stop.call(globalThis, timer);
}

/** The longest time that a timer can be set to. */
export const LONGEST_MS = 2 ** 31 - 1;

/** Calls `action` in the next turn of the event loop. */
export const soon: (action: () => void) => void = timers.setImmediate
  ? ((immediate) => (action: () => void) => void immediate.call(globalThis, action))(timers.setImmediate)
  : byMessages();

const queue = queueMicrotask;

/** Calls `action` when what runs now has ended. */
export const afterThis = (action: () => void): void => queue.call(globalThis, action);

/** The next turn of the event loop. */
export const turn = (): Promise<void> => new Promise((resolve) => soon(resolve));

/** Browsers have no `setImmediate`, and wait 4 ms for a timer of none. */
function byMessages(): (action: () => void) => void {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return (action) => {
    waiting.push(action);
    port2.postMessage(null);
  };
}

/** What user code throws is its own matter, and the event loop's to tell: the broker goes on. */
export function guarded(action: () => void): void {
  try {
    action();
  } catch (error) {
    soon(() => {
      throw error;
    });
  }
}
