//! The faults of a transport.

/// A failure of an attempt without a response.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
/// # use alicloud_core::{Client, Credentials, Outcome};
/// use alicloud_core::testing::{FakeTransport, Fault};
///
/// for (fault, outcome) in [(Fault::ConnectionRefused, Outcome::NotSent), (Fault::ConnectionReset, Outcome::Unknown)] {
///     let fake = FakeTransport::new().fault("RefreshObjectCaches", fault);
/// #   let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
/// #       .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
///     let call = client.generic_call("RefreshObjectCaches").into_call().no_retry();
///     assert_eq!(call.await.unwrap_err().outcome(), outcome);
/// }
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The connection is refused, so nothing is sent.
    ConnectionRefused,
    /// The connection is reset after the request was sent.
    ConnectionReset,
    /// The read timeout expires. The attempt fails immediately, without waiting for it.
    ReadTimeout,
    /// The attempt never completes: the call ends with its timeout or when it is dropped.
    Hang,
}
