//! A single call: a typed wrapper around code that is compiled once.

mod attempt;
mod future;
mod generic_call;
mod header;
mod input;
mod metrics;
mod options;
mod permit;
mod preview;
mod response;
mod sent_request;
mod trace;
mod trace_context;

use std::borrow::Cow;
use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;

use alicloud_wire::{Node, Request};

pub use self::future::{CallFuture, ResponseFuture};
pub use self::generic_call::GenericCall;
use self::input::{CallContext, CallInput};
pub use self::preview::Preview;
pub use self::response::Response;
use self::response::ResponseType;
#[cfg(feature = "testing")]
pub(crate) use self::sent_request::ShownRequest;
use crate::client::Client;
use crate::error::Error;
use crate::future::BoxFuture;
use crate::product::Operation;

/// A call of an operation. Await it to send the request, or get its future with [`send`](Call::send).
///
/// Its options apply to this call only. Dropping the call or its future cancels it: what has been sent
/// stays sent, and nothing keeps running.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
/// # use alicloud_core::testing::FakeTransport;
/// # use alicloud_core::wire::Value;
/// # use alicloud_core::{Call, Client, Credentials};
/// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
/// #     .credentials(Credentials::new("id", "secret"))
/// #     .transport(FakeTransport::new().respond_json("DescribeRefreshQuota", r#"{"UrlRemain": "9000"}"#))
/// #     .build()?;
/// // With a generated client: let call = client.describe_refresh_quota(request);
/// let call: Call<Value> = client.generic_call("DescribeRefreshQuota").into_call();
/// let quota = call.timeout(std::time::Duration::from_secs(5)).await?;
/// assert_eq!(quota["UrlRemain"], "9000");
/// # Ok(()) }
/// ```
#[must_use = "a call does nothing until it is awaited"]
pub struct Call<T> {
    input: Box<CallInput>,
    response: PhantomData<fn() -> T>,
}

impl Client {
    /// Creates a call of an operation. Nothing is sent until the call is awaited.
    ///
    /// The request is encoded immediately and need not outlive this method. If it is invalid, awaiting
    /// the call returns an error and nothing is sent.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, ClientBuilder, Credentials, Operation, Product};
    /// # static CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
    /// # static QUOTA: Operation = Operation::rpc(&CDN, "DescribeRefreshQuota").read_only();
    /// # alicloud_core::wire::request! { struct QuotaRequest -> QuotaResponse { } }
    /// # alicloud_core::wire::record! {
    /// #     struct QuotaResponse {
    /// #         url_remain: Option<String> = "UrlRemain",
    /// #     }
    /// # }
    /// # let fake = FakeTransport::new().respond_json("DescribeRefreshQuota", r#"{"UrlRemain": "9000"}"#);
    /// # let client: Client = ClientBuilder::new(&CDN)
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let response = client.call(&QUOTA, &QuotaRequest {}).await?;
    /// assert_eq!(response.url_remain.as_deref(), Some("9000"));
    /// # Ok(()) }
    /// ```
    pub fn call<R: Request>(
        &self,
        operation: &'static Operation,
        request: &R,
    ) -> Call<R::Response> {
        let parts = alicloud_wire::request::encode(request);
        Call::new(CallInput::new(self, Cow::Borrowed(operation), parts))
    }
}

impl<T> Call<T> {
    pub(crate) fn new(input: Box<CallInput>) -> Self {
        Call { input, response: PhantomData }
    }

    /// Returns the request without sending it: method, URL, headers, body and the signed text, all
    /// without secrets. If there are no credentials, it is signed with a placeholder.
    ///
    /// # Errors
    ///
    /// * A parameter is invalid ([`is_invalid_request`](Error::is_invalid_request)); the message names
    ///   it.
    /// * The request cannot be built, for example because of a header value that HTTP does not allow.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(FakeTransport::new()).build()?;
    /// let call = client.generic_call("DescribeRefreshTaskById").param("TaskId", "1").into_call();
    /// let preview = call.preview().await?;
    /// assert_eq!(preview.url, "https://cdn.aliyuncs.com/?TaskId=1");
    /// # Ok(()) }
    /// ```
    pub fn preview(self) -> BoxFuture<'static, Result<Preview, Error>> {
        Box::pin(attempt::preview(self.input))
    }
}

impl<T: Node + Default> Call<T> {
    /// Converts the call into its future. The same as awaiting the call, for code that needs a future: to
    /// spawn it, to join several, or to return `impl Future`.
    ///
    /// The future is `Send` and borrows nothing. Like every future, it sends nothing until it is polled.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::wire::Value;
    /// # use alicloud_core::{Call, Client, Credentials, Error};
    /// # let fake = FakeTransport::new().respond_json("DescribeRefreshQuota", r#"{"UrlRemain": "9000"}"#);
    /// # let client: Client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// // With a generated client: client.describe_refresh_quota(request).send()
    /// fn remaining_quota(client: &Client) -> impl Future<Output = Result<Value, Error>> + Send + use<> {
    ///     client.generic_call("DescribeRefreshQuota").into_call().send()
    /// }
    ///
    /// let task = tokio::spawn(remaining_quota(&client));
    /// assert_eq!(task.await??["UrlRemain"], "9000");
    /// # Ok(()) }
    /// ```
    pub fn send(self) -> CallFuture<T> {
        CallFuture(self.response())
    }

    /// Sends the request when awaited, and returns the value together with the status, headers, request
    /// id, body and decode issues.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().respond_json("DescribeRefreshQuota", r#"{"RequestId": "0AEDAF20"}"#);
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let response = client.generic_call("DescribeRefreshQuota").into_call().response().await?;
    /// assert_eq!(response.status, 200);
    /// assert_eq!(response.request_id.as_deref(), Some("0AEDAF20"));
    /// # Ok(()) }
    /// ```
    pub fn response(mut self) -> ResponseFuture<T> {
        self.input.context.response_type = ResponseType::of::<T>();
        ResponseFuture { running: Box::pin(attempt::run(self.input)), response: PhantomData }
    }
}

impl<T: Node + Default> IntoFuture for Call<T> {
    type Output = Result<T, Error>;
    type IntoFuture = CallFuture<T>;

    fn into_future(self) -> CallFuture<T> {
        self.send()
    }
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Parameters are omitted because they can be secrets.
        let CallContext { operation, options, .. } = &self.input.context;
        f.debug_struct("Call")
            .field("product", &operation.product().code())
            .field("operation", &operation.name())
            .field("options", options)
            .finish_non_exhaustive()
    }
}
