//! What is known about the effect of a failed call.

/// Whether a failed request may have taken effect.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
/// # use alicloud_core::{Client, Credentials};
/// use alicloud_core::Outcome;
/// use alicloud_core::testing::{FakeTransport, Fault};
///
/// # let fake = FakeTransport::new().fault("RefreshObjectCaches", Fault::ConnectionReset);
/// # let client = Client::generic("Cdn", "2018-05-10", "cdn.aliyuncs.com")
/// #     .credentials(Credentials::new("id", "secret")).transport(fake).build()?;
/// // The connection broke after the request was sent.
/// let error = client.generic_call("RefreshObjectCaches").await.unwrap_err();
/// assert_eq!(error.outcome(), Outcome::Unknown);
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// The request was certainly not sent. Resending it is safe.
    NotSent,
    /// The service rejected the request and did not execute it.
    Rejected,
    /// The request may have been executed: the response is lost, late or unreadable. Unless it is
    /// idempotent, check before resending it.
    Unknown,
}

impl Outcome {
    /// Returns the worse of two outcomes: that of a call with both attempts.
    pub(crate) fn worst(self, other: Option<Outcome>) -> Outcome {
        match (self, other) {
            (outcome, None) => outcome,
            (Outcome::Unknown, _) | (_, Some(Outcome::Unknown)) => Outcome::Unknown,
            (Outcome::Rejected, _) | (_, Some(Outcome::Rejected)) => Outcome::Rejected,
            (Outcome::NotSent, Some(Outcome::NotSent)) => Outcome::NotSent,
        }
    }
}
