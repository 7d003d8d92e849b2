import type { AddressInfo, Server, Socket } from 'node:net';

import type { Broker, Link } from './broker.js';
import { OttlaError, type OttlaErrorCode } from './error.js';
import { builtin } from './host.js';
import { checkNames, checkWhole, shown } from './spans.js';

/** Where to listen. */
export interface ListenOptions {
  /** The address: this machine only (`127.0.0.1`) if nothing is said. */
  host?: string;
  /** The port: a free one if nothing, or 0, is said. */
  port?: number;
}

/** A broker that can be reached over TCP. */
export interface Listener {
  /** What clients call `bootstrap.servers`: `127.0.0.1:40123`. */
  readonly bootstrap: string;
  readonly host: string;
  readonly port: number;
  /** Ends the connections and gives the port back. The broker goes on. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Clients over TCP: a port that is open while the broker has a process. */
export class Port implements Listener {
  host = '';
  port = 0;
  readonly #broker: Broker;
  readonly #net: typeof import('node:net');
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #isOver = false;

  private constructor(broker: Broker, net: typeof import('node:net')) {
    this.#broker = broker;
    this.#net = net;
  }

  static async open(broker: Broker, options: ListenOptions): Promise<Port> {
    checkNames(options, ['host', 'port'], 'listen()');
    const { host = '127.0.0.1', port = 0 } = options;
    if (typeof host !== 'string' || host === '') {
      throw new OttlaError('ERR_OPTION', `host: ${shown(host)} is not allowed; an address such as '127.0.0.1' is`);
    }
    checkWhole(port, 'port', 0, 65_535);
    const net = builtin<typeof import('node:net')>('node:net');
    if (!net) throw new OttlaError('ERR_NO_TCP', 'listen() needs a process that can open ports; clients in a page use socketFactory()');
    const it = new Port(broker, net);
    it.host = host;
    it.port = port;
    await it.open();
    return it;
  }

  get bootstrap(): string {
    return `${this.host.includes(':') ? `[${this.host}]` : this.host}:${this.port}`;
  }

  /** After a restart of the broker; not if it was closed. */
  async reopen(): Promise<void> {
    if (!this.#isOver && !this.#server) await this.open();
  }

  open(): Promise<void> {
    const server = this.#net.createServer({ noDelay: true }, (socket) => this.#accept(socket));
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.on('error', (error: NodeJS.ErrnoException) => reject(this.#refusal(error)));
      // It was shut before it was open.
      server.once('close', resolve);
      server.listen({ host: this.host, port: this.port }, () => {
        this.port = (server.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  #refusal(error: NodeJS.ErrnoException): Error {
    const place = `port ${this.port} of ${this.host}`;
    const reasons: Record<string, string> = {
      EADDRINUSE: `${place} is taken by another program; choose another, or 0 for a free one`,
      EACCES: `${place} is not for this user; ports from 1024 on are for everybody`,
      EADDRNOTAVAIL: `${this.host} is no address of this machine`,
    };
    const isUnknown = error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN';
    const code = isUnknown ? 'EADDRNOTAVAIL' : (error.code ?? '');
    const reason = reasons[code];
    return reason ? new OttlaError(code as OttlaErrorCode, reason) : error;
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    // Whoever breaks a connection off is gone, and that is all.
    socket.on('error', () => socket.destroy());
    if (!this.#broker.isUp) return void socket.destroy();
    const connection = this.#broker.connect(linkTo(socket), {
      clientHost: plain(socket.remoteAddress),
      host: plain(socket.localAddress),
      port: socket.localPort ?? this.port,
    });
    socket.on('data', (bytes) => this.#broker.receive(connection, bytes));
    socket.once('close', () => this.#broker.disconnect(connection));
  }

  /** Shuts the port, until it is opened again. */
  shut(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => (server ? server.close(() => resolve()) : resolve()));
  }

  async close(): Promise<void> {
    this.#isOver = true;
    await this.shut();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function linkTo(socket: Socket): Link {
  return {
    received(bytes) {
      if (socket.destroyed || socket.write(bytes) || socket.isPaused()) return;
      // A client that does not read what it asked for is not heard until it does.
      socket.pause();
      socket.once('drain', () => socket.resume());
    },
    closed: () => void socket.end(),
  };
}

/** An IPv4 address that came in over IPv6 is one all the same. */
const plain = (address = '127.0.0.1'): string => address.replace(/^::ffff:/, '');
