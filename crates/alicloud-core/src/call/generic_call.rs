//! Calls of operations without a generated type.

mod description;
mod parameters;
mod path_template;

use std::borrow::Cow;
use std::fmt;
use std::future::IntoFuture;

use alicloud_wire::{InvalidParameter, RequestParts, Value};

use super::input::CallInput;
use super::{Call, CallFuture};
use crate::call::header::CallHeader;
use crate::client::{Client, ClientBuilder};
use crate::error::Error;
use crate::product::{ApiStyle, Operation, Product};

/// A call of any operation by name. Await it to send the request, or get its future with
/// [`send`](Self::send).
///
/// Signing, rate limiting, retries and fakes work as for typed calls. Parameters are any values that
/// serde can serialize, and the response is a JSON [`Value`], also if the service responds with XML.
/// Nothing is known about the operation, so by default it counts as mutating and has no rate limit;
/// [`read_only`](Self::read_only), [`idempotent`](Self::idempotent) and
/// [`rate_limit`](Self::rate_limit) change that. The names of parameters and JSON keys decide what is a
/// secret, which [`Preview`](crate::Preview), errors and recorded requests do not show: names that contain
/// `password`, `secret`, `token`, `credential`, `key` or similar, except ids and names.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
/// # use alicloud_core::testing::FakeTransport;
/// use alicloud_core::{Client, Credentials};
///
/// # let fake = FakeTransport::new()
/// #     .respond_json("DescribeDomains", r#"{"Domains": {"Domain": [{"DomainName": "a.com"}]}}"#);
/// let client = Client::generic("Alidns", "2015-01-09", "alidns.aliyuncs.com")
///     .credentials(Credentials::new("id", "secret"))
/// #   .transport(fake.clone())
///     .build()?;
/// let response = client
///     .generic_call("DescribeDomains")
///     .param("PageSize", 20)
///     .param("Tag", [("env", "prod")].map(|(key, value)| [("Key", key), ("Value", value)]))
///     .read_only()
///     .await?;
/// assert_eq!(response["Domains"]["Domain"][0]["DomainName"], "a.com");
/// # assert_eq!(fake.requests()[0].param("PageSize"), Some("20"));
/// # Ok(()) }
/// ```
///
/// An operation in ROA style also needs its method and path:
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
/// # use alicloud_core::testing::FakeTransport;
/// # use alicloud_core::{Client, Credentials};
/// # let fake = FakeTransport::new().respond_json("DescribeClusterDetail", r#"{"state": "running"}"#);
/// # let client = Client::generic("CS", "2015-12-15", "cs.aliyuncs.com")
/// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
/// let cluster = client
///     .generic_call("DescribeClusterDetail")
///     .roa("GET", "/clusters/{ClusterId}")
///     .path_param("ClusterId", "c82e6987e2961451182edacd74faf")
///     .read_only()
///     .await?;
/// assert_eq!(cluster["state"], "running");
/// # Ok(()) }
/// ```
#[must_use = "a call does nothing until it is awaited"]
pub struct GenericCall {
    client: Client,
    operation: Operation,
    parts: Result<RequestParts, InvalidParameter>,
    headers: Vec<CallHeader>,
}

impl Client {
    /// Returns a builder of a client for any product, for use with
    /// [`generic_call`](Client::generic_call).
    ///
    /// `code` and `version` are the product code and API version as the platform spells them. The
    /// endpoint takes precedence over a region.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_core::Client;
    ///
    /// let builder = Client::generic("Alidns", "2015-01-09", "alidns.aliyuncs.com");
    /// # let builder = builder.transport(alicloud_core::testing::FakeTransport::new());
    /// assert_eq!(builder.build()?.product(), "Alidns");
    /// # Ok::<(), alicloud_core::Error>(())
    /// ```
    pub fn generic(
        code: impl Into<String>,
        version: impl Into<String>,
        endpoint: impl Into<String>,
    ) -> ClientBuilder<Client> {
        let product = Product::from_names(Cow::Owned(code.into()), Cow::Owned(version.into()));
        ClientBuilder::for_product(Cow::Owned(product)).endpoint(endpoint)
    }

    /// Creates a call of any operation of the product by its name, such as `DescribeRefreshTaskById`.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().respond_json("DescribeClusters", r#"{"total": 2}"#);
    /// # let client = Client::generic("CS", "2015-12-15", "cs.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// let response = client.generic_call("DescribeClusters").read_only().await?;
    /// assert_eq!(response["total"], 2);
    /// # Ok(()) }
    /// ```
    pub fn generic_call(&self, operation: impl Into<String>) -> GenericCall {
        GenericCall {
            operation: Operation::new(
                self.shared().product.clone(),
                Cow::Owned(operation.into()),
                ApiStyle::Rpc,
                "POST",
                "/",
            ),
            client: self.clone(),
            parts: Ok(RequestParts::default()),
            headers: Vec::new(),
        }
    }
}

impl GenericCall {
    /// Converts into a [`Call`], for the options of every call: timeouts, retries, format, preview and
    /// the whole response.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().respond_json("DescribeClusters", "{}");
    /// # let client = Client::generic("CS", "2015-12-15", "cs.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// let call = client.generic_call("DescribeClusters").into_call().no_retry();
    /// assert_eq!(call.response().await?.attempts, 1);
    /// # Ok(()) }
    /// ```
    pub fn into_call(mut self) -> Call<Value> {
        let parts = self.parts.and_then(|mut parts| {
            check_path(&mut self.operation, &parts)?;
            parts.find_secrets_by_name();
            Ok(parts)
        });
        let mut input = CallInput::new(&self.client, Cow::Owned(self.operation), parts);
        input.headers = self.headers;
        Call::new(input)
    }

    /// Converts the call into its future. See [`Call::send`].
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().respond_json("DescribeClusters", r#"{"total": 2}"#);
    /// # let client: Client = Client::generic("CS", "2015-12-15", "cs.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
    /// let task = tokio::spawn(client.generic_call("DescribeClusters").send());
    /// assert_eq!(task.await??["total"], 2);
    /// # Ok(()) }
    /// ```
    pub fn send(self) -> CallFuture<Value> {
        self.into_call().send()
    }
}

impl IntoFuture for GenericCall {
    type Output = Result<Value, Error>;
    type IntoFuture = CallFuture<Value>;

    fn into_future(self) -> CallFuture<Value> {
        self.send()
    }
}

/// Checks the path, and writes all its placeholders in braces.
fn check_path(operation: &mut Operation, parts: &RequestParts) -> Result<(), InvalidParameter> {
    let values: Vec<&str> = parts.path.iter().map(|(name, _)| name.as_ref()).collect();
    if operation.style() == ApiStyle::Roa {
        operation.path = Cow::Owned(path_template::normalize(operation.path(), &values)?);
    } else if let Some(name) = values.first() {
        let reason = "the call has no path; set it with `roa`".to_owned();
        return Err(path_template::without_placeholder(name, reason));
    }
    Ok(())
}

impl fmt::Debug for GenericCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Parameters are omitted because they can be secrets.
        f.debug_struct("GenericCall")
            .field("product", &self.operation.product().code())
            .field("operation", &self.operation.name())
            .finish_non_exhaustive()
    }
}
