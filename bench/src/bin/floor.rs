//! The floor: what any broker must at least do with a Produce request, and nothing else.
//!
//! It reads frames, appends their bytes to a file as they came, and answers that all went well, without
//! looking at a record. It shows how much of a broker's time is the sockets', the file's and tokio's.
//!
//! `floor PORT FILE`. It serves Produce version 8 with one topic and one partition in a request, and closes the
//! connection on anything else.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::process::ExitCode;
use std::rc::Rc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let (Some(port), Some(path)) = (args.next().and_then(|port| port.parse().ok()), args.next())
    else {
        eprintln!("usage: floor PORT FILE");
        return ExitCode::FAILURE;
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    match runtime
        .and_then(|runtime| tokio::task::LocalSet::new().block_on(&runtime, serve(port, &path)))
    {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("floor: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(port: u16, path: &str) -> io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let file = Rc::new(OpenOptions::new().create(true).append(true).open(path)?);
    loop {
        let (stream, _) = listener.accept().await?;
        let file = Rc::clone(&file);
        tokio::task::spawn_local(async move {
            // The client sees a closed connection; there is nobody else to tell.
            let _ = connection(stream, &file).await;
        });
    }
}

/// One write to the file and one to the socket for all the frames that a read brought.
async fn connection(mut stream: TcpStream, mut file: &File) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut input = vec![0_u8; READ_BYTES];
    let mut filled = 0;
    let mut answers = Vec::with_capacity(4096);
    loop {
        let read = stream.read(&mut input[filled..]).await?;
        if read == 0 {
            return Ok(());
        }
        filled += read;
        let mut done = 0;
        while let Some(frame) = first_frame(&input[done..filled]) {
            answer(frame, &mut answers).ok_or(io::ErrorKind::InvalidData)?;
            done += 4 + frame.len();
        }
        if done > 0 {
            file.write_all(&input[..done])?;
            stream.write_all(&answers).await?;
            answers.clear();
            input.copy_within(done..filled, 0);
            filled -= done;
        } else if filled == input.len() {
            input.resize(2 * filled, 0);
        }
    }
}

/// The first frame without its size, once it has arrived in full.
fn first_frame(input: &[u8]) -> Option<&[u8]> {
    let size = u32::from_be_bytes(input.get(..4)?.try_into().ok()?) as usize;
    input.get(4..4 + size)
}

/// Produce v8: header `key version correlation client_id`, body `transactional_id acks timeout [topic [partition ..`.
fn answer(frame: &[u8], answers: &mut Vec<u8>) -> Option<()> {
    if frame.get(..4)? != [0, 0, 0, 8] {
        return None;
    }
    let correlation = frame.get(4..8)?;
    let client_id = nullable(frame, 8)?;
    let transactional_id = nullable(frame, client_id.end)?;
    let topic = nullable(frame, transactional_id.end + ACKS_TIMEOUT_AND_COUNT)?;
    let partition = frame.get(topic.end + 4..topic.end + 8)?;

    let size = 4 + 4 + (topic.end - topic.start + 2) + 4 + PARTITION_ANSWER + 4;
    answers.extend_from_slice(&(size as u32).to_be_bytes());
    answers.extend_from_slice(correlation);
    answers.extend_from_slice(&1_u32.to_be_bytes());
    answers.extend_from_slice(&frame[topic.start - 2..topic.end]);
    answers.extend_from_slice(&1_u32.to_be_bytes());
    answers.extend_from_slice(partition);
    answers.extend_from_slice(&0_u16.to_be_bytes()); // error code: none
    answers.extend_from_slice(&0_u64.to_be_bytes()); // base offset
    answers.extend_from_slice(&(-1_i64).to_be_bytes()); // log append time
    answers.extend_from_slice(&0_u64.to_be_bytes()); // log start offset
    answers.extend_from_slice(&0_u32.to_be_bytes()); // record errors: none
    answers.extend_from_slice(&(-1_i16).to_be_bytes()); // error message: null
    answers.extend_from_slice(&0_u32.to_be_bytes()); // throttle time
    Some(())
}

/// Where the bytes of the string lie whose length is at `at`; a null string is empty.
fn nullable(frame: &[u8], at: usize) -> Option<std::ops::Range<usize>> {
    let length = i16::from_be_bytes(frame.get(at..at + 2)?.try_into().ok()?);
    let start = at + 2;
    let end = start + usize::try_from(length).unwrap_or(0);
    (end <= frame.len()).then_some(start..end)
}

const READ_BYTES: usize = 256 * 1024;
/// acks (2), timeout (4), number of topics (4).
const ACKS_TIMEOUT_AND_COUNT: usize = 10;
/// partition (4), error code (2), base offset, append time and log start offset (8 each), record errors (4), message (2).
const PARTITION_ANSWER: usize = 36;
