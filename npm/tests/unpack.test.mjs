// What the package unpacks its program with, against the program that packs it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';
import lzma from 'lzma';

const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL('../js/unpack.ts', import.meta.url))],
  bundle: true,
  format: 'esm',
  write: false,
});
const { unpack } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);

/** Numbers that look like chance and are the same in every run. */
function bytes(count, kinds) {
  let seed = 7;
  return Uint8Array.from({ length: count }, () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return (seed >>> 24) % kinds;
  });
}

const samples = {
  'one byte': Uint8Array.of(7),
  'bytes without any order': bytes(20_000, 256),
  'bytes of few kinds': bytes(20_000, 3),
  'one byte ten thousand times': new Uint8Array(10_000).fill(5),
  'the same again from far away': Uint8Array.from([...bytes(100_000, 256), ...bytes(100_000, 256)]),
  'a text': new TextEncoder().encode(Array.from({ length: 5_000 }, (_, line) => `${line}: the ${line % 7}th of its kind\n`).join('')),
};

for (const [name, sample] of Object.entries(samples)) {
  for (const mode of [1, 5]) {
    test(`${name} comes back (mode ${mode})`, () => {
      const packed = Uint8Array.from(lzma.compress(sample, mode));
      assert.deepEqual(unpack(packed), sample);
    });
  }
}
