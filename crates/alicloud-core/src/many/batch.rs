//! Any number of inputs, split into calls of the size that an operation accepts.

use std::collections::VecDeque;
use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use alicloud_wire::Request;

use crate::call::{Call, CallFuture};
use crate::client::Client;
use crate::error::{Error, Outcome};
use crate::many::concurrent_calls::{
    ConcurrentCalls, DEFAULT_CONCURRENCY, MapCall, max_items_per_call,
};
use crate::product::Operation;

/// Several calls of one operation, each for a batch of the inputs. Await it to send the calls.
///
/// The inputs are split in order; the size of a batch is the documented limit of the parameter for the
/// inputs. A few calls run concurrently. A failed call does not stop the others: the [`BatchReport`] has
/// the result of each input. Dropping it cancels the running calls and sends no more.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use alicloud_core::testing::FakeTransport;
/// # use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product};
/// # const CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
/// # const REFRESH: Operation = Operation::rpc(&CDN, "RefreshObjectCaches");
/// # alicloud_core::wire::request! {
/// #     struct RefreshRequest -> RefreshResponse {
/// #         object_path: Vec<String> = form("ObjectPath").lines().items(1, 1000),
/// #     }
/// # }
/// # alicloud_core::wire::record! {
/// #     struct RefreshResponse {
/// #         refresh_task_id: Option<String> = "RefreshTaskId",
/// #     }
/// # }
/// # let fake = FakeTransport::new()
/// #     .respond_json("RefreshObjectCaches", r#"{"RefreshTaskId": "1"}"#);
/// # let client: Client = ClientBuilder::new(&CDN)
/// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
/// let urls = (0..2_500).map(|number| format!("https://example.com/{number}"));
/// let report = client
///     .batches(&REFRESH, "ObjectPath", urls, |urls| RefreshRequest { object_path: urls.to_vec() })
///     .await;
/// for (url, error) in report.failures() {
///     eprintln!("{url}: {error}");
/// }
/// assert!(report.is_complete());
/// let responses = report.into_responses()?;
/// assert_eq!(responses.len(), 3);
/// # Ok(()) }
/// ```
#[must_use = "batches send no call until they are awaited"]
pub struct Batches<I, R: Request> {
    client: Client,
    operation: &'static Operation,
    inputs: Vec<I>,
    batch_size: usize,
    concurrency: usize,
    bisect_failures: bool,
    make_request: MakeRequest<I, R>,
    map_call: Option<MapCall<R::Response>>,
}

/// A function that creates a request for a batch of inputs.
type MakeRequest<I, R> = Box<dyn Fn(&[I]) -> R + Send + Sync>;

impl Client {
    /// Creates the calls of an operation for any number of inputs.
    ///
    /// `parameter` is the name of the parameter for the inputs; its documented limit is the batch size.
    /// `request` creates the request for one batch.
    ///
    /// # Examples
    ///
    /// ```
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product};
    /// # const CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
    /// # const REFRESH: Operation = Operation::rpc(&CDN, "RefreshObjectCaches");
    /// # alicloud_core::wire::request! {
    /// #     struct RefreshRequest -> RefreshResponse {
    /// #         object_path: Vec<String> = form("ObjectPath").lines().items(1, 1000),
    /// #     }
    /// # }
    /// # alicloud_core::wire::record! {
    /// #     struct RefreshResponse {
    /// #         refresh_task_id: Option<String> = "RefreshTaskId",
    /// #     }
    /// # }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let fake = FakeTransport::new().respond_json("RefreshObjectCaches", r#"{"RefreshTaskId": "1"}"#);
    /// # let client: Client = ClientBuilder::new(&CDN)
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let urls = ["https://example.com/a".to_owned()];
    /// let report = client
    ///     .batches(&REFRESH, "ObjectPath", urls, |urls| RefreshRequest { object_path: urls.to_vec() })
    ///     .await;
    /// let responses = report.into_responses()?;
    /// assert_eq!(responses[0].refresh_task_id.as_deref(), Some("1"));
    /// # Ok(()) }
    /// ```
    pub fn batches<I, R: Request>(
        &self,
        operation: &'static Operation,
        parameter: &str,
        inputs: impl IntoIterator<Item = I>,
        request: impl Fn(&[I]) -> R + Send + Sync + 'static,
    ) -> Batches<I, R> {
        Batches {
            client: self.clone(),
            operation,
            inputs: inputs.into_iter().collect(),
            batch_size: max_items_per_call::<R>(parameter),
            concurrency: DEFAULT_CONCURRENCY,
            bisect_failures: false,
            make_request: Box::new(request),
            map_call: None,
        }
    }
}

