import { Broker } from './broker.js';
import { OttlaClock } from './clock.js';
import { asked } from './error.js';
import { EventSource, type OttlaEvent } from './events.js';
import { Faults } from './faults.js';
import { Group, type GroupDescription, groups } from './group.js';
import { type Listener, type ListenOptions, Port } from './listen.js';
import { type ClockOptions, checkOnAdvance, clockOf, engineOptions, RESTORE, type RestoreOptions, START, type StartOptions } from './options.js';
import { ADDRESS, type SocketFactory, socketFactory } from './socket.js';
import { checkNames } from './spans.js';
import { Topic, type TopicDescription, topics } from './topic.js';
import { loadEngine } from './wasm.js';

/**
 * A Kafka broker in this process.
 *
 * ```ts
 * const ottla = await Ottla.start({ topics: { orders: { partitions: 3 } } });
 * const kafka = new Kafka({ brokers: ottla.brokers, socketFactory: ottla.socketFactory() });
 * // ... and in the end
 * await ottla.close();
 * ```
 */
export class Ottla {
  /** Its time. */
  readonly clock: OttlaClock;
  /** What can be made to go wrong. */
  readonly faults: Faults;
  readonly #broker: Broker;
  readonly #events: EventSource;
  readonly #ports = new Set<Port>();

  private constructor(broker: Broker) {
    this.#broker = broker;
    this.clock = new OttlaClock(broker);
    this.faults = new Faults(broker);
    this.#events = new EventSource(broker);
  }

  /**
   * Starts a broker.
   *
   * @throws {OttlaError} `ERR_OPTION` if an option is wrong: the message names it and what is allowed.
   */
  static async start(options: StartOptions = {}): Promise<Ottla> {
    checkNames(options, START, 'Ottla.start()');
    const clock = clockOf(options);
    const Engine = await loadEngine(options.wasm);
    const { monoMs, wallMs } = clock.read();
    const engine = asked(() => Engine.start(engineOptions(options), monoMs, wallMs));
    return new Ottla(new Broker(engine, clock));
  }

  /**
   * Starts a broker on what another one had stored.
   *
   * @param bytes What {@link snapshot} gave.
   * @throws {OttlaError} `ERR_SNAPSHOT` if the bytes are something else or damaged: the message says where.
   */
  static async restore(bytes: Uint8Array, options: RestoreOptions = {}): Promise<Ottla> {
    checkNames(options, RESTORE, 'Ottla.restore()');
    const clock = clockOf(options);
    const Engine = await loadEngine(options.wasm);
    const { monoMs, wallMs } = clock.read();
    const engine = asked(() => Engine.restore(checkedBytes(bytes), monoMs, wallMs));
    return new Ottla(new Broker(engine, clock));
  }

  /** What clients in this process call the broker: for `brokers`, beside {@link socketFactory}. Nothing listens at this address. */
  get brokers(): string[] {
    return [`${ADDRESS.host}:${ADDRESS.port}`];
  }

  /**
   * For KafkaJS's option `socketFactory`: its sockets lead to this broker without leaving the process. Each factory stands for one process with
   * clients, which {@link SocketFactory.kill} kills.
   */
  socketFactory(): SocketFactory {
    return socketFactory(this.#broker);
  }

  /**
   * Opens a port for clients of any kind and language. The process lives as long as it is open.
   *
   * @throws {OttlaError} `EADDRINUSE` if the port is taken, `EACCES`, `EADDRNOTAVAIL`; `ERR_NO_TCP` where there are no ports; `ERR_CRASHED` while there
   * is no process to reach.
   */
  async listen(options: ListenOptions = {}): Promise<Listener> {
    this.#broker.checkUp();
    const port = await Port.open(this.#broker, options);
    if (!this.#broker.isUp) {
      // It was closed, or has crashed, while the port was being opened.
      await port.close();
      this.#broker.checkUp();
    }
    this.#ports.add(port);
    return port;
  }

  /** All topics, by name; those in which the broker keeps its own state are marked. */
  topics(): TopicDescription[] {
    return topics(this.#broker);
  }

  /** A topic to look at and to wait for, whether it is there already or not. */
  topic(name: string): Topic {
    return new Topic(this.#broker, name);
  }

  /** All consumer groups, by id. */
  groups(): GroupDescription[] {
    return groups(this.#broker);
  }

  /** A consumer group to look at and to wait for, whether it is there already or not. */
  group(id: string): Group {
    return new Group(this.#broker, id);
  }

  /**
   * What happens from this call on: `for await (const event of ottla.events())`. It ends with the broker. What is not fetched yet is kept: whoever has
   * heard enough leaves the loop, or calls `return()`.
   */
  events(): AsyncIterableIterator<OttlaEvent> {
    return this.#events.listen();
  }

  /** All that the broker has stored, as bytes: topics, records, groups' offsets. Connections and faults are not stored. */
  snapshot(): Uint8Array {
    return this.#broker.ask((engine) => engine.snapshot());
  }

  /**
   * A copy that goes on by itself, at once: topics, records, groups, and the time of a manual clock, with its `onAdvance` if no other is given. It has
   * no connections, ports or faults; members of groups are there until their sessions end. A copy of a crashed broker has crashed.
   */
  fork(options: Pick<ClockOptions, 'onAdvance'> = {}): Ottla {
    checkNames(options, ['onAdvance'], 'fork()');
    checkOnAdvance(options.onAdvance, this.#broker.clock.isManual);
    return new Ottla(this.#broker.fork(options.onAdvance));
  }

  /** Does to the broker what a power cut does: connections end, ports are shut, nobody is told; what it has stored is kept. */
  async crash(): Promise<void> {
    this.#broker.ask(() => {});
    this.#broker.crash();
    await Promise.all([...this.#ports].map((port) => port.shut()));
  }

  /** Starts a crashed broker again, on what it has stored; its ports are open again. */
  async restart(): Promise<void> {
    if (this.#broker.isUp) await this.crash();
    this.#broker.restart();
    await Promise.all([...this.#ports].map((port) => port.reopen()));
  }

  /** Ends everything: connections, ports, waits. Whatever is asked of it afterwards is refused with `ERR_CLOSED`. Twice does no harm. */
  async close(): Promise<void> {
    this.#broker.close();
    await Promise.all([...this.#ports].map((port) => port.close()));
    this.#ports.clear();
  }

  /** {@link close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Whoever gives something that is no bytes is told so by the engine. */
function checkedBytes(bytes: unknown): Uint8Array {
  return ArrayBuffer.isView(bytes) ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) : new Uint8Array();
}
