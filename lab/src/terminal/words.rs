//! A line becomes words, as a shell splits it.

/// # Errors
/// A quote that is not closed, or something that only a real shell does; a sentence for people.
pub(super) fn split(line: &str) -> Result<Vec<String>, String> {
    let line = line.trim();
    // A prompt that was copied along.
    let line = line.strip_prefix("$ ").unwrap_or(line);
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\'' | '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next() {
                        Some(end) if end == c => break,
                        Some('\\') if c == '"' => match chars.next() {
                            Some('\n') => {}
                            Some(escaped @ ('"' | '\\' | '$' | '`')) => word.push(escaped),
                            Some(other) => word.extend(['\\', other]),
                            None => return Err(format!("this quote is not closed: {c}")),
                        },
                        Some(inside) => word.push(inside),
                        None => return Err(format!("this quote is not closed: {c}")),
                    }
                }
            }
            '\\' => match chars.next() {
                Some('\n') | None => {}
                Some(escaped) => word.get_or_insert_default().push(escaped),
            },
            c if c.is_whitespace() => words.extend(word.take()),
            '#' if word.is_none() => break,
            '|' | '>' | '<' | ';' | '&' => {
                return Err(format!(
                    "`{c}` is not known here: one command at a time, without pipes and files; put quotes around it if it is meant as text"
                ));
            }
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_as_in_a_shell() {
        for (line, expected) in [
            ("kafka-topics --list", vec!["kafka-topics", "--list"]),
            ("  $ a   b\t c ", vec!["a", "b", "c"]),
            (
                "a 'b c' \"d \\\" e\" f\\ g",
                vec!["a", "b c", "d \" e", "f g"],
            ),
            (
                "a --property key.separator=':' x''y",
                vec!["a", "--property", "key.separator=:", "xy"],
            ),
            ("a \\\n  b # the rest", vec!["a", "b"]),
            ("a '' \"\\n\"", vec!["a", "", "\\n"]),
            ("'a|b' c\\;", vec!["a|b", "c;"]),
            ("", vec![]),
        ] {
            assert_eq!(split(line).unwrap(), expected, "{line}");
        }
    }

    #[test]
    fn what_only_a_real_shell_does_is_refused() {
        assert_eq!(split("a 'b").unwrap_err(), "this quote is not closed: '");
        assert!(
            split("echo a | kafka-console-producer")
                .unwrap_err()
                .starts_with("`|` is not known here")
        );
    }
}