impl<I, R: Request> Batches<I, R> {
    /// Sets the maximum number of inputs per call, for services that accept fewer than documented. A
    /// larger number than documented has no effect; 0 counts as 1.
    ///
    /// # Examples
    ///
    /// ```
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product};
    /// # const CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
    /// # const REFRESH: Operation = Operation::rpc(&CDN, "RefreshObjectCaches");
    /// # alicloud_core::wire::request! {
    /// #     struct RefreshRequest -> RefreshResponse {
    /// #         object_path: Vec<String> = form("ObjectPath").lines().items(1, 1000),
    /// #     }
    /// # }
    /// # alicloud_core::wire::record! {
    /// #     struct RefreshResponse {
    /// #         refresh_task_id: Option<String> = "RefreshTaskId",
    /// #     }
    /// # }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let fake = FakeTransport::new().respond_json("RefreshObjectCaches", "{}");
    /// # let client: Client = ClientBuilder::new(&CDN)
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// let urls = (0..40).map(|number| format!("https://example.com/{number}"));
    /// let batches = client
    ///     .batches(&REFRESH, "ObjectPath", urls, |urls| RefreshRequest { object_path: urls.to_vec() })
    ///     .batch_size(10)
    ///     .concurrency(2)
    ///     .map_call(|call| call.no_retry());
    /// assert_eq!(batches.await.batches().len(), 4);
    /// # Ok(()) }
    /// ```
    pub fn batch_size(mut self, inputs: usize) -> Self {
        self.batch_size = self.batch_size.min(inputs.max(1));
        self
    }

    /// Sets the maximum number of concurrent calls. Defaults to 4; 0 counts as 1.
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.concurrency = calls.max(1);
        self
    }

    /// Isolates invalid inputs: a call that the service rejects as invalid is split into two halves,
    /// until all valid inputs have been accepted.
    ///
    /// For services that reject a whole call because of one input. No input is processed twice, because a
    /// rejected call has no effect. Each invalid input costs one or two calls per halving.
    ///
    /// # Examples
    ///
    /// ```
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product};
    /// # const CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
    /// # const REFRESH: Operation = Operation::rpc(&CDN, "RefreshObjectCaches");
    /// # alicloud_core::wire::request! {
    /// #     struct RefreshRequest -> RefreshResponse {
    /// #         object_path: Vec<String> = form("ObjectPath").lines().items(1, 1000),
    /// #     }
    /// # }
    /// # alicloud_core::wire::record! {
    /// #     struct RefreshResponse {
    /// #         refresh_task_id: Option<String> = "RefreshTaskId",
    /// #     }
    /// # }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let invalid = |fake: FakeTransport| fake.error("RefreshObjectCaches", 400, "InvalidObjectPath.Malformed", "M");
    /// # let fake = invalid(invalid(FakeTransport::new())).respond_json("RefreshObjectCaches", "{}");
    /// # let client: Client = ClientBuilder::new(&CDN)
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let urls = ["example,com/a", "https://example.com/b"].map(String::from);
    /// let report = client
    ///     .batches(&REFRESH, "ObjectPath", urls, |urls| RefreshRequest { object_path: urls.to_vec() })
    ///     .concurrency(1)
    ///     .bisect_failures()
    ///     .await;
    /// let failed: Vec<&String> = report.failures().map(|(url, _)| url).collect();
    /// assert_eq!(failed, ["example,com/a"]);
    /// # Ok(()) }
    /// ```
    pub fn bisect_failures(mut self) -> Self {
        self.bisect_failures = true;
        self
    }

    /// Sets options on each call, such as `|call| call.timeout(limit)`.
    pub fn map_call(
        mut self,
        map_call: impl Fn(Call<R::Response>) -> Call<R::Response> + Send + Sync + 'static,
    ) -> Self {
        self.map_call = Some(Box::new(map_call));
        self
    }
}

