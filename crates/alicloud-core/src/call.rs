//! A single call: a typed wrapper around code that is compiled once.

mod attempt;
mod future;
mod generic_call;
mod header;
mod input;
mod preview;
mod response;
mod sent_request;
mod trace;

use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::time::Duration;

use alicloud_wire::{Node, Request};

pub use self::future::{CallFuture, ResponseFuture};
pub use self::generic_call::GenericCall;
use self::input::CallInput;
pub use self::preview::Preview;
pub use self::response::Response;
use self::response::ResponseType;
#[cfg(feature = "testing")]
pub(crate) use self::sent_request::ShownRequest;
use crate::client::Client;
use crate::error::Error;
use crate::future::BoxFuture;
use crate::policy::retry::RetryPolicy;
use crate::product::{Operation, OperationRef};
use crate::request::Format;
use crate::sign::SignatureVersion;

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
    /// # const CDN: Product = Product::new("Cdn", "2018-05-10").with_endpoint("cdn.aliyuncs.com");
    /// # const QUOTA: Operation = Operation::rpc(&CDN, "DescribeRefreshQuota").read_only();
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
        Call::new(CallInput::new(self, OperationRef::Static(operation), parts))
    }
}

impl<T> Call<T> {
    pub(crate) fn new(input: Box<CallInput>) -> Self {
        Call { input, response: PhantomData }
    }

