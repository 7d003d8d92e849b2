//! A scenario file: prose, command lines as people type them, and what came of each.
//!
//! | line | |
//! |---|---|
//! | `# text` | prose |
//! | `@ name` | a file of this name, made of the `>` lines that follow; a command line names it `{dir}/name` |
//! | `$ tool arguments` | a command; quotes as in a shell. `{bootstrap}` is the broker's address |
//! | `& tool arguments` | a command that runs beside the others until `x`, which ends them all |
//! | `? text` | before a command: it is repeated until its standard output contains this |
//! | `< text` | a line of standard input for the command |
//! | `\| text`, `! text` | recorded: a line of standard output, of standard error |
//! | `= 1` | recorded: the exit code, unless it is 0 |

use std::fmt::Write as _;

/// A scenario file, in its order.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// The name of its file, without the ending.
    pub name: String,
    /// What it does.
    pub steps: Vec<Step>,
}

/// A step of a scenario.
#[derive(Debug, Clone)]
pub enum Step {
    /// A line for readers.
    Prose(String),
    /// A file is written.
    File {
        /// Its name.
        name: String,
        /// Its lines.
        lines: Vec<String>,
    },
    /// A command is run.
    Command(Command),
    /// A command is started beside the others.
    Start(String),
    /// All that were started are ended.
    Stop,
}

/// A command and what came of it.
#[derive(Debug, Clone)]
pub struct Command {
    /// As it is typed.
    pub line: String,
    /// Its standard input.
    pub input: Vec<String>,
    /// It is repeated until its standard output contains this.
    pub until: Option<String>,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a command, with placeholders for what differs from run to run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Lines of standard output.
    pub stdout: Vec<String>,
    /// Lines of standard error.
    pub stderr: Vec<String>,
    /// The exit code.
    pub code: i32,
}

impl Scenario {
    /// Reads a scenario file.
    ///
    /// # Panics
    /// When a line makes no sense.
    pub fn parse(name: &str, text: &str) -> Self {
        let mut steps: Vec<Step> = Vec::new();
        let mut until = None;
        for (index, line) in text.lines().enumerate() {
            let here = || format!("{name}: line {}: {line}", index + 1);
            let (mark, rest) = line.split_at_checked(2).unwrap_or((line, ""));
            let rest = rest.to_owned();
            match (mark.trim_end(), steps.last_mut()) {
                ("" | "#", _) => steps.push(Step::Prose(line.to_owned())),
                ("@", _) => steps.push(Step::File {
                    name: rest,
                    lines: Vec::new(),
                }),
                (">", Some(Step::File { lines, .. })) => lines.push(rest),
                ("?", _) => until = Some(rest),
                ("$", _) => steps.push(Step::Command(Command {
                    line: rest,
                    input: Vec::new(),
                    until: until.take(),
                    outcome: Outcome::default(),
                })),
                ("&", _) => steps.push(Step::Start(rest)),
                ("x", _) => steps.push(Step::Stop),
                ("<", Some(Step::Command(command))) => command.input.push(rest),
                ("|", Some(Step::Command(command))) => command.outcome.stdout.push(rest),
                ("!", Some(Step::Command(command))) => command.outcome.stderr.push(rest),
                ("=", Some(Step::Command(command))) => {
                    command.outcome.code = rest.parse().unwrap_or_else(|_| panic!("{}", here()));
                }
                _ => panic!("{}", here()),
            }
        }
        Self {
            name: name.to_owned(),
            steps,
        }
    }

    /// The scenario file again.
    pub fn render(&self) -> String {
        let mut text = String::new();
        for step in &self.steps {
            step.render(&mut text).expect("a string takes all");
        }
        text
    }
}

impl Step {
    fn render(&self, text: &mut String) -> std::fmt::Result {
        match self {
            Step::Prose(line) => writeln!(text, "{line}"),
            Step::File { name, lines } => {
                writeln!(text, "@ {name}")?;
                lines.iter().try_for_each(|line| writeln!(text, "> {line}"))
            }
            Step::Start(line) => writeln!(text, "& {line}"),
            Step::Stop => writeln!(text, "x"),
            Step::Command(command) => {
                if let Some(until) = &command.until {
                    writeln!(text, "? {until}")?;
                }
                writeln!(text, "$ {}", command.line)?;
                for line in &command.input {
                    writeln!(text, "< {line}")?;
                }
                write!(text, "{}", command.outcome)
            }
        }
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for line in &self.stdout {
            writeln!(f, "| {line}")?;
        }
        for line in &self.stderr {
            writeln!(f, "! {line}")?;
        }
        match self.code {
            0 => Ok(()),
            code => writeln!(f, "= {code}"),
        }
    }
}

/// The words of a command line, as a shell takes them apart: blanks separate, quotes of both kinds hold together, a backslash is a letter.
///
/// # Panics
/// When a quote is not closed.
pub fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for character in line.chars() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (None, '\'' | '"') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            _ => word.get_or_insert_default().push(character),
        }
    }
    assert_eq!(quote, None, "a quote is not closed: {line}");
    words.extend(word);
    words
}
