// Scenes that the tutorial has written as tests for Node run against the package.

import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const WRITTEN = join(import.meta.dirname, '../../tests/tests/export/expected');
// Below this folder the package finds itself.
const PLACE = join(import.meta.dirname, 'scenes');

for (const scene of ['growing', 'hostile']) {
  test(`a_scene_of_the_tutorial: ${scene}`, async (t) => {
    mkdirSync(PLACE, { recursive: true });
    t.after(() => rmSync(join(PLACE, `${scene}.mjs`)));
    copyFileSync(join(WRITTEN, `${scene}.test.mjs`), join(PLACE, `${scene}.mjs`));
    const env = { ...process.env, NODE_NO_WARNINGS: '1' };
    delete env.NODE_TEST_CONTEXT;
    await promisify(execFile)(process.execPath, ['--test', `${scene}.mjs`], { cwd: PLACE, env, timeout: 120_000 });
  });
}
