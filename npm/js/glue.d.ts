/** What wasm-bindgen makes of the crate `ottla-npm`. */

import type { GroupDescription } from './group.js';
import type { OttlaEvent } from './events.js';
import type { TopicDescription } from './topic.js';

export interface EngineRecord {
  topic: string;
  partition: number;
  offset: bigint;
  timestamp: bigint;
  key: Uint8Array | null;
  value: Uint8Array | null;
  headers: [name: string, value: Uint8Array | null][];
}

export class Engine {
  private constructor();
  static start(options: object, monoMs: number, wallMs: number): Engine;
  static restore(bytes: Uint8Array, monoMs: number, wallMs: number): Engine;
  snapshot(): Uint8Array;
  fork(): Engine;
  free(): void;
  set_time(monoMs: number, wallMs: number): void;
  tick(): void;
  next_deadline(): number | undefined;
  connect(clientHost: string, host: string, port: number): number | undefined;
  receive(connection: number, bytes: Uint8Array): void;
  disconnect(connection: number): void;
  take_output(): [connection: number, bytes: Uint8Array | null][];
  take_events(): OttlaEvent[];
  topics(): TopicDescription[];
  records(topic: string, options: object): EngineRecord[];
  groups(): GroupDescription[];
  group(id: string): GroupDescription | undefined;
  fault(fault: object): number;
  fault_hits(id: number): number;
  remove_fault(id: number): void;
  crash(): void;
  restart(): void;
}

export function initSync(module: { module: object }): unknown;
