// `zlib`: gzip and deflate, at once. The same bytes give the same bytes: no time is written into them.

import { Buffer } from 'buffer';
import { decompressSync, deflateSync as rawDeflate, gzipSync as gzipBytes, inflateSync as rawInflate, unzlibSync, zlibSync } from 'fflate';

const buffer = (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const bytesOf = (data) => (typeof data === 'string' ? Buffer.from(data) : data);

const sync = (work) => (data, options = {}) => {
  try {
    return buffer(work(bytesOf(data), options.level > 0 ? { level: options.level, mtime: 0 } : { mtime: 0 }));
  } catch (error) {
    throw Object.assign(new Error(error.message), { code: 'Z_DATA_ERROR' });
  }
};

const later = (work) => (data, options, callback = options) => {
  let result, error;
  try {
    result = work(data, typeof options === 'object' ? options : {});
  } catch (caught) {
    error = caught;
  }
  queueMicrotask(() => (error ? callback(error) : callback(null, result)));
};

export const gzipSync = sync(gzipBytes);
export const deflateSync = sync(zlibSync);
export const deflateRawSync = sync(rawDeflate);
export const unzipSync = sync((bytes) => decompressSync(bytes));
export const gunzipSync = unzipSync;
export const inflateSync = sync((bytes) => unzlibSync(bytes));
export const inflateRawSync = sync((bytes) => rawInflate(bytes));

export const gzip = later(gzipSync);
export const deflate = later(deflateSync);
export const deflateRaw = later(deflateRawSync);
export const unzip = later(unzipSync);
export const gunzip = later(gunzipSync);
export const inflate = later(inflateSync);
export const inflateRaw = later(inflateRawSync);
