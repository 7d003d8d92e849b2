//! Kafka's words and what they mean.

use ottla_lab::lesson::{self, Term};
use ottla_lab::sorted::Map;

/// All words, in the order of their names.
pub(crate) fn terms() -> Vec<Term> {
    let mut terms = lesson::glossary();
    terms.sort_by_key(|term| term.name.to_lowercase());
    terms
}

/// What a word means, in Markdown, whichever of its forms it is.
pub(crate) fn meaning(word: &str) -> Option<String> {
    BY_FORM.with(|by_form| by_form.get(&word.to_lowercase()).cloned())
}

thread_local! {
    static BY_FORM: Map<String, String> = by_form();
}

fn by_form() -> Map<String, String> {
    let forms = |term: &Term| {
        let names = std::iter::once(&term.name).chain(&term.forms);
        names.map(|form| form.to_lowercase()).collect::<Vec<_>>()
    };
    let terms = lesson::glossary();
    terms
        .iter()
        .flat_map(|term| {
            forms(term)
                .into_iter()
                .map(|form| (form, term.meaning.clone()))
        })
        .collect()
}
