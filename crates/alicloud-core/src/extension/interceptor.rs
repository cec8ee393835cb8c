//! Code that runs before each call and after each attempt.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

use crate::error::Error;
use crate::product::Operation;

/// Code that adds headers to calls before they are signed, and observes their attempts. Set it with
/// [`ClientBuilder::interceptor`](crate::ClientBuilder::interceptor).
///
/// It runs within the call, so it must not block, and a panic of it is one of the call. It sees no URL, no
/// parameters and no headers of the request, because these can contain secrets; texts of the service in an error
/// have none. Requests for credentials are not intercepted.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicU32, Ordering};
///
/// # use alicloud_core::testing::FakeTransport;
/// use alicloud_core::{AttemptReport, Client, Credentials, InterceptedCall, Interceptor};
///
/// /// Sends the id of the current job, and counts failed attempts.
/// #[derive(Debug, Default)]
/// struct JobId {
///     failures: AtomicU32,
/// }
///
/// impl Interceptor for JobId {
///     fn before_call(&self, call: &mut InterceptedCall<'_>) {
///         call.set_header("x-acs-job-id", "job-17");
///     }
///
///     fn after_attempt(&self, report: &AttemptReport<'_>) {
///         if report.result.is_err() {
///             self.failures.fetch_add(1, Ordering::Relaxed);
///         }
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), alicloud_core::Error> {
/// let fake = FakeTransport::new()
///     .error("DescribeDomains", 503, "ServiceUnavailable", "Try again later.")
///     .respond_json("DescribeDomains", "{}");
/// let job_id = Arc::new(JobId::default());
/// let client = Client::generic("Alidns", "2015-01-09", "alidns.aliyuncs.com")
///     .credentials(Credentials::new("id", "secret"))
/// #   .clock(alicloud_core::testing::ManualClock::from_unix_seconds(1_767_323_045))
///     .transport(fake.clone())
///     .interceptor(job_id.clone())
///     .build()?;
/// client.generic_call("DescribeDomains").read_only().await?;
/// assert_eq!(job_id.failures.load(Ordering::Relaxed), 1);
/// assert_eq!(fake.requests()[1].header("x-acs-job-id"), Some("job-17"));
/// # Ok(()) }
/// ```
pub trait Interceptor: Send + Sync + fmt::Debug {
    /// Adds headers to a call. Called once per call and once per [`preview`](crate::Call::preview), before the
    /// request is built; all attempts have the headers.
    fn before_call(&self, call: &mut InterceptedCall<'_>) {
        let _ = call;
    }

    /// Observes an attempt that has ended, before the delay of a retry. Not called for an attempt that is dropped.
    fn after_attempt(&self, report: &AttemptReport<'_>) {
        let _ = report;
    }
}

impl<I: Interceptor + ?Sized> Interceptor for Arc<I> {
    fn before_call(&self, call: &mut InterceptedCall<'_>) {
        (**self).before_call(call);
    }

    fn after_attempt(&self, report: &AttemptReport<'_>) {
        (**self).after_attempt(report);
    }
}

/// A call that is about to be signed. `Debug` shows no header values.
///
/// # Examples
///
/// ```
/// use alicloud_core::InterceptedCall;
///
/// fn mark_writes(call: &mut InterceptedCall<'_>) {
///     if !call.operation().idempotency().is_idempotent() {
///         call.set_header("x-change-id", "chg-42");
///     }
/// }
/// ```
pub struct InterceptedCall<'a> {
    pub(super) operation: &'a Operation,
    pub(super) headers: Vec<(String, String)>,
}

impl InterceptedCall<'_> {
    /// Returns the operation.
    pub fn operation(&self) -> &Operation {
        self.operation
    }

    /// Sets a header. Its rules are those of [`GenericCall::header`](crate::GenericCall::header): a name or value
    /// that cannot be sent fails the call. A header or a header parameter of the call itself takes precedence. Names
    /// that begin with `x-acs-` are signed.
    pub fn set_header(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let name = name.into().to_ascii_lowercase();
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.into()));
    }
}

impl fmt::Debug for InterceptedCall<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("InterceptedCall")
            .field("operation", &self.operation.name())
            .field("headers", &names)
            .finish()
    }
}

/// An attempt that has ended.
///
/// # Examples
///
/// ```
/// use alicloud_core::AttemptReport;
///
/// fn log_line(report: &AttemptReport<'_>) -> String {
///     let name = report.operation.name();
///     match &report.result {
///         Ok(success) => format!("{name}: {} in {:?}", success.status, report.duration),
///         Err(error) => format!("{error}, retried after {:?}", report.retry_delay),
///     }
/// }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct AttemptReport<'a> {
    /// The operation.
    pub operation: &'a Operation,
    /// The host that the request was for, with the port if it is not the default one.
    pub host: &'a str,
    /// The number of attempts so far, including this one unless it could not be signed.
    pub attempt: u32,
    /// The time from signing to the decoded response, or to the error.
    pub duration: Duration,
    /// The response, or the error with its operation.
    pub result: Result<AttemptSuccess, Error>,
    /// The delay before the retry that follows; `None` if the call ends.
    pub retry_delay: Option<Duration>,
}

/// The response of a successful attempt.
///
/// # Examples
///
/// ```
/// use alicloud_core::AttemptSuccess;
///
/// fn is_large(success: &AttemptSuccess) -> bool {
///     success.body_bytes > 1 << 20
/// }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct AttemptSuccess {
    /// The HTTP status.
    pub status: StatusCode,
    /// The request id in the headers of the response.
    pub request_id: Option<String>,
    /// The size of the body, in bytes.
    pub body_bytes: usize,
}
