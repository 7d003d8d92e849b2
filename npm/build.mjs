// From what wasm-bindgen has made of the crate `ottla-npm` to `npm/dist`: `node npm/build.mjs ENGINE`, where ENGINE is the folder with
// `ottla.js` and `ottla.wasm`. `cargo xtask npm` calls it.

import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { build } from 'esbuild';

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, 'dist');
const engine = resolve(process.argv[2] ?? join(root, '../target/npm/engine'));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

rmSync(dist, { recursive: true, force: true });
for (const folder of ['inline', 'esm', 'cjs', 'cli']) mkdirSync(join(dist, folder), { recursive: true });

// The program travels once, as text. One file for both kinds of modules: it is sound as either, and says by a global what it holds. Another version
// of the package in the same process has another one.
const PLACE = `globalThis[Symbol.for('ottla.wasm ${version}')]`;
const text = gzipSync(readFileSync(join(engine, 'ottla.wasm')), { level: 9 }).toString('base64');
writeFileSync(join(dist, 'inline/wasm.js'), `${PLACE} = '${text}';\n`);
for (const folder of ['inline', 'cjs']) writeFileSync(join(dist, folder, 'package.json'), '{ "type": "commonjs" }\n');

const INLINE = "import '../inline/wasm.js';";
const LIBRARY = "export * from './js/index.ts';";
// In a page, the program lies beside the script.
const BESIDE = `
${PLACE} ??= new Promise((resolve, reject) => {
  const script = document.createElement('script');
  script.src = new URL('inline/wasm.js', document.currentScript.src).href;
  script.onload = () => resolve(${PLACE});
  script.onerror = () => reject(new Error(\`\${script.src} cannot be loaded\`));
  document.head.append(script);
});`;

await Promise.all([
  bundle('esm/ottla.js', LIBRARY, { format: 'esm' }),
  bundle('cjs/index.js', `${INLINE} ${LIBRARY}`, { format: 'cjs' }),
  bundle('cli/main.js', "import './js/cli/main.ts';", { format: 'esm', banner: { js: '#!/usr/bin/env node' }, platform: 'node' }),
  bundle('ottla.global.js', `${BESIDE} ${LIBRARY}`, {
    format: 'iife',
    globalName: 'OttlaPackage',
    footer: { js: 'Object.assign(globalThis, OttlaPackage);' },
    minify: true,
  }),
]);
const REST = "export * from './ottla.js';\n";
writeFileSync(join(dist, 'esm/index.js'), `${INLINE}\n${REST}`);
// Where nothing may be compiled while the program runs, the module is given to `start`.
writeFileSync(join(dist, 'esm/workerd.js'), REST);
types();

/** One file of JavaScript. */
async function bundle(to, contents, options) {
  await build({
    stdin: { contents, resolveDir: root, sourcefile: to, loader: 'ts' },
    outfile: join(dist, to),
    bundle: true,
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'warning',
    ignoreAnnotations: true,
    external: ['../inline/wasm.js'],
    define: { OTTLA_VERSION: JSON.stringify(version) },
    plugins: [{ name: 'places', setup: places }],
    ...options,
  });
}

/** The engine is not in `js`; the command line uses the package as everybody does. */
function places({ onResolve }) {
  onResolve({ filter: /\/glue\.js$/ }, () => ({ path: join(engine, 'ottla.js') }));
  onResolve({ filter: /^\.\.\/index\.js$/ }, () => ({ path: '../esm/index.js', external: true }));
}

/** The types, which are the same for both kinds of modules. */
function types() {
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--project', root], { stdio: 'inherit' });
  copyFileSync(join(root, 'js/glue.d.ts'), join(dist, 'esm/glue.d.ts'));
  rmSync(join(dist, 'esm/cli'), { recursive: true, force: true });
  cpSync(join(dist, 'esm'), join(dist, 'cjs'), { recursive: true, filter: (path) => !path.endsWith('.js') });
  copyFileSync(join(dist, 'esm/index.d.ts'), join(dist, 'esm/workerd.d.ts'));
}
