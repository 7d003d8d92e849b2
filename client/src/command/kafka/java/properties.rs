//! Java's `.properties` files, and properties on a command line.

use ottla_core::sorted::Map;

/// Properties by name.
pub(crate) type Properties = Map<String, String>;

/// Reads a file: `key=value`, `key:value` or `key value` a line; `#` and `!` begin comments; a backslash escapes, and continues a line at its
/// end. What comes later replaces what came before.
pub(crate) fn parse_properties(text: &str) -> Properties {
    logical_lines(text).map(|line| parse_line(&line)).collect()
}

/// Reads `key=value` arguments; without a value it is empty.
pub(crate) fn parse_key_values<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Properties {
    let pairs = arguments
        .into_iter()
        .map(|argument| match argument.split_once('=') {
            Some((key, value)) => (key.to_owned(), value.to_owned()),
            None => (argument.to_owned(), String::new()),
        });
    pairs.collect()
}

/// The lines that are no comments, with what continues them.
fn logical_lines(text: &str) -> impl Iterator<Item = String> {
    let mut lines = text.split(['\n', '\r']);
    std::iter::from_fn(move || {
        let is_property = |line: &&str| {
            !line.trim_start().is_empty() && !line.trim_start().starts_with(['#', '!'])
        };
        let mut logical = lines.find(is_property)?.trim_start().to_owned();
        while ends_in_escape(&logical) {
            logical.pop();
            let Some(next) = lines.find(|line| !line.is_empty()) else {
                break;
            };
            logical.push_str(next.trim_start());
        }
        Some(logical)
    })
}

/// An odd number of backslashes at the end.
fn ends_in_escape(line: &str) -> bool {
    line.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
}

fn parse_line(line: &str) -> (String, String) {
    let mut is_escaped = false;
    let end = line.find(|character: char| {
        let ends = !is_escaped && (matches!(character, '=' | ':') || is_blank(character));
        is_escaped = !is_escaped && character == '\\';
        ends
    });
    let Some(end) = end else {
        return (unescape(line), String::new());
    };
    let (key, rest) = line.split_at(end);
    let rest = rest.trim_start_matches(is_blank);
    let rest = rest.strip_prefix(['=', ':']).unwrap_or(rest);
    (unescape(key), unescape(rest.trim_start_matches(is_blank)))
}

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\x0c')
}

fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            plain.push(character);
            continue;
        }
        match characters.next() {
            Some('t') => plain.push('\t'),
            Some('n') => plain.push('\n'),
            Some('r') => plain.push('\r'),
            Some('f') => plain.push('\x0c'),
            Some('u') => {
                let digits: String = characters.by_ref().take(4).collect();
                let unit = u32::from_str_radix(&digits, 16).ok();
                plain.push(
                    unit.and_then(char::from_u32)
                        .unwrap_or(char::REPLACEMENT_CHARACTER),
                );
            }
            Some(other) => plain.push(other),
            None => {}
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_as_java_reads_it() {
        let text = "# a comment\n! another\r\n\n  acks = all\nclient.id:me too \nlinger.ms 5\nlist=a,\\\n   b\nkey\\ with\\=signs=x\nlone\ntab=\\t\\u00e9\\\\\nacks=1\n";
        let properties = parse_properties(text);
        let expected = [
            ("acks", "1"),
            ("client.id", "me too "),
            ("key with=signs", "x"),
            ("linger.ms", "5"),
            ("list", "a,b"),
            ("lone", ""),
            ("tab", "\té\\"),
        ];
        let expected = expected.map(|(key, value)| (key.to_owned(), value.to_owned()));
        assert_eq!(properties, Properties::from(expected));
    }

    #[test]
    fn an_argument_is_cut_at_its_first_sign() {
        let read = parse_key_values(["a=b=c", "d", "e="]);
        let expected = [("a", "b=c"), ("d", ""), ("e", "")];
        assert_eq!(
            read,
            Properties::from(expected.map(|(key, value)| (key.to_owned(), value.to_owned())))
        );
    }
}
