//! The states of a wait, one after another.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::course::{PollLoop, PollTarget, Step};
use super::error::WaitError;
use crate::error::Error;

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
    pub(super) poll_loop: Box<PollLoop<Box<dyn PollTarget<S>>>>,
}

impl<S> Progress<S> {
    /// Returns the error of the last poll, which the wait tolerated because it is transient. If only a
    /// part of that poll failed, the state has the rest.
    ///
    /// The error that ended the wait is in its [`WaitError`] instead.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alicloud_core::testing::{FakeTransport, Fault, ManualClock};
    /// # use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product, RetryPolicy, Waiter};
    /// # static CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
    /// # static DESCRIBE: Operation = Operation::rpc(&CDN, "Describe").read_only();
    /// # alicloud_core::wire::request! {
    /// #     struct Describe -> Described { ids: Vec<String> = query("Ids").comma_list() }
    /// # }
    /// # alicloud_core::wire::record! { struct Described { tasks: Vec<Task> = "Tasks" } }
    /// # alicloud_core::wire::record! {
    /// #     struct Task { id: Option<String> = "Id", status: Option<String> = "Status" }
    /// # }
    /// # const TASKS: Waiter<Describe, Task> = Waiter::new(
    /// #     &DESCRIBE, "Ids", |ids| Describe { ids: ids.to_vec() }, |response| response.tasks,
    /// #     |task| task.id.as_deref(), |task| task.status.as_deref(),
    /// # ).success(&["Complete"]);
    /// # let fake = FakeTransport::new().fault("Describe", Fault::ConnectionReset)
    /// #     .respond_json("Describe", r#"{"Tasks": [{"Id": "1", "Status": "Complete"}]}"#);
    /// # let client: Client = ClientBuilder::new(&CDN).credentials(Credentials::new("id", "secret"))
    /// #     .retry(RetryPolicy::none()).transport(fake)
    /// #     .clock(ManualClock::from_unix_seconds(1_767_323_045)).build()?;
    /// let mut progress = client.wait_for_each(&TASKS, ["1"]).progress();
    /// let mut failed_polls = 0;
    /// while let Some(tasks) = progress.next().await {
    ///     println!("{:?} {:?}", tasks?, progress.last_error());
    ///     failed_polls += usize::from(progress.last_error().is_some());
    /// }
    /// assert_eq!(failed_polls, 1);
    /// # Ok(()) }
    /// ```
    pub fn last_error(&self) -> Option<&Error> {
        self.poll_loop.last_error.as_ref()
    }
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
        while !self.poll_loop.is_finished() {
            match ready!(self.poll_loop.poll(context)) {
                Step::Continue => {
                    if let Some(state) = self.poll_loop.target.state() {
                        return Poll::Ready(Some(Ok(state.clone())));
                    }
                }
                Step::Finished(result) => return Poll::Ready(Some(result)),
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
        self.poll_loop.fmt_as("Progress", f)
    }
}
