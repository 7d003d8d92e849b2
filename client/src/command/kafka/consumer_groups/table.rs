//! Columns as `String.format("%-15s ...")` lays them out.

use crate::command::kafka::java::{length, pad};

/// What stands where there is nothing to say.
pub(super) const MISSING: &str = "-";

/// Rows of one table. A column is as wide as its least width and its widest cell; the last one is not padded.
#[derive(Debug)]
pub(super) struct Table {
    widths: Vec<usize>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// The columns: a title each, and how wide it is at least; 0 is not padded at all.
    pub(super) fn new(columns: &[(&str, usize)]) -> Self {
        Self {
            widths: columns.iter().map(|(_, width)| *width).collect(),
            rows: vec![
                columns
                    .iter()
                    .map(|(title, _)| (*title).to_owned())
                    .collect(),
            ],
        }
    }

    /// Another row, with a cell for each column.
    pub(super) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// Makes these columns as wide as their cells. The others stay as they are, and longer cells push the rest to the right, as in Kafka's.
    pub(super) fn fit(&mut self, columns: &[usize]) {
        for &column in columns {
            let widest = self
                .rows
                .iter()
                .skip(1)
                .map(|row| length(&row[column]))
                .max();
            self.widths[column] = self.widths[column].max(widest.unwrap_or(0));
        }
    }

    /// Makes a column wider still.
    pub(super) fn widen(&mut self, column: usize, by: usize) {
        self.widths[column] += by;
    }

    /// The lines, without ends.
    pub(super) fn lines(&self) -> impl Iterator<Item = String> {
        self.rows.iter().map(|row| {
            let cells = row.iter().zip(&self.widths);
            let cells: Vec<String> = cells.map(|(cell, width)| pad(cell, *width)).collect();
            cells.join(" ")
        })
    }
}

/// A cell that may be missing.
pub(super) fn cell<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| MISSING.to_owned(), |value| value.to_string())
}
