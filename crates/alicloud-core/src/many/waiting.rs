//! Polling until a resource reaches a target state.

mod backoff;
mod course;
mod error;
mod for_each;
mod future;
mod one;
mod poll_many;
mod progress;
mod status;
mod tracker;
mod waiter;

use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use alicloud_wire::Request;

use self::course::{MapRequest, PollLoop};
pub use self::error::WaitError;
pub use self::for_each::PolledItem;
pub use self::future::WaitFuture;
pub use self::progress::Progress;
pub use self::status::PollStatus;
pub use self::tracker::ItemTracker;
pub use self::waiter::Waiter;
use crate::client::Client;
use crate::error::Error;

/// A wait for a resource. Await it to start polling.
///
/// Polls immediately, then with jittered backoff from 2 s to 10 s, for at most 15 minutes; all of these
/// can be set. A poll that fails with a transient error (throttling, a lost connection, an internal
/// error of the service) does not end the wait; any other error, such as invalid credentials, does.
/// Dropping the wait stops polling. The same resource can be waited for again at any time.
///
/// Created by a method of a generated client, such as `wait_for_refresh_tasks`, or by
/// [`Client::wait_until`]. The former sends requests of type `R`, which
/// [`map_request`](Wait::map_request) can change.
///
/// # Errors
///
/// Returns a [`WaitError`] with the last polled state:
///
/// * [`is_failure`](WaitError::is_failure): the resource will never reach the target state.
/// * [`is_timeout`](WaitError::is_timeout): the maximum wait has elapsed. Wait again if necessary.
/// * Otherwise a poll failed permanently; see [`call_error`](WaitError::call_error).
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use alicloud_core::testing::{FakeTransport, ManualClock};
/// # use alicloud_core::{Client, Credentials};
/// # let fake = FakeTransport::new()
/// #     .respond_json("DescribeInstance", r#"{"Status": "Starting"}"#)
/// #     .respond_json("DescribeInstance", r#"{"Status": "Running"}"#);
/// # let client = Client::generic("Ecs", "2014-05-26", "ecs.aliyuncs.com")
/// #     .credentials(Credentials::new("id", "secret"))
/// #     .transport(fake).clock(ManualClock::from_unix_seconds(1_767_323_045)).build()?;
/// use std::time::Duration;
///
/// use alicloud_core::{PollStatus, Wait};
/// # use alicloud_core::wire::Value;
///
/// let describe = client.clone();
/// let wait: Wait<Value> = client.wait_until(
///     move || describe.generic_call("DescribeInstance").param("InstanceId", "i-1").read_only(),
///     |instance| PollStatus::from_state(instance["Status"].as_str(), &["Running"], &["Stopped"]),
/// );
/// let instance = wait.max_wait(Duration::from_secs(300)).await?;
/// assert_eq!(instance["Status"], "Running");
/// # Ok(()) }
/// ```
#[must_use = "a wait does not poll until it is awaited"]
pub struct Wait<S, R = ()> {
    poll_loop: Box<PollLoop<Box<dyn MapRequest<S, R>>>>,
}

impl Client {
    /// Polls until `status` returns [`PollStatus::Succeeded`] for the state that `poll` returns.
    ///
    /// `poll` is called once per poll and may return a [`Call`](crate::Call). It must own what it
    /// captures; clone the client for it.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alicloud_core::testing::{FakeTransport, ManualClock};
    /// # use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product};
    /// # static ECS: Product = Product::new("Ecs", "2014-05-26").with_endpoint("ecs.aliyuncs.com");
    /// # static DESCRIBE: Operation = Operation::rpc(&ECS, "Describe").read_only();
    /// # alicloud_core::wire::request! {
    /// #     struct Describe -> Described {
    /// #         id: Option<String> = query("InstanceId").required(),
    /// #     }
    /// # }
    /// # alicloud_core::wire::record! { struct Described { status: Option<String> = "Status" } }
    /// # let fake = FakeTransport::new()
    /// #     .respond_json("Describe", r#"{"Status": "Starting"}"#)
    /// #     .respond_json("Describe", r#"{"Status": "Running"}"#);
    /// # let client: Client = ClientBuilder::new(&ECS).credentials(Credentials::new("id", "secret"))
    /// #     .transport(fake).clock(ManualClock::from_unix_seconds(1_767_323_045)).build()?;
    /// use std::time::Duration;
    ///
    /// use alicloud_core::PollStatus;
    ///
    /// let describe = client.clone();
    /// let instance = client
    ///     .wait_until(
    ///         move || describe.call(&DESCRIBE, &Describe { id: Some("i-1".into()) }),
    ///         |response| PollStatus::from_state(response.status.as_deref(), &["Running"], &["Stopped"]),
    ///     )
    ///     .max_wait(Duration::from_secs(300))
    ///     .await?;
    /// assert_eq!(instance.status.as_deref(), Some("Running"));
    /// # Ok(()) }
    /// ```
    pub fn wait_until<S, F, C>(
        &self,
        poll: F,
        status: impl Fn(&S) -> PollStatus + Send + 'static,
    ) -> Wait<S>
    where
        S: Send + 'static,
        F: FnMut() -> C + Send + 'static,
        C: IntoFuture<Output = Result<S, Error>>,
        C::IntoFuture: Send + 'static,
    {
        Wait::new(self, one::PollOne::new(poll, status))
    }
}

