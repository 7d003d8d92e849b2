// `console`: what is printed goes into the answer of the turn.

import { format, inspect } from '../shims/inspect.js';
import { placesOf } from './errors.js';

/** A console that gives `print(kind, text, line)` what it is told. */
export function consoleOf(name, clock, print) {
  let [indent, counts, timers] = ['', new Map(), new Map()];
  const line = () => placesOf(new Error(), name)[0]?.line ?? 0;
  const say = (kind) => (...args) => print(kind, format(...args).replace(/^/gm, indent), line());
  const log = say('plain');
  const spent = (label) => `${label}: ${((clock.now_us - timers.get(label)) / 1000).toFixed(3)}ms`;
  return {
    log,
    info: log,
    debug: log,
    trace: say('plain'),
    warn: say('warning'),
    error: say('error'),
    dir: (value, options) => log(inspect(value, options)),
    table: (value) => log(inspect(value, { depth: 3 })),
    assert: (value, ...args) => value || say('error')('Assertion failed', ...args),
    count: (label = 'default') => {
      counts.set(label, (counts.get(label) ?? 0) + 1);
      log(`${label}: ${counts.get(label)}`);
    },
    countReset: (label = 'default') => counts.delete(label),
    group: (...args) => {
      if (args.length > 0) log(...args);
      indent += '  ';
    },
    groupEnd: () => {
      indent = indent.slice(2);
    },
    time: (label = 'default') => timers.set(label, clock.now_us),
    timeLog: (label = 'default', ...args) => timers.has(label) && log(spent(label), ...args),
    timeEnd: (label = 'default') => {
      if (timers.has(label)) log(spent(label));
      timers.delete(label);
    },
    clear: () => {},
  };
}
