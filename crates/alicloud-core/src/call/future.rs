//! The futures of a call.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use alicloud_wire::Node;

use crate::call::response::{DecodedResponse, Response};
use crate::error::Error;
use crate::future::BoxFuture;

/// The future of a [`Call`](super::Call), which returns the value of the response.
///
/// # Examples
///
/// ```
/// use alicloud_core::CallFuture;
/// # use alicloud_core::testing::FakeTransport;
/// # use alicloud_core::{Client, Credentials};
/// use serde_json::Value;
///
/// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let fake = FakeTransport::new().respond_json("DescribeRefreshQuota", r#"{"UrlRemain": "9000"}"#);
/// # let client: Client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
/// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
/// let call = client.generic_call("DescribeRefreshQuota").into_call();
/// let future: CallFuture<Value> = call.send();
/// let quota = tokio::spawn(future).await??;
/// assert_eq!(quota["UrlRemain"], "9000");
/// # Ok(()) }
/// ```
#[must_use = "futures do nothing unless polled"]
pub struct CallFuture<T>(pub(super) ResponseFuture<T>);

impl<T: Node + Default> Future for CallFuture<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let response = ready!(self.0.running.as_mut().poll(context));
        Poll::Ready(response.map(DecodedResponse::into_value))
    }
}

impl<T> fmt::Debug for CallFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallFuture")
    }
}

/// The future of [`Call::response`](super::Call::response), which returns the whole [`Response`].
///
/// # Examples
///
/// ```
/// use alicloud_core::ResponseFuture;
/// # use alicloud_core::testing::FakeTransport;
/// # use alicloud_core::{Client, Credentials};
/// use serde_json::Value;
///
/// # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let fake = FakeTransport::new().respond_json("DescribeRefreshQuota", r#"{"UrlRemain": "9000"}"#);
/// # let client: Client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
/// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
/// let call = client.generic_call("DescribeRefreshQuota").into_call();
/// let future: ResponseFuture<Value> = call.response();
/// let response = tokio::spawn(future).await??;
/// assert_eq!(response.value["UrlRemain"], "9000");
/// # Ok(()) }
/// ```
#[must_use = "futures do nothing unless polled"]
pub struct ResponseFuture<T> {
    pub(super) running: BoxFuture<'static, Result<DecodedResponse, Error>>,
    pub(super) response: PhantomData<fn() -> T>,
}

impl<T: Node + Default> Future for ResponseFuture<T> {
    type Output = Result<Response<T>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let response = ready!(self.running.as_mut().poll(context));
        Poll::Ready(response.map(DecodedResponse::into_response))
    }
}

impl<T> fmt::Debug for ResponseFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResponseFuture")
    }
}
