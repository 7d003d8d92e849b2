//! What producing commands share: lines of standard input become records, as many as the producer takes; what became of them is told.
//!
//! ```text
//!   stdin ─▶ Lines ─▶ LineReader ─▶ Producer ─▶ Delivery ─▶ Voice (what is said, and the exit code)
//!   wants_stdin: while there is no line left, and the producer's buffer has room
//! ```

mod lines;
mod reader;
#[cfg(test)]
mod tests;
mod voice;

use bytes::Bytes;
use ottla_core::batch::RecordHeader;
use ottla_core::{Instant, Now, TopicName};

use super::flow::{OWNER, Phase, Reachability};
use super::{Exit, Machine, ProgramInput, ProgramOutput};
use crate::interface::{Input, Output};
use crate::producer::{Producer, ProducerConfig, ProducerRecord, SendError, Ticket};
use lines::Lines;
use reader::Line;
pub(crate) use reader::LineReader;
#[cfg(feature = "friendly")]
pub(crate) use voice::Friendly;
pub(crate) use voice::Voice;

/// What is to be produced.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    pub(crate) topic: TopicName,
    /// For all records; without it the partitioner decides.
    pub(crate) partition: Option<i32>,
    /// For all records, in front of those of their lines.
    pub(crate) headers: Vec<RecordHeader>,
    pub(crate) reader: LineReader,
    /// Each record is waited for before the next line is read; the first failure is the end.
    pub(crate) sync: bool,
    /// What is shown before each line, to a person at a terminal.
    pub(crate) prompt: Option<&'static str>,
}

/// A producing command under way.
#[derive(Debug, Clone)]
pub(crate) struct Produce {
    job: Job,
    voice: Voice,
    reachability: Reachability,
    producer: Producer,
    lines: Lines,
    /// The record that the producer's buffer had no room for.
    blocked: Option<ProducerRecord>,
    /// The record that `sync` waits for.
    awaited: Option<Ticket>,
    phase: Phase,
    outputs: Vec<Output>,
}

impl Produce {
    pub(crate) fn new(job: Job, config: ProducerConfig, voice: Voice, seed: u64) -> Self {
        Self {
            job,
            voice,
            reachability: Reachability::default(),
            producer: Producer::new(config, OWNER, seed),
            lines: Lines::default(),
            blocked: None,
            awaited: None,
            phase: Phase::Reading,
            outputs: Vec::new(),
        }
    }

    /// Lines can be taken on at once.
    fn has_work(&self) -> bool {
        self.phase == Phase::Reading
            && self.blocked.is_none()
            && self.awaited.is_none()
            && !self.lines.is_hungry()
    }

    /// Sends lines until there are no more, the buffer is full, or it is somebody else's turn.
    fn work(&mut self, now: Now, out: &mut Vec<ProgramOutput>) {
        if let Some(record) = self.blocked.take() {
            self.send(now, record, out);
        }
        let mut lines_left = LINES_IN_ONE_GO;
        while lines_left > 0 && self.has_work() {
            lines_left -= 1;
            match self.lines.next() {
                Ok(Some(line)) => self.take_line(now, line, out),
                Ok(None) if self.lines.is_finished() => self.close(now, self.voice.exit()),
                Ok(None) => {}
                Err(lines::TooLong) => {
                    let line_number = self.job.reader.line_number() + 1;
                    self.voice.too_long_line(line_number, out);
                    self.close(now, Exit::FAILED);
                }
            }
        }
    }

    fn take_line(&mut self, now: Now, line: Bytes, out: &mut Vec<ProgramOutput>) {
        match self.job.reader.read(line) {
            Ok(line) => {
                let record = self.record(line);
                self.send(now, record, out);
                self.prompt(out);
            }
            // What came before it is delivered.
            Err(error) => {
                self.voice.broken_line(&error, out);
                self.close(now, Exit::FAILED);
            }
        }
    }

    fn record(&self, line: Line) -> ProducerRecord {
        let mut headers = line.headers;
        if !self.job.headers.is_empty() {
            headers.splice(0..0, self.job.headers.iter().cloned());
        }
        ProducerRecord {
            topic: self.job.topic.clone(),
            partition: self.job.partition,
            key: line.key,
            value: line.value,
            headers,
            timestamp: None,
        }
    }

