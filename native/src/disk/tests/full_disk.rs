use std::process::Command;

use super::*;

/// A file system of so many KB, gone when dropped; `None` where this process may not mount.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn new(size_kb: u32) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size_kb}k"), "tmpfs"])
            .arg(folder.path())
            .output()
            .is_ok_and(|output| output.status.success());
        mounted.then(|| Self(folder))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount")
            .arg("--lazy")
            .arg(self.0.path())
            .output();
    }
}

#[test]
fn a_full_disk_fails_appends_keeps_what_was_acknowledged_and_works_again_with_room() {
    let Some(disk) = SmallDisk::new(256) else {
        eprintln!("skipped: this process may not mount a small disk");
        return;
    };
    let ballast = disk.0.path().join("ballast");
    let data = disk.0.path().join("data");
    let mut world = World::new(&data);
    fs::write(&ballast, vec![0; 64 * 1024]).unwrap();
    let mut acknowledged = 0;
    while world.append(batch(1, 1000, 1)) == Applied::Done {
        acknowledged += 1;
    }
    assert!(acknowledged > 50);
    assert_eq!(world.append(batch(1, 1000, 1)), Applied::Failed);
    assert_eq!(
        size(&world.path("00000000000000000000.log")),
        u64::from(world.position),
        "nothing half written is left"
    );
    assert_eq!(world.all_batches().len(), acknowledged);

    fs::remove_file(&ballast).unwrap();
    assert_eq!(world.append(batch(1, 1000, 1)), Applied::Done);
    let mut world = world.crash();
    world.recover().unwrap().unwrap();
    assert_eq!(world.all_batches().len(), acknowledged + 1);
}

#[test]
fn a_disk_too_full_for_a_new_segment_leaves_the_log_as_it_was() {
    let Some(disk) = SmallDisk::new(128) else {
        eprintln!("skipped: this process may not mount a small disk");
        return;
    };
    let data = disk.0.path().join("data");
    let mut world = World::new(&data);
    while world.append(batch(1, 1000, 1)) == Applied::Done {}
    let before = (world.segment, world.position, world.next);
    world.roll();
    assert_eq!(world.append(batch(1, 1000, 1)), Applied::Failed);
    // The engine may go on either way: in the new segment, or in the one before.
    (world.segment, world.position, world.next) = before;
    assert_eq!(world.append(batch(1, 1000, 1)), Applied::Failed);
    let acknowledged = world.all_batches().len() as i64;
    assert_eq!(Offset(acknowledged), world.next);
    let mut world = world.crash();
    assert_eq!(
        world.recover().unwrap().unwrap().log_end_offset,
        Offset(acknowledged)
    );
}
