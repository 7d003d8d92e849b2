import type { Broker } from './broker.js';

interface Happened<Type extends string> {
  type: Type;
  /** When, by the broker's clock: milliseconds since 1970. */
  at: number;
  /** The event as a sentence, for people. */
  text: string;
}

interface OfPartition {
  topic: string;
  partition: number;
}

interface OfGroup {
  group: string;
}

interface OfMember extends OfGroup {
  memberId: string;
}

/** Why a member is gone. */
export type LeaveCause = 'left' | 'sessionExpired' | 'rebalanceExpired' | 'syncExpired' | 'groupFull';

/** Something that happened in the broker. `type` says which fields there are. */
export type OttlaEvent =
  | (Happened<'topicCreated' | 'partitionsAdded'> & { topic: string; partitions: number })
  | (Happened<'topicDeleted'> & { topic: string })
  | (Happened<'configChanged'> & { resource: string; name: string; value: string | null })
  | Happened<'note' | 'fetchParked'>
  /** Records from `offset` on. */
  | (Happened<'appended'> & OfPartition & { offset: bigint; count: number; sizeBytes: number })
  | (Happened<'duplicate' | 'highWatermark' | 'fetched' | 'segmentRolled'> & OfPartition & { offset: bigint })
  /** A batch was refused with Kafka's `error`. */
  | (Happened<'refused'> & OfPartition & { error: string })
  | (Happened<'recordsDeleted'> & OfPartition & { startOffset: bigint })
  | (Happened<'storeFailed'> & OfPartition)
  | (Happened<'memberIdAssigned'> & OfMember)
  | (Happened<'memberJoined'> & OfMember & { clientId: string })
  /** A static member came back under another id. */
  | (Happened<'memberReplaced'> & OfMember & { oldMemberId: string })
  | (Happened<'memberLeft'> & OfMember & { cause: LeaveCause })
  | (Happened<'groupState'> & OfGroup & { from: string; to: string; why: string })
  | (Happened<'generation'> & OfGroup & { generation: number; leader: string; protocol: string; members: number })
  | (Happened<'assigned'> & OfMember & { assignment: { topic: string; partitions: number[] }[] })
  /** The group has come so far: `offset` is the next to read. */
  | (Happened<'offsetCommitted'> & OfGroup & OfPartition & { offset: bigint })
  | (Happened<'offsetExpired'> & OfGroup & OfPartition)
  | (Happened<'groupDeleted'> & OfGroup);

/** One listener to what happens. */
interface Listener {
  heard: OttlaEvent[];
  /** Those who wait for the next one, the first first. */
  waiting: (() => void)[];
}

/** Hands what happens to everybody who listens. */
export class EventSource {
  readonly #broker: Broker;
  readonly #listeners = new Set<Listener>();
  #unwatch: (() => void) | undefined;

  constructor(broker: Broker) {
    this.#broker = broker;
  }

  /** What happens from now on; what is not fetched yet is kept. */
  listen(): AsyncIterableIterator<OttlaEvent> {
    // What happened before is not for this one.
    this.#tell(this.#take());
    const listener: Listener = { heard: [], waiting: [] };
    this.#listeners.add(listener);
    this.#unwatch ??= this.#broker.watch(() => this.#tell(this.#broker.isClosed ? [] : this.#take()));
    return {
      next: async () => {
        while (listener.heard.length === 0 && !this.#broker.isClosed && this.#listeners.has(listener)) {
          await new Promise<void>((resolve) => {
            listener.waiting.push(resolve);
          });
        }
        const value = listener.heard.shift();
        return value ? { value, done: false } : { value: undefined, done: true };
      },
      return: async () => {
        this.#listeners.delete(listener);
        wake(listener);
        if (this.#listeners.size === 0) {
          this.#unwatch?.();
          this.#unwatch = undefined;
        }
        return { value: undefined, done: true };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  #tell(events: OttlaEvent[]): void {
    for (const listener of this.#listeners) {
      for (const event of events) listener.heard.push(event);
      if (events.length > 0 || this.#broker.isClosed) wake(listener);
    }
  }

  #take(): OttlaEvent[] {
    return this.#broker.ask((engine) => engine.take_events());
  }
}

function wake(listener: Listener): void {
  for (const look of listener.waiting.splice(0)) look();
}
