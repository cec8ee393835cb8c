//! Errors of the gateway. Those of an operation are defined with the operation.

use std::borrow::Cow;

use http::StatusCode;

/// An error response of the service.
#[derive(Clone)]
pub(crate) struct ServiceError {
    pub(crate) status: StatusCode,
    pub(crate) code: Cow<'static, str>,
    pub(crate) message: String,
}

impl ServiceError {
    pub(crate) fn new(
        status: StatusCode,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self { status, code: code.into(), message: message.into() }
    }

    pub(crate) fn bad_request(
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// Returns the error for a missing required parameter.
    pub(crate) fn missing_param(name: &str) -> Self {
        Self::bad_request(format!("Missing{name}"), format!("{name} is mandatory for this action."))
    }

    /// Returns the error for a parameter with an unknown value.
    pub(crate) fn invalid_param(name: &str) -> Self {
        Self::bad_request(
            format!("Invalid{name}"),
            format!("Specified parameter {name} is not valid."),
        )
    }

    pub(crate) fn body_too_large() -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "RequestEntityTooLarge",
            "The request body is larger than 1 MiB.",
        )
    }

    pub(crate) fn incomplete_body() -> Self {
        Self::bad_request("ContentLengthDoesNotMatch", "The request body is incomplete.")
    }

    pub(crate) fn malformed_timestamp() -> Self {
        Self::bad_request(
            "InvalidTimeStamp.Format",
            "Specified time stamp or date value is not well formatted.",
        )
    }

    pub(crate) fn expired_timestamp() -> Self {
        Self::bad_request(
            "InvalidTimeStamp.Expired",
            "Specified time stamp or date value is expired.",
        )
    }

    pub(crate) fn unknown_access_key() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "InvalidAccessKeyId.NotFound",
            "Specified access key is not found.",
        )
    }

    pub(crate) fn malformed_token() -> Self {
        Self::bad_request("InvalidSecurityToken.Malformed", "Specified SecurityToken is malformed.")
    }

    /// Returns the error for a security token of another access key.
    pub(crate) fn token_mismatch() -> Self {
        Self::bad_request(
            "InvalidSecurityToken.MismatchWithAccessKey",
            "Specified SecurityToken mismatch with the AccessKey.",
        )
    }

    pub(crate) fn expired_token() -> Self {
        Self::bad_request("InvalidSecurityToken.Expired", "Specified SecurityToken is expired.")
    }

    pub(crate) fn unsupported_signature_method() -> Self {
        Self::bad_request("InvalidSignatureMethod", "Specified signature method is not supported.")
    }

    /// Returns the error for a signature that cannot be checked. The real service does not explain the
    /// reason.
    pub(crate) fn incomplete_signature(reason: &str) -> Self {
        Self::bad_request(
            "IncompleteSignature",
            format!("The request signature does not conform to Aliyun standards. {reason}"),
        )
    }

    /// Returns the error for a wrong signature. `signed_text` describes what was signed here, in the
    /// words of the scheme. Like in the real service's message, it can contain a security token.
    pub(crate) fn signature_mismatch(signed_text: &str) -> Self {
        Self::bad_request(
            "SignatureDoesNotMatch",
            format!("Specified signature is not matched with our calculation. {signed_text}"),
        )
    }

    pub(crate) fn nonce_reused() -> Self {
        Self::bad_request("SignatureNonceUsed", "Specified signature nonce was used already.")
    }

    pub(crate) fn invalid_format() -> Self {
        Self::bad_request("InvalidParameter.Format", "Specified parameter Format is not valid.")
    }

    /// Returns the error for an operation that the product does not have.
    pub(crate) fn unknown_operation() -> Self {
        Self::not_found("InvalidAction.NotFound")
    }

    /// Returns the error for an operation that exists, but not at this path.
    pub(crate) fn unknown_path() -> Self {
        Self::not_found("InvalidApi.NotFound")
    }

    fn not_found(code: &'static str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            code,
            "Specified api is not found, please check your url and method.",
        )
    }

    /// Returns the error for a call above the operation's rate limit. The status depends on the
    /// operation.
    pub(crate) fn throttled(status: StatusCode) -> Self {
        Self::new(
            status,
            "TooManyRequests",
            "The account exceeds the rate limit of this operation; try again later.",
        )
    }

    pub(crate) fn unsupported_http_method() -> Self {
        Self::bad_request("UnsupportedHTTPMethod", "This http method is not supported.")
    }

    /// Returns the error for an operation whose description has no example response. The code is our
    /// own, because the real service has no such error.
    pub(crate) fn no_example(operation: &str, reason: &str) -> Self {
        Self::new(
            StatusCode::NOT_IMPLEMENTED,
            "FakeService.NoExample",
            format!("{operation} has no example response in this format. {reason}"),
        )
    }

    pub(crate) fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "InternalError",
            "The request processing has failed due to some unknown error.",
        )
    }
}
