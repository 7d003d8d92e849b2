//! Kafka's words, in plain ones.

use super::library::GLOSSARY;

/// A word of Kafka's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// As Kafka says it.
    pub name: String,
    /// Other forms under which a text may use it: its plural, a synonym.
    pub forms: Vec<String>,
    /// One or two plain sentences, in Markdown.
    pub meaning: String,
}

/// All words, in the order of the file: `- **offset** (offsets): The number of a record ...`.
pub fn glossary() -> Vec<Term> {
    let mut terms: Vec<Term> = Vec::new();
    for line in GLOSSARY.lines() {
        match (line.strip_prefix("- **"), terms.last_mut()) {
            (Some(entry), _) => terms.extend(read(entry)),
            (None, Some(term)) if line.starts_with("  ") => {
                term.meaning.push(' ');
                term.meaning.push_str(line.trim());
            }
            _ => {}
        }
    }
    terms
}

/// The entry for a word or one of its forms, whatever its case.
pub fn term(word: &str) -> Option<Term> {
    let word = word.to_lowercase();
    let is_it = |term: &Term| {
        term.name.to_lowercase() == word
            || term.forms.iter().any(|form| form.to_lowercase() == word)
    };
    glossary().into_iter().find(is_it)
}

fn read(entry: &str) -> Option<Term> {
    let (name, rest) = entry.split_once("**")?;
    let (forms, meaning) = rest.split_once(':')?;
    let forms = forms.trim().trim_start_matches('(').trim_end_matches(')');
    Some(Term {
        name: name.to_owned(),
        forms: forms
            .split(',')
            .map(str::trim)
            .filter(|form| !form.is_empty())
            .map(str::to_owned)
            .collect(),
        meaning: meaning.trim().to_owned(),
    })
}
