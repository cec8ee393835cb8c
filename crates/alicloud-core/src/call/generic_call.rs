//! Calls of operations without a generated type.

mod path_template;

use std::fmt;
use std::future::IntoFuture;
use std::sync::Arc;

use alicloud_wire::{Body, InvalidParameter, RequestParts, Value, flatten};
use serde::Serialize;

use super::input::CallInput;
use super::{Call, CallFuture};
use crate::call::header::{self, CallHeader};
use crate::client::{Client, ClientBuilder};
use crate::error::Error;
use crate::product::{ApiStyle, GenericOperation, Idempotency, OperationRef};

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
    operation: GenericOperation,
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
        ClientBuilder::generic(code.into(), version.into()).endpoint(endpoint)
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
            operation: GenericOperation {
                product: self.shared().product.clone(),
                name: operation.into(),
                style: ApiStyle::Rpc,
                method: "POST".to_owned(),
                path: "/".to_owned(),
                anonymous: false,
                idempotency: Idempotency::Mutating,
                rate_per_second: None,
            },
            client: self.clone(),
            parts: Ok(RequestParts::default()),
            headers: Vec::new(),
        }
    }
}

impl GenericCall {
    /// Adds a query parameter. Lists and structures are flattened to `Name.1.Key=…`. `None`, empty lists
    /// and empty structures are not sent.
    ///
    /// A number that is not finite (NaN or an infinity) is an error that names the parameter, here and in
    /// the other methods that take values. (`serde_json::json!` and `serde_json::to_value` replace such a
    /// number with `null`, so it cannot be recognized inside a [`Value`].)
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().respond_json("Tag", "{}");
    /// # let client = Client::generic("CS", "2015-12-15", "cs.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// client.generic_call("Tag").param("Id", ["a", "b"]).await?;
    /// let request = &fake.requests()[0];
    /// assert_eq!((request.param("Id.1"), request.param("Id.2")), (Some("a"), Some("b")));
    /// # Ok(()) }
    /// ```
    pub fn param(self, name: impl Into<String>, value: impl Serialize) -> Self {
        self.add_flattened(name.into(), value, |parts| &mut parts.query)
    }

    /// Adds a form parameter, which is sent in the body. Otherwise like [`param`](Self::param). For long
    /// values and values that do not belong in a URL.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().respond_json("Tag", "{}");
    /// # let client = Client::generic("CS", "2015-12-15", "cs.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// client.generic_call("Tag").form_param("Text", "a b").await?;
    /// assert_eq!(fake.requests()[0].body().as_ref(), b"Text=a%20b");
    /// # Ok(()) }
    /// ```
    pub fn form_param(self, name: impl Into<String>, value: impl Serialize) -> Self {
        self.add_flattened(name.into(), value, |parts| &mut parts.form)
    }

    /// Adds a query parameter whose value is sent as JSON text.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().respond_json("Tag", "{}");
    /// # let client = Client::generic("CS", "2015-12-15", "cs.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// client.generic_call("Tag").json_param("Ids", [1, 2]).await?;
    /// assert_eq!(fake.requests()[0].param("Ids"), Some("[1,2]"));
    /// # Ok(()) }
    /// ```
    pub fn json_param(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        let name = name.into();
        match json_text(&name, &value) {
            Ok(text) => self.edit_parts(|parts| parts.query.push((name.into(), text.into()))),
            Err(reason) => self.mark_invalid(name, reason),
        }
        self
    }

    /// Sets the value of a placeholder in the path. Every placeholder needs a value, and every value a
    /// placeholder.
    ///
    /// The value is percent-encoded. A value that makes a segment `.` or `..` is an error, because HTTP
    /// clients and proxies would change the path.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().respond_json("DescribeCluster", "{}");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// let call = client.generic_call("DescribeCluster").roa("GET", "/clusters/{ClusterId}");
    /// call.path_param("ClusterId", "c 8").await?;
    /// assert_eq!(fake.requests()[0].uri().path(), "/clusters/c%208");
    /// # Ok(()) }
    /// ```
    pub fn path_param(mut self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        let (name, text) = (name.into(), value.to_string());
        let has_value = |parts: &RequestParts| parts.path.iter().any(|(known, _)| *known == name);
        if text.is_empty() {
            self.mark_invalid(name, "is part of the path and must not be empty");
        } else if is_float(&value) && !text.parse().is_ok_and(f64::is_finite) {
            let reason = format!("is {text}, but only finite numbers can be sent");
            self.mark_invalid(name, reason);
        } else if self.parts.as_ref().is_ok_and(has_value) {
            self.mark_invalid(name, "has two values; set it once");
        } else {
            self.edit_parts(|parts| parts.path.push((name.into(), text)));
        }
        self
    }

