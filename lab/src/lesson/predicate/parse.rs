//! From text to statements.

use std::str::FromStr;

use super::facts::Value;
use super::functions::{Call, Function};
use super::tokens::{Kind, Token, tokens};
use super::{Comparison, Node, Predicate, Term};
use crate::action::moment;

/// Says which word is wrong and what is allowed in its place.
impl FromStr for Predicate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.len() > LENGTH_MAX {
            return Err(format!("a statement has at most {LENGTH_MAX} characters."));
        }
        let tokens = tokens(text)?;
        let mut parser = Parser {
            tokens: &tokens,
            depth: 0,
        };
        let root = parser.statement()?;
        match parser.tokens.first() {
            None => Ok(Self {
                text: text.to_owned(),
                root,
            }),
            Some(token) => Err(wrong(token, "and, or, or the end of the line")),
        }
    }
}

struct Parser<'a> {
    tokens: &'a [Token],
    /// How many parentheses, nots and ats are around.
    depth: usize,
}

impl Parser<'_> {
    fn statement(&mut self) -> Result<Node, String> {
        let mut left = self.both()?;
        while self.word("or") {
            left = Node::Or(Box::new(left), Box::new(self.both()?));
        }
        Ok(left)
    }

    fn both(&mut self) -> Result<Node, String> {
        let mut left = self.one()?;
        while self.word("and") {
            left = Node::And(Box::new(left), Box::new(self.one()?));
        }
        Ok(left)
    }

    fn one(&mut self) -> Result<Node, String> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(format!(
                "more than {DEPTH_MAX} parentheses are inside one another."
            ));
        }
        let node = if self.word("not") {
            Node::Not(Box::new(self.one()?))
        } else if self.word("at") {
            let at = moment(&self.any_word("a time such as 12s")?)?;
            self.expect(Kind::Open, "(")?;
            let inner = self.statement()?;
            self.expect(Kind::Close, ")")?;
            Node::At(at, Box::new(inner))
        } else if self.take(&Kind::Open) {
            let inner = self.statement()?;
            self.expect(Kind::Close, ")")?;
            inner
        } else {
            self.comparison()?
        };
        self.depth -= 1;
        Ok(node)
    }

    fn comparison(&mut self) -> Result<Node, String> {
        let left = Term::Call(self.call()?);
        let Some(Token {
            kind: Kind::Operator(operator),
            ..
        }) = self.tokens.first()
        else {
            return Ok(Node::Holds(left));
        };
        self.tokens = &self.tokens[1..];
        let comparison = match *operator {
            "=" => Comparison::Equal,
            "!=" => Comparison::Unequal,
            "<" => Comparison::Less,
            "<=" => Comparison::LessOrEqual,
            ">" => Comparison::More,
            _ => Comparison::MoreOrEqual,
        };
        let right = self.value()?;
        Ok(Node::Compare(left, comparison, right))
    }

    fn value(&mut self) -> Result<Term, String> {
        if matches!(
            self.tokens,
            [
                _,
                Token {
                    kind: Kind::Open,
                    ..
                },
                ..
            ]
        ) {
            return Ok(Term::Call(self.call()?));
        }
        let value = match self.tokens.first().map(|token| &token.kind) {
            Some(Kind::Quoted(text)) => Value::Word(text.clone()),
            Some(Kind::Word(word)) if word == "none" => Value::None,
            Some(Kind::Word(word)) => match word.parse() {
                Ok(number) => Value::Number(number),
                Err(_) => Value::Word(word.clone()),
            },
            Some(_) => return Err(wrong(&self.tokens[0], "a number, a word or a fact")),
            None => {
                return Err("something is missing at the end: a number, a word or a fact.".into());
            }
        };
        self.tokens = &self.tokens[1..];
        Ok(Term::Value(value))
    }

    fn call(&mut self) -> Result<Call, String> {
        let name = self.any_word("a fact such as lag(project)")?;
        let function = Function::named(&name)?;
        self.expect(Kind::Open, "(")?;
        let mut arguments = Vec::new();
        while !self.take(&Kind::Close) {
            if !arguments.is_empty() {
                self.expect(Kind::Comma, ", or )")?;
            }
            arguments.push(match self.tokens.first() {
                Some(Token {
                    kind: Kind::Word(text) | Kind::Quoted(text),
                    ..
                }) => text.clone(),
                Some(token) => return Err(wrong(token, "a name")),
                None => return Err(format!("the parenthesis of {name}( is not closed.")),
            });
            self.tokens = &self.tokens[1..];
        }
        Call::new(function, arguments)
    }

    fn word(&mut self, word: &str) -> bool {
        let is_there = matches!(self.tokens.first(), Some(Token { kind: Kind::Word(found), .. }) if found == word);
        if is_there {
            self.tokens = &self.tokens[1..];
        }
        is_there
    }

    fn take(&mut self, kind: &Kind) -> bool {
        let is_there = self.tokens.first().is_some_and(|token| token.kind == *kind);
        if is_there {
            self.tokens = &self.tokens[1..];
        }
        is_there
    }

    fn expect(&mut self, kind: Kind, allowed: &str) -> Result<(), String> {
        match (self.take(&kind), self.tokens.first()) {
            (true, _) => Ok(()),
            (false, Some(token)) => Err(wrong(token, allowed)),
            (false, None) => Err(format!("something is missing at the end: {allowed}.")),
        }
    }

    fn any_word(&mut self, allowed: &str) -> Result<String, String> {
        match self.tokens.first() {
            Some(Token {
                kind: Kind::Word(word),
                ..
            }) => {
                self.tokens = &self.tokens[1..];
                Ok(word.clone())
            }
            Some(token) => Err(wrong(token, allowed)),
            None => Err(format!("something is missing at the end: {allowed}.")),
        }
    }
}

fn wrong(token: &Token, allowed: &str) -> String {
    format!(
        "\"{}\" at column {} is not allowed here. Allowed: {allowed}.",
        token.kind.show(),
        token.at + 1
    )
}

/// In bytes.
const LENGTH_MAX: usize = 400;
const DEPTH_MAX: usize = 12;
