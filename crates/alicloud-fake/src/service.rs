//! The running service and its builder.

mod builder;

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub use self::builder::FakeServiceBuilder;
use crate::cdn::Task;
use crate::gateway::{Gateway, OutgoingResponse};
use crate::record::RecordedRequest;
use crate::scripted_response::ScriptedResponse;
use crate::simulation::Submission;

/// A running fake service.
///
/// It runs until this value is dropped, and stops soon after. [`shutdown`](Self::shutdown) also
/// waits until it has stopped.
///
/// ```
#[doc = include_str!("doctest/get.txt")]
/// let service = FakeService::builder().start().await?;
/// assert!(get(&service).await?.starts_with("HTTP/1.1 400 "), "it is not signed");
/// assert_eq!(service.requests().len(), 1);
/// # Ok(())
/// # }
/// ```
pub struct FakeService {
    endpoint: String,
    gateway: Arc<Gateway>,
    /// Dropping it stops the server.
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

impl FakeService {
    /// Creates a builder with the default configuration.
    ///
    /// ```
    /// use alicloud_fake::FakeService;
    ///
    /// let builder = FakeService::builder();
    /// assert!(format!("{builder:?}").contains("fake-access-key-id"));
    /// ```
    pub fn builder() -> FakeServiceBuilder {
        FakeServiceBuilder::default()
    }

    /// Returns the address that the service listens on: `http://127.0.0.1:PORT`.
    ///
    /// ```
    #[doc = include_str!("doctest/get.txt")]
    /// let service = FakeService::builder().start().await?;
    /// assert!(service.endpoint().starts_with("http://127.0.0.1:"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Returns the requests received so far, oldest first.
    ///
    /// Input that is not HTTP is rejected and not recorded. The
    /// [record limit](FakeServiceBuilder::record_limit) applies.
    ///
    /// ```
    #[doc = include_str!("doctest/get.txt")]
    /// let service = FakeService::builder().start().await?;
    /// get(&service).await?;
    /// assert_eq!(service.requests()[0].path, "/");
    /// # Ok(())
    /// # }
    /// ```
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.gateway.requests()
    }

    /// Responds to a request in memory, for tests that simulate the network or time themselves.
    ///
    /// The request is verified, counted and recorded like one that arrives over a connection. Returns
    /// `None` if the response would not arrive as a whole, because of a scripted
    /// [ending](ScriptedResponse::ending) for example. Delays are ignored.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> std::io::Result<()> {
    /// use alicloud_fake::FakeService;
    /// use bytes::Bytes;
    /// use http::{Request, StatusCode};
    ///
    /// let service = FakeService::builder().start().await?;
    /// let response = service.respond(Request::new(Bytes::new())).expect("a whole response");
    /// assert_eq!(response.status(), StatusCode::BAD_REQUEST, "it is not signed");
    /// assert_eq!(service.requests().len(), 1);
    /// # Ok(()) }
    /// ```
    pub fn respond(&self, request: Request<Bytes>) -> Option<Response<Bytes>> {
        let (head, body) = request.into_parts();
        let OutgoingResponse { response, plan, .. } = self.gateway.respond_to(head, body);
        plan.is_whole().then_some(response)
    }

    /// Queues a scripted response. See [`ScriptedResponse`] for which request receives it.
    ///
    /// ```
    #[doc = include_str!("doctest/get.txt")]
    /// let service = FakeService::builder().start().await?;
    /// service.enqueue(ScriptedResponse::raw("once").skip_verification());
    /// assert_eq!(get(&service).await?, "once");
    /// # Ok(())
    /// # }
    /// ```
    pub fn enqueue(&self, response: ScriptedResponse) {
        self.gateway.enqueue(response);
    }

    /// Returns the current state of every task: first the tasks added by the test, then the
    /// simulated ones in the order submitted, including those that are not listed yet or no longer.
    ///
    /// ```
    #[doc = include_str!("doctest/get.txt")]
    /// let service = FakeService::builder().start().await?;
    /// assert_eq!(service.tasks(), Task::examples());
    /// # Ok(())
    /// # }
    /// ```
    pub fn tasks(&self) -> Vec<Task> {
        self.gateway.tasks()
    }

    /// Returns the refreshes and preloads that the [simulation](FakeServiceBuilder::simulation) has
    /// accepted, in order.
    ///
    /// ```
    #[doc = include_str!("doctest/get.txt")]
    /// let service = FakeService::builder().simulation(Simulation::new()).start().await?;
    /// get(&service).await?;
    /// assert!(service.submissions().is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn submissions(&self) -> Vec<Submission> {
        self.gateway.submissions()
    }

    /// Adds a task that `DescribeRefreshTaskById` returns.
    ///
    /// ```
    #[doc = include_str!("doctest/get.txt")]
    /// let service = FakeService::builder().tasks([]).start().await?;
    /// service.add_task(Task::new("704225667", "http://example.com/a.png"));
    /// assert_eq!(service.tasks().len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn add_task(&self, task: Task) {
        self.gateway.add_task(task);
    }

    /// Replaces all tasks added by the test, for example while a client polls them. Simulated tasks
    /// are not affected.
    ///
    /// ```
    #[doc = include_str!("doctest/get.txt")]
    /// let service = FakeService::builder().start().await?;
    /// service.set_tasks([]);
    /// assert!(service.tasks().is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_tasks(&self, tasks: impl IntoIterator<Item = Task>) {
        self.gateway.set_tasks(tasks.into_iter().collect());
    }

    /// Stops the service and waits until its port is free. Open connections are closed, even in the
    /// middle of a request.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// use alicloud_fake::FakeService;
    /// use tokio::net::TcpStream;
    ///
    /// let service = FakeService::builder().start().await?;
    /// let address = service.endpoint().trim_start_matches("http://").to_owned();
    /// service.shutdown().await;
    /// assert!(TcpStream::connect(address).await.is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn shutdown(self) {
        drop(self.stop);
        // The task has no result, and an error would only say that it panicked or was aborted.
        let _ = self.server.await;
    }
}

impl fmt::Debug for FakeService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeService").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}
