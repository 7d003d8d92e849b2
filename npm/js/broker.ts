import type { Engine } from './glue.js';

import type { Clock, OnAdvance } from './clock.js';
import { asked, closed, OttlaError } from './error.js';
import { guarded, soon } from './host.js';

/** Where the broker's answers on one connection go. */
export interface Link {
  received(bytes: Uint8Array): void;
  /** The broker has closed the connection; nothing follows. */
  closed(): void;
}

/** The address that a client has dialled, and where it is itself. */
export interface Dialled {
  clientHost: string;
  host: string;
  port: number;
}

/**
 * One engine, and what moves it: bytes of its connections, and time. Nothing here knows what the bytes mean.
 *
 * A client in this process is never called while it is calling: what it writes is worked on in a later turn of the event loop.
 */
export class Broker {
  /** Counts what has moved: who waits for rest looks at it. */
  movedCount = 0;
  readonly clock: Clock;
  readonly #engine: Engine;
  readonly #links = new Map<number, Link>();
  readonly #watchers = new Set<() => void>();
  #written: [connection: number, bytes: Uint8Array | null][] = [];
  #isPassingOn = false;
  #isClosed = false;
  #isCrashed = false;

  constructor(engine: Engine, clock: Clock) {
    this.#engine = engine;
    this.clock = clock;
    clock.drive(this);
    this.passOn();
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whether there is a process to connect to. */
  get isUp(): boolean {
    return !this.#isClosed && !this.#isCrashed;
  }

  /** The engine, for a question; what it throws becomes an `OttlaError`. */
  ask<T>(question: (engine: Engine) => T): T {
    this.#checkOpen();
    return asked(() => question(this.#engine));
  }

  /** The engine, for a change; what comes of it is passed on. */
  change<T>(change: (engine: Engine) => T): T {
    const outcome = this.ask((engine) => {
      this.#tellTime();
      return change(engine);
    });
    this.passOn();
    return outcome;
  }

  connect(link: Link, { clientHost, host, port }: Dialled): number {
    const connection = this.change((engine) => engine.connect(clientHost, host, port));
    if (connection === undefined) throw crashed();
    this.#links.set(connection, link);
    return connection;
  }

  /** Bytes of a client, worked on at once: not for clients in this process. */
  receive(connection: number, bytes: Uint8Array): void {
    if (!this.#links.has(connection)) return;
    this.change((engine) => engine.receive(connection, bytes));
  }

  /** Bytes of a client in this process, or its end (`null`), worked on in a later turn. */
  write(connection: number, bytes: Uint8Array | null): void {
    this.movedCount += 1;
    if (this.#written.push([connection, bytes]) === 1) soon(() => this.#readWritten());
  }

  #readWritten(): void {
    const written = this.#written;
    this.#written = [];
    if (!this.isUp) return;
    this.#tellTime();
    for (const [connection, bytes] of written) {
      if (bytes === null) this.#forget(connection);
      else if (this.#links.has(connection)) asked(() => this.#engine.receive(connection, bytes));
    }
    this.passOn();
  }

  /** A client has gone: not for clients in this process. */
  disconnect(connection: number): void {
    if (this.isUp) this.change(() => this.#forget(connection));
  }

  #forget(connection: number): void {
    if (this.#links.delete(connection)) this.#engine.disconnect(connection);
  }

  /** Time has passed. */
  tick(): void {
    if (!this.#isClosed) this.change((engine) => engine.tick());
  }

  /** Sees to it that `look` is called after every change; returns how to end that. */
  watch(look: () => void): () => void {
    this.#watchers.add(look);
    return () => this.#watchers.delete(look);
  }

  /** What the engine has to say, to those whom it concerns, until it is silent. */
  passOn(): void {
    if (this.#isPassingOn || this.#isClosed) return;
    this.#isPassingOn = true;
    try {
      for (let output = this.#output(); output.length > 0; output = this.#output()) {
        this.movedCount += output.length;
        for (const [connection, bytes] of output) this.#deliver(connection, bytes);
      }
    } finally {
      this.#isPassingOn = false;
    }
    for (const look of [...this.#watchers]) look();
    if (!this.#isClosed) this.clock.wakeAt(this.#engine.next_deadline());
  }

  #output(): [number, Uint8Array | null][] {
    return this.#isClosed ? [] : this.#engine.take_output();
  }

  #deliver(connection: number, bytes: Uint8Array | null): void {
    const link = this.#links.get(connection);
    if (!link) return;
    if (bytes) return guarded(() => link.received(bytes));
    this.#links.delete(connection);
    guarded(() => link.closed());
  }

  #tellTime(): void {
    const { monoMs, wallMs } = this.clock.read();
    this.#engine.set_time(monoMs, wallMs);
  }

  /** Its process is gone; what it has stored is there. */
  crash(): void {
    if (!this.isUp) return;
    this.#written = [];
    this.#isCrashed = true;
    this.change((engine) => engine.crash());
  }

  restart(): void {
    this.#checkOpen();
    if (!this.#isCrashed) return;
    this.#isCrashed = false;
    this.change((engine) => engine.restart());
  }

  /** Ends everything, and gives the memory back. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.clock.stop();
    const links = [...this.#links.values()];
    this.#links.clear();
    for (const link of links) guarded(() => link.closed());
    for (const look of [...this.#watchers]) look();
    this.#engine.free();
  }

  /** A copy that goes on by itself; of a crashed one, a crashed one. */
  fork(onAdvance: OnAdvance | undefined): Broker {
    const engine = this.change((engine) => engine.fork());
    const fork = new Broker(engine, this.clock.copy(onAdvance));
    fork.#isCrashed = this.#isCrashed;
    return fork;
  }

  /** Refuses what needs a process. */
  checkUp(): void {
    this.#checkOpen();
    if (this.#isCrashed) throw crashed();
  }

  #checkOpen(): void {
    if (this.#isClosed) throw closed();
  }
}

const crashed = () => new OttlaError('ERR_CRASHED', 'the broker has crashed: restart() starts it again');
