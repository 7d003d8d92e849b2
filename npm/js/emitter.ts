type Listener = (...args: any[]) => void;

/** As much of Node's `EventEmitter` as users of sockets know. */
export class Emitter {
  readonly #listeners = new Map<string, { call: Listener; isOnce: boolean }[]>();

  on(event: string, listener: Listener): this {
    return this.#add(event, listener, false);
  }

  once(event: string, listener: Listener): this {
    return this.#add(event, listener, true);
  }

  off(event: string, listener: Listener): this {
    const kept = (this.#listeners.get(event) ?? []).filter(({ call }) => call !== listener);
    this.#listeners.set(event, kept);
    return this;
  }

  removeAllListeners(event?: string): this {
    if (event === undefined) this.#listeners.clear();
    else this.#listeners.delete(event);
    return this;
  }

  listenerCount(event: string): number {
    return this.#listeners.get(event)?.length ?? 0;
  }

  emit(event: string, ...args: unknown[]): boolean {
    const listeners = this.#listeners.get(event) ?? [];
    for (const { call, isOnce } of listeners) {
      if (isOnce) this.off(event, call);
      call.apply(this, args);
    }
    return listeners.length > 0;
  }

  #add(event: string, call: Listener, isOnce: boolean): this {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), { call, isOnce }]);
    return this;
  }

  addListener(event: string, listener: Listener): this {
    return this.on(event, listener);
  }

  removeListener(event: string, listener: Listener): this {
    return this.off(event, listener);
  }
}
