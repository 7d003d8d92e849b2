// Time that passes only when it is said to: timers, `Date`, `performance`, `process.hrtime`. In microseconds since the world began.

const ASKED_MAX = 100_000;
/**
 * KafkaJS 2.2.4 looks after requests that a broker throttles with a timer for less than no time, again and again, on each connection: Node makes a
 * thousand wake-ups a second of it. Nobody else asks for less than nothing.
 */
const NEGATIVE_MS = 100;

/** Timers and what the clocks show. */
export class Clock {
  now_us = 0;
  #epoch_ms;
  #timers = new Map();
  #immediates = [];
  #serial = 0;
  #asked_count = 0;

  constructor(epoch_ms) {
    this.#epoch_ms = epoch_ms;
  }

  /** Milliseconds since 1970. Whoever asks again and again without giving time a chance to pass gets an error. */
  wall_ms() {
    this.#ask();
    return this.#epoch_ms + Math.floor(this.now_us / 1000);
  }

  /** Microseconds since the world began. */
  mono_us() {
    this.#ask();
    return this.now_us;
  }

  #ask() {
    this.#asked_count += 1;
    if (this.#asked_count > ASKED_MAX) {
      this.#asked_count = 0;
      throw new Error('Time does not pass while code runs: this loop would wait for ever. `await new Promise((r) => setTimeout(r, 100))` lets 100 ms pass.');
    }
  }

  /** Something else runs now. */
  callbackBegins() {
    this.#asked_count = 0;
  }

  setTimeout = (work, ms, ...args) => this.#add(work, ms, args, false);
  setInterval = (work, ms, ...args) => this.#add(work, ms, args, true);

  clear = (timer) => {
    if (timer != null) this.#timers.delete(typeof timer === 'object' ? timer.serial : Number(timer));
  };

  setImmediate = (work, ...args) => {
    const immediate = { work, args };
    this.#immediates.push(immediate);
    return immediate;
  };

  clearImmediate = (immediate) => {
    this.#immediates = this.#immediates.filter((kept) => kept !== immediate);
  };

  #add(work, ms, args, isRepeated) {
    if (typeof work !== 'function') throw new TypeError('The "callback" argument must be of type function');
    const span_ms = spanOf(ms);
    const timer = new Timer(this, ++this.#serial, work, args, span_ms * 1000, isRepeated);
    this.#timers.set(timer.serial, timer);
    return timer;
  }

  has(timer) {
    return this.#timers.get(timer.serial) === timer;
  }

  put(timer) {
    this.#timers.set(timer.serial, timer);
  }

  /** The timer that is due first, of two at one moment the older one. */
  takeDue() {
    let first = null;
    for (const timer of this.#timers.values()) {
      if (timer.due_us <= this.now_us && (!first || timer.due_us < first.due_us || (timer.due_us === first.due_us && timer.order < first.order))) first = timer;
    }
    if (!first) return null;
    if (first.isRepeated) first.rearm(this.now_us);
    else this.#timers.delete(first.serial);
    return first;
  }

  takeImmediates() {
    return this.#immediates.splice(0);
  }

  /** When the next timer is due; null: there is none. */
  next_us() {
    let next = null;
    for (const timer of this.#timers.values()) {
      if (next === null || timer.due_us < next) next = timer.due_us;
    }
    return next;
  }

  /** Whether a timer is left that keeps a program alive. */
  isWaiting() {
    for (const timer of this.#timers.values()) if (timer.hasRef()) return true;
    return this.#immediates.length > 0;
  }
}

/** As in Node: at least a millisecond, and what is no number or too large is one. */
function spanOf(ms) {
  if (ms < 0) return NEGATIVE_MS;
  return ms >= 1 && ms <= 2 ** 31 - 1 ? Number(ms) : 1;
}

let orders = 0;

class Timer {
  #isKept = true;

  constructor(clock, serial, work, args, span_us, isRepeated) {
    Object.assign(this, { clock, serial, work, args, span_us, isRepeated });
    // Not to be shown when it is printed.
    for (const name of ['clock', 'work', 'args', 'span_us', 'isRepeated']) Object.defineProperty(this, name, { enumerable: false });
    this.rearm(clock.now_us);
  }

  rearm(now_us) {
    this.due_us = now_us + this.span_us;
    this.order = ++orders;
  }

  refresh() {
    this.rearm(this.clock.now_us);
    if (!this.clock.has(this)) this.clock.put(this);
    return this;
  }

  ref() {
    this.#isKept = true;
    return this;
  }

  unref() {
    this.#isKept = false;
    return this;
  }

  hasRef() {
    return this.#isKept;
  }

  close() {
    this.clock.clear(this);
    return this;
  }

  [Symbol.toPrimitive]() {
    return this.serial;
  }
}

/** A `Date` whose present is the clock's. */
export function dateOf(clock, RealDate) {
  const VirtualDate = new Proxy(RealDate, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length ? args : [clock.wall_ms()], newTarget === VirtualDate ? target : newTarget),
    apply: (target) => new target(clock.wall_ms()).toString(),
    get: (target, name) => (name === 'now' ? () => clock.wall_ms() : Reflect.get(target, name)),
  });
  RealDate.prototype.constructor = VirtualDate;
  return VirtualDate;
}
