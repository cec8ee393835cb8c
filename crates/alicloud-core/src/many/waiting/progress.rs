//! The states of a wait, one after another.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

use super::course::{PollLoop, PollTarget, Step};
use super::error::WaitError;

/// The states polled by a [`Wait`](crate::Wait), as a [`Stream`]; see [`Wait::progress`](crate::Wait::progress).
///
/// The stream yields one item per poll that returned a state. If it ends without an error, the last
/// item is the target state. It polls only while the next item is requested.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use alicloud_core::testing::FakeTransport;
/// # use alicloud_core::{Client, PollStatus};
/// use alicloud_core::Progress;
///
/// # let client = Client::generic("Ecs", "2014-05-26", "ecs.aliyuncs.com")
/// #     .transport(FakeTransport::new()).build()?;
/// let mut progress: Progress<&str> =
///     client.wait_until(|| async { Ok("Running") }, |_| PollStatus::Succeeded).progress();
/// assert_eq!(progress.next().await.transpose()?, Some("Running"));
/// assert!(progress.next().await.is_none());
/// # Ok(()) }
/// ```
#[must_use = "a stream does nothing until its next item is requested"]
pub struct Progress<S> {
    pub(super) poll_loop: Option<Box<PollLoop<Box<dyn PollTarget<S>>>>>,
}

impl<S: Clone> Progress<S> {
    /// Polls once and returns the state, or `None` after the end of the wait.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Wait`](crate::Wait). The stream ends after an error.
    pub async fn next(&mut self) -> Option<Result<S, WaitError<S>>> {
        poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<S, WaitError<S>>>> {
        while let Some(poll_loop) = &mut self.poll_loop {
            match poll_loop.poll(context) {
                Poll::Ready(Step::Continue) => {
                    if let Some(state) = poll_loop.state() {
                        return Poll::Ready(Some(Ok(state.clone())));
                    }
                }
                Poll::Ready(Step::Finished(result)) => {
                    self.poll_loop = None;
                    return Poll::Ready(Some(result));
                }
                Poll::Pending => return Poll::Pending,
            }
        }
        Poll::Ready(None)
    }
}

/// Nothing is pinned: the loop is boxed.
impl<S> Unpin for Progress<S> {}

impl<S: Clone> Stream for Progress<S> {
    type Item = Result<S, WaitError<S>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}

impl<S> fmt::Debug for Progress<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.poll_loop {
            Some(poll_loop) => poll_loop.fmt_as("Progress", f),
            None => f.write_str("Progress(finished)"),
        }
    }
}
