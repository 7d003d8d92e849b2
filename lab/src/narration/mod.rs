//! What happened, in sentences.

use ottla_core::Instant;

/// Something that happened, told to a person.
#[derive(Debug, Clone, PartialEq)]
pub struct Sentence {
    /// When.
    pub at: Instant,
    /// What it weighs.
    pub tone: Tone,
    /// The text, in parts.
    pub parts: Vec<Part>,
}

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Plain.
    Text(String),
    /// To be stressed: names, keys, offsets.
    Strong(String),
}

/// What a sentence weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// A person did it.
    Action,
    /// It went on as it should.
    Plain,
    /// Something worth a look: a rebalance, a new generation.
    Turn,
    /// Something died, was refused or lost.
    Loss,
}
