//! Waiting until something has become what it shall be.

mod backoff;
mod course;
mod error;
mod many;
mod one;

use std::fmt;
use std::future::{Future, IntoFuture, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::Stream;

use self::course::{Course, Looked, Watch};
pub use self::error::WaitError;
pub use self::many::{PolledItem, Waiter};
use crate::client::Client;
use crate::error::Error;

/// What a look has found.
///
/// The texts say what is missing or wrong, for the message of a [`WaitError`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PollStatus {
    /// It is what it shall be.
    Succeeded,
    /// Not yet: look again.
    InProgress(String),
    /// It will never be.
    Failed(String),
}

impl PollStatus {
    /// Judges a state by the names of those that are final, without regard to case. One that is on
    /// neither list is not final, and neither is none: services add states, and list a resource some
    /// time after they have accepted it.
    ///
    /// ```
    /// use alicloud_core::PollStatus;
    ///
    /// let judge = |state| PollStatus::from_state(state, &["Running"], &["Stopped", "Released"]);
    /// assert_eq!(judge(Some("RUNNING")), PollStatus::Succeeded);
    /// assert_eq!(judge(Some("Starting")), PollStatus::InProgress("is Starting".to_owned()));
    /// assert_eq!(judge(Some("Stopped")), PollStatus::Failed("is Stopped".to_owned()));
    /// assert_eq!(judge(None), PollStatus::InProgress("is not listed".to_owned()));
    /// ```
    pub fn from_state(state: Option<&str>, success: &[&str], failure: &[&str]) -> PollStatus {
        let Some(state) = state.filter(|state| !state.is_empty()) else {
            return PollStatus::InProgress("is not listed".to_owned());
        };
        let is_one_of = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(state));
        if is_one_of(success) {
            PollStatus::Succeeded
        } else if is_one_of(failure) {
            PollStatus::Failed(format!("is {state}"))
        } else {
            PollStatus::InProgress(format!("is {state}"))
        }
    }
}

/// Waiting for something, to be awaited.
///
/// It looks at once and then again and again, after waits that grow from 2 to 10 seconds with some
/// chance in them, for at most 15 minutes; all of that can be set. A look that fails in a way that
/// passes (throttling, a lost connection, a fault of the service) does not end it; one that would
/// always fail, such as for credentials, does. Dropping it leaves nothing behind, and what it waited
/// for can be waited for again at any time.
///
/// It comes from a method of a generated client, such as `wait_for_refresh_tasks`, or from
/// [`Client::wait_until`].
///
/// # Errors
///
/// A [`WaitError`], which keeps what was seen last: when the state is one that will never be right,
/// when the time is over, or when looking fails for good.
#[must_use = "it does not look until it is awaited"]
pub struct Wait<S> {
    course: Box<Course<S>>,
}

impl Client {
    /// Waits until what `look` brings is what it shall be, as `judge` says.
    ///
    /// `look` is called for each look; it may return a [`Call`](crate::Call). Whatever it needs it
    /// owns or clones.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alicloud_core::testing::{FakeTransport, ManualClock};
    /// # use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product};
    /// # const ECS: Product = Product::new("Ecs", "2014-05-26").with_endpoint("ecs.aliyuncs.com");
    /// # const DESCRIBE: Operation = Operation::rpc(&ECS, "Describe").read_only();
    /// # #[derive(Debug, Default)] struct Describe { id: String }
    /// # #[derive(Debug, Default)] struct Described { status: Option<String> }
    /// # alicloud_core::wire::request! { Describe => Described { id: "InstanceId" => query } }
    /// # alicloud_core::wire::record! { Described { status: "Status" } }
    /// # let fake = FakeTransport::new()
    /// #     .respond_json("Describe", r#"{"Status": "Starting"}"#)
    /// #     .respond_json("Describe", r#"{"Status": "Running"}"#);
    /// # let core: Client = ClientBuilder::new(&ECS).credentials(Credentials::new("id", "secret"))
    /// #     .transport(fake).clock(ManualClock::from_unix_seconds(1_767_323_045)).build()?;
    /// use std::time::Duration;
    ///
    /// use alicloud_core::PollStatus;
    ///
    /// let client = core.clone();
    /// let instance = core
    ///     .wait_until(
    ///         move || client.call(&DESCRIBE, &Describe { id: "i-1".into() }),
    ///         |response| PollStatus::from_state(response.status.as_deref(), &["Running"], &["Stopped"]),
    ///     )
    ///     .max_wait(Duration::from_secs(300))
    ///     .await?;
    /// assert_eq!(instance.status.as_deref(), Some("Running"));
    /// # Ok(()) }
    /// ```
    pub fn wait_until<S, F, C>(
        &self,
        look: F,
        judge: impl Fn(&S) -> PollStatus + Send + 'static,
    ) -> Wait<S>
    where
        S: Send + 'static,
        F: FnMut() -> C + Send + 'static,
        C: IntoFuture<Output = Result<S, Error>>,
        C::IntoFuture: Send + 'static,
    {
        Wait::new(self, one::Single::new(look, judge))
    }
}

