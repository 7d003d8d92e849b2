//! What a person does to processes, links and the disk, and on the terminal.

use super::Sentence;
use super::actions::Doer;
use super::known::{Known, Life, Role};
use super::told::span;
use crate::action::{Action, BrokerFault};

/// Tells such an action, and notes what follows from it.
pub(super) fn hear(known: &mut Known, doer: Doer, action: &Action) -> Option<Sentence> {
    Some(match action {
        Action::Crash(name) => {
            known.set_life(name, Life::Crashed);
            let mut sentence = doer.say("*You* crashed *{}*.", "*{}* crashes.", &[name]);
            if known.is_in_a_group(name) {
                sentence.add(" Nobody knows yet.", &[]);
            }
            sentence
        }
        Action::Freeze(name) => {
            known.set_life(name, Life::Frozen);
            let you = "*You* froze *{}*: its process stands still.";
            let mut sentence = doer.say(you, "*{}* freezes: its process stands still.", &[name]);
            if known.is_in_a_group(name) {
                sentence.add(" Nobody knows yet.", &[]);
            }
            sentence
        }
        Action::Thaw(name) => {
            known.set_life(name, Life::Running);
            let mut sentence = doer.say("*You* let *{}* go on.", "*{}* goes on.", &[name]);
            sentence.add(" It does not know that it stood still.", &[]);
            sentence
        }
        Action::Leave(name) => {
            known.set_life(name, Life::Left);
            let mut sentence = doer.say(
                "*You* stopped *{}* in order.",
                "*{}* stops in order.",
                &[name],
            );
            if known.is_in_a_group(name) {
                sentence.add(" It tells its group.", &[]);
            }
            sentence
        }
        Action::Restart(name) => restart(known, doer, name),
        Action::Remove(name) => doer.say("*You* cleared {} away.", "{} is cleared away.", &[name]),
        Action::Broker(fault) => broker(doer, *fault),
        Action::Links { latency, jitter } => {
            let latency = span(latency.0);
            let mut sentence = doer.say(
                "*You* set the network: a byte needs {} on its way",
                "A byte needs {} on its way from now on",
                &[&latency],
            );
            match jitter.0 {
                0 => sentence.add(".", &[]),
                jitter => sentence.add(", at times {} more.", &[&span(jitter)]),
            }
            sentence
        }
        Action::Cut(name) => doer.say(
            "*You* cut the links of {}. It will connect again.",
            "The links of {} break. It will connect again.",
            &[name],
        ),
        Action::LoseAnswer(name) => doer.say(
            "*You* arranged that the next answer to {} gets lost.",
            "The next answer to {} will get lost.",
            &[name],
        ),
        Action::Disk(delay) => doer.say(
            "*You* made the disk take {} for each write.",
            "The disk takes {} for each write from now on.",
            &[&span(delay.0)],
        ),
        Action::Run(line) => doer.say("*You* ran {}", "The terminal runs {}", &[line]),
        Action::Interrupt => doer.say("*You* pressed ctrl-C.", "Ctrl-C is pressed.", &[]),
        _ => return None,
    })
}

fn restart(known: &mut Known, doer: Doer, name: &str) -> Sentence {
    if let Some(client) = known.clients.get_mut(name) {
        client.restart();
    }
    let mut sentence = doer.say("*You* started *{}* again.", "*{}* starts again.", &[name]);
    match known.clients.get(name).map(|client| &client.role) {
        Some(Role::Consumer {
            is_static: true, ..
        }) => {
            sentence.add(" It comes back under the name that its group knows.", &[]);
        }
        Some(Role::Consumer { .. }) if known.is_in_a_group(name) => {
            sentence.add(" For its group it is a new member.", &[]);
        }
        _ => {}
    }
    sentence
}

fn broker(doer: Doer, fault: BrokerFault) -> Sentence {
    let (you, plan) = match fault {
        BrokerFault::Crash => (
            "*You* killed the broker. What it has stored stays.",
            "The broker is killed. What it has stored stays.",
        ),
        BrokerFault::Stop => (
            "*You* stopped the broker in order: before it ended, it wrote down what makes its next start quick.",
            "The broker stops in order: before it ends, it writes down what makes its next start quick.",
        ),
        BrokerFault::Start => (
            "*You* started the broker. It reads what it has stored.",
            "The broker starts. It reads what it has stored.",
        ),
        BrokerFault::Freeze => (
            "*You* froze the broker. What comes for it waits.",
            "The broker freezes. What comes for it waits.",
        ),
        BrokerFault::Thaw => ("*You* let the broker go on.", "The broker goes on."),
    };
    doer.say(you, plan, &[])
}
