//! Running a program, as a seam.

use std::fmt;
use std::io::{self, Read as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use zeroize::{Zeroize as _, Zeroizing};

use super::blocking_task::{Watch, on_thread};
use crate::BoxFuture;
use crate::clock::{Clock as _, SystemClock};
use crate::secret::Secret;

/// Runs a program and hands over what it prints.
///
/// [`SystemProcesses`] does it for real; a test puts something else in its place.
pub trait RunProcess: Send + Sync + fmt::Debug {
    /// Runs a program with these arguments, without a shell, and gives its standard output.
    ///
    /// # Errors
    ///
    /// When it cannot be started, does not end in time or well, or prints too much or no text. The
    /// error must not quote what it printed. A program that is not finished when the future is dropped
    /// should be ended.
    fn run(
        &self,
        program: &str,
        arguments: &[String],
        limits: ProcessLimits,
    ) -> BoxFuture<'static, io::Result<Secret>>;
}

/// What is granted to a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProcessLimits {
    /// How long it may run.
    pub timeout: Duration,
    /// How many bytes it may print.
    pub max_output_bytes: usize,
}

impl Default for ProcessLimits {
    /// 60 seconds and 64 KiB.
    fn default() -> Self {
        ProcessLimits { timeout: Duration::from_secs(60), max_output_bytes: 64 << 10 }
    }
}

/// The processes of the operating system.
///
/// A program gets no input, its standard error goes nowhere, since it may print a secret, and it is
/// killed when it passes a limit. What it started itself is not: it runs on without an output.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemProcesses;

/// How often it is looked whether a program has ended, or nobody waits for it any more.
const TICK: Duration = Duration::from_millis(20);

impl RunProcess for SystemProcesses {
    fn run(
        &self,
        program: &str,
        arguments: &[String],
        limits: ProcessLimits,
    ) -> BoxFuture<'static, io::Result<Secret>> {
        let mut command = Command::new(program);
        command.args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        Box::pin(on_thread("alicloud-process", move |watch| {
            let mut child = command.spawn()?;
            let result = attend(&mut child, limits, watch);
            if result.is_err() {
                // Both fail only for a program that has ended.
                let _ = child.kill();
                let _ = child.wait();
            }
            result
        }))
    }
}

/// Reads the output of a program and waits for its end.
fn attend(child: &mut Child, limits: ProcessLimits, watch: &Watch<Secret>) -> io::Result<Secret> {
    let end = SystemClock.elapsed() + limits.timeout;
    let stdout = child.stdout.take().ok_or_else(|| io::Error::other("it has no output"))?;
    let (sender, output) = mpsc::channel();
    // A thread of its own, because reading can wait for longer than the program may run: whoever
    // inherited the pipe keeps it open.
    std::thread::Builder::new().name("alicloud-process-out".to_owned()).spawn(move || {
        let mut bytes = Zeroizing::new(Vec::with_capacity(limits.max_output_bytes + 1));
        let read = stdout.take(limits.max_output_bytes as u64 + 1).read_to_end(&mut bytes);
        // Nobody listens when the limit has passed.
        let _ = sender.send(read.map(|_| bytes));
    })?;
    let bytes = loop {
        check_time(end, limits, watch)?;
        match output.recv_timeout(TICK) {
            Ok(bytes) => break bytes?,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                return Err(io::Error::other("its output could not be read"));
            }
        }
    };
    if bytes.len() > limits.max_output_bytes {
        let most = limits.max_output_bytes;
        return Err(io::Error::other(format!("it printed more than {most} bytes")));
    }
    let status = loop {
        match child.try_wait()? {
            Some(status) => break status,
            None => std::thread::sleep(TICK / 4),
        }
        check_time(end, limits, watch)?;
    };
    if !status.success() {
        return Err(io::Error::other(describe(status)));
    }
    secret(bytes)
}

fn check_time(end: Duration, limits: ProcessLimits, watch: &Watch<Secret>) -> io::Result<()> {
    if SystemClock.elapsed() >= end {
        let reason = format!("it did not end within {:?} and was killed", limits.timeout);
        return Err(io::Error::new(io::ErrorKind::TimedOut, reason));
    }
    if watch.is_abandoned() {
        return Err(io::Error::new(io::ErrorKind::Interrupted, "nobody waits for it any more"));
    }
    Ok(())
}

fn describe(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("it failed with the exit code {code}; run it by hand to see why"),
        None => "it was ended by a signal".to_owned(),
    }
}

fn secret(mut bytes: Zeroizing<Vec<u8>>) -> io::Result<Secret> {
    match String::from_utf8(std::mem::take(&mut *bytes)) {
        Ok(text) => Ok(Secret::new(text)),
        Err(error) => {
            error.into_bytes().zeroize();
            Err(io::Error::other("it printed something that is not text in UTF-8"))
        }
    }
}
