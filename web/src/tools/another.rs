//! Another client like the last one, under the next name.

use ottla_lab::action::Action;
use ottla_lab::scene::Scene;

use super::forms::FormKind;
use crate::player::PlayerHandle;

/// A client that could be started.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Another {
    /// Its name.
    pub(crate) name: String,
    /// Like whom it is.
    pub(crate) model: String,
    /// What starts it.
    pub(crate) action: Action,
}

/// Another one like the last that was started; `None` if there was none of this kind.
pub(crate) fn another(kind: FormKind, player: &PlayerHandle) -> Option<Another> {
    let timeline = player.timeline();
    let (start, own, now) = (timeline.start(), timeline.actions(), timeline.now());
    let done = start.actions.iter().chain(own).filter(|(at, _)| *at <= now);
    let actions: Vec<&Action> = done.map(|(_, action)| action).collect();
    let scene = timeline.scene();
    actions
        .into_iter()
        .rev()
        .find_map(|action| match (kind, action) {
            (FormKind::Consumer, Action::AddConsumer { name, settings }) => {
                let next = next_name(&scene, name);
                let mut settings = settings.clone();
                // Two members with one instance id would throw each other out.
                settings.group_instance_id = settings.group_instance_id.map(|_| next.clone());
                let action = Action::AddConsumer {
                    name: next.clone(),
                    settings,
                };
                Some(Another {
                    name: next,
                    model: name.clone(),
                    action,
                })
            }
            (FormKind::Producer, Action::AddProducer { name, settings }) => {
                let next = next_name(&scene, name);
                let action = Action::AddProducer {
                    name: next.clone(),
                    settings: settings.clone(),
                };
                Some(Another {
                    name: next,
                    model: name.clone(),
                    action,
                })
            }
            _ => None,
        })
}

/// `worker-4` after `worker-3`; `shop-2` after `shop`.
pub(crate) fn next_name(scene: &Scene, name: &str) -> String {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let number: u32 = name[stem.len()..].parse().unwrap_or(1);
    let stem = if stem.len() == name.len() {
        format!("{name}-")
    } else {
        stem.to_owned()
    };
    let names = (number.saturating_add(1)..=u32::MAX).map(|number| format!("{stem}{number}"));
    let is_free = |name: &String| {
        let producers = scene.producers.iter().map(|producer| &producer.name);
        let mut taken = producers.chain(scene.consumers.iter().map(|consumer| &consumer.name));
        !taken.any(|other| other == name)
    };
    names.into_iter().find(is_free).unwrap_or(stem)
}

#[cfg(test)]
mod tests {
    use ottla_lab::Instant;
    use ottla_lab::timeline::{Start, Timeline};

    use super::*;

    fn player(lines: &[&str]) -> PlayerHandle {
        let actions = lines
            .iter()
            .map(|line| (Instant(0), line.parse().expect("a line")));
        let start = Start {
            seed: 1,
            actions: actions.collect(),
        };
        PlayerHandle::new(Timeline::with_actions(start, Vec::new()))
    }

    #[test]
    fn the_next_worker_is_like_the_last_one() {
        let player = player(&[
            "topic orders",
            "producer shop topic=orders rate=1/s",
            "consumer worker-1 group=g topics=orders",
            "consumer worker-2 group=g topics=orders work=100ms instance=worker-2",
        ]);
        let line = |kind| another(kind, &player).map(|another| another.action.to_string());
        assert_eq!(
            line(FormKind::Consumer).as_deref(),
            Some("consumer worker-3 group=g topics=orders work=100ms instance=worker-3")
        );
        assert_eq!(
            line(FormKind::Producer).as_deref(),
            Some("producer shop-2 topic=orders rate=1/s")
        );
        assert_eq!(line(FormKind::Topic), None);
    }

    #[test]
    fn names_that_are_taken_are_passed_over() {
        let player = player(&[
            "topic orders",
            "consumer 7 topics=orders",
            "consumer 8 topics=orders",
        ]);
        let scene = player.timeline().scene();
        assert_eq!(next_name(&scene, "7"), "9");
        assert_eq!(next_name(&scene, "new"), "new-2");
        assert_eq!(next_name(&scene, "w-4294967295"), "w-4294967295");
    }
}
