//! Being told to stop, by Ctrl-C or by the system.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::signal;
use tokio::sync::watch;

use crate::failure::{Exit, Failure};
use crate::show::Show;

/// Whether the program is to stop. One for the whole program, so that no moment is missed.
#[derive(Clone)]
pub(crate) struct Stop {
    is_asked: watch::Receiver<bool>,
    has_sent: Arc<AtomicBool>,
}

impl Stop {
    /// Begins to listen. Whoever asks a second time is not kept waiting: the program ends at once, and
    /// what was under way is not known.
    pub(crate) fn listen(show: &Show) -> Self {
        let (asked, is_asked) = watch::channel(false);
        let stop = Stop { is_asked, has_sent: Arc::default() };
        let (has_sent, show) = (stop.has_sent.clone(), show.clone());
        tokio::spawn(async move {
            signal().await;
            let _ = asked.send(true);
            signal().await;
            let (message, exit) = match has_sent.load(Ordering::SeqCst) {
                true => (
                    "ended at once, so what has become of calls under way is not known: with --state the \
                     same command goes on, without it look into the list of tasks",
                    Exit::Unknown,
                ),
                false => ("ended at once: nothing was sent, so begin again", Exit::NothingSent),
            };
            show.failure(&Failure { message: message.to_owned(), exit });
            process::exit(exit as i32);
        });
        stop
    }

    /// Takes in that something is sent that may be carried out.
    pub(crate) fn is_sending(&self) {
        self.has_sent.store(true, Ordering::SeqCst);
    }

    /// Ready when the program is to stop.
    pub(crate) async fn asked(&self) {
        // The sender lives as long as the program.
        if self.is_asked.clone().wait_for(|asked| *asked).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    pub(crate) fn is_asked(&self) -> bool {
        *self.is_asked.borrow()
    }
}

async fn signal() {
    #[cfg(unix)]
    {
        use signal::unix::{SignalKind, signal};
        // Not of a terminal that is closed: whoever has begun this with nohup wants it to go on.
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
    // Where no handler can be set, the program simply ends.
    if signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
