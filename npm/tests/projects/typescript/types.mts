// The types say what is so, and refuse what is not: an error that does not come is one.

import type { Fault, Group, GroupDescription, Ottla, OttlaEvent, StartOptions, Topic, TopicRecord } from 'ottla';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <_T extends true>(): void => {};

is<Same<TopicRecord['offset'], bigint>>();
is<Same<TopicRecord['timestamp'], number>>();
is<Same<ReturnType<Topic['count']>, Promise<TopicRecord[]>>>();
is<Same<ReturnType<Group['stable']>, Promise<GroupDescription>>>();
is<Same<Group['lag'], bigint>>();
is<Same<Ottla['brokers'], string[]>>();
is<Same<ReturnType<Ottla['fork']>, Ottla>>();
is<Same<Fault['hits'], number>>();

export const options: StartOptions[] = [
  { clock: 'manual', onAdvance: (ms: number) => void ms },
  // @ts-expect-error there is no such clock
  { clock: 'fast' },
  // @ts-expect-error several brokers are not there yet
  { brokers: 3 },
];

export function told(ottla: Ottla, event: OttlaEvent): bigint | undefined {
  // @ts-expect-error a span has a number or a text
  ottla.clock.advance(true);
  // @ts-expect-error a fault that fails needs an error
  ottla.faults.fail({ api: 'Produce' });
  return event.type === 'appended' ? event.offset : undefined;
}
