//! The last bytes of a log, damaged in every way that a crash or a power failure leaves them: after a restart what lies
//! before the damage is there, and nothing of the rest; then the log goes on from there. Where whole batches follow the damage
//! it is none of these, and a person must decide.

use std::fs;
use std::path::{Path, PathBuf};

use ottla_tests::broker::{self, Options};
use ottla_tests::crash::batch::Plan;
use ottla_tests::crash::{Client, create_topic, produce, read_log};

#[test]
fn a_log_cut_off_anywhere_keeps_every_batch_before_the_cut() {
    if broker::skipped_because_external("a torn log") {
        return;
    }
    let original = Original::write();
    for cut in original.positions(&[0, 1, 8, 12, 17, 21, 61, 70, -1]) {
        original.recovers(&format!("cut off at byte {cut}"), |log| log.truncate(cut));
    }
}

#[test]
fn a_damaged_last_batch_is_cut_off() {
    if broker::skipped_because_external("a damaged log") {
        return;
    }
    let original = Original::write();
    for byte in original.checked_bytes(BATCHES - 1) {
        original.recovers(&format!("bit flipped at byte {byte}"), |log| {
            log[byte] ^= 0x10;
        });
    }
}

#[test]
fn damage_before_whole_batches_is_no_torn_tail_and_nothing_is_cut_off() {
    if broker::skipped_because_external("a damaged log") {
        return;
    }
    let original = Original::write();
    for byte in original.checked_bytes(BATCHES - 2) {
        original.is_refused(&format!("bit flipped at byte {byte}"), |log| {
            log[byte] ^= 0x10;
        });
    }
}

#[test]
fn zeros_and_garbage_at_the_end_are_not_taken_for_records() {
    if broker::skipped_because_external("garbage after a log") {
        return;
    }
    let original = Original::write();
    // A file that had grown before its last blocks were written.
    for from in original.positions(&[1, 61]) {
        original.recovers(&format!("zeros from byte {from}"), |log| {
            log[from..].fill(0)
        });
    }
    for (byte, count) in [
        (0, 1),
        (0, 61),
        (0, 4096),
        (0x55, 7),
        (0x55, 100),
        (0xff, 100),
    ] {
        original.recovers(&format!("{count} bytes {byte:#x} at the end"), |log| {
            log.extend(std::iter::repeat_n(byte, count));
        });
    }
    // Bytes that begin like a batch: the first half of one that was there before.
    let again = original.log[..original.ends[0] / 2].to_vec();
    original.recovers("half of an old batch at the end", |log| log.extend(&again));
}

/// The data directory of a broker that was killed after it had acknowledged some batches.
struct Original {
    data: tempfile::TempDir,
    /// What the partition's only segment holds.
    log: Vec<u8>,
    /// Where each batch ends in it.
    ends: Vec<usize>,
    timestamp_ms: i64,
}

impl Original {
    fn write() -> Self {
        let data = tempfile::tempdir().expect("a temporary directory");
        let mut broker = Options::default().data(data.path()).start();
        let mut client = Client::connect(broker.socket_address()).expect("the broker is there");
        create_topic(&mut client, TOPIC, 1, &[("retention.ms", "-1")])
            .expect("the broker is there");
        // Waits until the partition can be used.
        read_log(&mut client, TOPIC, 0, 0, |_| ()).expect("the broker is there");
        let timestamp_ms = Plan::now_ms();
        let mut ends = vec![0];
        for number in 0..BATCHES {
            let batch = plan(number, timestamp_ms).bytes();
            ends.push(ends[ends.len() - 1] + batch.len());
            produce(&mut client, TOPIC, 0, batch).expect("the broker is there");
        }
        ends.remove(0);
        broker.kill_9();
        let log = fs::read(segment(data.path())).expect("the segment can be read");
        assert_eq!(
            Some(&log.len()),
            ends.last(),
            "the segment holds the batches and nothing else"
        );
        Self {
            data,
            log,
            ends,
            timestamp_ms,
        }
    }

    fn plan(&self, number: usize) -> Plan {
        plan(number, self.timestamp_ms)
    }

