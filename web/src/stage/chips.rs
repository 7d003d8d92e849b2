//! The partitions of a member, in as many chips as there is room for.

use super::cast::{Look, Row};
use super::layout::RowSize;
use super::members::ShortNames;

/// A chip.
pub(super) struct Chip {
    pub(super) text: String,
    pub(super) class: &'static str,
    pub(super) width: f64,
}

/// The chips of a row, from left to right.
pub(super) fn chips(row: &Row, names: &ShortNames, size: RowSize, room: f64) -> Vec<Chip> {
    let class = if row.look.is_lost() { "lost" } else { "owned" };
    let owned = row
        .partitions
        .iter()
        .map(|partition| (names.name(partition), class));
    let believed = row
        .believed
        .iter()
        .map(|partition| (names.name(partition), "believed"));
    let all: Vec<Chip> = owned
        .chain(believed)
        .map(|(text, class)| chip(text, class, size))
        .collect();
    if all.is_empty() {
        let is_spare = matches!(row.look, Look::Idle);
        return if is_spare {
            vec![chip("–".into(), "spare", size)]
        } else {
            Vec::new()
        };
    }
    let total = |chips: &[Chip]| chips.iter().map(|chip| chip.width + 4.0).sum::<f64>();
    if total(&all) <= room {
        return all;
    }
    let count = all.len();
    let mut chips: Vec<Chip> = all;
    while chips.len() > 1 && total(&chips) + more_width(size) > room {
        chips.pop();
    }
    let hidden_count = count - chips.len();
    if hidden_count > 0 && total(&chips) + more_width(size) > room {
        // The member's name is worth more than one partition's.
        return vec![chip(format!("P×{count}"), chips[0].class, size)];
    }
    if hidden_count > 0 {
        chips.push(chip(format!("+{hidden_count}"), "more", size));
    }
    chips
}

fn chip(text: String, class: &'static str, size: RowSize) -> Chip {
    let (letter, pad, least) = match size {
        RowSize::Roomy => (7.4, 18.0, 36.0),
        RowSize::Medium => (6.6, 13.0, 28.0),
        RowSize::Small => (6.2, 10.0, 24.0),
    };
    let width = (text.chars().count() as f64 * letter + pad).max(least);
    Chip { text, class, width }
}

fn more_width(size: RowSize) -> f64 {
    chip("+10".into(), "more", size).width + 4.0
}
