//! The usage of a tool: joptsimple's table of two columns, 80 characters wide.

use super::wrap::pieces;
use super::{Argument, Declaration};

/// All options in the order of their names, and what they are for. Every line is padded with spaces.
pub(super) fn table(declared: &[Declaration]) -> String {
    let mut sorted: Vec<&Declaration> = declared.iter().collect();
    sorted.sort_by_key(|option| option.name);
    let mut rows = vec![row("Option", "Description"), row("------", "-----------")];
    rows.extend(
        sorted
            .into_iter()
            .map(|option| (left(option), right(option))),
    );

    let fitted = fit(&rows);
    let (left_width, right_width) = widths(&fitted);
    let line = |(left, right): &(String, String)| {
        let (left_gap, right_gap) = (left_width - width(left), right_width - width(right));
        format!(
            "{left}{:left_gap$}{:SEPARATOR$}{right}{:right_gap$}\n",
            "", "", ""
        )
    };
    fitted.iter().map(line).collect()
}

/// The rows, cut into lines so that they fit.
fn fit(rows: &[(String, String)]) -> Vec<(String, String)> {
    let (left_width, right_width) = widths(rows);
    let mut fitted = Vec::new();
    for (left, right) in rows {
        let (left, right) = (pieces(left, left_width), pieces(right, right_width));
        for line in 0..left.len().max(right.len()) {
            let piece = |column: &[String]| column.get(line).cloned().unwrap_or_default();
            fitted.push((piece(&left), piece(&right)));
        }
    }
    fitted
}

/// How wide the columns are: as wide as they need to be, within the whole.
fn widths(rows: &[(String, String)]) -> (usize, usize) {
    let widest_left = rows.iter().map(|(left, _)| width(left)).max();
    let widest_right = rows.iter().map(|(_, right)| width(right)).max();
    let left = widest_left.unwrap_or(0).min((WIDTH - SEPARATOR) / 2);
    let right = widest_right.unwrap_or(0).min(WIDTH - SEPARATOR - left);
    (left, right)
}

fn left(option: &Declaration) -> String {
    let name = option.name;
    let (open, close, kind, described_as) = match option.argument {
        Argument::None => return format!("--{name}"),
        Argument::Required { kind, described_as } => ('<', '>', kind, described_as),
        Argument::Optional { kind, described_as } => ('[', ']', kind, described_as),
    };
    match described_as {
        "" => format!("--{name} {open}{kind}{close}"),
        _ => format!("--{name} {open}{kind}: {described_as}{close}"),
    }
}

fn right(option: &Declaration) -> String {
    match option.default {
        None => option.description.to_owned(),
        Some(default) => format!("{} (default: {default})", option.description),
    }
}

fn row(left: &str, right: &str) -> (String, String) {
    (left.to_owned(), right.to_owned())
}

fn width(text: &str) -> usize {
    text.chars().count()
}

const WIDTH: usize = 80;
const SEPARATOR: usize = 2;
