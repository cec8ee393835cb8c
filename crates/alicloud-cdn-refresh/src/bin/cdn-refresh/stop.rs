//! Being told to stop.

use tokio::signal;

/// Ready when somebody presses Ctrl-C or the system asks the program to end.
pub(crate) async fn asked() {
    #[cfg(unix)]
    {
        use signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupted() => {}
            }
            return;
        }
    }
    interrupted().await;
}

async fn interrupted() {
    // Where no handler can be set, the program simply ends.
    if signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
