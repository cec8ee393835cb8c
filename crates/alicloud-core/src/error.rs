//! The one error of a call.

mod access_denied;
mod body;
mod display;
mod kind;
mod signature;

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;

pub use access_denied::AccessDenied;
pub(crate) use body::{ErrorResponse, first_character, is_page, request_id};
use kind::Class;
pub(crate) use kind::Kind;
pub use signature::SignatureMismatch;

use crate::operation::Called;
use crate::retry::Repeat;
use crate::transport::TransportError;

/// Why a call, or the building of a client, has no value to give.
///
/// Its `Display` is one line that says what happened, whether the request can have taken effect, and
/// what to quote to the service's support. Neither it nor `Debug` shows a URL, a secret or a
/// signature. The predicates say what to do about it; more than one can be true.
///
/// ```
/// use alicloud_core::{Error, Outcome};
///
/// fn advice(error: &Error) -> &'static str {
///     match error {
///         e if e.is_throttling() => "wait, as long as retry_after() says",
///         e if e.is_quota_exceeded() => "tomorrow",
///         e if e.outcome() == Outcome::Unknown => "look before repeating",
///         _ => "read the message",
///     }
/// }
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: Kind,
    operation: Option<Called>,
    attempts: u32,
    /// The worst of the attempts before the last.
    earlier: Option<Outcome>,
    stop: Option<Stop>,
}

/// Why a call was not repeated that could have been.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Stop {
    /// The retry budget has nothing left.
    Budget,
    /// The wait would have ended after the call's time.
    Deadline { wait: Duration, limit: Duration },
}

/// What became of the request, as far as it can be known from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// It was certainly not sent. Sending it is safe.
    NotSent,
    /// The service answered that it did not do it.
    Rejected,
    /// It may have been carried out: the answer is lost, late or unreadable. Look before repeating
    /// anything that is not a read.
    Unknown,
}

impl Outcome {
    /// What is known after two attempts: the worse of both.
    pub(crate) fn and(self, other: Option<Outcome>) -> Outcome {
        match (self, other) {
            (outcome, None) => outcome,
            (Outcome::Unknown, _) | (_, Some(Outcome::Unknown)) => Outcome::Unknown,
            (Outcome::Rejected, _) | (_, Some(Outcome::Rejected)) => Outcome::Rejected,
            (Outcome::NotSent, Some(Outcome::NotSent)) => Outcome::NotSent,
        }
    }
}

impl Error {
    pub(crate) fn new(kind: Kind) -> Self {
        Error(Box::new(Inner { kind, operation: None, attempts: 0, earlier: None, stop: None }))
    }

    /// Says which call it happened to and how often that was tried.
    pub(crate) fn during(mut self, operation: &Called, attempts: u32) -> Self {
        self.0.operation = Some(operation.clone());
        self.0.attempts = attempts;
        self
    }

    /// Says what the attempts before came to, and why there is none behind.
    pub(crate) fn after(mut self, earlier: Option<Outcome>, stop: Option<Stop>) -> Self {
        self.0.earlier = earlier;
        self.0.stop = stop;
        self
    }

    /// Whether the same request can succeed when it is sent again.
    pub(crate) fn repeat(&self) -> Repeat {
        self.0.kind.repeat()
    }

    /// Whether it was signed with credentials that are over, so that others may be right.
    pub(crate) fn are_credentials_stale(&self) -> bool {
        let stale = ["InvalidSecurityToken", "InvalidAccessKeyId"];
        self.code().is_some_and(|code| stale.iter().any(|start| code.starts_with(start)))
    }

    fn response(&self) -> Option<&ErrorResponse> {
        match &self.0.kind {
            Kind::Response(response) | Kind::Decode { response, .. } => Some(response),
            _ => None,
        }
    }

    fn class(&self) -> Class {
        match &self.0.kind {
            Kind::Response(response) => Class::of(response),
            _ => Class::default(),
        }
    }

    /// The service's code for the error, such as `Throttling.User`.
    pub fn code(&self) -> Option<&str> {
        self.response()?.code.as_deref()
    }

