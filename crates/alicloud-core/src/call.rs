//! One call: a typed shell around work that is compiled once.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use alicloud_wire::{InvalidParameter, Node, RequestParts};

use crate::BoxFuture;
use crate::attempt;
use crate::client::{Client, Format, Options};
use crate::error::Error;
use crate::operation::Called;
use crate::preview::Preview;
use crate::response::{RawResponse, Response};
use crate::retry::RetryPolicy;
use crate::sign::SignatureVersion;

/// One call of an operation, to be awaited.
///
/// Its options hold for this call alone. Dropping it, or the future, abandons the call: what was sent
/// stays sent, and nothing else is left behind.
///
/// ```no_run
/// # async fn run(call: alicloud_core::Call<String>) -> Result<(), alicloud_core::Error> {
/// let response = call.timeout(std::time::Duration::from_secs(5)).await?;
/// # Ok(()) }
/// ```
#[must_use = "a call does nothing until it is awaited"]
pub struct Call<T> {
    plan: Box<Plan>,
    response: PhantomData<fn() -> T>,
}

/// Everything that a call needs, but for the type of its response.
pub(crate) struct Plan {
    pub(crate) client: Client,
    pub(crate) operation: Called,
    pub(crate) parts: Result<RequestParts, InvalidParameter>,
    pub(crate) options: Options,
}

impl Plan {
    /// Whether carrying it out twice is as good as once: by what the operation is, or by an
    /// idempotency token, under which the service recognises the second time.
    pub(crate) fn is_idempotent(&self) -> bool {
        let Ok(parts) = &self.parts else {
            return true;
        };
        let is_token =
            |name: &str, value: &str| name.eq_ignore_ascii_case("ClientToken") && !value.is_empty();
        self.operation.idempotency().is_idempotent()
            || parts.token.is_some()
            || parts.query.iter().chain(&parts.form).any(|(name, value)| is_token(name, value))
            || parts.headers.iter().any(|(name, value)| is_token(name, value))
    }
}

impl<T> Call<T> {
    pub(crate) fn new(
        client: Client,
        operation: Called,
        parts: Result<RequestParts, InvalidParameter>,
    ) -> Self {
        let options = client.shared().options;
        Call { plan: Box::new(Plan { client, operation, parts, options }), response: PhantomData }
    }

    /// Limits the whole call: credentials, rate limit, all attempts and the waits between them.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.plan.options.timeout = timeout;
        self
    }

    /// Limits one attempt, from sending the request to the last byte of its response. See
    /// [`ClientBuilder::attempt_timeout`](crate::ClientBuilder::attempt_timeout).
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.plan.options.attempt_timeout = Some(timeout);
        self
    }

    /// Limits each wait for more bytes within an attempt.
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.plan.options.read_timeout = timeout;
        self
    }

    /// How often this call is repeated, and after which waits.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.plan.options.retry = policy;
        self
    }

    /// Sends it once, whatever becomes of it.
    pub fn no_retry(self) -> Self {
        self.retry(RetryPolicy::none())
    }

    /// The format of the response.
    pub fn format(mut self, format: Format) -> Self {
        self.plan.options.format = format;
        self
    }

    /// The signature.
    pub fn signature(mut self, signature: SignatureVersion) -> Self {
        self.plan.options.signature = signature;
        self
    }

    /// A parameter of the query that the request type does not have, or another value for one that it
    /// has. It is signed like every other.
    pub fn query_param(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        if let Ok(parts) = &mut self.plan.parts {
            let (name, value) = (name.into(), value.into());
            parts.query.retain(|(known, _)| *known != name);
            parts.query.push((name.into(), value.into()));
        }
        self
    }

    /// What would be sent, without sending it: method, URL, headers, body, and what is signed, all
    /// without secrets. Where there are no credentials, a placeholder stands in their place.
    ///
    /// # Errors
    ///
    /// When the request is one that the service would refuse, or cannot be written down.
    pub fn preview(self) -> BoxFuture<'static, Result<Preview, Error>> {
        Box::pin(attempt::preview(self.plan))
    }
}

impl<T: Node + Default> Call<T> {
    /// The response with everything around the value: status, headers, request id, body, and what could
    /// not be read.
    pub fn response(self) -> ResponseFuture<T> {
        ResponseFuture { work: Box::pin(attempt::run(self.plan)), response: PhantomData }
    }
}

impl<T: Node + Default> IntoFuture for Call<T> {
    type Output = Result<T, Error>;
    type IntoFuture = CallFuture<T>;

    fn into_future(self) -> CallFuture<T> {
        CallFuture(self.response())
    }
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Parameters can be secrets, so they are not shown.
        f.debug_struct("Call")
            .field("product", &self.plan.operation.product_code())
            .field("operation", &self.plan.operation.name())
            .field("options", &self.plan.options)
            .finish_non_exhaustive()
    }
}

/// The future of a [`Call`]: the value alone.
#[must_use = "futures do nothing unless polled"]
pub struct CallFuture<T>(ResponseFuture<T>);

impl<T: Node + Default> Future for CallFuture<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let response = ready!(Pin::new(&mut self.0).poll(context));
        Poll::Ready(response.map(|response| response.value))
    }
}

impl<T> fmt::Debug for CallFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallFuture")
    }
}

/// The future of [`Call::response`]: the value and everything around it.
#[must_use = "futures do nothing unless polled"]
pub struct ResponseFuture<T> {
    work: BoxFuture<'static, Result<RawResponse, Error>>,
    response: PhantomData<fn() -> T>,
}

impl<T: Node + Default> Future for ResponseFuture<T> {
    type Output = Result<Response<T>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let response = ready!(self.work.as_mut().poll(context));
        Poll::Ready(response.and_then(RawResponse::read))
    }
}

impl<T> fmt::Debug for ResponseFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResponseFuture")
    }
}
