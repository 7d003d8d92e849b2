// `util`: what KafkaJS and small programs use of it.

import { format, inspect } from './inspect.js';

export { format, inspect };

export function promisify(work) {
  return (...args) =>
    new Promise((resolve, reject) => {
      work(...args, (error, result) => (error ? reject(error) : resolve(result)));
    });
}

export function inherits(constructor, parent) {
  Object.setPrototypeOf(constructor.prototype, parent.prototype);
}

export function deprecate(work) {
  return work;
}

export const isDeepStrictEqual = (a, b) => inspect(a, { depth: Infinity }) === inspect(b, { depth: Infinity });

export const types = {
  isDate: (value) => value instanceof Date,
  isPromise: (value) => value instanceof Promise,
  isRegExp: (value) => value instanceof RegExp,
};