/// The inputs and the result of one call of [`Batches`].
///
/// # Examples
///
/// ```
/// use alicloud_core::Batch;
///
/// fn accepted<I, T>(batches: &[Batch<I, T>]) -> usize {
///     batches.iter().filter(|batch| batch.result.is_ok()).map(|batch| batch.inputs.len()).sum()
/// }
/// assert_eq!(accepted::<String, ()>(&[]), 0);
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Batch<I, T> {
    /// The inputs of the call.
    pub inputs: Vec<I>,
    /// The result of the call.
    pub result: Result<T, Error>,
}

/// The results of all calls of [`Batches`], in the order of the inputs.
///
/// Also the error of [`into_responses`](BatchReport::into_responses). `Display` shows how many inputs
/// failed, and the first error.
///
/// # Examples
///
/// ```
/// # use alicloud_core::testing::FakeTransport;
/// # use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product};
/// # const CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
/// # const REFRESH: Operation = Operation::rpc(&CDN, "RefreshObjectCaches");
/// # alicloud_core::wire::request! {
/// #     struct RefreshRequest -> RefreshResponse {
/// #         object_path: Vec<String> = form("ObjectPath").lines().items(1, 1000),
/// #     }
/// # }
/// # alicloud_core::wire::record! {
/// #     struct RefreshResponse {
/// #         refresh_task_id: Option<String> = "RefreshTaskId",
/// #     }
/// # }
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let fake = FakeTransport::new().error("RefreshObjectCaches", 403, "Forbidden.RAM", "No permission.");
/// # let client: Client = ClientBuilder::new(&CDN)
/// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
/// # let urls = ["https://example.com/a", "https://example.com/b"].map(String::from);
/// let report = client
///     .batches(&REFRESH, "ObjectPath", urls, |urls| RefreshRequest { object_path: urls.to_vec() })
///     .await;
/// assert!(!report.is_complete());
/// assert_eq!(report.failures().count(), 2);
/// assert!(report.batches()[0].result.as_ref().unwrap_err().is_forbidden());
/// let error = report.into_responses().unwrap_err();
/// assert!(error.to_string().starts_with("2 of 2 inputs failed in 1 of 1 calls; first error: "));
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct BatchReport<I, T> {
    batches: Vec<Batch<I, T>>,
}

impl<I, T> BatchReport<I, T> {
    /// Returns all calls, in the order of the inputs.
    pub fn batches(&self) -> &[Batch<I, T>] {
        &self.batches
    }

    /// Returns the inputs of failed calls with their errors. [`Error::outcome`] is
    /// [`Unknown`](crate::Outcome::Unknown) if the call may have taken effect.
    pub fn failures(&self) -> impl Iterator<Item = (&I, &Error)> {
        self.batches.iter().flat_map(|batch| {
            let error = batch.result.as_ref().err();
            error.into_iter().flat_map(|error| batch.inputs.iter().map(move |input| (input, error)))
        })
    }

    /// Returns whether all calls succeeded.
    pub fn is_complete(&self) -> bool {
        self.batches.iter().all(|batch| batch.result.is_ok())
    }

    /// Converts into the responses, in the order of the inputs, if all calls succeeded.
    ///
    /// # Errors
    ///
    /// Returns the unchanged report if a call failed.
    pub fn into_responses(self) -> Result<Vec<T>, Self> {
        if !self.is_complete() {
            return Err(self);
        }
        Ok(self.batches.into_iter().filter_map(|batch| batch.result.ok()).collect())
    }
}

impl<I, T> IntoIterator for BatchReport<I, T> {
    type Item = Batch<I, T>;
    type IntoIter = vec::IntoIter<Batch<I, T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.batches.into_iter()
    }
}

impl<I, T> fmt::Display for BatchReport<I, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inputs: usize = self.batches.iter().map(|batch| batch.inputs.len()).sum();
        write!(f, "{} of {inputs} inputs failed", self.failures().count())?;
        let failed = self.batches.iter().filter(|batch| batch.result.is_err()).count();
        write!(f, " in {failed} of {} calls", self.batches.len())?;
        match self.failures().next() {
            Some((_, error)) => write!(f, "; first error: {error}"),
            None => Ok(()),
        }
    }
}

impl<I: fmt::Debug, T: fmt::Debug> std::error::Error for BatchReport<I, T> {}