    /// Adds a header, or replaces the one with the same name. See [`Call::header`].
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().respond_json("DescribeClusters", "{}");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// client.generic_call("DescribeClusters").header("x-trace", "7").await?;
    /// assert_eq!(fake.requests()[0].header("x-trace"), Some("7"));
    /// # Ok(()) }
    /// ```
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        header::set(&mut self.headers, name.into(), value.into());
        self
    }

    /// Sets the body to a JSON value. Form parameters then move to the query.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().respond_json("CreateCluster", "{}");
    /// # let client = Client::generic("CS", "2015-12-15", "cs.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// let call = client.generic_call("CreateCluster").roa("POST", "/clusters");
    /// call.body([1, 2]).await?;
    /// assert_eq!(fake.requests()[0].body().as_ref(), b"[1,2]");
    /// # Ok(()) }
    /// ```
    pub fn body(mut self, value: impl Serialize) -> Self {
        match json_text("body", &value) {
            Ok(text) => self.edit_parts(|parts| parts.body = Some(Body::Json(text))),
            Err(reason) => self.mark_invalid("body".to_owned(), reason),
        }
        self
    }

    /// Makes this a ROA-style call with a method and a path. The path may contain placeholders, filled by
    /// [`path_param`](Self::path_param), and end with a fixed query.
    ///
    /// `{Id}` and `[Id]`, as some documentation writes it, stand for one segment or a part of it, `{+Path}`
    /// for several segments.
    ///
    /// # Errors
    ///
    /// The call returns an error that quotes the path, and sends nothing, if the path does not start with
    /// `/`; has a fragment, an unclosed bracket or a placeholder twice, in its query or without a value; a
    /// segment that is empty, `.` or `..`; or a character that has to be percent-encoded.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().respond_json("DescribeNodes", "{}");
    /// # let client = Client::generic("CS", "2015-12-15", "cs.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// let call = client.generic_call("DescribeNodes").roa("GET", "/clusters/{Id}/nodes");
    /// call.path_param("Id", "c8").await?;
    /// assert_eq!(fake.requests()[0].uri().path(), "/clusters/c8/nodes");
    /// # Ok(()) }
    /// ```
    pub fn roa(mut self, method: impl Into<String>, path: impl Into<String>) -> Self {
        self.operation.style = ApiStyle::Roa;
        self.operation.path = path.into();
        self.method(method)
    }

    /// Sets the HTTP method, for services that do not accept `POST`.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().respond_json("DescribeClusters", "{}");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// client.generic_call("DescribeClusters").method("GET").await?;
    /// assert_eq!(fake.requests()[0].method(), "GET");
    /// # Ok(()) }
    /// ```
    pub fn method(mut self, method: impl Into<String>) -> Self {
        self.operation.method = method.into();
        self
    }

    /// Marks the call as read-only, so that it is retried after every transient error.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # use alicloud_core::testing::Fault;
    /// # let fake = FakeTransport::new().fault("DescribeClusters", Fault::ConnectionReset).respond_json("DescribeClusters", "{}");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// client.generic_call("DescribeClusters").read_only().await?;
    /// assert_eq!(fake.requests().len(), 2);
    /// # Ok(()) }
    /// ```
    pub fn read_only(mut self) -> Self {
        self.operation.idempotency = Idempotency::ReadOnly;
        self
    }

    /// Marks the call as idempotent, so that it is retried like a read.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # use alicloud_core::testing::Fault;
    /// # let fake = FakeTransport::new().fault("DescribeClusters", Fault::ConnectionReset).respond_json("DescribeClusters", "{}");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// client.generic_call("DescribeClusters").idempotent().await?;
    /// assert_eq!(fake.requests().len(), 2);
    /// # Ok(()) }
    /// ```
    pub fn idempotent(mut self) -> Self {
        self.operation.idempotency = Idempotency::Idempotent;
        self
    }

    /// Sends the call unsigned, without credentials.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().respond_json("AssumeRoleWithOIDC", "{}");
    /// # let client = Client::generic("Sts", "2015-12-15", "sts.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// client.generic_call("AssumeRoleWithOIDC").anonymous().await?;
    /// assert_eq!(fake.requests()[0].header("authorization"), None);
    /// # Ok(()) }
    /// ```
    pub fn anonymous(mut self) -> Self {
        self.operation.anonymous = true;
        self
    }

    /// Sets the service's rate limit, in calls per second per account. The client stays below it.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
    /// # use alicloud_core::testing::FakeTransport;
    /// # use alicloud_core::{Client, Credentials};
    /// # let fake = FakeTransport::new().respond_json("DescribeClusters", "{}");
    /// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
    /// #     .credentials(Credentials::new("id", "secret")).transport(fake.clone()).build()?;
    /// client.generic_call("DescribeClusters").rate_limit(10).await?;
    /// assert_eq!(fake.requests().len(), 1);
    /// # Ok(()) }
    /// ```
    pub fn rate_limit(mut self, per_second: u32) -> Self {
        self.operation.rate_per_second = Some(per_second);
        self
    }

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
            self.operation.path = check_path(&self.operation, &parts)?;
            parts.find_secrets_by_name();
            Ok(parts)
        });
        let operation = OperationRef::Generic(Arc::new(self.operation));
        let mut input = CallInput::new(&self.client, operation, parts);
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

    fn add_flattened(
        mut self,
        name: String,
        value: impl Serialize,
        target: fn(&mut RequestParts) -> &mut Vec<alicloud_wire::request::Pair>,
    ) -> Self {
        match flatten(&name, &value) {
            Ok(pairs) => self.edit_parts(|parts| {
                let pairs = pairs.into_iter().map(|(name, value)| (name.into(), value.into()));
                target(parts).extend(pairs);
            }),
            Err(error) => self.mark_invalid(name, error.to_string()),
        }
        self
    }

    fn edit_parts(&mut self, edit: impl FnOnce(&mut RequestParts)) {
        if let Ok(parts) = &mut self.parts {
            edit(parts);
        }
    }

    /// Records the first invalid parameter; the call reports it when it is awaited.
    fn mark_invalid(&mut self, parameter: String, reason: impl Into<String>) {
        if self.parts.is_ok() {
            self.parts =
                Err(InvalidParameter { parameter: parameter.into(), reason: reason.into() });
        }
    }
}

