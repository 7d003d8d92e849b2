//! What is measured: a scene as lessons have them, and the largest that there should be.

use ottla_lab::Instant;
use ottla_lab::action::Action;
use ottla_lab::timeline::{Start, Timeline};

/// Three partitions, four members, one producer; somebody crashes and comes back now and then.
pub(super) fn usual() -> Option<Timeline> {
    let mut actions = beginning(3, 4, &["shop keys=0..9 rate=2/s"])?;
    for minute in 1..10 {
        let at = |second: u64| Instant((minute * 60 + second) * 1_000_000);
        actions.push((at(0), action("crash worker-2")?));
        actions.push((at(30), action("restart worker-2")?));
    }
    Timeline::new(Start { seed: 1, actions }).ok()
}

/// 64 partitions, 64 members, four producers, when the group has formed.
pub(super) fn large() -> Option<Timeline> {
    let shops = ["shop-1", "shop-2", "shop-3", "shop-4"];
    let shops = shops.map(|name| format!("{name} keys=0..999 rate=20/s"));
    let actions = beginning(64, 64, &shops.each_ref().map(String::as_str))?;
    let mut timeline = Timeline::new(Start { seed: 1, actions }).ok()?;
    timeline.seek(FORMED);
    Some(timeline)
}

fn beginning(
    partitions_count: usize,
    members_count: usize,
    producers: &[&str],
) -> Option<Vec<(Instant, Action)>> {
    let mut lines = vec![format!("topic orders partitions={partitions_count}")];
    lines.extend((producers.iter()).map(|producer| format!("producer {producer} topic=orders")));
    lines.extend(
        (1..=members_count)
            .map(|worker| format!("consumer worker-{worker} group=billing topics=orders")),
    );
    let at_once = |line: &String| Some((Instant(0), action(line)?));
    lines.iter().map(at_once).collect()
}

fn action(line: &str) -> Option<Action> {
    line.parse().ok()
}

/// Until then the group has formed.
const FORMED: Instant = Instant(10_000_000);
