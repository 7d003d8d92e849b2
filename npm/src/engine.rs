//! What JavaScript calls.

use js_sys::{Array, Uint8Array};
use ottla_core::{Instant, Now, Timestamp};
use ottla_wire::Endpoint;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::events::EventView;
use crate::options::Value;
use crate::views::{self, Wanted};
use crate::{Failure, FaultOptions, Process, StartOptions};

/// One broker. There may be many of them in one WebAssembly instance; they share nothing.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Engine {
    process: Process,
}

#[wasm_bindgen]
impl Engine {
    /// Starts a broker: `{ seed, config, topics }`. Times are in milliseconds; the first clock is the monotonic one.
    pub fn start(options: JsValue, mono_ms: f64, wall_ms: f64) -> Result<Engine, JsValue> {
        let options = StartOptions::read(&value(options)?).map_err(thrown)?;
        let process = Process::start(options, now(mono_ms, wall_ms)).map_err(thrown)?;
        Ok(Engine { process })
    }

    /// Starts a broker on what a snapshot holds.
    pub fn restore(bytes: &[u8], mono_ms: f64, wall_ms: f64) -> Result<Engine, JsValue> {
        let process = Process::restore(bytes, now(mono_ms, wall_ms)).map_err(thrown)?;
        Ok(Engine { process })
    }

    /// What is stored, as bytes.
    pub fn snapshot(&self) -> Vec<u8> {
        self.process.snapshot()
    }

    /// A copy that goes on by itself, without the connections.
    pub fn fork(&self) -> Engine {
        Engine {
            process: self.process.fork(),
        }
    }

    /// What the clocks show from now on, before any call for which time matters.
    pub fn set_time(&mut self, mono_ms: f64, wall_ms: f64) {
        self.process.set_time(now(mono_ms, wall_ms));
    }

    /// Does what is due.
    pub fn tick(&mut self) {
        self.process.tick();
    }

    /// When a tick could next change anything, by the monotonic clock.
    pub fn next_deadline(&self) -> Option<f64> {
        let deadline = self.process.next_deadline();
        deadline.map(|at| at.0 as f64 / MICROS_PER_MS)
    }

    /// A client connects from `client_host` to what it calls `host` and `port`. `undefined` while there is no process to answer it.
    pub fn connect(&mut self, client_host: &str, host: String, port: u16) -> Option<u32> {
        self.process.connect(client_host, Endpoint { host, port })
    }

    /// Bytes of a client.
    pub fn receive(&mut self, connection: u32, bytes: &[u8]) {
        self.process.receive(connection, bytes);
    }

    /// A client is gone.
    pub fn disconnect(&mut self, connection: u32) {
        self.process.disconnect(connection);
    }

    /// What is to be written, in order: `[connection, bytes]`, or `[connection, null]` for its end.
    pub fn take_output(&mut self) -> Array {
        let output = self.process.take_output().into_iter();
        let pairs = output.map(|(connection, bytes)| {
            let bytes = bytes.map_or(JsValue::NULL, |bytes| Uint8Array::from(&bytes[..]).into());
            Array::of2(&connection.into(), &bytes)
        });
        pairs.collect()
    }

    /// What has happened: `{ type, at, text, ... }`.
    pub fn take_events(&mut self) -> Result<JsValue, JsValue> {
        let events = self.process.take_events();
        let events: Vec<EventView> = events.map(|(at, event)| EventView { at, event }).collect();
        given(&events)
    }

    /// Lets requests go wrong from now on: `{ kind, api, error, delayMs, clientId, times }`. Returns the fault's number.
    pub fn fault(&mut self, options: JsValue) -> Result<u32, JsValue> {
        let options = FaultOptions::read(&value(options)?).map_err(thrown)?;
        Ok(self.process.add_fault(options))
    }

    /// How many requests a fault has met, also when it was removed since.
    pub fn fault_hits(&self, fault: u32) -> Option<u32> {
        self.process.fault_hits(fault)
    }

    /// Ends a fault.
    pub fn remove_fault(&mut self, fault: u32) {
        self.process.remove_fault(fault);
    }

    /// Ends the process as a power failure would; what is stored stays.
    pub fn crash(&mut self) {
        self.process.crash();
    }

    /// Starts a process on what is stored.
    pub fn restart(&mut self) {
        self.process.restart();
    }

    /// All topics.
    pub fn topics(&self) -> Result<JsValue, JsValue> {
        given(&views::topics(self.process.broker()))
    }

    /// The records of a topic: `{ partition, from, limit }` says which.
    pub fn records(&self, topic: &str, wanted: JsValue) -> Result<JsValue, JsValue> {
        let wanted = Wanted::read(&value(wanted)?).map_err(thrown)?;
        let (broker, store) = (self.process.broker(), self.process.store());
        given(&views::records(broker, store, topic, wanted).map_err(thrown)?)
    }

    /// All consumer groups.
    pub fn groups(&self) -> Result<JsValue, JsValue> {
        given(&views::groups(self.process.broker()))
    }

    /// A consumer group, or `undefined`.
    pub fn group(&self, id: &str) -> Result<JsValue, JsValue> {
        match views::group(self.process.broker(), id) {
            Some(group) => given(&group),
            None => Ok(JsValue::UNDEFINED),
        }
    }
}

fn now(mono_ms: f64, wall_ms: f64) -> Now {
    Now {
        // Rounded: a deadline that was given out comes back as what it was.
        mono: Instant((mono_ms * MICROS_PER_MS).round() as u64),
        wall: Timestamp(wall_ms as i64),
    }
}

fn value(value: JsValue) -> Result<Value, JsValue> {
    serde_wasm_bindgen::from_value(value)
        .map_err(|error| thrown(Failure::option(error.to_string())))
}

fn given<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    let serializer = Serializer::new()
        .serialize_large_number_types_as_bigints(true)
        .serialize_maps_as_objects(true)
        .serialize_missing_as_null(true);
    Ok(value.serialize(&serializer)?)
}

fn thrown(failure: Failure) -> JsValue {
    given(&failure).unwrap_or_else(|_| JsValue::from_str(&failure.message))
}

const MICROS_PER_MS: f64 = 1000.0;
