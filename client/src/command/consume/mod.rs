//! What consuming commands share: records are polled, formatted, and go out in large pieces.
//!
//! ```text
//!   Consumer::poll ─▶ Formatter ─▶ a piece of text ─▶ stdout       paused while stdout is full
//!   the end: --max-messages, nothing for a while, the logs' ends, ctrl-C, a closed pipe, an error
//!            ─▶ Consumer::close (commits, leaves the group) ─▶ Voice (what is said) ─▶ exit code
//! ```

mod deserializer;
mod ends;
mod formatter;
mod json;
mod kafka_formatter;
mod offsets_formatter;
mod template;
#[cfg(test)]
mod tests;
mod voice;

use bytes::Bytes;
use ottla_core::{Instant, Now, Offset, TopicPartition};

use super::flow::{OWNER, Phase, Reachability};
use super::{Exit, Machine, ProgramInput, ProgramOutput};
use crate::consumer::{Consumer, ConsumerConfig, Subscription};
use crate::interface::{Input, Output};
pub(crate) use ends::Ends;
pub(crate) use formatter::Formatter;
pub(crate) use kafka_formatter::KafkaFormatter;
#[cfg(feature = "friendly")]
pub(crate) use template::{Template, unescape};
#[cfg(feature = "friendly")]
pub(crate) use voice::Friendly;
pub(crate) use voice::Voice;

/// What is to be consumed, and until when.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    pub(crate) source: Source,
    pub(crate) formatter: Formatter,
    /// Ends after so many records.
    pub(crate) max_records: Option<u64>,
    /// Ends when no record has come for so long.
    pub(crate) idle_timeout_ms: Option<i64>,
    /// Ends when everything is read that was there at the start.
    pub(crate) ends: Option<Ends>,
    /// A record that cannot be formatted is told and passed over; otherwise it is the end.
    pub(crate) skips_errors: bool,
}

/// Where the records come from.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    /// A group shares the topics out.
    Group(Subscription),
    /// These partitions, from here on.
    Partitions(Vec<(TopicPartition, From)>),
}

/// Where reading begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum From {
    Beginning,
    End,
    Offset(i64),
}

/// A consuming command under way.
#[derive(Debug, Clone)]
pub(crate) struct Consume {
    job: Job,
    voice: Voice,
    reachability: Reachability,
    consumer: Consumer,
    /// Text that is not handed on yet.
    text: Vec<u8>,
    records_count: u64,
    last_record_at: Instant,
    is_stdout_full: bool,
    /// There may be more to print at once.
    has_more: bool,
    phase: Phase,
    outputs: Vec<Output>,
}

impl Consume {
    pub(crate) fn new(job: Job, config: ConsumerConfig, voice: Voice, seed: u64) -> Self {
        Self {
            job,
            voice,
            reachability: Reachability::default(),
            consumer: Consumer::new(config, OWNER, seed),
            text: Vec::new(),
            records_count: 0,
            last_record_at: Instant(0),
            is_stdout_full: false,
            has_more: false,
            phase: Phase::Reading,
            outputs: Vec::new(),
        }
    }

    fn start(&mut self, now: Now, out: &mut Vec<ProgramOutput>) {
        self.last_record_at = now.mono;
        if self.wanted() == 0 {
            return self.close(now, Exit::DONE);
        }
        match self.job.source.clone() {
            Source::Group(subscription) => {
                if let Err(error) = self
                    .consumer
                    .subscribe(now, subscription, &mut self.outputs)
                {
                    let exit = self.voice.failed(&error, out);
                    self.close(now, exit);
                }
            }
            Source::Partitions(places) => {
                let partitions = places
                    .iter()
                    .map(|(partition, _)| partition.clone())
                    .collect();
                self.consumer.assign(now, partitions, &mut self.outputs);
                for (partition, from) in &places {
                    let outputs = &mut self.outputs;
                    match from {
                        From::Beginning => self.consumer.seek_to_beginning(now, partition, outputs),
                        From::End => self.consumer.seek_to_end(now, partition, outputs),
                        From::Offset(offset) => {
                            self.consumer.seek(now, partition, Offset(*offset), outputs)
                        }
                    };
                }
            }
        }
    }

    /// Prints what there is, within a budget, and looks whether that was all.
    fn work(&mut self, now: Now, out: &mut Vec<ProgramOutput>) {
        let mut records_left = RECORDS_IN_ONE_GO;
        let mut bytes_left = BYTES_IN_ONE_GO;
        self.has_more = false;
        while self.phase == Phase::Reading && !self.is_stdout_full {
            if self.wanted() == 0 {
                self.close(now, Exit::DONE);
                break;
            }
            if records_left == 0 || bytes_left == 0 {
                self.has_more = self.consumer.has_records();
                break;
            }
            let wanted = self.wanted().min(records_left as u64);
            let polled = self.consumer.poll(now, wanted as usize, &mut self.outputs);
            if polled.is_empty() {
                self.look_for_the_end(now, out);
                break;
            }
            self.last_record_at = now.mono;
            records_left = records_left.saturating_sub(polled.len());
            for fetched in &polled {
                let before = self.text.len();
                self.records_count += 1;
                let formatted = self.job.formatter.write(fetched, &mut self.text);
                bytes_left = bytes_left.saturating_sub(self.text.len() - before);
                if self.text.len() >= PIECE_BYTES {
                    self.hand_on(out);
                }
                if let Err(why) = formatted {
                    self.hand_on(out);
                    if !self.voice.unformatted(&why, self.job.skips_errors, out) {
                        return self.close(now, Exit::FAILED);
                    }
                }
            }
        }
        self.hand_on(out);
    }