    /// Bytes of the last batches, counted from a batch's beginning; -1 is its last byte.
    fn positions(&self, in_batch: &[isize]) -> Vec<usize> {
        let last = self.ends.len() - DAMAGED_BATCHES..self.ends.len();
        last.flat_map(|batch| {
            let (start, end) = (self.ends[batch - 1], self.ends[batch]);
            in_batch.iter().map(move |at| match *at {
                -1 => end - 1,
                at => (start + at.unsigned_abs()).min(end - 1),
            })
        })
        .collect()
    }

    /// Bytes of a batch that tell when one of their bits has changed: not the base offset and the leader epoch, which no
    /// checksum covers and no torn write changes alone.
    fn checked_bytes(&self, batch: usize) -> Vec<usize> {
        let (start, end) = (self.ends[batch - 1], self.ends[batch]);
        let mut bytes: Vec<usize> = [8, 11, 16, 17, 21, 23, 57, 61, 65]
            .map(|at| start + at)
            .into();
        bytes.push(end - 1);
        bytes
    }

    /// A broker on a damaged copy does not start, says where the damage is, and leaves the log as it is.
    fn is_refused(&self, damage: &str, apply: impl FnOnce(&mut Vec<u8>)) {
        let (copy, log) = self.damaged(apply);
        let segment = segment(copy.path());
        let options = Options::default().data(copy.path());
        let (_, said) = options.fails_to_start("127.0.0.1:0");
        assert!(
            said.contains(&segment.display().to_string()),
            "{damage}: it does not name the file, but says: {said}"
        );
        let now = fs::read(segment).expect("the segment can be read");
        assert!(now == log, "{damage}: the log was changed");
    }

    /// A damaged copy of the directory, and the log in it.
    fn damaged(&self, apply: impl FnOnce(&mut Vec<u8>)) -> (tempfile::TempDir, Vec<u8>) {
        let copy = tempfile::tempdir().expect("a temporary directory");
        copy_directory(self.data.path(), copy.path());
        let mut log = self.log.clone();
        apply(&mut log);
        fs::write(segment(copy.path()), &log).expect("the segment can be written");
        (copy, log)
    }

    /// A broker on a damaged copy has what lies before the damage, and goes on from there.
    fn recovers(&self, damage: &str, apply: impl FnOnce(&mut Vec<u8>)) {
        let (copy, log) = self.damaged(apply);
        let intact = self
            .ends
            .iter()
            .take_while(|end| log.get(..**end) == Some(&self.log[..**end]))
            .count();

        let broker = Options::default().data(copy.path()).start();
        let mut client = Client::connect(broker.socket_address()).expect("the broker is there");
        let mut found = 0;
        let end = read_log(&mut client, TOPIC, 0, 0, |batch| {
            assert!(
                batch.is(&self.plan(found).bytes()),
                "{damage}: batch {found} is not as it was sent"
            );
            found += 1;
        })
        .expect("the broker is there");
        assert_eq!(
            found, intact,
            "{damage}: batches that are there, and that were intact"
        );

        let next = self.plan(BATCHES).bytes();
        let offset = produce(&mut client, TOPIC, 0, next.clone()).expect("the broker is there");
        assert_eq!(offset, end, "{damage}: the next batch follows");
        let mut last_is_new = false;
        read_log(&mut client, TOPIC, 0, end, |batch| {
            last_is_new = batch.is(&next)
        })
        .expect("the broker is there");
        assert!(last_is_new, "{damage}: the next batch can be read");
    }
}

fn plan(number: usize, timestamp_ms: i64) -> Plan {
    Plan {
        stream: 0,
        number: u32::try_from(number).expect("few batches"),
        producer: None,
        timestamp_ms,
    }
}

/// The partition's only segment.
fn segment(data: &Path) -> PathBuf {
    let partition = data.join(format!("{TOPIC}-0"));
    let entries = fs::read_dir(&partition).expect("the partition's directory can be read");
    let mut segments: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "log"))
        .collect();
    assert_eq!(segments.len(), 1, "one segment in {}", partition.display());
    segments.remove(0)
}

fn copy_directory(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a directory can be read") {
        let from = entry.expect("an entry can be read").path();
        let to = to.join(from.file_name().expect("an entry has a name"));
        if from.is_dir() {
            fs::create_dir(&to).expect("a directory can be made");
            copy_directory(&from, &to);
        } else {
            fs::copy(&from, &to).expect("a file can be copied");
        }
    }
}

const TOPIC: &str = "torn";
const BATCHES: usize = 12;
const DAMAGED_BATCHES: usize = 3;
