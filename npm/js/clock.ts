import type { Broker } from './broker.js';
import { closed, OttlaError } from './error.js';
import { clearTimer, guarded, LONGEST_MS, monotonicMs, setTimer, type Timer, turn, wallMs } from './host.js';
import { checkNames, shown, type Span, spanMs } from './spans.js';

/** The broker's time. */
export interface Clock {
  readonly isManual: boolean;
  read(): { monoMs: number; wallMs: number };
  /** Whom to tell that time has passed. */
  drive(broker: Broker): void;
  /** The next moment at which something is due, on the clock that only goes forward. */
  wakeAt(monoMs: number | undefined): void;
  /** A clock that goes on from here, for a copy of the broker. */
  copy(onAdvance?: OnAdvance): Clock;
  stop(): void;
}

/** Called with each step of a manual clock: whole milliseconds. */
export type OnAdvance = (ms: number) => void;

/** Time as it passes. */
export class RealClock implements Clock {
  readonly isManual = false;
  #broker: Broker | undefined;
  #timer: Timer | undefined;

  read(): { monoMs: number; wallMs: number } {
    return { monoMs: monotonicMs(), wallMs: wallMs() };
  }

  drive(broker: Broker): void {
    this.#broker = broker;
  }

  wakeAt(monoMs: number | undefined): void {
    this.stop();
    if (monoMs === undefined) return;
    const waitMs = Math.min(Math.max(Math.ceil(monoMs - monotonicMs()), 0), LONGEST_MS);
    this.#timer = setTimer(() => this.#broker?.tick(), waitMs);
    // Sockets keep a process alive; a broker without clients does not.
    this.#timer.unref?.();
  }

  copy(): Clock {
    return new RealClock();
  }

  stop(): void {
    if (this.#timer) clearTimer(this.#timer);
    this.#timer = undefined;
  }
}

/**
 * Time that stands still until somebody moves it. It goes in steps, to what is due next and at most 100 ms; after each, clients get as many turns of
 * the event loop as they use, up to a limit: one that never rests does not stop the time.
 */
export class ManualClock implements Clock {
  readonly isManual = true;
  #dueMs: number | undefined;
  #isAdvancing = false;
  readonly #onAdvance: OnAdvance | undefined;
  readonly #startWallMs: number;
  #monoMs: number;

  constructor(onAdvance: OnAdvance | undefined, startWallMs: number, monoMs = 0) {
    this.#onAdvance = onAdvance;
    this.#startWallMs = startWallMs;
    this.#monoMs = monoMs;
  }

  read(): { monoMs: number; wallMs: number } {
    return { monoMs: this.#monoMs, wallMs: this.#startWallMs + this.#monoMs };
  }

  /** Nothing happens by itself: whoever advances says where. */
  drive(): void {}

  wakeAt(monoMs: number | undefined): void {
    this.#dueMs = monoMs;
  }

  copy(onAdvance = this.#onAdvance): Clock {
    return new ManualClock(onAdvance, this.#startWallMs, this.#monoMs);
  }

  stop(): void {}

  /** Moves on by `spanMs`, or until `isEnough`. */
  async advance(broker: Broker, spanMs: number, isEnough: () => boolean = () => false): Promise<void> {
    if (this.#isAdvancing) throw new OttlaError('ERR_CLOCK', 'the clock is being advanced already: await that first');
    this.#isAdvancing = true;
    try {
      const endMs = this.#monoMs + spanMs;
      await atRest(broker, isEnough);
      while (this.#monoMs < endMs && !isEnough() && !broker.isClosed) {
        const stepMs = Math.min(this.#stepMs(), endMs - this.#monoMs);
        this.#monoMs += stepMs;
        broker.tick();
        if (this.#onAdvance) guarded(() => this.#onAdvance?.(stepMs));
        await atRest(broker, isEnough);
      }
    } finally {
      this.#isAdvancing = false;
    }
  }

  #stepMs(): number {
    const dueInMs = this.#dueMs === undefined ? STEP_MS : Math.ceil(this.#dueMs - this.#monoMs);
    return Math.min(Math.max(dueInMs, 1), STEP_MS);
  }
}

const STEP_MS = 100;

/** Gives the event loop turns until no bytes have moved for a few, or a client has had more than enough. */
async function atRest(broker: Broker, isEnough: () => boolean): Promise<void> {
  let seenCount = broker.movedCount;
  let quietTurns = 0;
  for (let turns = 0; turns < TURNS_MAX && quietTurns < QUIET_TURNS && !isEnough(); turns += 1) {
    await turn();
    quietTurns += 1;
    if (broker.movedCount !== seenCount) {
      seenCount = broker.movedCount;
      quietTurns = 0;
    }
  }
}

const QUIET_TURNS = 5;
const TURNS_MAX = 1_000;

/** The broker's clock, as tests see it. */
export class OttlaClock {
  readonly #broker: Broker;

  /** @internal */
  constructor(broker: Broker) {
    this.#broker = broker;
  }

  /** Milliseconds since 1970, as the broker's clock has it. */
  now(): number {
    return this.#broker.clock.read().wallMs;
  }

  /**
   * Lets time pass at once, on a manual clock: what is due happens in its order, and clients in this process answer. Resolves when everything has
   * come to rest.
   *
   * @param span How much: milliseconds, or a text such as `'30s'`.
   * @throws {OttlaError} `ERR_CLOCK` if the clock is not a manual one, or is being advanced already.
   */
  async advance(span: Span): Promise<void> {
    await this.#manual().advance(this.#broker, spanMs(span, 'advance'));
  }

  /**
   * Lets time pass, on a manual clock, until `promise` has settled, and gives what it gives: `await ottla.clock.until(consumer.disconnect())`.
   *
   * @param options.limit How much time may pass; 10 minutes of the broker's if nothing is said.
   * @throws {OttlaError} `ERR_TIMEOUT` if the promise has not settled by then, `ERR_CLOSED` if the broker was closed before; `ERR_CLOCK` as
   * {@link advance}.
   */
  async until<T>(promise: PromiseLike<T>, options: { limit?: Span } = {}): Promise<T> {
    if (typeof promise?.then !== 'function') throw new OttlaError('ERR_OPTION', `until: ${shown(promise)} is not allowed; a promise is`);
    checkNames(options, ['limit'], 'until()');
    const limitMs = spanMs(options.limit ?? '10m', 'limit');
    let isSettled = false;
    const settle = () => {
      isSettled = true;
    };
    promise.then(settle, settle);
    await this.#manual().advance(this.#broker, limitMs, () => isSettled);
    if (!isSettled && this.#broker.isClosed) throw closed();
    if (!isSettled) throw new OttlaError('ERR_TIMEOUT', `the promise has not settled within ${limitMs} ms of the broker's clock`);
    return promise;
  }

  #manual(): ManualClock {
    const { clock, isClosed } = this.#broker;
    if (isClosed) throw closed();
    if (clock instanceof ManualClock) return clock;
    throw new OttlaError('ERR_CLOCK', "the broker's clock is the real one: start it with { clock: 'manual' } to move it");
  }
}