    /// How many records may still be printed.
    fn wanted(&self) -> u64 {
        let most = self.job.max_records.unwrap_or(u64::MAX);
        most.saturating_sub(self.records_count)
    }

    /// Nothing is there at the moment.
    fn look_for_the_end(&mut self, now: Now, out: &mut Vec<ProgramOutput>) {
        if let Some(error) = self.consumer.fatal_error() {
            self.hand_on(out);
            let exit = self.voice.failed(&error, out);
            return self.close(now, exit);
        }
        if self
            .job
            .ends
            .as_mut()
            .is_some_and(|ends| ends.are_reached(&self.consumer))
        {
            return self.close(now, Exit::DONE);
        }
        if self
            .idle_deadline()
            .is_some_and(|deadline| deadline <= now.mono)
        {
            self.hand_on(out);
            self.voice.idle(out);
            self.close(now, Exit::DONE);
        }
    }

    fn idle_deadline(&self) -> Option<Instant> {
        let timeout_ms = self.job.idle_timeout_ms?;
        // Java ends when more than that has passed.
        Some(self.last_record_at.plus_ms(timeout_ms.saturating_add(1)))
    }

    fn hand_on(&mut self, out: &mut Vec<ProgramOutput>) {
        if !self.text.is_empty() {
            let piece = std::mem::replace(
                &mut self.text,
                Vec::with_capacity(PIECE_BYTES + PIECE_BYTES / 8),
            );
            out.push(ProgramOutput::Stdout(Bytes::from(piece)));
        }
    }

    fn close(&mut self, now: Now, exit: Exit) {
        self.phase = Phase::Closing(exit);
        self.consumer.close(now, &mut self.outputs);
    }

    fn pass_on(&mut self, out: &mut Vec<ProgramOutput>) {
        for output in self.outputs.drain(..) {
            match output {
                Output::Link(op) => out.push(ProgramOutput::Link(op)),
                Output::Event(event) => {
                    if let Some(ends) = &mut self.job.ends {
                        ends.notice(&event);
                    }
                    out.push(ProgramOutput::Event(event));
                }
                Output::Delivered(_) => {}
            }
        }
    }

    fn notice_network(&mut self, out: &mut Vec<ProgramOutput>) {
        if self.phase == Phase::Reading {
            let network = self.consumer.network();
            self.voice.metadata(network.metadata(), out);
            self.reachability.notice(network.why_unreachable(), out);
        }
    }

    fn end_if_done(&mut self, out: &mut Vec<ProgramOutput>) {
        let Phase::Closing(exit) = self.phase else {
            return;
        };
        if self.consumer.is_closed() {
            self.phase = Phase::Ended;
            self.voice.finished(self.records_count, out);
            out.push(ProgramOutput::Exit(exit.0));
        }
    }
}

impl Machine for Consume {
    fn handle(&mut self, now: Now, input: ProgramInput, out: &mut Vec<ProgramOutput>) {
        match input {
            ProgramInput::Start => self.start(now, out),
            ProgramInput::Link(input) => {
                self.consumer
                    .handle(now, Input::Link(input), &mut self.outputs)
            }
            ProgramInput::Tick => self.consumer.handle(now, Input::Tick, &mut self.outputs),
            ProgramInput::StdoutFull => self.is_stdout_full = true,
            ProgramInput::StdoutReady => self.is_stdout_full = false,
            ProgramInput::StdoutClosed if self.phase == Phase::Reading => {
                self.is_stdout_full = false;
                self.voice.stdout_closed(out);
                self.close(now, Exit::DONE);
            }
            ProgramInput::Interrupt if self.phase == Phase::Reading => {
                self.close(now, Exit::INTERRUPTED)
            }
            ProgramInput::Interrupt => {
                self.phase = Phase::Ended;
                out.push(ProgramOutput::Exit(Exit::INTERRUPTED.0));
            }
            ProgramInput::StdoutClosed
            | ProgramInput::Stdin(_)
            | ProgramInput::StdinEnded
            | ProgramInput::File { .. } => {}
        }
        if self.phase == Phase::Ended {
            return;
        }
        self.pass_on(out);
        self.work(now, out);
        self.pass_on(out);
        self.notice_network(out);
        self.end_if_done(out);
    }

    fn next_deadline(&self) -> Option<Instant> {
        if self.has_more && !self.is_stdout_full {
            return Some(Instant(0));
        }
        let idle = self
            .idle_deadline()
            .filter(|_| self.phase == Phase::Reading && !self.is_stdout_full);
        self.consumer.next_deadline().into_iter().chain(idle).min()
    }

    fn wants_stdin(&self) -> bool {
        false
    }

    fn boxed_clone(&self) -> Box<dyn Machine> {
        Box::new(self.clone())
    }
}

/// Links and ctrl-C are looked at between so many records,
const RECORDS_IN_ONE_GO: usize = 4096;
/// or so much text.
const BYTES_IN_ONE_GO: usize = 1024 * 1024;
/// Text goes out in pieces of about this size.
const PIECE_BYTES: usize = 128 * 1024;
