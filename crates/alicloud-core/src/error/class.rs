//! The meaning of the error codes of the service.

use http::StatusCode;

use super::{ErrorKind, ErrorResponse, Outcome};
use crate::policy::retry::Retryability;

/// The meaning of an error response. The error code takes precedence over the status, because products
/// report throttling with 400, 403, 429 or 503.
#[derive(Default)]
pub(super) struct ErrorClass {
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
    /// A temporary error: by its code, or by its status if the code does not contradict.
    transient: bool,
}

/// Prefixes of codes of temporary errors, regardless of the status.
const TRANSIENT_PREFIXES: [&str; 6] = [
    "InternalError",
    "InternalServerError",
    "ServiceUnavailable",
    "SystemBusy",
    "SystemError",
    "UnknownError",
];

/// Prefixes of codes of invalid requests, regardless of the status.
const INVALID_PREFIXES: [&str; 4] = ["Invalid", "Missing", "Illegal", "Malformed"];

impl ErrorClass {
    pub(super) fn from_response(response: &ErrorResponse) -> ErrorClass {
        let code = response.code.as_deref().unwrap_or_default();
        let status = response.status;
        let starts_with =
            |prefixes: &[&str]| prefixes.iter().any(|prefix| code.starts_with(prefix));
        let contains = |parts: &[&str]| parts.iter().any(|part| code.contains(part));
        let lower_code = code.to_ascii_lowercase();

        let mut class = ErrorClass {
            clock_skew: starts_with(&["InvalidTimeStamp", "InvalidTimestamp", "IllegalTimestamp"]),
            nonce_used: starts_with(&["SignatureNonceUsed"]),
            auth: starts_with(&[
                "SignatureDoesNotMatch",
                "IncompleteSignature",
                "InvalidAccessKey",
                "MissingAccessKey",
                "InvalidSecurityToken",
                "MissingSecurityToken",
                "InvalidCredentials",
            ]),
            quota: starts_with(&["Quota", "PreloadQueueFull"])
                || contains(&["QuotaExceed", "OverLimit", "LimitExceed"]),
            throttling: starts_with(&["TooManyRequests"])
                || ["throttl", "flowcontrol", "servicebusy"]
                    .iter()
                    .any(|part| lower_code.contains(part)),
            ..ErrorClass::default()
        };
        // The header means throttling, regardless of the code.
        class.throttling |= response.throttled
            && (status.is_client_error() || status.is_server_error() || status.is_success());
        let classified =
            class.clock_skew || class.nonce_used || class.auth || class.quota || class.throttling;

        class.throttling |= !classified && status == StatusCode::TOO_MANY_REQUESTS;
        class.auth |= !classified && status == StatusCode::UNAUTHORIZED;
        let classified = classified || class.throttling || class.auth;

        // An unknown API is an invalid request, not a missing resource.
        let unknown_api = starts_with(&["InvalidApi", "InvalidAction", "InvalidVersion"]);
        class.forbidden = !classified
            && (starts_with(&["Forbidden", "NoPermission", "AccessDenied", "Unauthorized"])
                || contains(&["NotAuthorized"])
                || status == StatusCode::FORBIDDEN);
        class.not_found = !classified
            && !class.forbidden
            && !unknown_api
            && (contains(&["NotFound", "NotExist"])
                || (status == StatusCode::NOT_FOUND && !code.is_empty()));
        class.timeout = starts_with(&["Timeout", "RequestTimeout"])
            || status == StatusCode::REQUEST_TIMEOUT
            || status == StatusCode::GATEWAY_TIMEOUT;
        class.server =
            !classified && (status.is_server_error() || starts_with(&TRANSIENT_PREFIXES));
        class.invalid = !classified
            && !class.forbidden
            && !class.not_found
            && !class.server
            && !class.timeout
            && (unknown_api || starts_with(&INVALID_PREFIXES));
        let permanent_code =
            classified || class.forbidden || class.not_found || starts_with(&INVALID_PREFIXES);
        let transient_status = matches!(status.as_u16(), 408 | 500 | 502 | 503 | 504);
        class.transient = starts_with(&TRANSIENT_PREFIXES)
            || starts_with(&["Timeout", "RequestTimeout"])
            || (transient_status && !permanent_code);
        class
    }

    /// Returns the kind. If several apply, it is the one that decides about retries.
    pub(super) fn kind(&self) -> ErrorKind {
        let kinds = [
            (self.throttling, ErrorKind::Throttling),
            (self.quota, ErrorKind::QuotaExceeded),
            (self.clock_skew, ErrorKind::ClockSkew),
            (self.nonce_used, ErrorKind::NonceUsed),
            (self.auth, ErrorKind::Auth),
            (self.forbidden, ErrorKind::Forbidden),
            (self.not_found, ErrorKind::NotFound),
            (self.timeout, ErrorKind::Timeout),
            (self.server, ErrorKind::ServerError),
            (self.invalid, ErrorKind::InvalidRequest),
        ];
        let first = kinds.into_iter().find(|(applies, _)| *applies);
        first.map_or(ErrorKind::Other, |(_, kind)| kind)
    }

    pub(super) fn retryability(&self) -> Retryability {
        if self.throttling {
            Retryability::Always
        } else if self.quota || self.auth || self.clock_skew {
            Retryability::Never
        } else if self.transient || self.nonce_used {
            Retryability::IfIdempotent
        } else {
            Retryability::Never
        }
    }

    pub(super) fn outcome(&self, status: StatusCode) -> Outcome {
        if self.throttling {
            return Outcome::Rejected;
        }
        // The nonce was used by a copy of this request that the network delivered before.
        if self.nonce_used || self.timeout || self.server {
            return Outcome::Unknown;
        }
        // Without a status that says so, only the meaning of the code shows that nothing was executed.
        let is_known_rejection = self.quota
            || self.auth
            || self.forbidden
            || self.not_found
            || self.clock_skew
            || self.invalid;
        if status.is_client_error() || (status.is_success() && is_known_rejection) {
            return Outcome::Rejected;
        }
        Outcome::Unknown
    }
}
