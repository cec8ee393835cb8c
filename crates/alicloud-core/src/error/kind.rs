//! Kinds of errors, and what a service's code means.

use std::time::Duration;

use alicloud_wire::InvalidParameter;
use http::StatusCode;

use super::{Error, ErrorResponse, Outcome};
use crate::credentials::CredentialsError;
use crate::retry::Repeat;
use crate::transport::{TransportError, TransportErrorKind};

/// What happened.
pub(crate) enum Kind {
    /// The client was set up in a way that cannot work.
    Configuration(String),
    /// The request would be refused.
    Invalid(InvalidParameter),
    /// The request cannot be written down.
    Unsendable(String),
    /// There are no credentials.
    Credentials(CredentialsError),
    /// There was no response.
    Transport { error: TransportError, host: String },
    /// The time for the whole call ran out, perhaps after an attempt that failed otherwise.
    Deadline { limit: Duration, sent: bool, before: Option<Error> },
    /// The response is an error.
    Response(ErrorResponse),
    /// The response is a success that cannot be read.
    Decode { response: ErrorResponse, reason: String },
}

impl Kind {
    pub(super) fn outcome(&self) -> Outcome {
        match self {
            Kind::Configuration(_)
            | Kind::Invalid(_)
            | Kind::Unsendable(_)
            | Kind::Credentials(_) => Outcome::NotSent,
            Kind::Transport { error, .. } => error.outcome(),
            Kind::Deadline { sent: false, .. } => Outcome::NotSent,
            Kind::Deadline { sent: true, .. } | Kind::Decode { .. } => Outcome::Unknown,
            Kind::Response(response) => Class::of(response).outcome(response.status),
        }
    }

    /// Whether the same request can succeed when it is sent again.
    pub(super) fn repeat(&self) -> Repeat {
        match self {
            Kind::Transport { error, .. } => match error.kind() {
                TransportErrorKind::Dns | TransportErrorKind::Connect => Repeat::Always,
                TransportErrorKind::ReadTimeout
                | TransportErrorKind::AttemptTimeout
                | TransportErrorKind::Interrupted
                | TransportErrorKind::Body
                | TransportErrorKind::Other => Repeat::IfHarmless,
                // A certificate does not get better, nor does a response get smaller.
                TransportErrorKind::Tls
                | TransportErrorKind::Request
                | TransportErrorKind::TooLarge => Repeat::Never,
            },
            Kind::Response(response) => Class::of(response).repeat(),
            _ => Repeat::Never,
        }
    }

    pub(super) fn is_connect(&self) -> bool {
        use TransportErrorKind::{Connect, Dns, Tls};
        matches!(self, Kind::Transport { error, .. } if matches!(error.kind(), Connect | Dns | Tls))
    }

    pub(super) fn is_timeout(&self) -> bool {
        match self {
            Kind::Deadline { .. } => true,
            Kind::Transport { error, .. } => matches!(
                error.kind(),
                TransportErrorKind::ReadTimeout | TransportErrorKind::AttemptTimeout
            ),
            _ => false,
        }
    }
}

/// What a response says by its code, which goes before its status: products answer throttling with 400,
/// 403, 429 and 503.
#[derive(Default)]
pub(super) struct Class {
    pub(super) throttling: bool,
    pub(super) quota: bool,
    pub(super) auth: bool,
    pub(super) forbidden: bool,
    pub(super) not_found: bool,
    pub(super) clock_skew: bool,
    pub(super) nonce_used: bool,
    pub(super) timeout: bool,
    pub(super) server: bool,
    pub(super) invalid: bool,
    /// A fault that passes: by its code, or by its status where the code says nothing else.
    transient: bool,
}

/// Codes of faults that pass, whatever the status.
const TRANSIENT: [&str; 6] = [
    "InternalError",
    "InternalServerError",
    "ServiceUnavailable",
    "SystemBusy",
    "SystemError",
    "UnknownError",
];

/// Codes of requests that are wrong, whatever the status.
const WRONG: [&str; 4] = ["Invalid", "Missing", "Illegal", "Malformed"];

impl Class {
    pub(super) fn of(response: &ErrorResponse) -> Class {
        let code = response.code.as_deref().unwrap_or_default();
        let status = response.status;
        let begins = |starts: &[&str]| starts.iter().any(|start| code.starts_with(start));
        let holds = |parts: &[&str]| parts.iter().any(|part| code.contains(part));

        let mut class = Class {
            clock_skew: begins(&["InvalidTimeStamp", "InvalidTimestamp", "IllegalTimestamp"]),
            nonce_used: begins(&["SignatureNonceUsed"]),
            auth: begins(&[
                "SignatureDoesNotMatch",
                "IncompleteSignature",
                "InvalidAccessKey",
                "MissingAccessKey",
                "InvalidSecurityToken",
                "MissingSecurityToken",
                "InvalidCredentials",
            ]),
            quota: begins(&["Quota", "PreloadQueueFull"])
                || holds(&["QuotaExceed", "OverLimit", "LimitExceed"]),
            throttling: begins(&["TooManyRequests", "ServiceBusy"])
                || holds(&["Throttl", "FlowControl"]),
            ..Class::default()
        };
        // The header stands for throttling whatever the code says.
        class.throttling |=
            response.throttled && (status.is_client_error() || status.is_server_error());
        let told =
            class.clock_skew || class.nonce_used || class.auth || class.quota || class.throttling;

        class.throttling |= !told && status == StatusCode::TOO_MANY_REQUESTS;
        class.auth |= !told && status == StatusCode::UNAUTHORIZED;
        let told = told || class.throttling || class.auth;

        // That an API does not exist is a fault of the request, not a missing resource.
        let no_api = begins(&["InvalidApi", "InvalidAction", "InvalidVersion"]);
        class.forbidden = !told
            && (begins(&["Forbidden", "NoPermission", "AccessDenied", "Unauthorized"])
                || holds(&["NotAuthorized"])
                || status == StatusCode::FORBIDDEN);
        class.not_found = !told
            && !class.forbidden
            && !no_api
            && (holds(&["NotFound", "NotExist"])
                || (status == StatusCode::NOT_FOUND && !code.is_empty()));
        class.timeout = begins(&["Timeout", "RequestTimeout"])
            || status == StatusCode::REQUEST_TIMEOUT
            || status == StatusCode::GATEWAY_TIMEOUT;
        class.server = !told && (status.is_server_error() || begins(&TRANSIENT));
        class.invalid = !told
            && !class.forbidden
            && !class.not_found
            && !class.server
            && !class.timeout
            && (no_api || begins(&WRONG));
        let final_code = told || class.forbidden || class.not_found || begins(&WRONG);
        let passing = matches!(status.as_u16(), 408 | 500 | 502 | 503 | 504);
        class.transient = begins(&TRANSIENT)
            || begins(&["Timeout", "RequestTimeout"])
            || (passing && !final_code);
        class
    }

    fn repeat(&self) -> Repeat {
        if self.throttling {
            Repeat::Always
        } else if self.quota || self.auth || self.clock_skew {
            Repeat::Never
        } else if self.transient || self.nonce_used {
            Repeat::IfHarmless
        } else {
            Repeat::Never
        }
    }

    fn outcome(&self, status: StatusCode) -> Outcome {
        if self.throttling {
            return Outcome::Rejected;
        }
        // A nonce that was used was used by this very request, sent twice on its way.
        if self.nonce_used || self.timeout || self.server || !status.is_client_error() {
            return Outcome::Unknown;
        }
        Outcome::Rejected
    }
}
