//! What the operating system knows about a broker's process.

use std::fs;
use std::time::Duration;

use nix::time::{ClockId, clock_getcpuclockid, clock_gettime};
use nix::unistd::Pid;

use crate::Result;

/// CPU time that a process has used so far, user and system, all its threads, also those that have ended.
///
/// It is the sum that `/proc/PID/stat` shows as utime + stime, in nanoseconds instead of ticks of 10 ms.
pub fn cpu(pid: u32) -> Result<Duration> {
    let clock: ClockId = clock_getcpuclockid(Pid::from_raw(i32::try_from(pid)?))?;
    Ok(clock_gettime(clock)?.into())
}

/// Resident memory of a process, in bytes (`VmRSS`).
pub fn resident_bytes(pid: u32) -> Result<u64> {
    let path = format!("/proc/{pid}/status");
    let status = fs::read_to_string(&path)?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line
        .and_then(|line| line.trim().strip_suffix(" kB"))
        .ok_or(format!("no VmRSS in {path}"))?;
    Ok(kib.parse::<u64>()? * 1024)
}
