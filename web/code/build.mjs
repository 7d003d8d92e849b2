// Bundles what the tab Code loads when it is first opened: the worker with KafkaJS, and the editor. Into `target/web-code/`, or the folder that is named.

import { build } from 'esbuild';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const here = path.dirname(fileURLToPath(import.meta.url));
const shims = path.join(here, 'shims');

const common = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  target: 'es2022',
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
};

/** The worker, as esbuild's options say it. */
export const worker = {
  ...common,
  entryPoints: [path.join(here, 'worker.js')],
  format: 'iife',
  // Names of classes are seen when a program prints its objects.
  keepNames: true,
  define: { global: 'globalThis' },
  // What KafkaJS takes from Node. `buffer` and `events` are packages of npm.
  alias: {
    assert: path.join(shims, 'assert.cjs'),
    buffer: 'buffer/index.js',
    crypto: path.join(shims, 'crypto.js'),
    events: 'events/events.js',
    net: path.join(shims, 'net.js'),
    tls: path.join(shims, 'tls.js'),
    util: path.join(shims, 'util.js'),
    zlib: path.join(shims, 'zlib.js'),
  },
};

const editor = { ...common, entryPoints: [path.join(here, 'editor.js')], format: 'esm' };

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = path.resolve(process.argv[2] ?? path.join(here, '../../target/web-code'));
  const bundles = [
    await build({ ...worker, outfile: path.join(folder, 'worker.js') }),
    await build({ ...editor, outfile: path.join(folder, 'editor.js') }),
  ];
  writeFileSync(path.join(folder, 'LICENSES.txt'), licenses(bundles));
}

/** The licences of all packages that are in the bundles: they ask to go where the packages go. */
function licenses(bundles) {
  const files = bundles.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  const folders = files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  const texts = [...new Set(folders)].sort().map((name) => {
    const folder = path.join(here, name);
    const { name: id, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((file) => /^(licen[cs]e|copying)/i.test(file));
    return `${id} ${version} (${license})\n\n${file ? readFileSync(path.join(folder, file), 'utf8').trim() : ''}\n`;
  });
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}