impl<S> Wait<S> {
    fn new(client: &Client, watch: impl Watch<S> + 'static) -> Self {
        Wait { course: Box::new(Course::new(client, Box::new(watch))) }
    }

    /// For how long, from the first look on. 15 minutes unless told otherwise.
    ///
    /// The last look is taken the shortest wait before the end; one that is under way at the end is
    /// given up.
    pub fn max_wait(mut self, limit: Duration) -> Self {
        self.course.limit = limit;
        self
    }

    /// The shortest and the longest wait between two looks. 2 and 10 seconds unless told otherwise.
    ///
    /// The waits grow by half each time and vary by a quarter, so that programs that began together
    /// do not look together. What the service asks for after throttling is kept, however long.
    pub fn poll_interval(mut self, min: Duration, max: Duration) -> Self {
        self.course.pace.set(min, max);
        self
    }

    /// What is seen, look by look.
    pub fn progress(self) -> Progress<S>
    where
        S: Clone,
    {
        Progress { course: Some(self.course) }
    }
}

impl<S> IntoFuture for Wait<S> {
    type Output = Result<S, WaitError<S>>;
    type IntoFuture = WaitFuture<S>;

    fn into_future(self) -> WaitFuture<S> {
        WaitFuture { course: self.course }
    }
}

/// The future of a [`Wait`].
#[must_use = "futures do nothing unless polled"]
pub struct WaitFuture<S> {
    course: Box<Course<S>>,
}

impl<S> Future for WaitFuture<S> {
    type Output = Result<S, WaitError<S>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        loop {
            match self.course.poll(context) {
                Poll::Ready(Looked::Pending) => {}
                Poll::Ready(Looked::Over(result)) => return Poll::Ready(result),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

/// What is seen while waiting, as a [`Stream`]; see [`Wait::progress`].
///
/// There is an item for each look that saw something. When the stream ends without an error, the last
/// item is what was waited for. Looks are only taken while the stream is asked for the next item.
#[must_use = "a stream does nothing until it is asked for its next item"]
pub struct Progress<S> {
    course: Option<Box<Course<S>>>,
}

impl<S: Clone> Progress<S> {
    /// The next item, or nothing when the wait is over.
    ///
    /// # Errors
    ///
    /// Those of [`Wait`]. The stream is over after one.
    pub async fn next(&mut self) -> Option<Result<S, WaitError<S>>> {
        poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<S, WaitError<S>>>> {
        while let Some(course) = &mut self.course {
            match course.poll(context) {
                Poll::Ready(Looked::Pending) => {
                    if let Some(state) = course.state() {
                        return Poll::Ready(Some(Ok(state.clone())));
                    }
                }
                Poll::Ready(Looked::Over(result)) => {
                    self.course = None;
                    return Poll::Ready(Some(result));
                }
                Poll::Pending => return Poll::Pending,
            }
        }
        Poll::Ready(None)
    }
}

/// Nothing in it is pinned: it is in a box.
impl<S> Unpin for Progress<S> {}

impl<S: Clone> Stream for Progress<S> {
    type Item = Result<S, WaitError<S>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context)
    }
}

impl<S> fmt::Debug for Wait<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.course.show("Wait", f)
    }
}

impl<S> fmt::Debug for WaitFuture<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.course.show("WaitFuture", f)
    }
}

impl<S> fmt::Debug for Progress<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.course {
            Some(course) => course.show("Progress", f),
            None => f.write_str("Progress(over)"),
        }
    }
}
