import type { Broker } from './broker.js';
import { OttlaError } from './error.js';
import { clearTimer, LONGEST_MS, setTimer } from './host.js';
import { type Span, spanMs } from './spans.js';

/** How long to wait. */
export interface WaitOptions {
  /**
   * How long at most, of real time, whatever the broker's clock is: milliseconds or a text such as `'5s'`. 10 seconds if nothing is said. A wait that
   * has been in vain rejects with `ERR_TIMEOUT` and says what was seen instead.
   */
  timeout?: Span;
}

/** What a look at the broker gives: what was waited for, or what is there instead. */
export type Look<T> = { found: T } | { seen: string };

/** Looks after every change at the broker until it finds. */
export function waitFor<T>(broker: Broker, wish: string, { timeout = DEFAULT_MS }: WaitOptions, look: () => Look<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    // A timer that is set to more rings at once.
    const timeoutMs = Math.min(spanMs(timeout, 'timeout'), LONGEST_MS);
    const first = look();
    if ('found' in first) return resolve(first.found);
    const end = () => {
      clearTimer(timer);
      unwatch();
    };
    const unwatch = broker.watch(() => {
      try {
        const outcome = look();
        if (!('found' in outcome)) return;
        resolve(outcome.found);
      } catch (error) {
        reject(error);
      }
      end();
    });
    const timer = setTimer(() => {
      const outcome = look();
      end();
      const seen = 'seen' in outcome ? outcome.seen : 'it was so at the last moment';
      reject(new OttlaError('ERR_TIMEOUT', `${wish}: not within ${timeoutMs} ms; ${seen}`));
    }, timeoutMs);
  });
}

const DEFAULT_MS = 10_000;

/** `1 member`, `2 members`. */
export const counted = (count: number | bigint, thing: string): string => `${count} ${thing}${count == 1 ? '' : 's'}`;

/** That something is not there, and what is: `there is no group "g"; there are "f", "h"`. */
export const absent = (thing: string, name: string, others: string[]): string =>
  others.length === 0
    ? `there is no ${thing} at all`
    : `there is no ${thing} ${JSON.stringify(name)}; there ${others.length === 1 ? 'is' : 'are'} ${others.map((other) => JSON.stringify(other)).join(', ')}`;
