import type { Broker } from './broker.js';
import { OttlaError } from './error.js';
import { checkNames, checkWhole, shown } from './spans.js';
import { absent, counted, type Look, waitFor, type WaitOptions } from './waiting.js';

/** A consumer group's state, in Kafka's words. */
export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead';

/** A consumer group as it is. */
export interface GroupDescription {
  id: string;
  state: GroupState;
  /** Goes up with every rebalance. */
  generation: number;
  /** The assignor that the members have agreed on, such as `RoundRobinAssigner`. */
  protocol: string | null;
  /** The id of the member that works out the assignment. */
  leader: string | null;
  members: GroupMember[];
  /** The partitions that it has committed, or reads. */
  offsets: GroupOffset[];
}

/** A member of a consumer group. */
export interface GroupMember {
  memberId: string;
  clientId: string;
  clientHost: string;
  /** `group.instance.id` of a static member. */
  instanceId: string | null;
  assignment: { topic: string; partitions: number[] }[];
}

/** How far a group has come in a partition. */
export interface GroupOffset {
  topic: string;
  partition: number;
  /** The next offset to read; `null` if none was committed. */
  committed: bigint | null;
  start: bigint;
  end: bigint;
  /** How many records are still to be read; `null` if nothing was committed. */
  lag: bigint | null;
  metadata: string | null;
}

/** What a stable group is to have. */
export interface StableOptions extends WaitOptions {
  /** Exactly so many members; any number but none, if nothing is said. */
  members?: number;
}

/** A consumer group of the broker, whether it is there already or not. What its properties say is so now. */
export class Group {
  readonly id: string;
  readonly #broker: Broker;

  /** @internal */
  constructor(broker: Broker, id: string) {
    if (typeof id !== 'string' || id === '') throw new OttlaError('ERR_OPTION', `group: ${shown(id)} is no group's id`);
    this.id = id;
    this.#broker = broker;
  }

  /** All of it at one moment; `undefined` if it is not there. */
  describe(): GroupDescription | undefined {
    return this.#broker.ask((engine) => engine.group(this.id));
  }

  /** `'Dead'` if it is not there. */
  get state(): GroupState {
    return this.describe()?.state ?? 'Dead';
  }

  get generation(): number {
    return this.describe()?.generation ?? 0;
  }

  get members(): GroupMember[] {
    return this.describe()?.members ?? [];
  }

  get offsets(): GroupOffset[] {
    return this.describe()?.offsets ?? [];
  }

  /** How many records it has still to read, in all partitions that it reads; those of a partition where it has committed nothing all count. */
  get lag(): bigint {
    return this.offsets.reduce((sum, offset) => sum + lagOf(offset), 0n);
  }

  /**
   * Waits until it is stable: all members have joined and know their partitions. Gives what it is then.
   *
   * @throws {OttlaError} `ERR_TIMEOUT`, with what it was instead.
   */
  async stable(options: StableOptions = {}): Promise<GroupDescription> {
    checkNames(options, ['members', 'timeout'], 'stable()');
    const count = options.members === undefined ? undefined : checkWhole(options.members, 'members', 0);
    const members = count === undefined ? '' : ` with ${counted(count, 'member')}`;
    return this.#wait(`was to be stable${members}`, options, (group) => {
      const state = count === 0 ? 'Empty' : 'Stable';
      return group.state === state && (count === undefined || group.members.length === count);
    });
  }

  /**
   * Waits until it has committed everything that there is to read. Gives what it is then. A partition where it has committed nothing counts from its
   * first record, also for a consumer that began at the end (`fromBeginning: false`): there, wait for what the consumer has seen.
   *
   * @throws {OttlaError} `ERR_TIMEOUT`, with what was still to be read.
   */
  async caughtUp(options: WaitOptions = {}): Promise<GroupDescription> {
    checkNames(options, ['timeout'], 'caughtUp()');
    return this.#wait('was to have committed every record', options, (group) => {
      // In between, nobody knows yet what it is to read.
      const isSettled = group.state === 'Stable' || group.state === 'Empty';
      return isSettled && group.offsets.length > 0 && group.offsets.every((offset) => lagOf(offset) === 0n);
    });
  }

  #wait(wish: string, options: WaitOptions, isSo: (group: GroupDescription) => boolean): Promise<GroupDescription> {
    return waitFor(this.#broker, `group ${JSON.stringify(this.id)} ${wish}`, options, (): Look<GroupDescription> => {
      const group = this.describe();
      if (!group) return { seen: this.#absence() };
      return isSo(group) ? { found: group } : { seen: told(group) };
    });
  }

  #absence(): string {
    const ids = groups(this.#broker).map(({ id }) => id);
    return absent('group', this.id, ids);
  }
}

/** All groups, by id. */
export function groups(broker: Broker): GroupDescription[] {
  return broker.ask((engine) => engine.groups());
}

const lagOf = ({ lag, start, end }: GroupOffset): bigint => lag ?? end - start;

/** `it was Stable in generation 2, with 1 member: worker-1 has orders 0, 1, 2; behind: orders 1 (at 3 of 5)` */
function told({ state, generation, members, offsets }: GroupDescription): string {
  const owners = members.map(({ clientId, assignment }) => {
    const owned = assignment.map(({ topic, partitions }) => `${topic} ${partitions.join(', ')}`).join('; ');
    return `${clientId} has ${owned || 'no partition'}`;
  });
  const behind = offsets
    .filter((offset) => lagOf(offset) > 0n)
    .map(({ topic, partition, committed, end }) => `${topic} ${partition} (at ${committed ?? 'none'} of ${end})`);
  return [
    `it was ${state} in generation ${generation}, with ${counted(members.length, 'member')}`,
    owners.length > 0 ? `: ${owners.join('; ')}` : '',
    behind.length > 0 ? `; behind in ${behind.join(', ')}` : '',
  ].join('');
}
