import type { Broker, Link } from './broker.js';
import { Emitter } from './emitter.js';
import { afterThis, keepAlive, soon } from './host.js';

/** The broker's address for clients in this process. Nobody listens there: only sockets of a factory find it. */
export const ADDRESS = { host: 'ottla', port: 9092 };

/** What KafkaJS gives a socket factory. */
export interface SocketFactoryArguments {
  host: string;
  port: number;
  /** Not served: a socket in the same process has nothing to hide. */
  ssl?: unknown;
  onConnect: () => void;
}

/**
 * KafkaJS's `socketFactory`: gives sockets that lead to the broker without leaving the process. One factory stands for one process that has sockets.
 */
export interface SocketFactory {
  /** Called by KafkaJS. The socket is what KafkaJS needs of a `net.Socket`. */
  (args: SocketFactoryArguments): any;
  /**
   * Does to the clients that use this factory what SIGKILL does to a process: its sockets end without a word, and it never gets another. The broker
   * finds out as it finds out about every dead client: a member's session has to expire.
   */
  kill(): void;
  /**
   * Whether it was killed. KafkaJS, which does not know that it is dead, would start a consumer again for ever; its option
   * `retry: { restartOnFailure: async () => !sockets.isKilled }` lets it rest.
   */
  readonly isKilled: boolean;
}

/** A factory of sockets to `broker`. */
export function socketFactory(broker: Broker): SocketFactory {
  const sockets = new Set<Socket>();
  let isKilled = false;
  const open = ({ host, port, onConnect }: SocketFactoryArguments): Socket => {
    const isThere = () => !isKilled && broker.isUp && host === ADDRESS.host && Number(port) === ADDRESS.port;
    const socket = new Socket(broker, { host, port: Number(port) }, isThere);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    if (onConnect) socket.once('connect', onConnect);
    return socket;
  };
  const kill = () => {
    isKilled = true;
    for (const socket of [...sockets]) socket.cut();
  };
  const factory = Object.assign(open, { kill, isKilled });
  return Object.defineProperty(factory, 'isKilled', { get: () => isKilled });
}

/** A `net.Socket`, as far as clients of Kafka use one. */
class Socket extends Emitter implements Link {
  connecting = true;
  destroyed = false;
  bytesRead = 0;
  bytesWritten = 0;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly #broker: Broker;
  #connection: number | undefined;
  #isKeptAlive = true;
  #letGo: (() => void) | undefined;
  #idle: { ms: number; timer: ReturnType<typeof setTimeout> | undefined } = { ms: 0, timer: undefined };

  constructor(broker: Broker, { host, port }: { host: string; port: number }, isThere: () => boolean) {
    super();
    this.#broker = broker;
    this.remoteAddress = host;
    this.remotePort = port;
    broker.movedCount += 1;
    soon(() => this.#connect(isThere));
  }

  get readable(): boolean {
    return !this.connecting && !this.destroyed;
  }

  get writable(): boolean {
    return this.readable;
  }

  #connect(isThere: () => boolean): void {
    this.#broker.movedCount += 1;
    if (this.destroyed) return;
    if (!isThere()) return this.#refused();
    const { remoteAddress: host, remotePort: port } = this;
    this.connecting = false;
    this.#connection = this.#broker.connect(this, { clientHost: '127.0.0.1', host, port });
    this.#keepAlive();
    this.emit('connect');
    this.emit('ready');
  }

  #refused(): void {
    const address = `${this.remoteAddress}:${this.remotePort}`;
    this.#finish();
    this.emit(
      'error',
      Object.assign(new Error(`connect ECONNREFUSED ${address}`), { code: 'ECONNREFUSED', syscall: 'connect', address: this.remoteAddress, port: this.remotePort }),
    );
    this.emit('close', true);
  }

  write(data: Uint8Array | string, encoding?: unknown, done?: (error?: Error) => void): boolean {
    const callback = typeof encoding === 'function' ? (encoding as (error?: Error) => void) : done;
    if (this.#connection === undefined) {
      const error = Object.assign(new Error('This socket has been ended by the other party'), { code: 'EPIPE' });
      afterThis(() => (callback ? callback(error) : this.emit('error', error)));
      return false;
    }
    const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
    this.bytesWritten += bytes.length;
    // Its buffer is the sender's, who may use it again.
    this.#broker.write(this.#connection, Uint8Array.from(bytes));
    this.#restartIdle();
    if (callback) afterThis(callback);
    return true;
  }

  end(data?: Uint8Array | string | (() => void), encoding?: unknown, done?: () => void): this {
    const callback = [data, encoding, done].find((one) => typeof one === 'function') as (() => void) | undefined;
    if (callback) this.once('close', callback);
    if (data != null && typeof data !== 'function' && !this.destroyed) this.write(data);
    return this.destroy();
  }

  destroy(error?: Error): this {
    if (this.destroyed) return this;
    const connection = this.#connection;
    this.#finish();
    if (connection !== undefined) this.#broker.write(connection, null);
    afterThis(() => {
      if (error) this.emit('error', error);
      this.emit('close', Boolean(error));
    });
    return this;
  }

  /** Ends without a word. What it had written is on its way. */
  cut(): void {
    if (this.destroyed) return;
    const connection = this.#connection;
    if (connection === undefined) return;
    this.#broker.write(connection, null);
    this.closed();
  }

  setTimeout(ms: number, onTimeout?: () => void): this {
    if (onTimeout) this.once('timeout', onTimeout);
    this.#idle.ms = ms;
    this.#restartIdle();
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  ref(): this {
    this.#isKeptAlive = true;
    this.#keepAlive();
    return this;
  }

  unref(): this {
    this.#isKeptAlive = false;
    this.#letGo?.();
    this.#letGo = undefined;
    return this;
  }

  address(): { address: string; family: string; port: number } {
    return { address: '127.0.0.1', family: 'IPv4', port: 0 };
  }

  received(bytes: Uint8Array): void {
    if (this.destroyed) return;
    this.bytesRead += bytes.length;
    this.#restartIdle();
    this.emit('data', buffered(bytes));
  }

  closed(): void {
    if (this.destroyed) return;
    this.#finish();
    // Once: KafkaJS ends the socket when it hears that it has ended.
    this.emit('end');
    this.emit('close', false);
  }

  #finish(): void {
    this.destroyed = true;
    this.connecting = false;
    this.#connection = undefined;
    this.unref();
    if (this.#idle.timer) clearTimeout(this.#idle.timer);
  }

  #keepAlive(): void {
    if (this.#isKeptAlive && this.#connection !== undefined) this.#letGo ??= keepAlive();
  }

  /** A client's time-outs are of the client's time, which a test may hold. */
  #restartIdle(): void {
    if (this.#idle.timer) clearTimeout(this.#idle.timer);
    if (this.#idle.ms === 0 || this.destroyed) return;
    this.#idle.timer = setTimeout(() => this.emit('timeout'), this.#idle.ms);
    // As with Node's sockets: to be idle keeps nobody alive.
    this.#idle.timer.unref?.();
  }
}

/** Clients expect Node's `Buffer`; in a browser, one who uses KafkaJS has brought it. */
function buffered(bytes: Uint8Array): Uint8Array {
  const { Buffer } = globalThis as { Buffer?: { from(buffer: ArrayBufferLike, offset: number, length: number): Uint8Array } };
  return Buffer ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) : bytes;
}
