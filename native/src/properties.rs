//! Java's properties format, as far as configuration files use it.

use std::path::Path;

use crate::failure::Failure;

/// The settings of a file: comments (`#`, `!`), `name=value`, `name: value`, a backslash at a line's end goes on in the next.
pub(crate) fn read(path: &Path) -> Result<Vec<(String, String)>, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::new(format!(
            "the configuration file {} cannot be read: {error}",
            path.display()
        ))
        .remedy("check the path given by --config-file")
    })?;
    Ok(parse(&text))
}

/// A setting as it is given on the command line.
pub(crate) fn setting(text: &str) -> Result<(String, String), Failure> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err(Failure::new(format!("--config {text} is no setting"))
            .remedy("write it as --config name=value, for example --config num.partitions=3")),
    }
}

fn parse(text: &str) -> Vec<(String, String)> {
    let mut settings = Vec::new();
    let mut lines = text.lines().map(str::trim_start);
    while let Some(line) = lines.next() {
        if line.is_empty() || line.starts_with(['#', '!']) {
            continue;
        }
        let mut logical = line.to_owned();
        while logical.ends_with('\\') {
            logical.pop();
            logical.push_str(lines.next().unwrap_or_default());
        }
        let (name, value) = logical.split_once(['=', ':']).unwrap_or((&logical, ""));
        settings.push((name.trim().to_owned(), value.trim().to_owned()));
    }
    settings
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_properties_file_is_read_as_java_reads_it() {
        let text = "# a comment\n! another\n\nnum.partitions=3\n  log.retention.hours : 1\nlisteners=PLAINTEXT://:9092,\\\n   CONTROLLER://:9093\nempty=\n";
        let settings = parse(text);
        let expected = [
            ("num.partitions", "3"),
            ("log.retention.hours", "1"),
            ("listeners", "PLAINTEXT://:9092,CONTROLLER://:9093"),
            ("empty", ""),
        ];
        let expected: Vec<_> = expected
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec();
        assert_eq!(settings, expected);
    }
}
