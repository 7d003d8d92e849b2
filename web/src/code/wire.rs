//! Turns and answers as the worker speaks them; the protocol is in `web/code/worker.js`. What comes from it is bounded, and nothing of it is trusted.

use std::sync::Arc;

use js_sys::{Array, Object, Reflect, Uint8Array};
use ottla_lab::code::{Answer, CodeInput, CodeOp, End, Print, Printed, Question, Turn};
use ottla_lab::{Address, Instant, World};
use wasm_bindgen::{JsCast, JsValue};

/// The first message: what the program is, the turns that it had, and the one that it is asked about.
pub(super) fn start(question: &Question, before: &[Arc<Turn>]) -> JsValue {
    let halves = [question.seed >> 32, question.seed & 0xffff_ffff];
    let seed: Array = halves
        .into_iter()
        .map(|half| JsValue::from_f64(half as f64))
        .collect();
    let program = object(&[
        ("name", JsValue::from_str(&question.name)),
        ("source", JsValue::from_str(&question.source)),
        ("seed", seed.into()),
        ("epoch_ms", JsValue::from_f64(World::beginning().0 as f64)),
    ]);
    let turns: Array = before.iter().map(|turn| one(turn)).collect();
    turns.push(&one(&question.turn));
    object(&[("start", program), ("turns", turns.into())])
}

/// Each later message.
pub(super) fn turn(turn: &Turn) -> JsValue {
    let turns = Array::of1(&one(turn));
    object(&[("turns", turns.into())])
}

fn one(turn: &Turn) -> JsValue {
    let inputs: Array = turn.inputs.iter().map(input).collect();
    object(&[
        ("at", JsValue::from_f64(turn.at.0 as f64)),
        ("inputs", inputs.into()),
    ])
}

fn input(input: &CodeInput) -> JsValue {
    let socket = |socket: &u32| JsValue::from_f64(f64::from(*socket));
    let parts = match input {
        CodeInput::Connected(link) => Array::of2(&"connected".into(), &socket(link)),
        CodeInput::Received(link, bytes) => Array::of3(
            &"received".into(),
            &socket(link),
            &Uint8Array::from(&bytes[..]).into(),
        ),
        CodeInput::Closed(link, why) => {
            Array::of3(&"closed".into(), &socket(link), &JsValue::from_str(why))
        }
        CodeInput::Terminate => Array::of1(&"terminate".into()),
    };
    parts.into()
}

/// What a program does; what cannot be read is left out.
pub(super) fn answer(data: &JsValue) -> Answer {
    Answer {
        ops: items(data, "ops").filter_map(|item| op(&item)).collect(),
        deadline: field(data, "deadline")
            .as_f64()
            .map(|at| Instant(at as u64)),
        prints: items(data, "prints")
            .filter_map(|item| print(&item))
            .collect(),
        end: match field(data, "end").as_string().as_deref() {
            None => None,
            Some("done") => Some(End::Done),
            Some(_) => Some(End::Failed),
        },
    }
}

fn op(item: &JsValue) -> Option<CodeOp> {
    let item = item.dyn_ref::<Array>()?;
    let socket = item.get(1).as_f64()? as u32;
    match item.get(0).as_string()?.as_str() {
        "connect" => Some(CodeOp::Connect(
            socket,
            Address {
                host: item.get(2).as_string()?,
                port: item.get(3).as_f64()? as u16,
            },
        )),
        "send" => {
            let bytes = item.get(2).dyn_into::<Uint8Array>().ok()?;
            Some(CodeOp::Send(socket, bytes.to_vec().into()))
        }
        "close" => Some(CodeOp::Close(socket)),
        _ => None,
    }
}

fn print(item: &JsValue) -> Option<Print> {
    let item = item.dyn_ref::<Array>()?;
    Some(Print {
        kind: match item.get(0).as_string()?.as_str() {
            "warning" => Printed::Warning,
            "error" => Printed::Error,
            _ => Printed::Plain,
        },
        text: item.get(1).as_string()?,
        line: item
            .get(2)
            .as_f64()
            .map(|line| line as u32)
            .filter(|line| *line > 0),
    })
}

fn items(data: &JsValue, name: &str) -> impl Iterator<Item = JsValue> + use<> {
    let list = field(data, name).dyn_into::<Array>().unwrap_or_default();
    let count = list.length().min(ITEMS_MAX);
    (0..count).map(move |index| list.get(index))
}

fn field(data: &JsValue, name: &str) -> JsValue {
    Reflect::get(data, &JsValue::from_str(name)).unwrap_or_default()
}

fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        // A fresh object takes any field.
        let _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object.into()
}

/// More than an answer may have: the lab cuts the rest, and says so.
const ITEMS_MAX: u32 = 10_000;