    fn send(&mut self, now: Now, record: ProducerRecord, out: &mut Vec<ProgramOutput>) {
        let sizes = voice::Sizes::of(&record);
        match self.producer.send(now, record, &mut self.outputs) {
            Ok(ticket) => {
                self.voice.sent(ticket, sizes);
                if self.job.sync {
                    self.awaited = Some(ticket);
                    self.producer.flush(now, &mut self.outputs);
                }
            }
            Err((SendError::BufferFull { .. }, record)) => self.blocked = Some(record),
            Err((error, _)) => {
                self.voice
                    .refused(&self.job.topic, sizes, &error, self.job.sync, out);
                if self.job.sync || matches!(error, SendError::Fatal(_)) {
                    self.close(now, Exit::FAILED);
                }
            }
        }
    }

    fn close(&mut self, now: Now, exit: Exit) {
        self.phase = Phase::Closing(exit);
        self.producer.close(now, &mut self.outputs);
    }

    /// Passes on what the producer wants and tells.
    fn pass_on(&mut self, out: &mut Vec<ProgramOutput>) {
        let mut outputs = std::mem::take(&mut self.outputs);
        for output in outputs.drain(..) {
            match output {
                Output::Link(op) => out.push(ProgramOutput::Link(op)),
                Output::Event(event) => out.push(ProgramOutput::Event(event)),
                Output::Delivered(delivery) => {
                    let is_awaited = self.awaited.is_some_and(|awaited| {
                        delivery.tickets.iter().any(|ticket| ticket == awaited)
                    });
                    let has_failed = delivery.result.is_err();
                    self.voice.delivered(&delivery, self.job.sync, out);
                    if is_awaited {
                        self.awaited = None;
                        if has_failed && self.phase == Phase::Reading {
                            self.phase = Phase::Closing(Exit::FAILED);
                        }
                    }
                }
            }
        }
        self.outputs = outputs;
    }

    fn end_if_done(&mut self, now: Now, out: &mut Vec<ProgramOutput>) {
        let Phase::Closing(exit) = self.phase else {
            return;
        };
        self.producer.close(now, &mut self.outputs);
        self.pass_on(out);
        if self.producer.is_closed() {
            self.phase = Phase::Ended;
            self.voice.finished(now, out);
            out.push(ProgramOutput::Exit(exit.0.max(self.voice.exit().0)));
        }
    }

    fn prompt(&self, out: &mut Vec<ProgramOutput>) {
        if let Some(prompt) = self.job.prompt {
            out.push(ProgramOutput::Stdout(Bytes::from_static(prompt.as_bytes())));
        }
    }
}

impl Machine for Produce {
    fn handle(&mut self, now: Now, input: ProgramInput, out: &mut Vec<ProgramOutput>) {
        match input {
            ProgramInput::Start => {
                self.voice.started(now);
                self.prompt(out);
            }
            ProgramInput::Link(input) => {
                self.producer
                    .handle(now, Input::Link(input), &mut self.outputs)
            }
            ProgramInput::Tick => self.producer.handle(now, Input::Tick, &mut self.outputs),
            ProgramInput::Stdin(bytes) => self.lines.push(bytes),
            ProgramInput::StdinEnded => self.lines.end(),
            ProgramInput::Interrupt if self.phase == Phase::Reading => {
                self.close(now, Exit::INTERRUPTED)
            }
            ProgramInput::Interrupt => {
                self.phase = Phase::Ended;
                out.push(ProgramOutput::Exit(Exit::INTERRUPTED.0));
            }
            // Nothing of importance is printed.
            ProgramInput::StdoutClosed
            | ProgramInput::StdoutFull
            | ProgramInput::StdoutReady
            | ProgramInput::File { .. } => {}
        }
        if self.phase == Phase::Ended {
            return;
        }
        self.pass_on(out);
        self.work(now, out);
        self.pass_on(out);
        let trouble = self.producer.network().why_unreachable();
        self.reachability.notice(trouble, out);
        self.end_if_done(now, out);
    }

    fn next_deadline(&self) -> Option<Instant> {
        if self.has_work() {
            return Some(Instant(0));
        }
        self.producer.next_deadline()
    }

    fn wants_stdin(&self) -> bool {
        self.phase == Phase::Reading
            && self.blocked.is_none()
            && self.awaited.is_none()
            && self.lines.is_hungry()
    }

    fn boxed_clone(&self) -> Box<dyn Machine> {
        Box::new(self.clone())
    }
}

/// Links and ctrl-C are looked at between so many lines.
const LINES_IN_ONE_GO: u32 = 4096;
