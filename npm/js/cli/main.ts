import { writeFileSync } from 'node:fs';

import { Ottla, OttlaError, wasm } from '../index.js';
import { HELP, parse, type Settings } from './arguments.js';
import { runCommand } from './command.js';

/** Of the package; the build knows it. */
declare const OTTLA_VERSION: string;

/** `npx ottla`. */
async function main(words: string[]): Promise<number> {
  const settings = parse(words);
  if (settings.isHelp) return said(HELP);
  if (settings.isVersion) return said(OTTLA_VERSION);
  if (settings.wasm !== undefined) return write(settings.wasm);
  return serve(settings);
}

async function serve({ host, port, topics, config, seed, run }: Settings): Promise<number> {
  const ottla = await Ottla.start({ topics, config, ...(seed === undefined ? {} : { seed }) });
  try {
    const { bootstrap } = await ottla.listen({ host, port });
    if (run !== undefined) return await runCommand(run, bootstrap);
    console.log(`ottla is listening on ${bootstrap}; what it stores is gone when it ends (Ctrl-C)`);
    await signalled();
    return 0;
  } finally {
    await ottla.close();
  }
}

async function write(file: string): Promise<number> {
  const program = await wasm();
  try {
    writeFileSync(file, program);
  } catch (error) {
    throw new OttlaError('ERR_OPTION', `--wasm ${file}: it cannot be written: ${(error as Error).message}`);
  }
  return said(`the engine's WebAssembly is in ${file}`);
}

function signalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}

function said(text: string): number {
  console.log(text);
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(`ottla: ${error instanceof OttlaError ? error.message : ((error as Error).stack ?? error)}`);
    process.exitCode = 1;
  },
);
