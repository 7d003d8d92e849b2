import type { EngineRecord } from './glue.js';

import type { Broker } from './broker.js';
import { type Bytes, bytesOf } from './bytes.js';
import { OttlaError } from './error.js';
import { checkNames, checkWhole, shown } from './spans.js';
import { absent, counted, waitFor, type WaitOptions } from './waiting.js';

/** A topic as it is. */
export interface TopicDescription {
  name: string;
  /** Kafka's topic id, a UUID. */
  id: string;
  /** The broker keeps its own state there, as in `__consumer_offsets`. */
  isInternal: boolean;
  /** What was set for it, by Kafka's names: `retention.ms` and so on. */
  config: Record<string, string>;
  partitions: PartitionDescription[];
}

/** A partition of a topic. Its records are those from `startOffset` on, below `endOffset`. */
export interface PartitionDescription {
  partition: number;
  startOffset: bigint;
  endOffset: bigint;
  sizeBytes: bigint;
}

/** A record, decoded. */
export interface TopicRecord {
  topic: string;
  partition: number;
  offset: bigint;
  /** Milliseconds since 1970, as `Date.now()` gives them. */
  timestamp: number;
  key: Bytes | null;
  /** `null` is a tombstone. */
  value: Bytes | null;
  /** The last one of a name wins; all of them, in order, are in `headerList`. */
  headers: Record<string, Bytes | null>;
  headerList: [name: string, value: Bytes | null][];
}

/** Which records. */
export interface RecordsOptions {
  /** Only of this partition. */
  partition?: number;
  /** Only from this offset on, in each partition. */
  from?: bigint | number;
  /** At most so many in all. */
  limit?: number;
}

/** A topic of the broker, whether it is there already or not. */
export class Topic {
  readonly name: string;
  readonly #broker: Broker;

  /** @internal */
  constructor(broker: Broker, name: string) {
    if (typeof name !== 'string' || name === '') {
      throw new OttlaError('ERR_OPTION', `topic: ${shown(name)} is no topic's name`);
    }
    this.name = name;
    this.#broker = broker;
  }

  /** What it is now; `undefined` if it is not there. */
  describe(): TopicDescription | undefined {
    return topics(this.#broker).find(({ name }) => name === this.name);
  }

  /**
   * What it holds now, by partition and offset; what a transaction has not committed, or has aborted, too.
   *
   * @throws {OttlaError} `ERR_TOPIC` if it is not there, `ERR_RECORDS` if a record cannot be decoded.
   */
  records(options: RecordsOptions = {}): TopicRecord[] {
    checkNames(options, ['partition', 'from', 'limit'], 'records()');
    this.#existing();
    return this.#broker.ask((engine) => engine.records(this.name, options)).map(record);
  }

  /**
   * Waits until it holds so many records, or more, and gives them.
   *
   * @param count How many, in all partitions.
   * @throws {OttlaError} `ERR_TIMEOUT`, with how many there were.
   */
  async count(count: number, options: WaitOptions = {}): Promise<TopicRecord[]> {
    checkWhole(count, 'count', 0);
    checkNames(options, ['timeout'], 'count()');
    const wish = `topic ${JSON.stringify(this.name)} was to hold ${counted(count, 'record')}`;
    await waitFor(this.#broker, wish, options, () => {
      const topic = this.describe();
      if (!topic) return { seen: this.#absence() };
      const counts = topic.partitions.map(({ startOffset, endOffset }) => endOffset - startOffset);
      const total = counts.reduce((sum, one) => sum + one, 0n);
      if (total >= BigInt(count)) return { found: undefined };
      return { seen: `it held ${total} (by partition: ${counts.join(', ')})` };
    });
    return count === 0 && !this.describe() ? [] : this.records();
  }

  #existing(): void {
    if (!this.describe()) throw new OttlaError('ERR_TOPIC', this.#absence());
  }

  #absence(): string {
    const others = topics(this.#broker).filter(({ isInternal }) => !isInternal);
    return absent('topic', this.name, others.map(({ name }) => name));
  }
}

/** All topics, by name. */
export function topics(broker: Broker): TopicDescription[] {
  return broker.ask((engine) => engine.topics());
}

function record({ timestamp, key, value, headers, ...rest }: EngineRecord): TopicRecord {
  const headerList = headers.map(([name, bytes]): [string, Bytes | null] => [name, bytesOf(bytes)]);
  return {
    ...rest,
    timestamp: Number(timestamp),
    key: bytesOf(key),
    value: bytesOf(value),
    headers: Object.fromEntries(headerList),
    headerList,
  };
}
