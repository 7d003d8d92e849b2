/** A key, a value or a header's value: bytes that know the text they stand for. */
export interface Bytes extends Uint8Array {
  /** As UTF-8 text. */
  toString(): string;
  /** What the text says, read as JSON. */
  json(): any;
}

/** The bytes that the engine gave. */
export function bytesOf(bytes: Uint8Array): Bytes;
export function bytesOf(bytes: Uint8Array | null | undefined): Bytes | null;
export function bytesOf(bytes: Uint8Array | null | undefined): Bytes | null {
  return bytes ? (new TextBytes(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength) as Bytes) : null;
}

const utf8 = new TextDecoder();

class TextBytes extends Uint8Array {
  override toString(): string {
    return utf8.decode(this);
  }

  json(): unknown {
    return JSON.parse(this.toString());
  }

  /** What `console.log` shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `Bytes(${this.length}) ${JSON.stringify(this.toString())}`;
  }
}
