//! Being told to stop, by Ctrl-C or by the system.

use std::process;

use tokio::signal;
use tokio::sync::watch;

use crate::failure::Exit;

/// Whether the program is to stop. One for the whole program, so that no moment is missed.
#[derive(Clone)]
pub(crate) struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Begins to listen. Whoever asks a second time is not kept waiting: the program ends at once, and
    /// what was under way is not known.
    pub(crate) fn listen() -> Self {
        let (asked, stop) = watch::channel(false);
        tokio::spawn(async move {
            signal().await;
            let _ = asked.send(true);
            signal().await;
            process::exit(Exit::Unknown as i32);
        });
        Stop(stop)
    }

    /// Ready when the program is to stop.
    pub(crate) async fn asked(&self) {
        // The sender lives as long as the program.
        if self.0.clone().wait_for(|asked| *asked).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    pub(crate) fn is_asked(&self) -> bool {
        *self.0.borrow()
    }
}

async fn signal() {
    #[cfg(unix)]
    {
        use signal::unix::{SignalKind, signal};
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
