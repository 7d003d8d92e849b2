//! Aligned columns.

/// Whether a command may colour its output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) colours: bool,
}

/// What a text says about the thing that it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mood {
    Plain,
    /// A heading.
    Quiet,
    /// All is well.
    Good,
    /// Worth a look.
    Odd,
    /// Broken.
    Bad,
}

impl Look {
    pub(super) fn paint(self, mood: Mood, text: &str) -> String {
        let code = match mood {
            _ if !self.colours || text.is_empty() => return text.to_owned(),
            Mood::Plain => return text.to_owned(),
            Mood::Quiet => "2",
            Mood::Good => "32",
            Mood::Odd => "33",
            Mood::Bad => "31",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }
}

/// Rows under headings. Numbers stand to the right, names to the left; a column in which nothing stands is left out.
#[derive(Debug, Clone)]
pub(super) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

#[derive(Debug, Clone)]
struct Column {
    heading: &'static str,
    is_number: bool,
}

/// A text in a table.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    text: String,
    mood: Mood,
}

impl Cell {
    pub(super) fn new(mood: Mood, text: impl ToString) -> Self {
        let text = visible(&text.to_string());
        Self { text, mood }
    }

    /// A value that may be missing: nobody knows it.
    pub(super) fn known<T: ToString>(value: Option<T>) -> Self {
        match value {
            Some(value) => Cell::new(Mood::Plain, value),
            None => Cell::new(Mood::Quiet, "-"),
        }
    }
}

impl<T: ToString> From<T> for Cell {
    fn from(text: T) -> Self {
        Cell::new(Mood::Plain, text)
    }
}

impl Table {
    /// The headings; those of numbers begin with `#`, which is not shown.
    pub(super) fn new(headings: &[&'static str]) -> Self {
        let column = |heading: &&'static str| match heading.strip_prefix('#') {
            Some(heading) => Column {
                heading,
                is_number: true,
            },
            None => Column {
                heading,
                is_number: false,
            },
        };
        Self {
            columns: headings.iter().map(column).collect(),
            rows: Vec::new(),
        }
    }

    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        let cells: Vec<Cell> = cells.into_iter().collect();
        assert_eq!(cells.len(), self.columns.len(), "a cell under each heading");
        self.rows.push(cells);
    }

    /// The table, a line for each row.
    pub(super) fn render(&self, look: Look) -> String {
        let headings = self.columns.iter();
        let headings = headings.map(|column| Cell::new(Mood::Quiet, column.heading));
        let headings: Vec<Cell> = headings.collect();
        let shown: Vec<(usize, usize)> = (0..self.columns.len())
            .filter_map(|index| {
                let cells = self.rows.iter().map(|row| width(&row[index].text));
                let widest = cells.max().filter(|widest| *widest > 0)?;
                Some((index, widest.max(width(&headings[index].text))))
            })
            .collect();
        let mut text = String::new();
        for row in std::iter::once(&headings).chain(&self.rows) {
            let mut line = String::new();
            for (place, (index, wide)) in shown.iter().enumerate() {
                let cell = &row[*index];
                let padding = " ".repeat(wide - width(&cell.text));
                let painted = look.paint(cell.mood, &cell.text);
                let gap = if place > 0 { "  " } else { "" };
                line += gap;
                line += &match self.columns[*index].is_number {
                    true => padding + &painted,
                    false => painted + &padding,
                };
            }
            text += line.trim_end();
            text.push('\n');
        }
        text
    }
}

/// Text from elsewhere, without what would move a terminal's cursor or colour it.
pub(super) fn visible(text: &str) -> String {
    let shown = |letter: char| match letter.is_control() {
        true => letter.escape_default().to_string(),
        false => letter.to_string(),
    };
    text.chars().map(shown).collect()
}

fn width(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_empty_ones_are_left_out() {
        let mut table = Table::new(&["NAME", "RACK", "#COUNT"]);
        table.row(["a".into(), "".into(), Cell::new(Mood::Bad, 1200)]);
        table.row(["longer".into(), "".into(), Cell::known(None::<i32>)]);
        let plain = table.render(Look { colours: false });
        assert_eq!(plain, "NAME    COUNT\na        1200\nlonger      -\n");
        let coloured = table.render(Look { colours: true });
        assert!(
            coloured.contains("a        \x1b[31m1200\x1b[0m\n"),
            "{coloured:?}"
        );
    }
}
