//! What only a browser can show: what it keeps, and its animation frames.

use gloo_timers::future::TimeoutFuture;
use ottla_lab::Instant;
use ottla_lab::action::Action;
use ottla_lab::timeline::{Start, Timeline};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use crate::player::PlayerHandle;
use crate::storage::{self, Kept, Key};

wasm_bindgen_test_configure!(run_in_browser);

const SECOND: u64 = 1_000_000;

fn action(line: &str) -> Action {
    line.parse().expect("the line is an action's")
}

/// A topic, and one record a second from the first second on.
fn player() -> PlayerHandle {
    let actions = vec![
        (Instant(0), action("topic orders partitions=1")),
        (
            Instant(SECOND),
            action("producer shop topic=orders rate=1/s"),
        ),
    ];
    let timeline = Timeline::new(Start { seed: 1, actions }).expect("the scene can be started");
    PlayerHandle::new(timeline)
}

/// Lets the browser paint until something is so.
async fn until(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..1000 {
        if is_so() {
            return;
        }
        TimeoutFuture::new(10).await;
    }
    panic!("{what} does not come");
}

#[wasm_bindgen_test]
fn what_was_written_is_there_until_it_is_removed() {
    storage::remove(Key::Theme);
    assert_eq!(storage::read(Key::Theme), None);
    storage::write(Key::Theme, "dark").expect("this browser keeps things");
    assert_eq!(storage::read(Key::Theme).as_deref(), Some("dark"));
    storage::remove(Key::Theme);
    assert_eq!(storage::read(Key::Theme), None);
}

#[wasm_bindgen_test]
fn progress_that_cannot_be_read_is_set_aside_and_not_lost() {
    let damaged = "this is no progress\u{0}";
    storage::write(Key::Progress, damaged).expect("this browser keeps things");
    let (kept, damages) = Kept::from_browser();
    assert!(!damages.is_empty());
    assert!(kept.progress.is_empty());
    assert_eq!(
        storage::read(Key::DamagedProgress).as_deref(),
        Some(damaged)
    );
    storage::remove(Key::Progress);
    storage::remove(Key::DamagedProgress);
}

#[wasm_bindgen_test]
async fn time_passes_with_the_browsers_frames_and_stops_where_it_was_told_to() {
    let player = player();
    player.seek(Instant(5 * SECOND));
    player.play_to(Instant(5 * SECOND + SECOND / 2));
    until("the end", || !player.is_playing()).await;
    assert_eq!(player.timeline().now(), Instant(5 * SECOND + SECOND / 2));
}

#[wasm_bindgen_test]
async fn a_paused_player_stands_still() {
    let player = player();
    player.play();
    until("some time", || player.timeline().now() > Instant(0)).await;
    player.pause();
    let paused = player.timeline().now();
    TimeoutFuture::new(100).await;
    assert_eq!(player.timeline().now(), paused);
}

#[wasm_bindgen_test]
fn who_acts_before_an_own_action_keeps_the_later_life_as_a_branch() {
    let player = player();
    player.seek(Instant(4 * SECOND));
    player.act(action("crash shop")).expect("it runs");
    player.seek(Instant(2 * SECOND));
    player.act(action("freeze shop")).expect("it runs");
    assert_eq!(player.branch().1, 2);
}
