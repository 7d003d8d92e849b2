// `net` over a transport that the page provides: KafkaJS finds its sockets here and does not know the difference.
//
// A transport is a function `open({ host, port }, events) -> { send(bytes), close() }`; it calls `events.connected()`, `events.received(bytes)`
// and, once and last, `events.closed(why)`.

import { Buffer } from 'buffer';
import { EventEmitter } from 'events';

let openLink = () => {
  throw new Error('no transport: call useTransport() before a socket is made');
};

/** Says where sockets lead. */
export function useTransport(open) {
  openLink = open;
}

/** A TCP socket, as far as clients of Kafka use one. */
export class Socket extends EventEmitter {
  connecting = false;
  destroyed = false;
  readable = false;
  writable = false;
  bytesRead = 0;
  bytesWritten = 0;
  #link = null;
  #isKeptOpen = true;
  #idle = { ms: 0, timer: null };

  connect(options, onConnect) {
    if (typeof options === 'number') {
      options = { port: options, host: typeof onConnect === 'string' ? onConnect : 'localhost' };
      onConnect = typeof onConnect === 'function' ? onConnect : arguments[2];
    }
    const { host = 'localhost', port } = options;
    if (onConnect) this.once('connect', onConnect);
    this.remoteAddress = host;
    this.remotePort = Number(port);
    this.connecting = true;
    this.#link = openLink(
      { host, port: Number(port) },
      {
        isKeptOpen: () => this.#isKeptOpen,
        connected: () => this.#connected(),
        received: (bytes) => this.#received(bytes),
        closed: (why) => this.#closed(why),
      },
    );
    return this;
  }

  write(data, encoding, callback) {
    if (typeof encoding === 'function') [encoding, callback] = [undefined, encoding];
    if (!this.#link || this.destroyed) {
      const error = Object.assign(new Error('This socket has been ended by the other party'), { code: 'EPIPE' });
      queueMicrotask(() => (callback ? callback(error) : this.emit('error', error)));
      return false;
    }
    const bytes = typeof data === 'string' ? Buffer.from(data, encoding) : data;
    this.bytesWritten += bytes.length;
    // The sender may use its buffer again.
    this.#link.send(Uint8Array.from(bytes));
    this.#restartIdle();
    if (callback) queueMicrotask(callback);
    return true;
  }

  end(data, encoding, callback) {
    if (typeof data === 'function') [data, callback] = [undefined, data];
    if (data != null && !this.destroyed) this.write(data, encoding);
    if (callback) this.once('close', callback);
    return this.destroy();
  }

  destroy(error) {
    if (this.destroyed) return this;
    this.#finish();
    this.#link?.close();
    this.#link = null;
    queueMicrotask(() => {
      if (error) this.emit('error', error);
      this.emit('close', Boolean(error));
    });
    return this;
  }

  setTimeout(ms, onTimeout) {
    if (onTimeout) this.once('timeout', onTimeout);
    this.#idle.ms = ms;
    this.#restartIdle();
    return this;
  }

  setKeepAlive() {
    return this;
  }

  setNoDelay() {
    return this;
  }

  ref() {
    this.#isKeptOpen = true;
    return this;
  }

  unref() {
    this.#isKeptOpen = false;
    return this;
  }

  address() {
    return { address: '127.0.0.1', family: 'IPv4', port: 0 };
  }

  #connected() {
    this.connecting = false;
    this.readable = this.writable = true;
    this.emit('connect');
    this.emit('ready');
  }

  #received(bytes) {
    if (this.destroyed) return;
    this.bytesRead += bytes.length;
    this.#restartIdle();
    this.emit('data', Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }

  #closed(why) {
    if (this.destroyed) return;
    const wasConnected = !this.connecting;
    this.#finish();
    this.#link = null;
    if (!wasConnected) {
      const address = `${this.remoteAddress}:${this.remotePort}`;
      this.emit('error', Object.assign(new Error(`connect ECONNREFUSED ${address}`), { code: 'ECONNREFUSED', syscall: 'connect' }));
    } else if (/reset/.test(why)) {
      this.emit('error', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' }));
    } else {
      // Once: KafkaJS ends the socket when it hears that it has ended.
      this.emit('end');
    }
    this.emit('close', !wasConnected);
  }

  #finish() {
    this.destroyed = true;
    this.connecting = this.readable = this.writable = false;
    clearTimeout(this.#idle.timer);
  }

  #restartIdle() {
    clearTimeout(this.#idle.timer);
    if (this.#idle.ms > 0 && !this.destroyed) {
      this.#idle.timer = setTimeout(() => this.emit('timeout'), this.#idle.ms);
    }
  }
}

/** A socket that is being connected. */
export function connect(...args) {
  return new Socket().connect(...args);
}

export const createConnection = connect;

/** 4, 6, or 0 for a name. */
export function isIP(text) {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return text.split('.').every((part) => part <= 255) ? 4 : 0;
  return /^[0-9a-f:]+$/i.test(text) && text.includes(':') ? 6 : 0;
}

export const isIPv4 = (text) => isIP(text) === 4;
export const isIPv6 = (text) => isIP(text) === 6;
