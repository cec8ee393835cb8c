//! What the gateway says when it does not do what was asked. Every code it can say is here; those of
//! an operation are with the operation.

use std::borrow::Cow;

use http::StatusCode;

/// An error as the service reports it.
#[derive(Clone)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) code: Cow<'static, str>,
    pub(crate) message: String,
}

impl Refusal {
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

    /// A parameter that has to be there is not.
    pub(crate) fn missing(name: &str) -> Self {
        Self::bad_request(format!("Missing{name}"), format!("{name} is mandatory for this action."))
    }

    /// A parameter has a value that the gateway does not know.
    pub(crate) fn invalid(name: &str) -> Self {
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

    pub(crate) fn unreadable_body() -> Self {
        Self::bad_request(
            "ContentLengthDoesNotMatch",
            "The request body ended before it was complete.",
        )
    }

    pub(crate) fn timestamp_format() -> Self {
        Self::bad_request(
            "InvalidTimeStamp.Format",
            "Specified time stamp or date value is not well formatted.",
        )
    }

    pub(crate) fn timestamp_expired() -> Self {
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

    pub(crate) fn token_malformed() -> Self {
        Self::bad_request("InvalidSecurityToken.Malformed", "Specified SecurityToken is malformed.")
    }

    pub(crate) fn token_of_another_key() -> Self {
        Self::bad_request(
            "InvalidSecurityToken.MismatchWithAccessKey",
            "Specified SecurityToken mismatch with the AccessKey.",
        )
    }

    pub(crate) fn token_expired() -> Self {
        Self::bad_request("InvalidSecurityToken.Expired", "Specified SecurityToken is expired.")
    }

    pub(crate) fn signature_method() -> Self {
        Self::bad_request("InvalidSignatureMethod", "Specified signature method is not supported.")
    }

    /// The signature could not be checked at all. `why` is ours; the service leaves it out.
    pub(crate) fn incomplete_signature(why: &str) -> Self {
        Self::bad_request(
            "IncompleteSignature",
            format!("The request signature does not conform to Aliyun standards. {why}"),
        )
    }

    /// The signature was checked and is another. `server_side` tells what was signed here, in the
    /// words of the scheme; it can hold a security token, as it does at the service.
    pub(crate) fn signature_mismatch(server_side: &str) -> Self {
        Self::bad_request(
            "SignatureDoesNotMatch",
            format!("Specified signature is not matched with our calculation. {server_side}"),
        )
    }

    pub(crate) fn nonce_used() -> Self {
        Self::bad_request("SignatureNonceUsed", "Specified signature nonce was used already.")
    }

    pub(crate) fn format() -> Self {
        Self::bad_request("InvalidParameter.Format", "Specified parameter Format is not valid.")
    }

    /// The product has no operation of that name.
    pub(crate) fn unknown_action() -> Self {
        Self::not_found("InvalidAction.NotFound")
    }

    /// The operation exists, but not at this path.
    pub(crate) fn unknown_api() -> Self {
        Self::not_found("InvalidApi.NotFound")
    }

    fn not_found(code: &'static str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            code,
            "Specified api is not found, please check your url and method.",
        )
    }

    /// More calls than the operation's rate. The status depends on the operation.
    pub(crate) fn throttled(status: StatusCode) -> Self {
        Self::new(
            status,
            "TooManyRequests",
            "The account makes more calls a second than it may; try again a little later.",
        )
    }

    pub(crate) fn http_method() -> Self {
        Self::bad_request("UnsupportedHTTPMethod", "This http method is not supported.")
    }

    /// The operation is known from a description that has no response to give. The service has no such
    /// error; this one is ours, and its code says so.
    pub(crate) fn no_example(operation: &str, why: &str) -> Self {
        Self::new(
            StatusCode::NOT_IMPLEMENTED,
            "FakeService.NoExample",
            format!("{operation} cannot be answered in this format. {why}"),
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
