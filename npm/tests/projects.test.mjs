// The packed package in fresh projects: what people get is what works.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join, resolve } from 'node:path';
import { before, test } from 'node:test';
import { promisify } from 'node:util';

import { build } from 'esbuild';
import { chromium } from 'playwright-core';

const ROOT = join(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const PACKAGE = resolve(process.env.OTTLA_PACKAGE ?? join(ROOT, `../target/npm/ottla-${version}.tgz`));
const PROJECTS = join(dirname(PACKAGE), 'projects');
const MOST_BYTES = 500_000;
const DONE = 'tea anna tea 0\n';

before(async () => {
  rmSync(PROJECTS, { recursive: true, force: true });
  mkdirSync(join(PROJECTS, 'fresh'), { recursive: true });
  // The tools of the projects are installed once, beside them; the package into each by itself.
  symlinkSync(join(ROOT, 'node_modules'), join(PROJECTS, 'node_modules'));
  writeFileSync(join(PROJECTS, 'fresh/package.json'), '{ "private": true }\n');
  await run('npm', ['install', '--no-save', '--offline', '--no-audit', '--no-fund', PACKAGE], 'fresh');
});

test('it_is_small_and_depends_on_nothing', () => {
  const { size } = statSync(PACKAGE);
  assert.ok(size <= MOST_BYTES, `packed it has ${size} bytes`);
  assert.deepEqual(readdirSync(join(PROJECTS, 'fresh/node_modules')).filter((name) => !name.startsWith('.')), ['ottla']);
  const manifest = JSON.parse(readFileSync(join(PROJECTS, 'fresh/node_modules/ottla/package.json'), 'utf8'));
  assert.deepEqual([manifest.dependencies, manifest.peerDependencies, manifest.optionalDependencies], [undefined, undefined, undefined]);
  for (const script of ['preinstall', 'install', 'postinstall', 'prepare']) assert.equal(manifest.scripts?.[script], undefined);
});

test('its_types_and_exports_are_right_for_every_kind_of_import', async () => {
  await tool('@arethetypeswrong/cli/dist/index.js', [PACKAGE, '--no-color', '--exclude-entrypoints', 'global'], '.');
  await tool('publint/src/cli.js', ['run', PACKAGE, '--strict'], '.');
});

test('a_project_of_es_modules', async () => assert.equal(await node('esm', 'main.mjs'), DONE));

test('a_project_of_commonjs', async () => assert.equal(await node('cjs', 'main.cjs'), DONE));

test('a_strict_project_of_typescript', async () => {
  project('typescript');
  await tool('typescript/bin/tsc', ['--project', '.'], 'typescript');
  assert.equal(await node('typescript', 'out/main.mjs', { isThere: true }), 'anna tea 0 true\n');
  assert.equal(await node('typescript', 'out/main.cjs', { isThere: true }), 'orders\n');
});

test('tests_of_jest', async () => {
  project('jest');
  await tool('jest/bin/jest.js', ['--ci', '--rootDir', '.'], 'jest');
});

test('tests_of_vitest', async () => {
  project('vitest');
  await tool('vitest/vitest.mjs', ['run', '--root', '.'], 'vitest');
});

test('tests_of_node', async () => {
  project('node-test');
  await run(process.execPath, ['--test', 'story.test.mjs'], 'node-test');
});

test('bun', async (t) => {
  const bun = platformsOwn('@oven', /^bun-/, 'bin/bun');
  if (!bun) return t.skip('Bun is not there for this machine');
  project('esm', 'bun');
  assert.equal((await run(bun, ['run', 'main.mjs'], 'bun')).stdout, DONE);
});

test('deno', async (t) => {
  const deno = platformsOwn('@deno', /-/, 'deno');
  if (!deno) return t.skip('Deno is not there for this machine');
  project('esm', 'deno');
  assert.equal((await run(deno, ['run', '--allow-all', '--node-modules-dir=manual', 'main.mjs'], 'deno')).stdout, DONE);
});

test('where_nothing_may_be_compiled_the_module_is_given', async () => {
  project('workerd');
  await run(process.execPath, ['node_modules/ottla/dist/cli/main.js', '--wasm', 'ottla.wasm'], 'workerd');
  const { stdout } = await run(process.execPath, ['--conditions=workerd', 'main.mjs'], 'workerd');
  assert.equal(stdout, 'ERR_WASM true 1\n');
});

test('a_bundle_of_esbuild_has_the_program_in_it', async () => {
  project('esm', 'esbuild');
  const contents = "import { Ottla } from 'ottla'; const ottla = await Ottla.start({ topics: { orders: {} } }); console.log(ottla.topics().length); await ottla.close();";
  const resolveDir = join(PROJECTS, 'esbuild');
  await build({ stdin: { contents, resolveDir }, outfile: join(resolveDir, 'bundle.mjs'), bundle: true, format: 'esm', logLevel: 'error' });
  assert.equal((await run(process.execPath, ['bundle.mjs'], 'esbuild')).stdout, '1\n');
});

test('a_bundle_of_vite_in_a_browser', async () => {
  project('vite');
  await tool('vite/bin/vite.js', ['build', '--logLevel', 'warn'], 'vite');
  assert.equal(await titleOf(join(PROJECTS, 'vite/dist')), '7 orders 3 ERR_NO_TCP 1');
});

test('a_plain_script_in_a_browser', async () => {
  project('script');
  assert.equal(await titleOf(join(PROJECTS, 'script')), '7 orders 3 ERR_NO_TCP 1');
});

/** A fresh project with the package in it. */
function project(name, as = name) {
  const folder = join(PROJECTS, as);
  cpSync(join(PROJECTS, 'fresh'), folder, { recursive: true });
  cpSync(join(import.meta.dirname, 'projects', name), folder, { recursive: true });
  for (const shared of ['story.cjs', 'page.js']) cpSync(join(import.meta.dirname, 'projects', shared), join(folder, shared));
}

async function node(name, file, { isThere = false } = {}) {
  if (!isThere) project(name);
  return (await run(process.execPath, [file], name)).stdout;
}

/** A tool of npm's, by its file. */
const tool = (file, words, folder) => run(process.execPath, [join(ROOT, 'node_modules', file), ...words], folder);

async function run(program, words, folder) {
  const env = { ...process.env, CI: 'true', NODE_NO_WARNINGS: '1' };
  // A test runner that is started by another one keeps quiet about what it does.
  delete env.NODE_TEST_CONTEXT;
  delete env.NODE_OPTIONS;
  try {
    return await promisify(execFile)(program, words, { cwd: join(PROJECTS, folder), env, timeout: 240_000 });
  } catch (error) {
    throw new Error(`${program} ${words.join(' ')}: ${error.message}\n${error.stdout}\n${error.stderr}`);
  }
}

/** A program that npm has for this machine in a package of its own. */
function platformsOwn(scope, name, file) {
  const folder = join(ROOT, 'node_modules', scope);
  const found = existsSync(folder) ? readdirSync(folder).find((one) => name.test(one)) : undefined;
  return found && join(folder, found, file);
}

/** The title that a page in a folder gives itself in the end. */
async function titleOf(folder) {
  const types = { '.html': 'text/html', '.js': 'text/javascript' };
  const server = createServer((request, response) => {
    const path = join(folder, request.url === '/' ? 'index.html' : request.url);
    if (!path.startsWith(folder) || !existsSync(path)) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' }).end(readFileSync(path));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const browser = await chromium.launch({ executablePath: browserPath(), args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await page.waitForFunction(() => document.title !== '…', undefined, { timeout: 60_000 });
    return await page.title();
  } finally {
    await browser.close();
    server.close();
  }
}

function browserPath() {
  const names = [process.env.OTTLA_BROWSER ?? 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const folders = process.env.PATH.split(':');
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}
