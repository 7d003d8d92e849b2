import type { Broker } from './broker.js';
import { checkNames, checkWhole, type Span, spanMs } from './spans.js';
import { counted, waitFor, type WaitOptions } from './waiting.js';

/** Which requests a fault is for. */
export interface FaultOptions {
  /** Kafka's name of the request, such as `'Produce'`, `'Fetch'`, `'JoinGroup'`, `'OffsetCommit'`: all of them if nothing is said. */
  api?: string;
  /** Only those of clients with this client id. */
  clientId?: string;
  /** How many of them; all from now on if nothing is said. */
  times?: number;
}

/** A fault of the broker. */
export interface Fault extends Disposable {
  /** How many requests it has hit. */
  readonly hits: number;
  /** How many more it will hit: `Infinity` if it has no end. */
  readonly remaining: number;
  /** Ends it. Twice, or after its broker, does no harm. */
  remove(): void;
  /** Waits until it has hit so many requests: one, if nothing is said. */
  hit(options?: WaitOptions & { hits?: number }): Promise<void>;
}

/** What can be made to go wrong. */
export class Faults {
  readonly #broker: Broker;

  /** @internal */
  constructor(broker: Broker) {
    this.#broker = broker;
  }

  /**
   * Requests are answered with an error, and not done.
   *
   * @param options.error Kafka's name of the error, such as `'NOT_LEADER_OR_FOLLOWER'`.
   * @throws {OttlaError} `ERR_API` if there is no such API, `ERR_OPTION` if there is no such error.
   */
  fail(options: FaultOptions & { api: string; error: string }): Fault {
    checkNames(options, ['error', ...COMMON], 'fail()');
    return this.#make('fail', options, { error: options.error });
  }

  /** Requests are done only after a while, and so are the ones behind them on the same connection. */
  delay(options: FaultOptions & { by: Span }): Fault {
    checkNames(options, ['by', ...COMMON], 'delay()');
    return this.#make('delay', options, { delayMs: checkWhole(spanMs(options.by, 'by'), 'by', 0, 2 ** 32 - 1) });
  }

  /** Requests are not done: the connection ends instead. */
  disconnect(options: FaultOptions = {}): Fault {
    checkNames(options, COMMON, 'disconnect()');
    return this.#make('disconnect', options, {});
  }

  #make(kind: string, { api, clientId, times }: FaultOptions, more: object): Fault {
    if (times !== undefined) checkWhole(times, 'times', 1, 2 ** 31 - 1);
    const id = this.#broker.change((engine) => engine.fault({ kind, api, clientId, times, ...more }));
    return new PlacedFault(this.#broker, id, `${kind}${api === undefined ? '' : ` of ${api}`}`, times);
  }
}

const COMMON = ['api', 'clientId', 'times'];

class PlacedFault implements Fault {
  readonly #broker: Broker;
  readonly #id: number;
  readonly #name: string;
  readonly #times: number | undefined;
  #isRemoved = false;

  constructor(broker: Broker, id: number, name: string, times: number | undefined) {
    this.#broker = broker;
    this.#id = id;
    this.#name = name;
    this.#times = times;
  }

  get hits(): number {
    return this.#broker.ask((engine) => engine.fault_hits(this.#id));
  }

  get remaining(): number {
    if (this.#isRemoved) return 0;
    return this.#times === undefined ? Infinity : this.#times - this.hits;
  }

  remove(): void {
    this.#isRemoved = true;
    if (!this.#broker.isClosed) this.#broker.change((engine) => engine.remove_fault(this.#id));
  }

  [Symbol.dispose](): void {
    this.remove();
  }

  async hit(options: WaitOptions & { hits?: number } = {}): Promise<void> {
    checkNames(options, ['hits', 'timeout'], 'hit()');
    const wanted = checkWhole(options.hits ?? 1, 'hits', 1);
    return waitFor(this.#broker, `${this.#name} was to hit ${counted(wanted, 'request')}`, options, () =>
      this.hits >= wanted ? { found: undefined } : { seen: `it has hit ${this.hits}` },
    );
  }
}
