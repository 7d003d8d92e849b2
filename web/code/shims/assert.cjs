// `assert`: the plain checks.

const { inspect, isDeepStrictEqual } = require('./util.js');

class AssertionError extends Error {
  name = 'AssertionError';
  code = 'ERR_ASSERTION';
}

function ok(value, message = 'The expression evaluated to a falsy value') {
  if (value) return;
  throw message instanceof Error ? message : new AssertionError(message);
}

const equal = (a, b, message) => ok(Object.is(a, b), message ?? `${inspect(a)} is not ${inspect(b)}`);
const deepEqual = (a, b, message) => ok(isDeepStrictEqual(a, b), message ?? `${inspect(a)} is not like ${inspect(b)}`);

module.exports = Object.assign((value, message) => ok(value, message), {
  AssertionError,
  ok,
  equal,
  strictEqual: equal,
  deepEqual,
  deepStrictEqual: deepEqual,
  notStrictEqual: (a, b, message) => ok(!Object.is(a, b), message ?? `${inspect(a)} is what it should not be`),
});
