//! Where joptsimple ends a line: at the places that Java's `BreakIterator.getLineInstance` names.

/// A text as lines of at most `width` characters, the later ones indented. What cannot be broken stays longer.
pub(super) fn pieces(text: &str, width: usize) -> Vec<String> {
    let lines = text.trim().split('\n');
    lines.flat_map(|line| pieces_of_line(line, width)).collect()
}

fn pieces_of_line(line: &str, width: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    for word in words(line) {
        if piece.chars().count() + word.chars().count() > width {
            pieces.push(piece.trim_end().to_owned());
            piece = format!("{INDENT}{word}");
        } else {
            piece.push_str(&word);
        }
    }
    if !piece.is_empty() {
        pieces.push(piece);
    }
    pieces
}

/// A line cut at every place where it may be broken; spaces belong to the word before them.
fn words(line: &str) -> Vec<String> {
    let characters: Vec<char> = line.chars().collect();
    let mut words = vec![String::new()];
    // In a number, which may be negative and in brackets, and which a word begins with.
    let mut in_number = false;
    let mut is_negative = false;
    // Before the letters of a word, where a quotation mark belongs to what follows it.
    let mut opening = true;
    for (index, &character) in characters.iter().enumerate() {
        let before = index.checked_sub(1).map(|index| characters[index]);
        let may_break = before.is_some_and(|before| breaks_between(before, character));
        let is_quoted = opening && before == Some('"');
        let is_numeric = in_number && begins_a_number(&characters[index..]);
        // A negative number is a word of its own.
        let is_behind_number = is_negative
            && before.is_some_and(|before| before.is_ascii_digit())
            && (character.is_alphabetic() || matches!(character, '<' | '=' | '>' | '/' | '|'));
        if may_break && !is_quoted && !is_numeric || is_behind_number {
            words.push(String::new());
        }
        let word = words.last_mut().expect("there is always one");
        is_negative = (is_negative && !word.is_empty()) || (word.is_empty() && character == '-');
        in_number = match character {
            '0'..='9' | '-' if word.is_empty() => true,
            '0'..='9' | '.' | ',' | '(' | '[' | '{' => in_number,
            _ => false,
        };
        is_negative &= in_number;
        opening = match character {
            '"' => opening || word.is_empty(),
            _ => matches!(character, ' ' | '\t' | '(' | '[' | '{' | '\''),
        };
        word.push(character);
    }
    words
}

fn begins_a_number(text: &[char]) -> bool {
    let mut digits = text.iter().skip_while(|one| matches!(one, '(' | '[' | '{'));
    digits.next().is_some_and(char::is_ascii_digit)
}

/// Whether a line may end behind `before` when `after` follows.
fn breaks_between(before: char, after: char) -> bool {
    match (before, after) {
        ('\t', _) => true,
        (_, ' ' | '\t') => false,
        (' ', _) => true,
        ('(' | '[' | '{' | '$' | '\'', _) | (_, '$' | '\'') => false,
        ('-', _) => after != '-',
        _ if sticks_to_the_word_before(before) => !sticks_to_the_word_before(after),
        _ => matches!(after, '(' | '[' | '{'),
    }
}

fn sticks_to_the_word_before(character: char) -> bool {
    matches!(
        character,
        '!' | '"' | '%' | ')' | ',' | '.' | ':' | ';' | '?' | ']' | '}'
    )
}

const INDENT: &str = "  ";

#[cfg(test)]
mod tests {
    use super::words;

    /// What Java 17 says of the same texts.
    #[test]
    fn lines_break_where_java_breaks_them() {
        let broken = |text: &str| words(text).join("|");
        for expected in [
            "a--|b",
            "a.|b",
            "a.|1",
            "1.2",
            "a. |b",
            "--|create",
            "a-|1",
            "-1",
            "a |-1 |b",
            "k1=v1,|k2",
            "[v1,|v2]",
            "(a)|(b)",
            "'a','b'",
            "a'b",
            "host1:|9091,|host2",
            "...,|H",
            "a$b",
            "(?:|([0-|9]|*)||",
            "foo\"|bar",
            "\"a |b\"",
            "e.|g. |\"test\\.|topic\".",
            "{\"partitions\":|",
            "NUMBER-|NUMBER",
            "'NUMBER-'",
            "'-|NUMBER'",
            "a=b",
            "a/b",
            "<x>",
            "s1.|2,|b",
            "*)|-([0-|9]",
            "*)|-1",
            "x:|-3|>",
            "reset-|offsets.|1",
            "\t|foo.|bar",
            "a\t|b",
        ] {
            // A bar of the text itself stays where it is.
            let text = expected.replace("|", "");
            let expected = expected.trim_end_matches('|');
            assert_eq!(broken(&text).trim_end_matches('|'), expected);
        }
    }
}
