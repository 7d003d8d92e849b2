//! A small language of statements about a world, which the engine decides: `owner(project, orders-1) = worker-4 and lag(project) = 0`.
//!
//! ```text
//! statement = both { "or" both }
//! both      = one { "and" one }
//! one       = "not" one | "at" span "(" statement ")" | "(" statement ")" | comparison
//! comparison= fact [ ("=" | "!=" | "<" | "<=" | ">" | ">=") value ]      a fact alone: it is true, or more than 0
//! value     = fact | number | "word in quotes" | word | "none"
//! fact      = name "(" [ argument { "," argument } ] ")"
//! ```
//!
//! A fact that there is not (the owner of a partition that nobody has) is `none`: it equals nothing else and is neither less nor more.

mod facts;
mod functions;
mod parse;
mod records;
mod shown;
#[cfg(test)]
mod tests;
mod tokens;
mod work;

use ottla_core::Instant;
use ottla_core::sorted::Set;

use crate::World;
use crate::narration::told::span;
use facts::{Facts, Value};
use functions::Call;
pub use functions::{FUNCTIONS, Function};

/// A statement about a world.
#[derive(Debug, Clone, PartialEq)]
pub struct Predicate {
    text: String,
    root: Node,
}

#[derive(Debug, Clone, PartialEq)]
enum Node {
    Or(Box<Node>, Box<Node>),
    And(Box<Node>, Box<Node>),
    Not(Box<Node>),
    /// As it was at another moment.
    At(Instant, Box<Node>),
    Holds(Term),
    Compare(Term, Comparison, Term),
}

#[derive(Debug, Clone, PartialEq)]
enum Term {
    Call(Call),
    Value(Value),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
}

impl Predicate {
    /// Whether it holds in this world, at this moment.
    pub fn holds(&self, world: &World) -> bool {
        let facts = Facts::of(world);
        self.root.holds(&|_| None, &facts)
    }

    /// Whether each of them holds: what they share is looked up once.
    pub(crate) fn all_hold<'a>(
        predicates: impl IntoIterator<Item = &'a Predicate>,
        world: &World,
    ) -> Vec<bool> {
        let facts = Facts::of(world);
        let each = predicates.into_iter();
        each.map(|predicate| predicate.root.holds(&|_| None, &facts))
            .collect()
    }

    /// The moments that it speaks of (`at 12s (...)`).
    pub fn moments(&self) -> Set<Instant> {
        let mut moments = Set::new();
        self.root.moments(&mut moments);
        moments
    }

    /// Whether it holds, given the worlds of the moments that it speaks of.
    pub(super) fn holds_over(&self, world: &World, past: &[(Instant, World)]) -> bool {
        let facts = Facts::of(world);
        let past: Vec<(Instant, Facts<'_>)> = past
            .iter()
            .map(|(at, world)| (*at, Facts::of(world)))
            .collect();
        let lookup = |at: Instant| {
            past.iter()
                .find(|(moment, _)| *moment == at)
                .map(|(_, facts)| facts)
        };
        self.root.holds(&lookup, &facts)
    }

    /// What the scene has shown of that of which it speaks, in sentences; given the worlds of the moments that it speaks of.
    pub(super) fn shown_over(&self, world: &World, past: &[(Instant, World)]) -> Vec<String> {
        let mut calls = Vec::new();
        self.root.calls(None, &mut calls);
        let sentence = |(at, call): (Option<Instant>, &Call)| {
            let then = at.and_then(|at| past.iter().find(|(moment, _)| *moment == at));
            let facts = Facts::of(then.map_or(world, |(_, world)| world));
            let sentence = shown::sentence(call, &facts.value(call));
            match at {
                Some(at) => format!("At {}: {sentence}", span(at.0 / 1000)),
                None => sentence,
            }
        };
        let mut sentences: Vec<String> = Vec::new();
        for sentence in calls.into_iter().map(sentence) {
            if !sentences.contains(&sentence) {
                sentences.push(sentence);
            }
        }
        sentences
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl Node {
    fn holds<'f, 'w: 'f>(
        &self,
        past: &dyn Fn(Instant) -> Option<&'f Facts<'w>>,
        now: &Facts<'w>,
    ) -> bool {
        match self {
            Self::Or(left, right) => left.holds(past, now) || right.holds(past, now),
            Self::And(left, right) => left.holds(past, now) && right.holds(past, now),
            Self::Not(inner) => !inner.holds(past, now),
            Self::At(at, inner) => past(*at).is_some_and(|then| inner.holds(past, then)),
            Self::Holds(term) => matches!(term.value(now), Value::Number(number) if number > 0),
            Self::Compare(left, comparison, right) => {
                comparison.holds(&left.value(now), &right.value(now))
            }
        }
    }

    /// The facts that it asks for, and of which moment.
    fn calls<'n>(&'n self, at: Option<Instant>, found: &mut Vec<(Option<Instant>, &'n Call)>) {
        let mut term = |term: &'n Term| {
            if let Term::Call(call) = term {
                found.push((at, call));
            }
        };
        match self {
            Self::Holds(one) => term(one),
            Self::Compare(left, _, right) => {
                term(left);
                term(right);
            }
            Self::Or(left, right) | Self::And(left, right) => {
                left.calls(at, found);
                right.calls(at, found);
            }
            Self::Not(inner) => inner.calls(at, found),
            Self::At(moment, inner) => inner.calls(Some(*moment), found),
        }
    }

    fn moments(&self, found: &mut Set<Instant>) {
        match self {
            Self::Or(left, right) | Self::And(left, right) => {
                left.moments(found);
                right.moments(found);
            }
            Self::Not(inner) => inner.moments(found),
            Self::At(at, inner) => {
                found.insert(*at);
                inner.moments(found);
            }
            Self::Holds(_) | Self::Compare(..) => {}
        }
    }
}

impl Term {
    fn value(&self, facts: &Facts<'_>) -> Value {
        match self {
            Self::Value(value) => value.clone(),
            Self::Call(call) => facts.value(call),
        }
    }
}

impl Comparison {
    fn holds(self, left: &Value, right: &Value) -> bool {
        use Value::Number;
        match (self, left, right) {
            (Self::Equal, _, _) => left == right,
            (Self::Unequal, _, _) => left != right,
            (Self::Less, Number(left), Number(right)) => left < right,
            (Self::LessOrEqual, Number(left), Number(right)) => left <= right,
            (Self::More, Number(left), Number(right)) => left > right,
            (Self::MoreOrEqual, Number(left), Number(right)) => left >= right,
            (_, _, _) => false,
        }
    }
}
