//! A person at the terminal: the line that is typed, earlier lines, words that are offered, lines that wait.

use std::collections::VecDeque;

use ottla_lab::Instant;
use ottla_lab::action::Action;
use ottla_lab::terminal::{Candidate, Completion, EntryKind, Terminal, complete, transcript};
use yew::prelude::KeyboardEvent;

use crate::player::PlayerHandle;

/// What stands in the field.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Typing {
    pub(super) text: String,
    /// In bytes.
    pub(super) cursor: usize,
    pub(super) is_selected: bool,
}

/// What the page remembers of a person at the terminal. Everything else is the timeline's.
#[derive(Default)]
pub(super) struct Session {
    /// Lines that were pasted and cannot be given to anybody yet.
    waiting: VecDeque<String>,
    /// Which of the earlier lines is shown, counted from the newest; and what stood there before.
    recalled: Option<(usize, String)>,
    offer: Option<Offer>,
    /// After Esc the next Tab leaves the terminal.
    tab_leaves: bool,
    problem: Option<String>,
    cleared_at: Option<Instant>,
    shows_help: bool,
    edits_count: u64,
    is_edited: bool,
}

struct Offer {
    completion: Completion,
    /// What stands behind the cursor.
    rest: String,
    chosen: Option<usize>,
}

impl Session {
    pub(super) fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    pub(super) fn waiting_count(&self) -> usize {
        self.waiting.len()
    }

    /// Somebody does something.
    pub(super) fn edit(&mut self, act: impl FnOnce(&mut Self) -> bool) -> bool {
        self.edits_count += 1;
        self.is_edited = true;
        act(self)
    }

    /// Changes with everything that somebody does.
    pub(super) fn edits_count(&self) -> u64 {
        self.edits_count
    }

    /// Whether somebody has done something since this was last asked.
    pub(super) fn take_is_edited(&mut self) -> bool {
        std::mem::take(&mut self.is_edited)
    }

    pub(super) fn shows_help(&self) -> bool {
        self.shows_help
    }

    /// When the screen was cleared; not if that lies in the future of what is shown.
    pub(super) fn cleared_at(&self, now: Instant) -> Option<Instant> {
        self.cleared_at.filter(|at| *at <= now)
    }

    /// The words that fit, and which one stands in the line.
    pub(super) fn offered(&self) -> Option<(Vec<Candidate>, Option<usize>)> {
        let offer = self.offer.as_ref()?;
        Some((offer.completion.candidates.clone(), offer.chosen))
    }

    /// A key is pressed. Whether it is done with.
    pub(super) fn key(
        &mut self,
        player: &PlayerHandle,
        event: &KeyboardEvent,
        typing: &mut Typing,
    ) -> bool {
        let is_plain = !event.ctrl_key() && !event.alt_key() && !event.meta_key();
        let is_ctrl = event.ctrl_key() && !event.alt_key() && !event.shift_key();
        match &*event.key() {
            "Enter" if is_plain => self.submit(player, typing),
            "Tab" if is_plain && !event.shift_key() => self.tab(player, typing),
            "Escape" if is_plain => {
                (self.tab_leaves, self.offer) = (true, None);
                true
            }
            "ArrowUp" if is_plain => self.recall(player, typing, 1),
            "ArrowDown" if is_plain => self.recall(player, typing, -1),
            // With a selection it copies, as everywhere.
            "c" if is_ctrl && !typing.is_selected => {
                *typing = Typing::default();
                self.interrupt(player);
                true
            }
            "d" if is_ctrl && typing.text.is_empty() => {
                self.end_input(player);
                true
            }
            "l" if is_ctrl => self.clear(player),
            _ => false,
        }
    }

    /// The text has changed. Lines that were pasted are given one after the other.
    pub(super) fn typed(&mut self, player: &PlayerHandle, typing: &mut Typing) -> bool {
        (self.tab_leaves, self.offer, self.recalled) = (false, None, None);
        if typing.text.contains('\n') {
            // A line that ends in a backslash goes on in the next one.
            let is_whole = typing.text.ends_with('\n');
            let parts = typing.text.split("\\\n").map(str::trim);
            let text = parts.collect::<Vec<_>>().join(" ");
            let lines = text.lines().map(str::trim_end);
            let lines = lines.filter(|line| !line.is_empty()).map(str::to_owned);
            let mut lines: Vec<String> = lines.take(LINES_MAX).collect();
            // As in a shell, what has no end yet stays in the line.
            let rest = if is_whole { None } else { lines.pop() };
            self.waiting.extend(lines);
            let text = rest.unwrap_or_default();
            *typing = Typing {
                cursor: text.len(),
                text,
                is_selected: false,
            };
            self.feed(player);
        }
        true
    }

    /// Enter.
    pub(super) fn submit(&mut self, player: &PlayerHandle, typing: &mut Typing) -> bool {
        let line = std::mem::take(typing).text;
        (self.offer, self.recalled, self.problem) = (None, None, None);
        self.waiting.push_back(line);
        self.feed(player);
        true
    }

