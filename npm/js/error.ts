/** What can go wrong, as `error.code` says it. */
export type OttlaErrorCode =
  /** An option is wrong: the message names it, and what is allowed. */
  | 'ERR_OPTION'
  /** The broker has been closed. */
  | 'ERR_CLOSED'
  /** The broker has crashed and was not restarted. */
  | 'ERR_CRASHED'
  /** What was waited for did not happen in time: the message says what was seen instead. */
  | 'ERR_TIMEOUT'
  /** The bytes are no snapshot, or a damaged one: the message says where. */
  | 'ERR_SNAPSHOT'
  /** A fault names an API that does not exist. */
  | 'ERR_API'
  /** There is no such topic. */
  | 'ERR_TOPIC'
  /** Records cannot be decoded: only of a snapshot that no broker has written. */
  | 'ERR_RECORDS'
  /** The clock is not a manual one, or is being advanced already. */
  | 'ERR_CLOCK'
  /** The WebAssembly module cannot be had or run here. */
  | 'ERR_WASM'
  /** There are no ports here: browsers and workers have none. */
  | 'ERR_NO_TCP'
  /** The port is taken. */
  | 'EADDRINUSE'
  /** The port, or the address, is not for this process. */
  | 'EACCES'
  | 'EADDRNOTAVAIL';

/** What this package throws and rejects with. */
export class OttlaError extends Error {
  /** What went wrong, for programs. The message is for people. */
  readonly code: OttlaErrorCode;

  constructor(code: OttlaErrorCode, message: string) {
    super(message);
    this.name = 'OttlaError';
    this.code = code;
  }
}

export const closed = (): OttlaError => new OttlaError('ERR_CLOSED', 'the broker has been closed');

/** Gives what `ask` gives; what the engine throws becomes an {@link OttlaError}. */
export function asked<T>(ask: () => T): T {
  try {
    return ask();
  } catch (thrown) {
    throw ofEngine(thrown);
  }
}

function ofEngine(thrown: unknown): unknown {
  const { code, message } = (thrown ?? {}) as { code?: unknown; message?: unknown };
  // Anything else is a fault of the engine's, an error perhaps of another realm.
  return typeof code === 'string' ? new OttlaError(code as OttlaErrorCode, String(message)) : thrown;
}
