//! A journal that shows the progress of a submission.

use std::sync::Arc;

use alicloud_cdn_refresh::{BoxFuture, Event, Journal, JournalError, Lease};

use crate::output::SubmitProgress;
use crate::signals::ShutdownSignal;

/// Records events in another journal, if there is one, then shows them.
pub(super) struct ProgressJournal<'a> {
    pub(super) inner: Option<&'a mut dyn Journal>,
    pub(super) progress: SubmitProgress,
    pub(super) shutdown: &'a ShutdownSignal,
}

impl Journal for ProgressJournal<'_> {
    fn record<'a>(&'a mut self, events: &'a [Event]) -> BoxFuture<'a, Result<(), JournalError>> {
        Box::pin(async move {
            if let Some(inner) = &mut self.inner {
                inner.record(events).await?;
            }
            for event in events {
                if matches!(event, Event::Sending { .. }) {
                    self.shutdown.record_submission();
                }
                self.progress.update(event);
            }
            Ok(())
        })
    }

    fn lease(&self) -> Option<Arc<dyn Lease>> {
        self.inner.as_ref()?.lease()
    }
}
