//! The words of a statement.

/// A word, and where it begins (in bytes).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) at: usize,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Open,
    Close,
    Comma,
    /// `=`, `!=`, `<`, `<=`, `>`, `>=`.
    Operator(&'static str),
    /// Letters, digits, `.`, `_`, `-`.
    Word(String),
    /// What stood in quotes.
    Quoted(String),
}

impl Kind {
    /// As it is named in an error.
    pub(super) fn show(&self) -> String {
        match self {
            Self::Open => "(".into(),
            Self::Close => ")".into(),
            Self::Comma => ",".into(),
            Self::Operator(text) => (*text).into(),
            Self::Word(text) | Self::Quoted(text) => text.clone(),
        }
    }
}

/// Cuts a statement into words; otherwise says which character is in the way.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let at = text.len() - rest.len();
        let (kind, len) = match first {
            ' ' | '\t' => {
                rest = &rest[1..];
                continue;
            }
            '(' => (Kind::Open, 1),
            ')' => (Kind::Close, 1),
            ',' => (Kind::Comma, 1),
            '"' => {
                let inside = rest[1..].find('"').ok_or("a quote is not closed.")?;
                (Kind::Quoted(rest[1..=inside].to_owned()), inside + 2)
            }
            _ => match OPERATORS
                .into_iter()
                .find(|operator| rest.starts_with(operator))
            {
                Some(operator) => (Kind::Operator(operator), operator.len()),
                None => {
                    let len = rest.find(|char| !is_word(char)).unwrap_or(rest.len());
                    if len == 0 {
                        return Err(format!(
                            "\"{first}\" at column {} belongs in no statement.",
                            at + 1
                        ));
                    }
                    (Kind::Word(rest[..len].to_owned()), len)
                }
            },
        };
        tokens.push(Token { at, kind });
        rest = &rest[len..];
    }
    Ok(tokens)
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '.' | '_' | '-')
}

/// The longer ones first.
const OPERATORS: [&str; 6] = ["!=", "<=", ">=", "=", "<", ">"];
