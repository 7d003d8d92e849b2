//! A tool's process: what it takes, and when it says something.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};

use crate::Result;

/// What a tool reads.
pub enum Stdin<'a> {
    Null,
    File(&'a Path),
}

/// What a run took.
pub struct Ran {
    pub wall: Duration,
    /// User and system.
    pub cpu: Duration,
    pub resident_bytes_max: u64,
    pub stdout_lines: u64,
}

/// Runs a tool to its end; its output is read as fast as it comes.
pub fn run(mut command: Command, stdin: Stdin<'_>) -> Result<Ran> {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.stdin(match stdin {
        Stdin::Null => Stdio::null(),
        Stdin::File(path) => File::open(path)?.into(),
    });
    let cpu = cpu_of_children()?;
    let since = Instant::now();
    let mut child = command.spawn()?;
    let mut stdout = child.stdout.take().ok_or("stdout is piped")?;
    let mut stderr = child.stderr.take().ok_or("stderr is piped")?;
    let counting = thread::spawn(move || {
        let mut lines = 0;
        let mut buffer = vec![0; 1 << 20];
        while let Ok(count @ 1..) = stdout.read(&mut buffer) {
            lines += buffer[..count]
                .iter()
                .filter(|byte| **byte == b'\n')
                .count() as u64;
        }
        lines
    });
    let complaining = thread::spawn(move || {
        let mut said = String::new();
        let _ = stderr.read_to_string(&mut said);
        said
    });
    let (resident_bytes_max, wall) = watch(&mut child, since)?;
    let status = child.wait()?;
    let said = complaining.join().unwrap_or_default();
    if !status.success() {
        let program = command.get_program().display();
        return Err(format!("{program} ended with {status}: {said}").into());
    }
    Ok(Ran {
        wall,
        cpu: cpu_of_children()? - cpu,
        resident_bytes_max,
        stdout_lines: counting.join().unwrap_or_default(),
    })
}

/// Starts a tool, and returns how long it took until its first byte of output; then it may end.
pub fn first_output(words: &[String]) -> Result<Duration> {
    let mut command = Command::new(&words[0]);
    command
        .args(&words[1..])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let since = Instant::now();
    let mut child = command.spawn()?;
    let mut stdout = child.stdout.take().ok_or("stdout is piped")?;
    let mut first = [0];
    let count = stdout.read(&mut first)?;
    let took = since.elapsed();
    let mut rest = Vec::new();
    stdout.read_to_end(&mut rest)?;
    let status = child.wait()?;
    if count == 0 || !status.success() {
        return Err(format!("{} said nothing, {status}", words[0]).into());
    }
    Ok(took)
}

/// Looks at the memory until the child has ended.
fn watch(child: &mut Child, since: Instant) -> Result<(u64, Duration)> {
    let path = format!("/proc/{}/status", child.id());
    let mut highest = 0;
    loop {
        if let Ok(status) = fs::read_to_string(&path) {
            let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kib = line.and_then(|line| line.trim().strip_suffix(" kB"));
            let kib = kib.and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0);
            highest = highest.max(kib * 1024);
        }
        if child.try_wait()?.is_some() {
            return Ok((highest, since.elapsed()));
        }
        if since.elapsed() > LIMIT {
            child.kill()?;
            return Err(format!("it did not end within {LIMIT:?}").into());
        }
        thread::sleep(PAUSE);
    }
}

fn cpu_of_children() -> Result<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let of = |time: nix::sys::time::TimeVal| {
        Duration::from_secs(time.tv_sec() as u64) + Duration::from_micros(time.tv_usec() as u64)
    };
    Ok(of(usage.user_time()) + of(usage.system_time()))
}

const PAUSE: Duration = Duration::from_millis(2);
const LIMIT: Duration = Duration::from_secs(300);
