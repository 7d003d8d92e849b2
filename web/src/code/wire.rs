//! Turns and answers as the worker speaks them; the protocol is in `web/code/worker.js`. What comes from it is bounded, and nothing of it is trusted.

use std::sync::Arc;

use js_sys::{Array, Reflect, Uint8Array};
use ottla_lab::code::{Answer, CodeInput, CodeOp, End, Print, Printed, Question, Turn};
use ottla_lab::{Address, Instant, World};
use serde::{Deserialize, Serialize, Serializer};
use serde_wasm_bindgen::{from_value, preserve, to_value};
use wasm_bindgen::{JsCast, JsValue};

/// The first message: what the program is, the turns that it had, and the one that it is asked about.
pub(super) fn start(question: &Question, before: &[Arc<Turn>]) -> JsValue {
    let program = Program {
        name: &question.name,
        source: &question.source,
        seed: [(question.seed >> 32) as u32, question.seed as u32],
        epoch_ms: World::beginning().0,
    };
    let turns = before.iter().map(|turn| &**turn);
    message(Some(program), turns.chain([&question.turn]))
}

/// Each later message.
pub(super) fn turn(turn: &Turn) -> JsValue {
    message(None, [turn])
}

/// What a program does; what cannot be read is left out.
pub(super) fn answer(data: &JsValue) -> Answer {
    let rest: Rest = from_value(data.clone()).unwrap_or_default();
    Answer {
        ops: items(data, "ops").filter_map(op).collect(),
        deadline: rest.deadline.map(|at| Instant(at as u64)),
        prints: items(data, "prints").filter_map(print).collect(),
        end: rest.end.map(|end| match end.as_str() {
            "done" => End::Done,
            _ => End::Failed,
        }),
    }
}

#[derive(Serialize)]
struct Message<'a> {
    start: Option<Program<'a>>,
    turns: Vec<TurnPart<'a>>,
}

#[derive(Serialize)]
struct Program<'a> {
    name: &'a str,
    source: &'a str,
    seed: [u32; 2],
    epoch_ms: i64,
}

#[derive(Serialize)]
struct TurnPart<'a> {
    at: u64,
    inputs: Vec<InputPart<'a>>,
}

/// Each begins with its name.
#[derive(Serialize)]
#[serde(untagged)]
enum InputPart<'a> {
    Connected(&'static str, u32),
    Received(
        &'static str,
        u32,
        #[serde(serialize_with = "bytes")] &'a [u8],
    ),
    Closed(&'static str, u32, &'a str),
    Terminate([&'static str; 1]),
}

fn message<'a>(start: Option<Program<'a>>, turns: impl IntoIterator<Item = &'a Turn>) -> JsValue {
    let part = |turn: &'a Turn| TurnPart {
        at: turn.at.0,
        inputs: turn.inputs.iter().map(input).collect(),
    };
    let turns = turns.into_iter().map(part).collect();
    to_value(&Message { start, turns }).expect("numbers, texts and bytes can be written")
}

fn input(input: &CodeInput) -> InputPart<'_> {
    match input {
        CodeInput::Connected(socket) => InputPart::Connected("connected", *socket),
        CodeInput::Received(socket, bytes) => InputPart::Received("received", *socket, bytes),
        CodeInput::Closed(socket, why) => InputPart::Closed("closed", *socket, why),
        CodeInput::Terminate => InputPart::Terminate(["terminate"]),
    }
}

/// As a `Uint8Array`.
fn bytes<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(bytes)
}

/// What is no list.
#[derive(Deserialize, Default)]
struct Rest {
    deadline: Option<f64>,
    end: Option<String>,
}

/// Name, socket, and what else there is: a host and its port, or bytes.
#[derive(Deserialize)]
struct OpPart(
    String,
    u32,
    #[serde(with = "preserve", default)] JsValue,
    #[serde(default)] u16,
);

/// How it was meant, the text, and the line of the source.
#[derive(Deserialize)]
struct PrintPart(String, String, #[serde(default)] Option<u32>);

fn op(item: JsValue) -> Option<CodeOp> {
    let OpPart(name, socket, what, port) = from_value(item).ok()?;
    match name.as_str() {
        "connect" => {
            let host = what.as_string()?;
            Some(CodeOp::Connect(socket, Address { host, port }))
        }
        "send" => {
            let bytes = what.dyn_into::<Uint8Array>().ok()?;
            Some(CodeOp::Send(socket, bytes.to_vec().into()))
        }
        "close" => Some(CodeOp::Close(socket)),
        _ => None,
    }
}

fn print(item: JsValue) -> Option<Print> {
    let PrintPart(kind, text, line) = from_value(item).ok()?;
    Some(Print {
        kind: match kind.as_str() {
            "warning" => Printed::Warning,
            "error" => Printed::Error,
            _ => Printed::Plain,
        },
        text,
        line: line.filter(|line| *line > 0),
    })
}

/// Of a list as much as may be read, each item by itself.
fn items(data: &JsValue, name: &str) -> impl Iterator<Item = JsValue> + use<> {
    let list = Reflect::get(data, &JsValue::from_str(name)).unwrap_or_default();
    let list = list.dyn_into::<Array>().unwrap_or_default();
    let count = list.length().min(ITEMS_MAX);
    (0..count).map(move |index| list.get(index))
}

/// More than an answer may have: the lab cuts the rest, and says so.
const ITEMS_MAX: u32 = 10_000;

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use js_sys::{JSON, eval};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_turn_is_written_as_the_worker_reads_it() {
        let inputs = vec![
            CodeInput::Connected(1),
            CodeInput::Received(1, vec![7, 8].into()),
            CodeInput::Closed(2, "refused".into()),
            CodeInput::Terminate,
        ];
        let at = Instant(9_000_000_000);
        let message = turn(&Turn { at, inputs });
        let written = JSON::stringify(&message).expect("it is plain");
        let expected = r#"{"turns":[{"at":9000000000,"inputs":[["connected",1],["received",1,{"0":7,"1":8}],["closed",2,"refused"],["terminate"]]}]}"#;
        assert_eq!(written, expected);
    }

    #[wasm_bindgen_test]
    fn what_cannot_be_read_of_an_answer_is_left_out() {
        let data = eval(
            "({ ops: [['connect', 1, 'broker', 9092], ['connect', 2, 7, 1], ['send', 1, new Uint8Array([1, 2])], ['send', 1, 'text'],
                ['close', 1], ['close', -1], ['fly', 1], [], 7, null],
              prints: [['error', 'x', 3], ['log', 'y'], ['warning', 'z', 0], ['error'], 'q'], deadline: 5.5, end: 'done' })",
        );
        let address = Address {
            host: "broker".to_owned(),
            port: 9092,
        };
        let print = |kind, text: &str, line| Print {
            kind,
            text: text.to_owned(),
            line,
        };
        let expected = Answer {
            ops: vec![
                CodeOp::Connect(1, address),
                CodeOp::Send(1, vec![1, 2].into()),
                CodeOp::Close(1),
            ],
            deadline: Some(Instant(5)),
            prints: vec![
                print(Printed::Error, "x", Some(3)),
                print(Printed::Plain, "y", None),
                print(Printed::Warning, "z", None),
            ],
            end: Some(End::Done),
        };
        assert_eq!(answer(&data.expect("it is JavaScript")), expected);
        for nothing in [
            JsValue::NULL,
            JsValue::from_str("ops"),
            JsValue::from_f64(1.0),
        ] {
            assert_eq!(answer(&nothing), Answer::default());
        }
    }
}