impl<S, R> Wait<S, R> {
    fn new(client: &Client, target: impl MapRequest<S, R> + 'static) -> Self {
        Wait { poll_loop: Box::new(PollLoop::new(client, Box::new(target))) }
    }

    /// Sets the maximum wait, counted from the first poll. Defaults to 15 minutes.
    ///
    /// The last poll happens one minimum poll interval before the end. A poll still running at the end
    /// is canceled.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use std::time::Duration;
    /// # use alicloud_core::testing::{FakeTransport, ManualClock};
    /// # use alicloud_core::{Client, PollStatus};
    /// # let client = Client::generic("Ecs", "2014-05-26", "ecs.aliyuncs.com")
    /// #     .transport(FakeTransport::new()).clock(ManualClock::from_unix_seconds(0)).build()?;
    /// let wait = client.wait_until(
    ///     || async { Ok(40) },
    ///     |percent| PollStatus::InProgress(format!("{percent} % copied")),
    /// );
    /// let error = wait.max_wait(Duration::from_secs(60)).await.unwrap_err();
    /// assert!(error.is_timeout());
    /// assert_eq!(client.clock().elapsed(), Duration::from_secs(60));
    /// # Ok(()) }
    /// ```
    pub fn max_wait(mut self, limit: Duration) -> Self {
        self.poll_loop.max_wait = limit;
        self
    }

    /// Sets the minimum and the maximum interval between two polls. Defaults to 2 s and 10 s.
    ///
    /// The interval grows by half with each poll and varies by up to a quarter, so that programs that
    /// started together do not poll together. A longer delay that the service asks for after
    /// throttling takes precedence; if it is longer than the rest of the maximum wait, no other poll follows.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use std::time::Duration;
    /// # use alicloud_core::testing::{FakeTransport, ManualClock};
    /// # use alicloud_core::{Client, PollStatus};
    /// # let client = Client::generic("Ecs", "2014-05-26", "ecs.aliyuncs.com")
    /// #     .transport(FakeTransport::new()).clock(ManualClock::from_unix_seconds(0)).build()?;
    /// let mut percent = [20, 100].into_iter();
    /// let wait = client.wait_until(
    ///     move || { let next = percent.next(); async move { Ok(next) } },
    ///     |percent| match percent {
    ///         Some(100) => PollStatus::Succeeded,
    ///         _ => PollStatus::InProgress("is being copied".to_owned()),
    ///     },
    /// );
    /// wait.poll_interval(Duration::from_secs(60), Duration::from_secs(60)).await?;
    /// assert_eq!(client.clock().elapsed(), Duration::from_secs(60));
    /// # Ok(()) }
    /// ```
    pub fn poll_interval(mut self, min: Duration, max: Duration) -> Self {
        self.poll_loop.backoff.set_range(min, max);
        self
    }

    /// Polls once, without waiting for the target state, and returns the polled state: is it done yet?
    ///
    /// The state is returned whatever its status. A poll that hangs is canceled after the
    /// [maximum wait](Self::max_wait).
    ///
    /// # Errors
    ///
    /// Returns a [`WaitError`] if the poll, or a part of it, fails: even with a transient error, because
    /// no other poll follows. What was polled is in its [`state`](WaitError::state). If
    /// [`call_error`](WaitError::call_error) is transient, poll again later.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alicloud_core::testing::{FakeTransport, ManualClock};
    /// # use alicloud_core::{Client, PollStatus};
    /// # let client = Client::generic("Ecs", "2014-05-26", "ecs.aliyuncs.com")
    /// #     .transport(FakeTransport::new()).clock(ManualClock::from_unix_seconds(0)).build()?;
    /// let wait = client.wait_until(
    ///     || async { Ok(40) },
    ///     |percent| match percent {
    ///         100 => PollStatus::Succeeded,
    ///         _ => PollStatus::InProgress("is being copied".to_owned()),
    ///     },
    /// );
    /// assert_eq!(wait.poll_once().await?, 40);
    /// # Ok(()) }
    /// ```
    pub fn poll_once(mut self) -> WaitFuture<S> {
        self.poll_loop.polls_once = true;
        self.into_future()
    }

