//! Operations that no crate was generated for.

use std::fmt;
use std::future::IntoFuture;
use std::sync::Arc;

use alicloud_wire::{Body, InvalidParameter, RequestParts, Value, flatten};
use serde::Serialize;

use crate::call::{Call, CallFuture};
use crate::client::{Client, ClientBuilder};
use crate::error::Error;
use crate::operation::{AnyOperation, ApiStyle, Called, Idempotency};

/// A call of any operation, by its name, to be awaited.
///
/// It is signed, limited, repeated and faked like every other call; only the types are missing:
/// parameters are whatever serde can write, and the response is a JSON [`Value`], from XML too. Nothing
/// is known of the operation but what is said here, so it counts as one that changes something, and
/// has no rate limit, unless told otherwise.
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
/// An operation in ROA style also needs its method and its path:
///
/// ```no_run
/// # async fn run(client: alicloud_core::Client) -> Result<(), alicloud_core::Error> {
/// let cluster = client
///     .generic_call("DescribeClusterDetail")
///     .roa("GET", "/clusters/{ClusterId}")
///     .path_param("ClusterId", "c82e6987e2961451182edacd74faf")
///     .read_only()
///     .await?;
/// # Ok(()) }
/// ```
#[must_use = "a call does nothing until it is awaited"]
pub struct GenericCall {
    client: Client,
    operation: AnyOperation,
    parts: Result<RequestParts, InvalidParameter>,
}

impl Client {
    /// A client of any product, by its code, the version of its API and a host, all as the platform
    /// writes them: for [`generic_call`](Client::generic_call). The host goes before a region.
    pub fn generic(
        code: impl Into<String>,
        version: impl Into<String>,
        endpoint: impl Into<String>,
    ) -> ClientBuilder<Client> {
        ClientBuilder::for_any(code.into(), version.into()).endpoint(endpoint)
    }

    /// A call of any operation of the product, by its name such as `DescribeRefreshTaskById`.
    pub fn generic_call(&self, operation: impl Into<String>) -> GenericCall {
        GenericCall {
            operation: AnyOperation {
                product: self.shared().product.clone(),
                name: operation.into(),
                style: ApiStyle::Rpc,
                method: "POST".to_owned(),
                path: "/".to_owned(),
                anonymous: false,
                idempotency: Idempotency::Mutating,
                rate: None,
            },
            client: self.clone(),
            parts: Ok(RequestParts::default()),
        }
    }
}

impl GenericCall {
    /// A parameter in the query: a scalar, or a list or a structure as `Name.1.Key=…`. Nothing, an
    /// empty list and an empty structure are not sent.
    pub fn param(self, name: impl Into<String>, value: impl Serialize) -> Self {
        self.flat(name.into(), value, |parts| &mut parts.query)
    }

    /// The same in the body, as a form: for what is long or does not belong in a URL.
    pub fn form_param(self, name: impl Into<String>, value: impl Serialize) -> Self {
        self.flat(name.into(), value, |parts| &mut parts.form)
    }

    /// A parameter in the query that travels as JSON text.
    pub fn json_param(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        let name = name.into();
        match serde_json::to_string(&value) {
            Ok(text) => self.with(|parts| parts.query.push((name.into(), text.into()))),
            Err(error) => self.refuse(name, error.to_string()),
        }
        self
    }

    /// A value for a placeholder of the path.
    pub fn path_param(mut self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        let (name, value) = (name.into(), value.to_string());
        match value.is_empty() {
            true => self.refuse(name, "is a part of the path and cannot be empty"),
            false => self.with(|parts| parts.path.push((name.into(), value))),
        }
        self
    }

    /// A header.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let (name, value) = (name.into(), value.into());
        self.with(|parts| parts.headers.push((name.into(), value)));
        self
    }

    /// The body, as JSON. Form parameters go to the query then.
    pub fn body(mut self, value: impl Serialize) -> Self {
        match serde_json::to_string(&value) {
            Ok(text) => self.with(|parts| parts.body = Some(Body::Json(text))),
            Err(error) => self.refuse("body".to_owned(), error.to_string()),
        }
        self
    }

    /// An operation in ROA style: a method, and a path with placeholders in braces. The path may end
    /// in a fixed query.
    pub fn roa(mut self, method: impl Into<String>, path: impl Into<String>) -> Self {
        let path = path.into();
        if !path.starts_with('/')
            || path.bytes().any(|byte| !byte.is_ascii_graphic() || byte == b'#')
        {
            self.refuse("path".to_owned(), format!("{path:?} is none: write /clusters/{{Id}}"));
        }
        self.operation.style = ApiStyle::Roa;
        self.operation.path = path;
        self.method(method)
    }

    /// Sent by another method than `POST`, where the service takes nothing else.
    pub fn method(mut self, method: impl Into<String>) -> Self {
        self.operation.method = method.into();
        self
    }

    /// It only reads, so that it is repeated after every fault that passes.
    pub fn read_only(mut self) -> Self {
        self.operation.idempotency = Idempotency::ReadOnly;
        self
    }

    /// Carrying it out twice is as good as once, so that it is repeated like a read.
    pub fn idempotent(mut self) -> Self {
        self.operation.idempotency = Idempotency::Idempotent;
        self
    }

    /// It is not signed and needs no credentials.
    pub fn anonymous(mut self) -> Self {
        self.operation.anonymous = true;
        self
    }

    /// How many calls a second the service takes from one account; the client keeps below it.
    pub fn rate_limit(mut self, per_second: u32) -> Self {
        self.operation.rate = Some(per_second);
        self
    }

    /// The call, for the options that every call has: timeouts, retries, format, preview, raw response.
    pub fn into_call(self) -> Call<Value> {
        Call::new(self.client, Called::Any(Arc::new(self.operation)), self.parts)
    }

    fn flat(
        mut self,
        name: String,
        value: impl Serialize,
        place: fn(&mut RequestParts) -> &mut Vec<alicloud_wire::request::Pair>,
    ) -> Self {
        match flatten(&name, &value) {
            Ok(pairs) => self.with(|parts| {
                let pairs = pairs.into_iter().map(|(name, value)| (name.into(), value.into()));
                place(parts).extend(pairs);
            }),
            Err(error) => self.refuse(name, error.to_string()),
        }
        self
    }

    fn with(&mut self, change: impl FnOnce(&mut RequestParts)) {
        if let Ok(parts) = &mut self.parts {
            change(parts);
        }
    }

    /// The first thing that is wrong is what the call reports.
    fn refuse(&mut self, parameter: String, reason: impl Into<String>) {
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
        self.into_call().into_future()
    }
}

impl fmt::Debug for GenericCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Parameters can be secrets, so they are not shown.
        f.debug_struct("GenericCall")
            .field("product", &self.operation.product.code())
            .field("operation", &self.operation.name)
            .finish_non_exhaustive()
    }
}
