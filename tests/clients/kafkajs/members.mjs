// Consumers as processes, seen from the program that starts them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';
import { ascending, equal, until } from './support.mjs';

/** One consumer in a process of its own. */
export class Member {
  /** Partitions of its last assignment; null while it rebalances or before it has joined. */
  assigned = null;
  memberId = null;
  /** Whether it has fetched since its last assignment: then it knows its positions. */
  fetched = false;
  /** Messages in the order in which it got them: { partition, offset, key, value }. */
  messages = [];
  /** How often it was told that its group rebalances. */
  rebalances = 0;
  logs = [];

  constructor(name, group, topic, { fromBeginning = true } = {}) {
    this.name = name;
    const program = fileURLToPath(new URL('member.mjs', import.meta.url));
    this.process = spawn(process.execPath, [program, group, topic, String(fromBeginning)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.ended = once(this.process, 'exit');
    createInterface({ input: this.process.stdout }).on('line', (line) => this.#heard(JSON.parse(line)));
  }

  #heard(event) {
    if (event.joined) {
      this.assigned = event.joined.toSorted(ascending);
      this.memberId = event.memberId;
      this.fetched = false;
    } else if (event.fetched) {
      this.fetched = true;
    } else if (event.rebalancing) {
      this.assigned = null;
      this.rebalances += 1;
    } else if (event.crash) {
      throw new Error(`member ${this.name} crashed: ${event.crash}`);
    } else if (event.log) {
      this.logs.push(event.log);
    } else {
      this.messages.push(event);
    }
  }

  /** Takes the messages that it has got since the last call. */
  take() {
    return this.messages.splice(0);
  }

  /** SIGKILL: it leaves no word. */
  async kill() {
    this.process.kill('SIGKILL');
    await this.ended;
  }

  /** `disconnect()`, which leaves the group. */
  async leave() {
    this.process.stdin.write('leave\n');
    await this.ended;
  }
}

const state = (members) => () =>
  Object.fromEntries(members.map((m) => [m.name, { assigned: m.assigned, got: m.messages.length, logs: m.logs.slice(-3) }]));

/** Waits until `members` share the partitions in parts of these sizes (in any order), each partition owned once. */
export async function shared(members, sizes, within = 30_000) {
  const partitions = sizes.reduce((a, b) => a + b, 0);
  const owned = () => members.flatMap((m) => m.assigned ?? []);
  await until(
    `${members.map((m) => m.name)} share ${sizes}`,
    () =>
      members.every((m) => m.assigned) &&
      members.map((m) => m.assigned.length).sort(ascending).join() === sizes.toSorted(ascending).join() &&
      new Set(owned()).size === partitions,
    { state: state(members), within },
  );
}

/** Waits until the members together have got `count` messages, and takes them: a list for each member. */
export async function received(members, count, within = 30_000) {
  const got = () => members.reduce((all, m) => all + m.messages.length, 0);
  await until(`${count} messages`, () => got() >= count, { state: state(members), within });
  const taken = members.map((m) => m.take());
  equal(taken.flat().length, count, `messages that ${members.map((m) => m.name)} got`);
  return taken;
}
