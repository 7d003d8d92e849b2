//! JavaScript's names and literals.

use crate::export::story::is_unseen;
use ottla_core::sorted::Map;

/// Names of variables for names of clients.
#[derive(Debug, Default)]
pub(super) struct Names {
    names: Map<String, String>,
}

impl Names {
    /// The variable of a client: `worker-1` is `worker1`.
    pub(super) fn of(&mut self, client: &str) -> String {
        if let Some(name) = self.names.get(client) {
            return name.clone();
        }
        let mut name = camel(client);
        while RESERVED.contains(&name.as_str()) || self.names.values().any(|other| *other == name) {
            name.push('_');
        }
        self.names.insert(client.to_owned(), name.clone());
        name
    }
}

fn camel(client: &str) -> String {
    let mut name = String::new();
    let mut is_upper = false;
    for c in client.chars() {
        match c.is_ascii_alphanumeric() {
            true if is_upper && !name.is_empty() => name.push(c.to_ascii_uppercase()),
            true => name.push(c),
            false => {}
        }
        is_upper = !c.is_ascii_alphanumeric();
    }
    match name.chars().next() {
        Some(first) if first.is_ascii_alphabetic() => name,
        _ => format!("client{name}"),
    }
}

/// The name of the function that starts a client.
pub(super) fn starter(variable: &str) -> String {
    let (first, rest) = variable.split_at(1);
    format!("start{}{rest}", first.to_ascii_uppercase())
}

/// A string literal.
pub(super) fn text(text: &str) -> String {
    let quote = match text.contains('\'') && !text.contains('"') {
        true => '"',
        false => '\'',
    };
    let mut literal = String::from(quote);
    for c in text.chars() {
        match c {
            _ if c == quote || c == '\\' => literal.extend(['\\', c]),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            c if is_unseen(c) => {
                literal.push_str(&format!("\\u{{{:x}}}", u32::from(c)));
            }
            c => literal.push(c),
        }
    }
    literal.push(quote);
    literal
}

/// An object literal on one line.
pub(super) fn object(fields: &[(&str, String)]) -> String {
    let fields: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    format!("{{ {} }}", fields.join(", "))
}

/// What the test itself uses, and what the language does not let one use.
const RESERVED: &[&str] = &[
    "admin",
    "arguments",
    "assert",
    "async",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "clients",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "ended",
    "enum",
    "eval",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "kafka",
    "kill",
    "let",
    "logLevel",
    "new",
    "null",
    "once",
    "ottla",
    "package",
    "private",
    "process",
    "program",
    "programs",
    "protected",
    "public",
    "read",
    "return",
    "sleep",
    "sockets",
    "spawn",
    "static",
    "super",
    "switch",
    "t",
    "test",
    "this",
    "throw",
    "true",
    "try",
    "typeof",
    "undefined",
    "var",
    "void",
    "while",
    "with",
    "yield",
];
