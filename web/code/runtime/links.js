// Sockets of a program: what they want goes into the answer of the turn, what comes for them is in the next turns.

/** The open sockets, and the operations that the present turn has gathered. */
export class Links {
  #open = new Map();
  #serial = 0;
  #ops = [];

  /** A transport for `shims/net.js`. */
  open = ({ host, port }, events) => {
    const socket = ++this.#serial;
    this.#open.set(socket, events);
    this.#ops.push(['connect', socket, String(host), port]);
    return {
      send: (bytes) => {
        if (this.#open.has(socket)) this.#ops.push(['send', socket, bytes]);
      },
      close: () => {
        if (this.#open.delete(socket)) this.#ops.push(['close', socket]);
      },
    };
  };

  connected(socket) {
    this.#open.get(socket)?.connected();
  }

  received(socket, bytes) {
    this.#open.get(socket)?.received(bytes);
  }

  closed(socket, why) {
    const events = this.#open.get(socket);
    this.#open.delete(socket);
    events?.closed(why);
  }

  /** Whether a socket is left that keeps a program alive. */
  isWaiting() {
    for (const events of this.#open.values()) if (events.isKeptOpen()) return true;
    return false;
  }

  takeOps() {
    return this.#ops.splice(0);
  }
}
