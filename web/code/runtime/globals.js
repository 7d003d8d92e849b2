// The globals that a program finds: those that know the real time, chance or the network are replaced or gone.

import { Buffer } from 'buffer';

/** What leads out of a worker, knows the real time, or answers when it likes. */
const GONE = [
  'Atomics', 'Blob', 'BroadcastChannel', 'CompressionStream', 'DecompressionStream', 'EventSource', 'File', 'FileReader', 'FileReaderSync', 'FinalizationRegistry',
  'ImageDecoder', 'MessageChannel', 'MessagePort', 'Notification', 'OffscreenCanvas', 'Request', 'Response', 'SharedArrayBuffer', 'SharedWorker', 'VideoDecoder', 'WeakRef',
  'WebAssembly', 'WebSocket', 'WebSocketStream', 'WebTransport', 'Worker', 'XMLHttpRequest', 'addEventListener', 'caches', 'cancelAnimationFrame', 'close', 'cookieStore',
  'createImageBitmap', 'dispatchEvent', 'fetch', 'fonts', 'importScripts', 'indexedDB', 'location', 'locks', 'navigator', 'onmessage', 'postMessage', 'removeEventListener',
  'requestAnimationFrame', 'scheduler', 'self', 'webkitRequestFileSystem', 'webkitRequestFileSystemSync', 'webkitResolveLocalFileSystemSyncURL', 'webkitResolveLocalFileSystemURL',
];

/** Puts a program's world in place of the real one. There is no way back. */
export function replaceGlobals({ clock, date, random, crypto, process, console, guard }) {
  for (const name of GONE) {
    for (let holder = globalThis; holder && holder !== Object.prototype; holder = Object.getPrototypeOf(holder)) {
      if (Object.hasOwn(holder, name) && !Reflect.deleteProperty(holder, name)) put(name, undefined);
    }
  }
  const queueReal = globalThis.queueMicrotask;
  const performance = { now: () => clock.mono_us() / 1000, timeOrigin: clock.wall_ms(), mark: () => {}, measure: () => {} };
  Math.random = random;
  const globals = {
    Buffer,
    Date: date,
    clearImmediate: clock.clearImmediate,
    clearInterval: clock.clear,
    clearTimeout: clock.clear,
    console,
    crypto,
    global: globalThis,
    performance,
    process,
    queueMicrotask: (work) => queueReal(() => guard(work)),
    setImmediate: clock.setImmediate,
    setInterval: clock.setInterval,
    setTimeout: clock.setTimeout,
  };
  for (const [name, value] of Object.entries(globals)) put(name, value);
}

function put(name, value) {
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: true });
}