impl IntoFuture for GenericCall {
    type Output = Result<Value, Error>;
    type IntoFuture = CallFuture<Value>;

    fn into_future(self) -> CallFuture<Value> {
        self.send()
    }
}

/// Returns the path with all placeholders in braces.
fn check_path(
    operation: &GenericOperation,
    parts: &RequestParts,
) -> Result<String, InvalidParameter> {
    let values: Vec<&str> = parts.path.iter().map(|(name, _)| name.as_ref()).collect();
    match operation.style {
        ApiStyle::Roa => path_template::normalize(&operation.path, &values),
        ApiStyle::Rpc => match values.first() {
            None => Ok(operation.path.clone()),
            Some(name) => {
                let reason = "the call has no path; set it with `roa`".to_owned();
                Err(path_template::without_placeholder(name, reason))
            }
        },
    }
}

/// Returns a value as JSON text, or why it has none.
fn json_text<T: Serialize>(name: &str, value: &T) -> Result<String, String> {
    alicloud_wire::check_finite(name, value).map_err(|error| error.to_string())?;
    serde_json::to_string(value).map_err(|error| error.to_string())
}

/// Returns whether a value is a float, of which `Display` can be `NaN` or `inf`. The same text can be the
/// name of a resource.
fn is_float<T>(_: &T) -> bool {
    matches!(std::any::type_name::<T>().trim_start_matches('&'), "f32" | "f64")
}

impl fmt::Debug for GenericCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Parameters are omitted because they can be secrets.
        f.debug_struct("GenericCall")
            .field("product", &self.operation.product.code())
            .field("operation", &self.operation.name)
            .finish_non_exhaustive()
    }
}