    /// Gives the next line that waits to the command that runs, or runs it.
    pub(super) fn feed(&mut self, player: &PlayerHandle) {
        let (is_running, reads_input) = {
            let timeline = player.timeline();
            let terminal = timeline.world().terminal();
            let is_running = terminal.and_then(Terminal::running).is_some();
            (is_running, terminal.is_some_and(Terminal::reads_input))
        };
        if is_running && !reads_input {
            return;
        }
        let Some(line) = self.waiting.pop_front() else {
            return;
        };
        if is_running {
            return self.act(player, Action::Type(line));
        }
        match line.trim() {
            "" => {}
            "clear" => drop(self.clear(player)),
            "help" => self.shows_help = true,
            command => {
                self.shows_help = false;
                self.act(player, Action::Run(command.to_owned()));
            }
        }
    }

    /// ctrl-C.
    pub(super) fn interrupt(&mut self, player: &PlayerHandle) {
        self.waiting.clear();
        (self.problem, self.offer, self.recalled) = (None, None, None);
        if is_running(player) {
            self.act(player, Action::Interrupt);
        }
    }

    /// ctrl-D.
    pub(super) fn end_input(&mut self, player: &PlayerHandle) {
        if is_running(player) {
            self.act(player, Action::EndInput);
        }
    }

    /// A word that was offered is taken.
    pub(super) fn choose(&mut self, index: usize, typing: &mut Typing) -> bool {
        if let Some(mut offer) = self.offer.take() {
            offer.chosen = Some(index);
            offer.put(typing);
        }
        true
    }

    /// What somebody does at the terminal is to be seen: time goes on.
    fn act(&mut self, player: &PlayerHandle, action: Action) {
        self.problem = player.act(action).err().map(|why| why.0);
        if !player.is_playing() {
            player.play();
        }
    }

    fn clear(&mut self, player: &PlayerHandle) -> bool {
        self.cleared_at = Some(player.timeline().now());
        self.shows_help = false;
        true
    }

    /// Completes the word before the cursor; again, it takes one candidate after the other.
    fn tab(&mut self, player: &PlayerHandle, typing: &mut Typing) -> bool {
        if self.tab_leaves || typing.text.is_empty() {
            return false;
        }
        if let Some(offer) = self.offer.as_mut().filter(|offer| !offer.is_empty()) {
            offer.next();
            offer.put(typing);
            return true;
        }
        let (before, rest) = typing.text.split_at(typing.cursor);
        let completion = complete(player.timeline().world(), before, before.len());
        let mut offer = Offer {
            rest: rest.to_owned(),
            completion,
            chosen: None,
        };
        if offer.completion.candidates.len() == 1 {
            offer.chosen = Some(0);
            offer.put(typing);
            return true;
        }
        if !offer.is_empty() {
            offer.put(typing);
        }
        self.offer = Some(offer);
        true
    }

    /// Earlier lines, further back or nearer.
    fn recall(&mut self, player: &PlayerHandle, typing: &mut Typing, step: isize) -> bool {
        let earlier = earlier_lines(player);
        let (place, draft) = match self.recalled.take() {
            Some((place, draft)) => (Some(place), draft),
            None => (None, typing.text.clone()),
        };
        let next = match (place, step > 0) {
            (None, true) => Some(0),
            (Some(place), true) => Some((place + 1).min(earlier.len().saturating_sub(1))),
            (Some(place), false) => place.checked_sub(1),
            (None, false) => None,
        };
        let next = next.and_then(|place| Some((place, earlier.iter().rev().nth(place)?)));
        let text = next.map_or(&draft, |(_, line)| line).clone();
        *typing = Typing {
            cursor: text.len(),
            text,
            is_selected: false,
        };
        self.recalled = next.map(|(place, _)| (place, draft));
        true
    }
}

impl Offer {
    fn is_empty(&self) -> bool {
        self.completion.candidates.is_empty()
    }

    fn next(&mut self) {
        let count = self.completion.candidates.len();
        self.chosen = Some(self.chosen.map_or(0, |chosen| (chosen + 1) % count));
    }

    /// Writes the chosen word into the line; before one is chosen, what all of them begin with.
    fn put(&self, typing: &mut Typing) {
        let chosen = self
            .chosen
            .and_then(|chosen| self.completion.candidates.get(chosen));
        let word = chosen.map_or(self.completion.common(), |candidate| &candidate.text);
        let mut text = typing.text[..self.completion.from].to_owned() + word;
        let is_whole = chosen.is_some() && !word.ends_with('=') && self.rest.is_empty();
        if is_whole && self.completion.candidates.len() == 1 {
            text.push(' ');
        }
        typing.cursor = text.len();
        typing.text = text + &self.rest;
    }
}

fn is_running(player: &PlayerHandle) -> bool {
    let timeline = player.timeline();
    let terminal = timeline.world().terminal();
    terminal.and_then(Terminal::running).is_some()
}

/// What was typed up to now, each once in a row.
fn earlier_lines(player: &PlayerHandle) -> Vec<String> {
    let entries = transcript(player.timeline().lines(), None).into_iter();
    let typed = entries.filter(|entry| matches!(entry.kind, EntryKind::Command | EntryKind::Typed));
    let mut lines: Vec<String> = typed.map(|entry| entry.text).collect();
    lines.dedup();
    lines
}

/// The most lines that are pasted at once.
const LINES_MAX: usize = 200;
