//! Graceful shutdown on Ctrl-C and SIGTERM.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::signal;
use tokio::sync::watch;

use crate::error::{CommandError, ExitStatus};
use crate::output::Output;

/// A request to shut down. The program has exactly one listener, so that no signal is missed.
#[derive(Clone)]
pub(crate) struct ShutdownSignal {
    requested: watch::Receiver<bool>,
    has_submitted: Arc<AtomicBool>,
}

impl ShutdownSignal {
    /// Starts listening. A second signal ends the process immediately, without waiting for the calls
    /// in progress.
    pub(crate) fn listen(output: &Output) -> Self {
        let (sender, requested) = watch::channel(false);
        let shutdown = ShutdownSignal { requested, has_submitted: Arc::default() };
        let (has_submitted, output) = (shutdown.has_submitted.clone(), output.clone());
        tokio::spawn(async move {
            next_signal().await;
            let _ = sender.send(true);
            next_signal().await;
            let (message, exit_status) = match has_submitted.load(Ordering::SeqCst) {
                true => (
                    "interrupted during calls, whose outcome is unknown; with --state, run the same \
                     command again; without it, check the task list (aliyun cdn \
                     DescribeRefreshTasks) before submitting again",
                    ExitStatus::Unknown,
                ),
                false => (
                    "interrupted before anything was sent; run the command again",
                    ExitStatus::NothingSubmitted,
                ),
            };
            output.error(&CommandError { message: message.to_owned(), exit_status });
            process::exit(exit_status as i32);
        });
        shutdown
    }

    /// Records that a call that changes something is being sent.
    pub(crate) fn record_submission(&self) {
        self.has_submitted.store(true, Ordering::SeqCst);
    }

    /// Waits until shutdown is requested.
    pub(crate) async fn requested(&self) {
        // The task that holds the sender runs as long as the program.
        if self.requested.clone().wait_for(|requested| *requested).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    pub(crate) fn is_requested(&self) -> bool {
        *self.requested.borrow()
    }
}

async fn next_signal() {
    #[cfg(unix)]
    {
        use signal::unix::{SignalKind, signal};
        // Not SIGHUP: a command started with nohup should survive its terminal.
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                () = interrupt() => {}
            }
            return;
        }
    }
    interrupt().await;
}

async fn interrupt() {
    // Without a handler, the default action ends the program.
    if signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
