// What the README and the guide show is run: blocks of ```js and ```ts with the word `test` behind it, as a file of their own; those that name a file
// (`file=name`) are written for the ones behind them.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '..');
// Below this folder the package finds itself.
const PLACE = join(import.meta.dirname, 'documents');

after(() => rmSync(PLACE, { recursive: true, force: true }));

for (const document of ['README.md', 'docs/guide.md']) {
  const text = readFileSync(join(ROOT, document), 'utf8');
  const blocks = [...text.matchAll(/^```(?:js|ts)([^\n]*)\n(.*?)^```/gms)].map(([, words, code], index) => ({
    isRun: /\btest\b/.test(words),
    name: /\bfile=(\S+)/.exec(words)?.[1] ?? `block-${index + 1}.mjs`,
    code,
  }));
  test(`${document}_has_blocks_that_are_run`, () => assert.ok(blocks.some(({ isRun }) => isRun)));
  const folder = join(PLACE, document.replaceAll(/\W/g, '-'));
  mkdirSync(folder, { recursive: true });
  for (const { name, code, isRun } of blocks) {
    writeFileSync(join(folder, name), code);
    if (isRun) test(`${document}: ${name}`, () => run(folder, name, code));
  }
}

/** Runs a block; what a comment behind `console.log` says is what it prints. */
async function run(folder, name, code) {
  const env = { ...process.env, NODE_NO_WARNINGS: '1' };
  delete env.NODE_TEST_CONTEXT;
  const isTest = /from 'node:test'/.test(code);
  const { stdout } = await promisify(execFile)(process.execPath, [...(isTest ? ['--test'] : []), name], { cwd: folder, env, timeout: 60_000 });
  const expected = [...code.matchAll(/^\s*console\.log\(.*\);\s*\/\/ (.*)$/gm)].map(([, printed]) => printed.trim());
  if (!isTest && expected.length > 0) assert.deepEqual(stdout.trim().split('\n'), expected);
}