impl<I, R: Request> IntoFuture for Batches<I, R> {
    type Output = BatchReport<I, R::Response>;
    type IntoFuture = BatchesFuture<I, R>;

    fn into_future(mut self) -> BatchesFuture<I, R> {
        let unsplit = std::mem::take(&mut self.inputs).into_iter();
        let run = BatchRun {
            batches: self,
            unsplit,
            next_index: 0,
            halves: VecDeque::new(),
            running: ConcurrentCalls::new(),
            finished: Vec::new(),
        };
        BatchesFuture(Box::new(run))
    }
}

/// The future of [`Batches`]. See [`Batches`] for an example.
#[must_use = "futures do nothing unless polled"]
pub struct BatchesFuture<I, R: Request>(Box<BatchRun<I, R>>);

/// Consecutive inputs, with the index of the first.
type IndexedInputs<I> = (usize, Vec<I>);

/// The state of running batches.
struct BatchRun<I, R: Request> {
    batches: Batches<I, R>,
    /// Inputs not split into batches yet.
    unsplit: vec::IntoIter<I>,
    /// Index of the first of them.
    next_index: usize,
    /// Halves of rejected calls.
    halves: VecDeque<IndexedInputs<I>>,
    running: ConcurrentCalls<IndexedInputs<I>, CallFuture<R::Response>>,
    /// Finished calls, each with the index of its first input.
    finished: Vec<(usize, Batch<I, R::Response>)>,
}

impl<I, R: Request> BatchRun<I, R> {
    fn next_inputs(&mut self) -> Option<IndexedInputs<I>> {
        if let Some(half) = self.halves.pop_front() {
            return Some(half);
        }
        let inputs: Vec<I> = self.unsplit.by_ref().take(self.batches.batch_size).collect();
        let index = self.next_index;
        self.next_index += inputs.len();
        (!inputs.is_empty()).then_some((index, inputs))
    }

    fn start_call(&mut self, inputs: IndexedInputs<I>) {
        let batches = &self.batches;
        let request = (batches.make_request)(&inputs.1);
        let call = batches.client.call(batches.operation, &request);
        let call = match &batches.map_call {
            Some(map_call) => map_call(call),
            None => call,
        };
        self.running.push(inputs, call.into_future());
    }

    fn record_result(
        &mut self,
        (index, mut inputs): IndexedInputs<I>,
        result: Result<R::Response, Error>,
    ) {
        let is_rejected =
            |error: &Error| error.is_invalid_request() && error.outcome() != Outcome::Unknown;
        if self.batches.bisect_failures
            && inputs.len() > 1
            && result.as_ref().is_err_and(is_rejected)
        {
            let middle = inputs.len() / 2;
            let second_half = inputs.split_off(middle);
            self.halves.push_back((index, inputs));
            self.halves.push_back((index + middle, second_half));
            return;
        }
        self.finished.push((index, Batch { inputs, result }));
    }
}

/// Nothing is pinned: the state is boxed.
impl<I, R: Request> Unpin for BatchesFuture<I, R> {}

impl<I, R: Request> Future for BatchesFuture<I, R> {
    type Output = BatchReport<I, R::Response>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let run = &mut *self.0;
        loop {
            while run.running.len() < run.batches.concurrency
                && let Some(inputs) = run.next_inputs()
            {
                run.start_call(inputs);
            }
            if run.running.len() == 0 {
                let mut finished = std::mem::take(&mut run.finished);
                finished.sort_by_key(|(index, _)| *index);
                let batches = finished.into_iter().map(|(_, batch)| batch).collect();
                return Poll::Ready(BatchReport { batches });
            }
            let (inputs, result) = ready!(run.running.poll_next(context));
            run.record_result(inputs, result);
        }
    }
}

impl<I, R: Request> fmt::Debug for Batches<I, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batches")
            .field("operation", &self.operation.name())
            .field("inputs", &self.inputs.len())
            .field("batch_size", &self.batch_size)
            .field("concurrency", &self.concurrency)
            .finish_non_exhaustive()
    }
}

impl<I, R: Request> fmt::Debug for BatchesFuture<I, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchesFuture")
            .field("running", &self.0.running.len())
            .field("finished", &self.0.finished.len())
            .finish_non_exhaustive()
    }
}