    /// Returns a stream of the polled states.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alicloud_core::testing::{FakeTransport, ManualClock};
    /// # use alicloud_core::{Client, PollStatus};
    /// # let client = Client::generic("Ecs", "2014-05-26", "ecs.aliyuncs.com")
    /// #     .transport(FakeTransport::new()).clock(ManualClock::from_unix_seconds(0)).build()?;
    /// let mut percent = [20, 60, 100].into_iter();
    /// let wait = client.wait_until(
    ///     move || { let next = percent.next(); async move { Ok(next.unwrap_or(100)) } },
    ///     |percent| match percent {
    ///         100 => PollStatus::Succeeded,
    ///         _ => PollStatus::InProgress("is being copied".to_owned()),
    ///     },
    /// );
    /// let mut progress = wait.progress();
    /// let mut states = Vec::new();
    /// while let Some(state) = progress.next().await {
    ///     states.push(state?);
    /// }
    /// assert_eq!(states, [20, 60, 100]);
    /// # Ok(()) }
    /// ```
    pub fn progress(self) -> Progress<S>
    where
        S: Clone,
    {
        Progress { poll_loop: Box::new(self.poll_loop.erase()) }
    }
}

impl<S, R: Request> Wait<S, R> {
    /// Sets how to change each request: for example, to add a required parameter.
    ///
    /// The request already has the ids of the call and the parameters that the waiter sets. Each call
    /// replaces the previous function.
    ///
    /// # Examples
    ///
    /// ```
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product, Waiter};
    /// # static ECS: Product = Product::new("Ecs", "2014-05-26").with_endpoint("ecs.aliyuncs.com");
    /// # static DESCRIBE: Operation = Operation::rpc(&ECS, "DescribeInstances").read_only();
    /// # alicloud_core::wire::request! {
    /// #     struct DescribeRequest -> DescribeResponse {
    /// #         region_id: Option<String> = query("RegionId").required(),
    /// #         instance_ids: Vec<String> = query("InstanceIds").json(),
    /// #     }
    /// # }
    /// # alicloud_core::wire::record! {
    /// #     struct DescribeResponse { instances: Vec<Instance> = "Instances" / "Instance" }
    /// # }
    /// # alicloud_core::wire::record! {
    /// #     struct Instance {
    /// #         instance_id: Option<String> = "InstanceId",
    /// #         status: Option<String> = "Status",
    /// #     }
    /// # }
    /// # const STOPPED: Waiter<DescribeRequest, Instance> = Waiter::new(
    /// #     &DESCRIBE,
    /// #     "InstanceIds",
    /// #     |ids| DescribeRequest { instance_ids: ids.to_vec(), ..DescribeRequest::default() },
    /// #     |response| response.instances,
    /// #     |instance| instance.instance_id.as_deref(),
    /// #     |instance| instance.status.as_deref(),
    /// # )
    /// # .success(&["Stopped"]);
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let fake = FakeTransport::new().respond_json("DescribeInstances",
    /// #     r#"{"Instances": {"Instance": [{"InstanceId": "i-1", "Status": "Stopped"}]}}"#);
    /// # let client: Client = ClientBuilder::new(&ECS)
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// // With a generated client: client.wait_until_stopped(["i-1"])
    /// let wait = client.wait_for_each(&STOPPED, ["i-1"]);
    /// // With a generated request: |request| request.region_id("cn-hangzhou")
    /// wait.map_request(|request| DescribeRequest { region_id: Some("cn-hangzhou".into()), ..request })
    ///     .await?;
    /// assert_eq!(fake.requests()[0].param("RegionId"), Some("cn-hangzhou"));
    /// # Ok(()) }
    /// ```
    pub fn map_request(mut self, map: impl Fn(R) -> R + Send + 'static) -> Self {
        self.poll_loop.target.map_request(Box::new(map));
        self
    }
}

impl<S, R> IntoFuture for Wait<S, R> {
    type Output = Result<S, WaitError<S>>;
    type IntoFuture = WaitFuture<S>;

    fn into_future(self) -> WaitFuture<S> {
        WaitFuture { poll_loop: Box::new(self.poll_loop.erase()) }
    }
}

impl<S, R> fmt::Debug for Wait<S, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.poll_loop.fmt_as("Wait", f)
    }
}
