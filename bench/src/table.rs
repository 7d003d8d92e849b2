//! Figures of all brokers and rounds, and how they are shown.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::measure::{Figure, Unit};

/// One column a broker, one row a label; a cell holds one value a round.
pub struct Table {
    brokers: Vec<String>,
    rows: Vec<Row>,
}

struct Row {
    label: String,
    unit: Unit,
    /// By broker.
    values: Vec<Vec<f64>>,
}

impl Table {
    pub fn new(brokers: Vec<String>) -> Table {
        Table {
            brokers,
            rows: Vec::new(),
        }
    }

    /// Rows stand in the order in which their first figures came.
    pub fn add(&mut self, broker: usize, figure: Figure) {
        let at = self
            .rows
            .iter()
            .position(|row| row.label == figure.label)
            .unwrap_or_else(|| {
                let values = vec![Vec::new(); self.brokers.len()];
                self.rows.push(Row {
                    label: figure.label,
                    unit: figure.unit,
                    values,
                });
                self.rows.len() - 1
            });
        self.rows[at].values[broker].push(figure.value);
    }

    /// Whether nothing was measured.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Medians; behind each its ratio to the first column's.
    pub fn markdown(&self) -> String {
        let mut text = format!(
            "| | {} |\n|---|{}\n",
            self.brokers.join(" | "),
            "---|".repeat(self.brokers.len())
        );
        for row in &self.rows {
            let _ = write!(text, "| {} |", row.label);
            let first = row.values.first().and_then(|values| median(values));
            for (broker, values) in row.values.iter().enumerate() {
                let cell = match (median(values), first) {
                    (None, _) => String::new(),
                    (Some(value), Some(first)) if broker > 0 && first > 0.0 => {
                        format!("{} ({}×)", shown(value, row.unit), ratio(value / first))
                    }
                    (Some(value), _) => shown(value, row.unit),
                };
                let _ = write!(text, " {cell} |");
            }
            text.push('\n');
        }
        text
    }

    /// All values of all rounds.
    pub fn json(&self) -> Vec<Value> {
        let rows = self.rows.iter().map(|row| {
            let brokers = self.brokers.iter().zip(&row.values);
            let brokers = brokers.map(|(broker, values)| (broker.clone(), json!({ "median": median(values), "rounds": values })));
            json!({ "measure": row.label, "unit": name(row.unit), "brokers": serde_json::Map::from_iter(brokers) })
        });
        rows.collect()
    }
}

fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 {
        Some(sorted[middle])
    } else {
        Some((sorted.get(middle.checked_sub(1)?)? + sorted[middle]) / 2.0)
    }
}

fn shown(value: f64, unit: Unit) -> String {
    match unit {
        Unit::CpuSeconds => format!("{value:.3} s/M"),
        Unit::RecordsPerSecond if value >= 1e6 => format!("{:.2} M/s", value / 1e6),
        Unit::RecordsPerSecond => format!("{:.0} k/s", value / 1e3),
        Unit::Milliseconds if value >= 1000.0 => format!("{:.2} s", value / 1000.0),
        Unit::Milliseconds => format!("{value:.1} ms"),
        Unit::Microseconds => format!("{value:.1} µs"),
        Unit::Megabytes => format!("{value:.1} MB"),
        Unit::Percent => format!("{value:.1} %"),
    }
}

fn ratio(ratio: f64) -> String {
    if ratio >= 10.0 {
        format!("{ratio:.0}")
    } else {
        format!("{ratio:.2}")
    }
}

fn name(unit: Unit) -> &'static str {
    match unit {
        Unit::CpuSeconds => "CPU seconds per million records",
        Unit::RecordsPerSecond => "records per second",
        Unit::Milliseconds => "milliseconds",
        Unit::Microseconds => "microseconds",
        Unit::Megabytes => "megabytes",
        Unit::Percent => "percent of a core",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_shows_the_median_and_its_ratio_to_the_first_column() {
        let mut table = Table::new(vec!["Ottla".to_owned(), "other".to_owned()]);
        for (broker, value) in [(0, 1.0), (0, 5.0), (0, 2.0), (1, 7.0), (1, 5.0)] {
            table.add(broker, Figure::new("latency", Unit::Microseconds, value));
        }
        table.add(0, Figure::new("alone", Unit::Megabytes, 8.0));
        assert_eq!(
            table.markdown(),
            "| | Ottla | other |\n|---|---|---|\n| latency | 2.0 µs | 6.0 µs (3.00×) |\n| alone | 8.0 MB |  |\n"
        );
    }
}
