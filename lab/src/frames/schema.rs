//! What Kafka's messages are made of: `schema.txt`, read when it is asked.

/// What a message is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Message {
    /// Whether it has compact lengths and tagged fields.
    pub(super) is_flexible: bool,
    pub(super) nodes: Vec<Node>,
}

/// A field of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) is_array: bool,
    pub(super) tag: Option<u32>,
    pub(super) nodes: Vec<Node>,
}

/// Types of fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Bool,
    Int8,
    Int16,
    Uint16,
    Int32,
    Int64,
    Uuid,
    String,
    Bytes,
    Records,
    Struct,
    NullableStruct,
}

/// Which half of a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    Request,
    Response,
}

/// The message with this API key, or with this name of ours; `None`: it is not known, or not in this version.
pub(super) fn message(key: &str, version: i16, half: Half) -> Option<Message> {
    let section = section(key)?;
    let (head, body) = section.split_once('\n')?;
    let mut words = head.split(' ').skip(2);
    let (first, last) = words.next()?.split_once('-')?;
    let is_known = (first.parse().ok()?..=last.parse().ok()?).contains(&version);
    let flexible_from: Option<i16> = words.nth(1).and_then(|from| from.parse().ok());
    let (request, response) = body.split_once(" response\n").unwrap_or((body, ""));
    let mut lines = match half {
        Half::Request => request.strip_prefix(" request\n")?,
        Half::Response => response,
    }
    .lines()
    .peekable();
    is_known.then(|| Message {
        is_flexible: flexible_from.is_some_and(|from| version >= from),
        nodes: nodes(&mut lines, 2, version),
    })
}

/// What is said of a message: its first line, and those below it.
fn section(key: &str) -> Option<&'static str> {
    let start = SCHEMA.find(&format!("\n{key} "))? + 1;
    let section = &SCHEMA[start..];
    // The next one begins with the next line that is not indented.
    let mut line_starts = section.match_indices('\n').map(|(end, _)| end + 1);
    let end = line_starts.find(|start| !section[*start..].starts_with(' '));
    Some(&section[..end.unwrap_or(section.len())])
}

/// The fields that are indented so far, of those that the version has.
fn nodes(
    lines: &mut std::iter::Peekable<std::str::Lines<'static>>,
    indent: usize,
    version: i16,
) -> Vec<Node> {
    let mut found = Vec::new();
    while let Some(line) = lines.next_if(|line| indent_of(line) == indent) {
        let mut words = line.split_whitespace();
        let name = words.next().expect("a field has a name");
        let kind = words.next().expect("a field has a type");
        let (mut is_here, mut tag) = (true, None);
        for word in words {
            match word.strip_prefix("tag=") {
                Some(number) => tag = number.parse().ok(),
                None => is_here = has(word, version),
            }
        }
        let (is_array, kind) = kind
            .strip_prefix("[]")
            .map_or((false, kind), |of| (true, of));
        let node = Node {
            name,
            kind: kind_of(kind),
            is_array,
            tag,
            nodes: nodes(lines, indent + 1, version),
        };
        if is_here {
            found.push(node);
        }
    }
    found
}

fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// Whether `3+` or `0-12` holds a version.
fn has(versions: &str, version: i16) -> bool {
    let number = |text: &str| text.parse::<i16>().expect("a version");
    match versions.split_once('-') {
        Some((first, last)) => (number(first)..=number(last)).contains(&version),
        None => version >= number(versions.trim_end_matches('+')),
    }
}

fn kind_of(word: &str) -> Kind {
    match word {
        "bool" => Kind::Bool,
        "int8" => Kind::Int8,
        "int16" => Kind::Int16,
        "uint16" => Kind::Uint16,
        "int32" => Kind::Int32,
        "int64" => Kind::Int64,
        "uuid" => Kind::Uuid,
        "string" => Kind::String,
        "bytes" => Kind::Bytes,
        "records" => Kind::Records,
        "struct?" => Kind::NullableStruct,
        "" | "struct" => Kind::Struct,
        _ => unreachable!("no type: {word}"),
    }
}

const SCHEMA: &str = include_str!("schema.txt");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_schema_is_read_in_every_version() {
        let heads = SCHEMA.lines().filter(|line| !line.starts_with([' ', '#']));
        let mut lines_count = 0;
        for head in heads {
            let words: Vec<&str> = head.split(' ').collect();
            let (first, last) = words[2].split_once('-').expect("versions");
            let mut most = 0;
            for version in first.parse().expect("first")..=last.parse().expect("last") {
                let halves = [Half::Request, Half::Response];
                let read = halves.map(|half| message(words[0], version, half).expect(head));
                most = most.max(read.iter().map(|message| count(&message.nodes)).sum());
            }
            lines_count += most;
            assert_eq!(message(words[0], 99, Half::Request), None);
        }
        assert!(lines_count > 500, "{lines_count}");
    }

    fn count(nodes: &[Node]) -> usize {
        let inner: usize = nodes.iter().map(|node| count(&node.nodes)).sum();
        nodes.len() + inner
    }

    #[test]
    fn a_version_has_the_fields_that_it_has() {
        let names = |version| {
            let message = message("12", version, Half::Request).expect("a heartbeat");
            let names = message.nodes.iter().map(|node| node.name);
            (message.is_flexible, names.collect::<Vec<_>>().join(" "))
        };
        assert_eq!(names(0), (false, "group_id generation_id member_id".into()));
        let with_instance = "group_id generation_id member_id group_instance_id";
        assert_eq!(names(3), (false, with_instance.into()));
        assert_eq!(names(4), (true, with_instance.into()));
    }
}
