//! A frame's fields as rows, and which of them a byte belongs to.

use std::ops::Range;

use ottla_lab::frames::{Field, Frame};

/// A field in its row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct FieldRow {
    pub(super) depth: usize,
    pub(super) name: String,
    pub(super) value: String,
    pub(super) bytes: Range<usize>,
    /// What could not be read.
    pub(super) is_unread: bool,
}

/// A frame that is looked at.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Opened {
    pub(super) frame: Frame,
    pub(super) rows: Vec<FieldRow>,
}

impl Opened {
    pub(super) fn new(frame: Frame) -> Self {
        let mut rows = Vec::new();
        flatten(&frame.fields(), 0, &mut rows);
        Self { frame, rows }
    }

    /// The innermost field that a byte belongs to.
    pub(super) fn row_of(&self, byte: usize) -> Option<usize> {
        let rows = self.rows.iter().enumerate();
        let around = rows.filter(|(_, row)| row.bytes.contains(&byte));
        around
            .min_by_key(|(_, row)| (row.bytes.len(), usize::MAX - row.depth))
            .map(|(index, _)| index)
    }
}

fn flatten(fields: &[Field], depth: usize, rows: &mut Vec<FieldRow>) {
    for field in fields {
        rows.push(FieldRow {
            depth,
            name: field.name.clone(),
            value: field.value.clone(),
            bytes: field.bytes.clone(),
            is_unread: field.name == "unread",
        });
        flatten(&field.fields, depth + 1, rows);
    }
}
