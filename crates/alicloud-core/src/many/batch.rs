//! Any number of inputs, split into calls of the size that an operation accepts.

mod report;
mod run;

use std::fmt;

use alicloud_wire::Request;

pub use self::report::{Batch, BatchReport};
pub use self::run::BatchesFuture;
use crate::call::Call;
use crate::client::Client;
use crate::many::concurrent_calls::{DEFAULT_CONCURRENCY, MapCall, max_items_per_call};
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
/// # static CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
/// # static REFRESH: Operation = Operation::rpc(&CDN, "RefreshObjectCaches");
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
    /// # static CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
    /// # static REFRESH: Operation = Operation::rpc(&CDN, "RefreshObjectCaches");
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
    /// # static CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
    /// # static REFRESH: Operation = Operation::rpc(&CDN, "RefreshObjectCaches");
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
    /// # static CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
    /// # static REFRESH: Operation = Operation::rpc(&CDN, "RefreshObjectCaches");
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
