//! What follows from what happened.

use super::class::ErrorClass;
use super::text::causes;
use super::{ErrorData, ErrorKind, Outcome, TransportError, TransportErrorKind};
use crate::policy::retry::Retryability;
use crate::secret::Redactor;

impl ErrorData {
    pub(crate) fn transport(error: TransportError, host: String, redactor: &Redactor) -> Self {
        let causes = causes(&error, redactor);
        ErrorData::Transport { error, host, causes }
    }

    pub(super) fn kind(&self) -> ErrorKind {
        match self {
            ErrorData::Configuration(_) => ErrorKind::Configuration,
            ErrorData::InvalidParameter(_) | ErrorData::BuildRequest(_) => {
                ErrorKind::InvalidRequest
            }
            ErrorData::Credentials(_) => ErrorKind::Auth,
            ErrorData::Transport { .. } if self.is_connect() => ErrorKind::Connect,
            ErrorData::Transport { .. } if self.is_timeout() => ErrorKind::Timeout,
            ErrorData::Transport { .. } => ErrorKind::Transport,
            ErrorData::Deadline { .. } => ErrorKind::Timeout,
            ErrorData::Response(response) => ErrorClass::from_response(response).kind(),
            ErrorData::Decode { .. } => ErrorKind::Decode,
            ErrorData::IncompleteList(_) => ErrorKind::IncompleteList,
        }
    }

    pub(super) fn outcome(&self) -> Outcome {
        match self {
            ErrorData::Configuration(_)
            | ErrorData::InvalidParameter(_)
            | ErrorData::BuildRequest(_)
            | ErrorData::Credentials(_) => Outcome::NotSent,
            ErrorData::Transport { error, .. } => error.outcome(),
            ErrorData::Deadline { sent: false, .. } => Outcome::NotSent,
            ErrorData::Deadline { sent: true, .. }
            | ErrorData::Decode { .. }
            | ErrorData::IncompleteList(_) => Outcome::Unknown,
            ErrorData::Response(response) => {
                ErrorClass::from_response(response).outcome(response.status)
            }
        }
    }

    /// Returns whether the same request can succeed if it is retried.
    pub(super) fn retryability(&self) -> Retryability {
        match self {
            ErrorData::Transport { error, .. } => match error.kind() {
                TransportErrorKind::Dns | TransportErrorKind::Connect => Retryability::Always,
                TransportErrorKind::ReadTimeout
                | TransportErrorKind::AttemptTimeout
                | TransportErrorKind::Interrupted
                | TransportErrorKind::Body
                | TransportErrorKind::Other => Retryability::IfIdempotent,
                // Retrying changes neither a certificate nor a password nor the size of a response.
                TransportErrorKind::Tls
                | TransportErrorKind::ProxyCredentials
                | TransportErrorKind::Request
                | TransportErrorKind::TooLarge => Retryability::Never,
            },
            ErrorData::Response(response) => ErrorClass::from_response(response).retryability(),
            // A proxy's page, or a body that was cut off.
            ErrorData::Decode { .. } => Retryability::IfIdempotent,
            _ => Retryability::Never,
        }
    }

    pub(super) fn is_connect(&self) -> bool {
        use TransportErrorKind::{Connect, Dns, ProxyCredentials, Tls};
        matches!(self, ErrorData::Transport { error, .. } if matches!(error.kind(), Connect | Dns | ProxyCredentials | Tls))
    }

    pub(super) fn is_timeout(&self) -> bool {
        match self {
            ErrorData::Deadline { .. } => true,
            ErrorData::Transport { error, .. } => matches!(
                error.kind(),
                TransportErrorKind::ReadTimeout | TransportErrorKind::AttemptTimeout
            ),
            _ => false,
        }
    }
}
