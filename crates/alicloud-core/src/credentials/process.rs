//! Running programs, replaceable in tests.

use std::fmt;
use std::io::{self, Read as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use zeroize::{Zeroize as _, Zeroizing};

use crate::blocking_task::{Completion, spawn_blocking};
use crate::future::BoxFuture;
use crate::secret::Secret;
use crate::time::{Clock as _, SystemClock};

/// A runner of programs that returns their output.
///
/// The default is [`SystemProcesses`]. Tests can implement this trait instead of starting a program.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), alicloud_core::credentials::CredentialsError> {
/// use std::io;
///
/// use alicloud_core::credentials::{
///     ExternalProcess, ProcessLimits, ProvideCredentials, RunProcess,
/// };
/// use alicloud_core::{BoxFuture, Secret};
///
/// #[derive(Debug)]
/// struct FakeProcess;
///
/// impl RunProcess for FakeProcess {
///     fn run(
///         &self,
///         program: &str,
///         arguments: &[String],
///         _: ProcessLimits,
///     ) -> BoxFuture<'static, io::Result<Secret>> {
///         assert_eq!((program, arguments), ("vault-login", &["--json".to_owned()][..]));
///         let output = r#"{"mode": "AK", "access_key_id": "id", "access_key_secret": "secret"}"#;
///         Box::pin(async move { Ok(Secret::new(output)) })
///     }
/// }
///
/// let provider = ExternalProcess::new("vault-login --json").process_runner(FakeProcess);
/// # let provider = provider.variables(alicloud_core::credentials::Variables::from_pairs([("", "")]));
/// assert_eq!(provider.credentials().await?.access_key_id(), "id");
/// # Ok(()) }
/// ```
pub trait RunProcess: Send + Sync + fmt::Debug {
    /// Runs a program with these arguments, without a shell, and returns its standard output.
    ///
    /// If the future is dropped, the program should be terminated.
    ///
    /// # Errors
    ///
    /// Returns an error if the program cannot be started, exceeds a limit, exits with an error, or its output
    /// is not UTF-8. The error must not quote the output.
    fn run(
        &self,
        program: &str,
        arguments: &[String],
        limits: ProcessLimits,
    ) -> BoxFuture<'static, io::Result<Secret>>;
}

/// Limits of a program.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use alicloud_core::credentials::ProcessLimits;
///
/// let limits = ProcessLimits::default();
/// assert_eq!(limits.timeout, Duration::from_secs(60));
/// assert_eq!(limits.max_output_bytes, 64 * 1024);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProcessLimits {
    /// Maximum run time. Defaults to 60 s.
    pub timeout: Duration,
    /// Maximum size of the standard output, in bytes. Defaults to 64 KiB.
    pub max_output_bytes: usize,
}

impl Default for ProcessLimits {
    fn default() -> Self {
        ProcessLimits { timeout: Duration::from_secs(60), max_output_bytes: 64 << 10 }
    }
}

/// A runner that starts programs as processes of the operating system.
///
/// A program has no standard input. Its standard error is discarded, because it may contain a secret.
/// It is killed when it exceeds a limit, but not the processes that it started; those continue without
/// an output.
///
/// # Examples
///
/// ```
/// # #[cfg(unix)]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// use alicloud_core::credentials::{ProcessLimits, RunProcess, SystemProcesses};
///
/// let arguments = ["hello".to_owned()];
/// let output = SystemProcesses.run("echo", &arguments, ProcessLimits::default()).await?;
/// assert_eq!(output.expose(), "hello\n");
/// # Ok(()) }
/// # #[cfg(not(unix))]
/// # fn main() {}
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemProcesses;

/// Interval at which to check whether a program has exited or its future was dropped.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

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
        Box::pin(spawn_blocking("alicloud-process", move |completion| {
            let mut child = command.spawn()?;
            let result = wait_for_output(&mut child, limits, completion);
            if result.is_err() {
                // Both fail only if the program has already exited.
                let _ = child.kill();
                let _ = child.wait();
            }
            result
        }))
    }
}

/// Reads the output of a program and waits until it exits.
fn wait_for_output(
    child: &mut Child,
    limits: ProcessLimits,
    completion: &Completion<Secret>,
) -> io::Result<Secret> {
    let deadline = SystemClock.elapsed() + limits.timeout;
    let stdout = child.stdout.take().ok_or_else(|| io::Error::other("it has no output"))?;
    let (sender, output) = mpsc::channel();
    // On another thread, because reading can outlast the program: a process that inherited the pipe
    // keeps it open.
    std::thread::Builder::new().name("alicloud-process-out".to_owned()).spawn(move || {
        let mut bytes = Zeroizing::new(Vec::with_capacity(limits.max_output_bytes + 1));
        let read = stdout.take(limits.max_output_bytes as u64 + 1).read_to_end(&mut bytes);
        // Fails if the deadline has passed, so that there is no receiver.
        let _ = sender.send(read.map(|_| bytes));
    })?;
    let bytes = loop {
        check_deadline(deadline, limits, completion)?;
        match output.recv_timeout(POLL_INTERVAL) {
            Ok(bytes) => break bytes?,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                return Err(io::Error::other("its output could not be read"));
            }
        }
    };
    if bytes.len() > limits.max_output_bytes {
        let max = limits.max_output_bytes;
        return Err(io::Error::other(format!("it printed more than {max} bytes")));
    }
    let status = loop {
        match child.try_wait()? {
            Some(status) => break status,
            None => std::thread::sleep(POLL_INTERVAL / 4),
        }
        check_deadline(deadline, limits, completion)?;
    };
    if !status.success() {
        return Err(io::Error::other(describe(status)));
    }
    into_secret(bytes)
}

/// Returns an error if the deadline has passed or the future was dropped.
fn check_deadline(
    deadline: Duration,
    limits: ProcessLimits,
    completion: &Completion<Secret>,
) -> io::Result<()> {
    if SystemClock.elapsed() >= deadline {
        let reason = format!("it did not exit within {:?} and was killed", limits.timeout);
        return Err(io::Error::new(io::ErrorKind::TimedOut, reason));
    }
    if completion.is_canceled() {
        return Err(io::Error::new(io::ErrorKind::Interrupted, "it was canceled"));
    }
    Ok(())
}

fn describe(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("it exited with code {code}; run it manually to see why"),
        None => "it was terminated by a signal".to_owned(),
    }
}

fn into_secret(mut bytes: Zeroizing<Vec<u8>>) -> io::Result<Secret> {
    match String::from_utf8(std::mem::take(&mut *bytes)) {
        Ok(text) => Ok(Secret::new(text)),
        Err(error) => {
            error.into_bytes().zeroize();
            Err(io::Error::other("its output is not UTF-8 text"))
        }
    }
}
