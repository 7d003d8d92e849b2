import { Engine, initSync } from './glue.js';

import { OttlaError } from './error.js';
import { builtin } from './host.js';
import { shown } from './spans.js';

/** Of the package; the build knows it. */
declare const OTTLA_VERSION: string;

/** A `WebAssembly.Module`, the bytes of one, a `Response` with it, or a promise of any of them. */
export type WasmSource = object;

/** The engine's program: compiled once, whoever asks first; `source` counts only then. */
export async function loadEngine(source?: WasmSource): Promise<typeof Engine> {
  loading ??= compile(source ?? wasm()).then((module) => {
    initSync({ module });
    return Engine;
  });
  try {
    return await loading;
  } catch (error) {
    loading = undefined;
    if (error instanceof OttlaError) throw error;
    throw new OttlaError('ERR_WASM', `the engine's WebAssembly cannot be loaded: ${(error as Error).message}`);
  }
}

let loading: Promise<typeof Engine> | undefined;

async function compile(source: unknown): Promise<WebAssembly.Module> {
  const found = await source;
  // Other realms have their own classes of these: what they can do counts.
  if (typeof (found as Response)?.arrayBuffer === 'function') {
    return WebAssembly.compile(await (found as Response).arrayBuffer());
  }
  const kind = Object.prototype.toString.call(found);
  if (kind === '[object WebAssembly.Module]') return found as WebAssembly.Module;
  if (ArrayBuffer.isView(found) || kind === '[object ArrayBuffer]') return WebAssembly.compile(found as BufferSource);
  throw new OttlaError(
    'ERR_OPTION',
    `wasm: ${shown(found)} is not allowed; a WebAssembly.Module, its bytes (ArrayBuffer or Uint8Array) or a Response are`,
  );
}

/**
 * The engine's WebAssembly, as it is in this package: for a file of its own, where it cannot be compiled while a program runs. `npx ottla --wasm FILE`
 * writes it.
 *
 * @throws {OttlaError} `ERR_WASM` in a `workerd`, whose entry of the package comes without it.
 */
export async function wasm(): Promise<Uint8Array> {
  const found = await inlined();
  if (typeof found === 'string') return unpacked(found);
  throw new OttlaError('ERR_WASM', 'the program did not come inlined');
}

/** What a file that was loaded before this one has left. */
function inlined(): unknown {
  const left = (globalThis as Record<symbol, unknown>)[Symbol.for(`ottla.wasm ${OTTLA_VERSION}`)];
  if (left !== undefined) return left;
  throw new OttlaError(
    'ERR_WASM',
    'the program does not come inlined here: give the option wasm, a WebAssembly.Module that your bundler makes of the file that `npx ottla --wasm ottla.wasm` writes',
  );
}

/** The bytes of a text: gzip in base64. */
async function unpacked(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const letters = atob(text);
  const packed = new Uint8Array(letters.length);
  // `Uint8Array.from` takes fifteen times as long.
  for (let at = 0; at < packed.length; at += 1) packed[at] = letters.charCodeAt(at);
  const zlib = builtin<{ gunzipSync(bytes: Uint8Array): Uint8Array<ArrayBuffer> }>('node:zlib');
  if (zlib) return zlib.gunzipSync(packed);
  const stream = new Response(packed).body!.pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