    /// The service's words for the error.
    pub fn message(&self) -> Option<&str> {
        self.response()?.message.as_deref()
    }

    /// The id under which the service knows this request; quote it to its support.
    pub fn request_id(&self) -> Option<&str> {
        self.response()?.request_id.as_deref()
    }

    /// The HTTP status, where there was a response.
    pub fn status(&self) -> Option<StatusCode> {
        self.response().map(|response| response.status)
    }

    /// The service's link to an explanation.
    pub fn help_url(&self) -> Option<&str> {
        self.response()?.recommend.as_deref()
    }

    /// Why access was denied: which action, to whom, by which kind of policy.
    pub fn access_denied(&self) -> Option<AccessDenied<'_>> {
        self.access_denied_detail().filter(|detail| detail.is_object()).map(AccessDenied)
    }

    /// Why access was denied, as the service wrote it.
    pub fn access_denied_detail(&self) -> Option<&serde_json::Value> {
        self.response()?.access_denied.as_ref()
    }

    /// Why the signature does not match, where the service tells what it signed: the secret is
    /// wrong, or which parameter or header arrived as something else.
    pub fn signature_mismatch(&self) -> Option<&SignatureMismatch> {
        self.response()?.mismatch.as_ref()
    }

    /// How long the service asks to wait.
    ///
    /// From `x-acs-retry-after` (milliseconds), else the larger `TimeLeft` of `x-ratelimit-user-api`
    /// and `x-ratelimit-user`, else `Retry-After` in seconds.
    pub fn retry_after(&self) -> Option<Duration> {
        self.response()?.retry_after
    }

    /// The type of the response's body, as the service named it.
    pub fn content_type(&self) -> Option<&str> {
        self.response()?.content_type.as_deref()
    }

    /// The first 4 KiB of the response's body.
    pub fn body(&self) -> Option<&Bytes> {
        self.response().map(|response| &response.body)
    }

    /// Why there was no response.
    pub fn transport_error(&self) -> Option<&TransportError> {
        match &self.0.kind {
            Kind::Transport { error, .. } => Some(error),
            _ => None,
        }
    }

    /// How often the request was sent, or was about to be.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The name of the operation that was called, such as `DescribeRefreshTaskById`; none for an error
    /// in building a client.
    pub fn operation(&self) -> Option<&str> {
        self.0.operation.as_ref().map(Called::name)
    }

    /// The code of the operation's product, such as `Cdn`.
    pub fn product(&self) -> Option<&str> {
        self.0.operation.as_ref().map(Called::product_code)
    }

    /// What became of the request, over all attempts: when one of them may have been carried out,
    /// the outcome is unknown, however the last one ended.
    pub fn outcome(&self) -> Outcome {
        self.0.kind.outcome().and(self.0.earlier)
    }

    /// The same call may succeed later, although nothing about it is changed.
    ///
    /// Cause: throttling, a lost connection, a time limit, a fault of the service, a proxy's page instead
    /// of a response. Cure: call again after a while; for anything but a read, look at the
    /// [`outcome`](Error::outcome) first.
    pub fn is_transient(&self) -> bool {
        self.repeat() != Repeat::Never
            || self.is_timeout()
            || self.is_server_error()
            || self.is_decode()
    }

    /// The service takes no more calls for the moment.
    ///
    /// Cause: more calls a second than the account or the operation is allowed, by all programs of the
    /// account together. Cure: wait for [`retry_after`](Error::retry_after), else a few seconds, and
    /// call less often. The request was not carried out.
    pub fn is_throttling(&self) -> bool {
        self.class().throttling
    }

    /// An amount is used up: of a day, of a resource, of one call.
    ///
    /// Cause: a documented limit, such as 10,000 refreshed URLs a day. Cure: waiting seconds does not
    /// help; ask for less, wait for the next period, or have the quota raised.
    pub fn is_quota_exceeded(&self) -> bool {
        self.class().quota
    }

    /// The credentials are missing, wrong or expired.
    ///
    /// Cause: no credentials where they were looked for, a secret that does not belong to the access
    /// key, a key that was disabled, a security token that has expired. Cure: the message names which;
    /// for a signature, [`signature_mismatch`](Error::signature_mismatch) says whether it is the
    /// secret. Nothing about the request needs a change.
    pub fn is_auth(&self) -> bool {
        matches!(self.0.kind, Kind::Credentials(_)) || self.class().auth
    }

    /// The account may not do this.
    ///
    /// Cause: no RAM policy allows the action, or the resource belongs to someone else. Cure: grant the
    /// action that [`access_denied`](Error::access_denied) or the message names.
    pub fn is_forbidden(&self) -> bool {
        self.class().forbidden
    }

    /// What the request names does not exist.
    ///
    /// Cause: a wrong id, a wrong region, or a resource that is gone. Cure: check the id and where it
    /// lives.
    pub fn is_not_found(&self) -> bool {
        self.class().not_found
    }

    /// The clock of this machine is more than 15 minutes off.
    ///
    /// Cause: requests carry the time, and the service compares it with its own; a client signs again
    /// with the service's time, so this shows only where that did not help or is switched off
    /// ([`clock_skew_correction`](crate::ClientBuilder::clock_skew_correction)). Cure: set the clock, most often in a
    /// container or a virtual machine that was asleep.
    pub fn is_clock_skew(&self) -> bool {
        self.class().clock_skew
    }

    /// The nonce of the request was seen before.
    ///
    /// Cause: something between here and the service sent the request a second time. Cure: look whether
    /// it was carried out; the [`outcome`](Error::outcome) is unknown.
    pub fn is_nonce_used(&self) -> bool {
        self.class().nonce_used
    }

    /// There was no answer in time.
    ///
    /// Cause: a slow network, a slow service, or a limit that is too short for the operation. Cure:
    /// look whether it was carried out, then repeat it or raise the limit.
    pub fn is_timeout(&self) -> bool {
        self.0.kind.is_timeout() || self.class().timeout
    }

    /// There was no connection, so nothing was sent.
    ///
    /// Cause: no network, a host that does not exist, a firewall, a proxy, a certificate that does not
    /// convince. Cure: the message says which; check the endpoint, the region and the proxy variables.
    pub fn is_connect(&self) -> bool {
        self.0.kind.is_connect()
    }

    /// The service answered with success, but the answer is unreadable.
    ///
    /// Cause: a gateway's page with status 200, a response that was cut, or a response of another shape than
    /// described. Cure: see [`body`](Error::body); the operation was most likely carried out.
    pub fn is_decode(&self) -> bool {
        matches!(self.0.kind, Kind::Decode { .. })
    }

    /// The request is wrong and no repeating will make it right.
    ///
    /// Cause: a parameter that is missing or malformed, found before sending
    /// ([`Outcome::NotSent`]) or by the service ([`Outcome::Rejected`]). Cure: the message names it.
    pub fn is_invalid_request(&self) -> bool {
        matches!(self.0.kind, Kind::Invalid(_)) || self.class().invalid
    }

    /// The client cannot be built, or cannot sign, as it was set up.
    ///
    /// Cause: an endpoint that is no host, a region without an endpoint, no transport. Cure: the
    /// message says what to set.
    pub fn is_configuration(&self) -> bool {
        matches!(self.0.kind, Kind::Configuration(_))
    }

    /// The service failed on its side.
    ///
    /// Cause: an internal error, an unavailable part, a gateway in between. Cure: repeat a read; look
    /// before repeating anything else.
    pub fn is_server_error(&self) -> bool {
        self.class().server
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("message", &format_args!("{self}"))
            .field("outcome", &self.outcome())
            .field("retry_after", &self.retry_after())
            .field("transport", &self.transport_error())
            .field("body", &self.body().map(|body| display::excerpt(body, 1_024)))
            .finish()
    }
}

/// All of its causes are told in its own text, so it has no `source`; see
/// [`transport`](Error::transport_error) for the chain beneath a failed connection.
impl std::error::Error for Error {}
