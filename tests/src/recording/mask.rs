//! What differs from run to run becomes a placeholder; what only Java says is left out, and what only Ottla says (`ottla: …`).

use super::Outcome;

/// What a run knows of itself.
pub struct Mask<'a> {
    /// The broker's address, `{bootstrap}`.
    pub bootstrap: &'a str,
    /// The folder with the scenario's files, `{dir}`.
    pub directory: &'a str,
}

impl Mask<'_> {
    /// Puts in what the placeholders of a command line stand for.
    pub fn fill(&self, line: &str) -> String {
        line.replace("{bootstrap}", self.bootstrap)
            .replace("{dir}", self.directory)
    }

    /// Lines of output, comparable with those of other runs. A table of the tool's options is `{usage}`, unless it `keeps_usage`.
    pub fn outcome(&self, stdout: &str, stderr: &str, code: i32, keeps_usage: bool) -> Outcome {
        let lines = |text: &str, told: &str| {
            let lines: Vec<&str> = text.lines().collect();
            let kept = without_stack_traces(&lines, told);
            let kept = match keeps_usage {
                true => kept,
                false => without_usage(kept),
            };
            // Exceptions of Kafka's own have no frames.
            let is_extra = |line: &&str| {
                line.starts_with("ottla: ")
                    || line.starts_with(ADVICE)
                    || repeats_what_was_told(&[line], told)
            };
            let kept = kept.into_iter().filter(|line| !is_extra(line));
            kept.map(|line| self.line(line)).collect()
        };
        Outcome {
            stdout: lines(stdout, ""),
            stderr: lines(stderr, stdout),
            code,
        }
    }

    fn line(&self, line: &str) -> String {
        let (host, port) = self.bootstrap.rsplit_once(':').expect("host:port");
        let line = line
            .replace(self.bootstrap, "{bootstrap}")
            .replace(self.directory, "{dir}")
            .replace(&format!("{host}/{host}:{port}"), "{bootstrap}")
            // The order of a small set is another one in every run of Java.
            .replace(
                "[[config], [bootstrap-server]]",
                "[[bootstrap-server], [config]]",
            );
        let line = mask_words(&line);
        let line = mask_number_behind(&line, "tries=");
        let line = mask_number_behind(&line, "} after ");
        mask_topic_id(&line)
    }
}

/// The lines without Java's stack traces: the frames, what leads over to a cause, and the line with the exception's name above them where
/// it repeats a message that was told already, above it or in the text `told`.
fn without_stack_traces<'a>(lines: &[&'a str], told: &str) -> Vec<&'a str> {
    let mut kept: Vec<&str> = Vec::new();
    let mut in_trace = false;
    for line in lines {
        let is_frame = line.starts_with("\tat ") || line.starts_with("\t... ");
        if is_frame && !in_trace && repeats_what_was_told(&kept, told) {
            kept.pop();
        }
        // A trace that was printed as a line ends in an empty one.
        let is_its_end = in_trace && line.is_empty();
        let is_cause = in_trace && line.starts_with("Caused by: ");
        if !is_frame && !is_its_end && !is_cause {
            kept.push(line);
        }
        in_trace = is_frame || is_cause;
    }
    kept
}

/// The lines with a placeholder for the table that follows many a message to its end.
fn without_usage(mut lines: Vec<&str>) -> Vec<&str> {
    let is_rule =
        |line: &&str| line.starts_with("------ ") && line.trim_end().ends_with("-----------");
    if let Some(rule) = lines.iter().position(is_rule)
        && rule > 0
    {
        lines.truncate(rule - 1);
        lines.push("{usage}");
    }
    lines
}

/// Whether the last line is `some.package.NameException: message` and the message stands at the end of the line above, or of one in `told`.
fn repeats_what_was_told(kept: &[&str], told: &str) -> bool {
    let [above @ .., last] = kept else {
        return false;
    };
    let Some((name, message)) = last.split_once(": ") else {
        return false;
    };
    let mut lines = above.last().copied().into_iter().chain(told.lines());
    !name.contains(' ') && name.contains('.') && lines.any(|line| line.ends_with(message))
}

/// Replaces ids and times of day, among runs of letters, digits and hyphens.
fn mask_words(line: &str) -> String {
    let mut masked = String::new();
    let mut word = String::new();
    for character in line.chars().chain(['\n']) {
        if character.is_ascii_alphanumeric() || character == '-' {
            word.push(character);
            continue;
        }
        // An id may follow a name: console-consumer-6ba7b810-9dad-11d1-80b4-00c04fd430c8.
        let (name, id) = word
            .split_at_checked(word.len().saturating_sub(UUID_LENGTH))
            .unwrap_or((&word, ""));
        match () {
            () if is_uuid(id) => masked.extend([name, "{uuid}"]),
            () if is_recent_time(&word) => masked.push_str("{now}"),
            () => masked.push_str(&word),
        }
        word.clear();
        masked.push(character);
    }
    masked.pop();
    masked
}

fn mask_number_behind(line: &str, mark: &str) -> String {
    match line.split_once(mark) {
        Some((before, after)) => {
            let rest = after.trim_start_matches(|one: char| one.is_ascii_digit());
            format!("{before}{mark}{{n}}{rest}")
        }
        None => line.to_owned(),
    }
}

fn is_uuid(word: &str) -> bool {
    let parts: Vec<&str> = word.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    lengths == [8, 4, 4, 4, 12]
        && parts
            .iter()
            .all(|part| part.chars().all(|one| one.is_ascii_hexdigit()))
}

/// Milliseconds since 1970 that lie in this decade and in the next.
fn is_recent_time(word: &str) -> bool {
    word.len() == 13 && word.starts_with(['1', '2']) && word.chars().all(|one| one.is_ascii_digit())
}

fn mask_topic_id(line: &str) -> String {
    const BEFORE: &str = "TopicId: ";
    let Some((before, after)) = line.split_once(BEFORE) else {
        return line.to_owned();
    };
    let rest =
        after.trim_start_matches(|one: char| one.is_alphanumeric() || one == '-' || one == '_');
    match after.len() - rest.len() {
        22 => format!("{before}{BEFORE}{{topic id}}{rest}"),
        _ => line.to_owned(),
    }
}

/// The console consumer recommends a protocol that Ottla does not have.
const ADVICE: &str = "The consumer rebalance protocol (KIP-848) is production-ready!";
const UUID_LENGTH: usize = 36;
