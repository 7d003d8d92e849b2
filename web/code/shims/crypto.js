// `crypto`: random bytes and ids from the global `crypto`, which may be a seeded one. Hashes are for SASL only, which a broker in a page has not.

import { Buffer } from 'buffer';

export function randomBytes(size, callback) {
  const bytes = globalThis.crypto.getRandomValues(Buffer.alloc(size));
  if (!callback) return bytes;
  queueMicrotask(() => callback(null, bytes));
}

export function randomInt(min, max) {
  if (max === undefined) [min, max] = [0, min];
  return min + Math.floor(Math.random() * (max - min));
}

export const randomUUID = () => globalThis.crypto.randomUUID();
export const getRandomValues = (array) => globalThis.crypto.getRandomValues(array);
export const webcrypto = { getRandomValues, randomUUID };

const missing = (name) => () => {
  throw new Error(`crypto.${name} is not there in the page: leave \`sasl\` out of the options`);
};

export const createHash = missing('createHash');
export const createHmac = missing('createHmac');
export const pbkdf2 = missing('pbkdf2');
