use super::inline::{Target, plain};
use super::*;

#[test]
fn a_text_is_read_into_blocks() {
    let text = "## The log\n\nA **topic** is\na log.\n\n- one\n  and more\n- *two*\n\n1. first\n2. second\n\n> quoted\n> twice\n\n```js\nlet x = '<b>';\n\n```\n| a | b |\n|---|---|\n| 1 | 2 |\nend";
    let strong = |text: &str| Span::Strong(spans(text));
    assert_eq!(
        blocks(text),
        [
            Block::Heading(2, spans("The log")),
            Block::Paragraph(vec![
                Span::Text("A ".into()),
                strong("topic"),
                Span::Text(" is a log.".into())
            ]),
            Block::List {
                is_ordered: false,
                items: vec![spans("one and more"), vec![Span::Emphasis(spans("two"))]]
            },
            Block::List {
                is_ordered: true,
                items: vec![spans("first"), spans("second")]
            },
            Block::Quote(spans("quoted twice")),
            Block::Code {
                language: "js".into(),
                text: "let x = '<b>';\n".into()
            },
            Block::Table(vec![
                vec![spans("a"), spans("b")],
                vec![spans("1"), spans("2")]
            ]),
            Block::Paragraph(spans("end")),
        ]
    );
}

#[test]
fn html_is_letters_like_all_others() {
    let script = "<script>alert(1)</script><img src=x onerror=alert(1)> &amp;";
    assert_eq!(
        blocks(script),
        [Block::Paragraph(vec![Span::Text(script.into())])]
    );
}

#[test]
fn only_pages_and_moments_are_linked_to() {
    for address in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "http://plain.example",
        "//elsewhere.example",
        " https://space.example",
        "vbscript:x",
        "javascript:alert(1).md",
    ] {
        let line = format!("[click]({address})");
        let has_link = spans(&line)
            .iter()
            .any(|span| matches!(span, Span::Link { .. }));
        assert!(!has_link, "{line}");
        assert_eq!(plain(&spans(&line)), line, "and the text is all there");
    }
    let to = |line: &str| match &spans(line)[0] {
        Span::Link { to, .. } => to.clone(),
        other => panic!("{other:?} is no link"),
    };
    assert_eq!(
        to("[a](#/lesson/1-a-log)"),
        Target::Here("#/lesson/1-a-log".into())
    );
    assert_eq!(
        to("[a](https://kafka.apache.org)"),
        Target::Away("https://kafka.apache.org".into())
    );
    assert_eq!(
        to("[next](19-two-groups.md)"),
        Target::Here("#/lesson/19-two-groups".into())
    );
    assert_eq!(
        to("[show me](at:6s)"),
        Target::Moment(ottla_lab::Instant(6_000_000))
    );
}

#[test]
fn signs_without_their_other_half_are_letters() {
    for line in [
        "2 * 3 * 4",
        "a ** b",
        "`",
        "``",
        "[",
        "[a](",
        "[a]()",
        "**",
        "*",
        "a_b_c",
        "hash % 3",
    ] {
        assert_eq!(spans(line), [Span::Text(line.into())], "{line}");
    }
    assert_eq!(
        spans(r"\*not\* \`code\`"),
        [Span::Text("*not* `code`".into())]
    );
}

#[test]
fn deep_and_long_texts_end() {
    let deep = "**a *b [c](#/x) ".repeat(20_000);
    assert!(!spans(&deep).is_empty());
    assert!(!blocks(&"> ".repeat(100_000)).is_empty());
    assert!(!blocks(&"```\n".repeat(10_001)).is_empty());
}