    /// Limits the whole call: credentials, rate limit, all attempts and the delays between them.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use std::time::Duration;
    /// # use alicloud_core::testing::{FakeTransport, Fault};
    /// # use alicloud_core::{Client, Credentials};
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret"))
    /// #     .transport(FakeTransport::new().fault("DescribeRefreshQuota", Fault::Hang)).build()?;
    /// let call = client.generic_call("DescribeRefreshQuota").into_call();
    /// let error = call.timeout(Duration::from_millis(5)).await.unwrap_err();
    /// assert!(error.is_timeout());
    /// # Ok(()) }
    /// ```
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.input.options.timeout = timeout;
        self
    }

    /// Limits one attempt, from sending the request to the last byte of its response. See
    /// [`ClientBuilder::attempt_timeout`](crate::ClientBuilder::attempt_timeout).
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # use std::time::Duration;
    /// # use alicloud_core::testing::Fault;
    /// # let fake = FakeTransport::new().fault("DescribeRefreshQuota", Fault::Hang).respond_json("DescribeRefreshQuota", "{}");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// let call = client.generic_call("DescribeRefreshQuota").read_only().into_call();
    /// let response = call.attempt_timeout(Duration::from_millis(5)).response().await?;
    /// assert_eq!(response.attempts, 2);
    /// # Ok(()) }
    /// ```
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.input.options.attempt_timeout = Some(timeout);
        self
    }

    /// Limits each wait for more bytes within an attempt.
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.input.options.read_timeout = timeout;
        self
    }

    /// Sets the retry policy.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # use std::time::Duration;
    /// # use alicloud_core::testing::Fault;
    /// # let fake = FakeTransport::new().fault("DescribeRefreshQuota", Fault::ConnectionRefused);
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// use alicloud_core::RetryPolicy;
    ///
    /// let call = client.generic_call("DescribeRefreshQuota").into_call();
    /// let policy = RetryPolicy::new().max_attempts(2).base_delay(Duration::from_millis(1));
    /// assert_eq!(call.retry(policy).await.unwrap_err().attempts(), 2);
    /// # Ok(()) }
    /// ```
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.input.options.retry = policy;
        self
    }

    /// Disables retries.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::{FakeTransport, Fault};
    /// # use alicloud_core::{Client, Credentials};
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret"))
    /// #     .transport(FakeTransport::new().fault("DescribeRefreshQuota", Fault::ConnectionRefused)).build()?;
    /// let call = client.generic_call("DescribeRefreshQuota").into_call();
    /// let error = call.no_retry().await.unwrap_err();
    /// assert_eq!(error.attempts(), 1);
    /// # Ok(()) }
    /// ```
    pub fn no_retry(self) -> Self {
        self.retry(RetryPolicy::none())
    }

    /// Sets the format of the response.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().respond_json("DescribeRefreshQuota", "{}");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// use alicloud_core::Format;
    ///
    /// client.generic_call("DescribeRefreshQuota").into_call().format(Format::Xml).await?;
    /// assert_eq!(fake.requests()[0].header("accept"), Some("application/xml"));
    /// # Ok(()) }
    /// ```
    pub fn format(mut self, format: Format) -> Self {
        self.input.options.format = format;
        self
    }

    /// Sets the signature version.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().respond_json("DescribeRefreshQuota", "{}");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// use alicloud_core::SignatureVersion;
    ///
    /// let call = client.generic_call("DescribeRefreshQuota").into_call();
    /// call.signature(SignatureVersion::Hmac1).await?;
    /// assert_eq!(fake.requests()[0].param("SignatureVersion"), Some("1.0"));
    /// # Ok(()) }
    /// ```
    pub fn signature(mut self, signature: SignatureVersion) -> Self {
        self.input.options.signature = signature;
        self
    }

    /// Adds a query parameter, or replaces the one with the same name. For parameters that the request
    /// type lacks. The parameter is signed like every other. [`Preview`](crate::Preview) and errors hide the
    /// value if the name suggests a secret.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().respond_json("DescribeRefreshQuota", "{}");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// let call = client.generic_call("DescribeRefreshQuota").into_call();
    /// call.query_param("OwnerId", "42").await?;
    /// assert_eq!(fake.requests()[0].param("OwnerId"), Some("42"));
    /// # Ok(()) }
    /// ```
    pub fn query_param(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        if let Ok(parts) = &mut self.input.parts {
            parts.set_query(name, value);
        }
        self
    }

    /// Adds a header, or replaces the one with the same name in any case. For headers that neither the
    /// request type nor the client has, such as a trace id.
    ///
    /// Every attempt sends it. The signature covers headers that start with `x-acs-`, except with
    /// [`SignatureVersion::Hmac1`] and an RPC-style operation, which sign no headers. Previews and records
    /// hide the value if the name contains `authorization`, `cookie`, `credential`, `key`, `password`,
    /// `secret`, `token` or similar; ids, names and idempotency tokens are shown.
    ///
    /// # Errors
    ///
    /// The call returns an error that names the header, and sends nothing
    /// ([`is_invalid_request`](Error::is_invalid_request)):
    ///
    /// * The name or the value is not allowed in HTTP, or the value is not ASCII.
    /// * Only the client can set the header: one of the signature (`authorization`, `date`, `x-acs-date`,
    ///   `x-acs-content-sha256`, `x-acs-signature-nonce`, …), of the credentials
    ///   (`x-acs-security-token`), of the operation (`x-acs-action`, `x-acs-version`), of the body
    ///   (`content-type`, `content-length`, …) or of the connection (`host`, `accept-encoding`,
    ///   `transfer-encoding`, …). For `accept` use [`format`](Call::format), for `user-agent`
    ///   [`ClientBuilder::user_agent`](crate::ClientBuilder::user_agent).
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().respond_json("DescribeRefreshQuota", "{}");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// let call = client.generic_call("DescribeRefreshQuota").into_call();
    /// call.header("x-trace-id", "7f3a").await?;
    /// assert_eq!(fake.requests()[0].header("x-trace-id"), Some("7f3a"));
    ///
    /// let call = client.generic_call("DescribeRefreshQuota").into_call();
    /// let error = call.header("Host", "example.com").await.unwrap_err();
    /// assert!(error.to_string().contains("header \"host\": is determined by the endpoint"));
    /// # Ok(()) }
    /// ```
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        header::set(&mut self.input.headers, name.into(), value.into());
        self
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
        self.input.response_type = ResponseType::of::<T>();
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
        f.debug_struct("Call")
            .field("product", &self.input.operation.product_code())
            .field("operation", &self.input.operation.name())
            .field("options", &self.input.options)
            .finish_non_exhaustive()
    }
}
