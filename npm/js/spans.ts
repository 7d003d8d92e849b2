import { OttlaError } from './error.js';

/** A span of time: milliseconds, or a number with a unit: `'250ms'`, `'30s'`, `'1.5m'`, `'1h'`. */
export type Span = number | string;

const UNITS_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a span, whole ones; `name` is what it is an option of. */
export function spanMs(span: Span, name: string): number {
  const ms = typeof span === 'string' ? textMs(span) : span;
  if (typeof ms === 'number' && Number.isFinite(ms) && ms >= 0 && ms <= Number.MAX_SAFE_INTEGER) return Math.ceil(ms);
  throw new OttlaError('ERR_OPTION', `${name}: ${shown(span)} is no span of time; milliseconds or a text such as '30s' are (ms, s, m, h, d)`);
}

function textMs(text: string): number {
  const [, number, unit = 'ms'] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)?\s*$/.exec(text) ?? [];
  return Number(number) * (UNITS_MS[unit] ?? NaN);
}

/** A value, for a message. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object' || value === null) return String(value);
  return Array.isArray(value) ? 'an array' : 'an object';
}

/** Refuses options that do not exist: most of them are misspelt. */
export function checkNames(options: unknown, allowed: readonly string[], what: string): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new OttlaError('ERR_OPTION', `${what} takes an object of options, not ${shown(options)}`);
  }
  for (const name of Object.keys(options)) {
    if (!allowed.includes(name)) {
      const others = `there ${allowed.length === 1 ? 'is' : 'are'} ${allowed.join(', ')}`;
      throw new OttlaError('ERR_OPTION', `${what} has no option ${JSON.stringify(name)}; ${others}`);
    }
  }
}

/** A whole number within bounds, or an error that names the option. */
export function checkWhole(value: unknown, name: string, least: number, most: number = Number.MAX_SAFE_INTEGER): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most) return value;
  const bounds = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `${least} to ${most}`;
  throw new OttlaError('ERR_OPTION', `${name}: ${shown(value)} is not allowed; a whole number is, ${bounds}`);
}
