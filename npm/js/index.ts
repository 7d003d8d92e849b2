/// <reference lib="esnext.disposable" />
export type { Bytes } from './bytes.js';
export type { OnAdvance, OttlaClock } from './clock.js';
export { OttlaError, type OttlaErrorCode } from './error.js';
export type { LeaveCause, OttlaEvent } from './events.js';
export type { Fault, FaultOptions, Faults } from './faults.js';
export type { Group, GroupDescription, GroupMember, GroupOffset, GroupState, StableOptions } from './group.js';
export type { Listener, ListenOptions } from './listen.js';
export type { ClockOptions, RestoreOptions, StartOptions, TopicOptions } from './options.js';
export { Ottla } from './ottla.js';
export type { SocketFactory, SocketFactoryArguments } from './socket.js';
export type { Span } from './spans.js';
export type { PartitionDescription, RecordsOptions, Topic, TopicDescription, TopicRecord } from './topic.js';
export type { WaitOptions } from './waiting.js';
export { wasm, type WasmSource } from './wasm.js';
