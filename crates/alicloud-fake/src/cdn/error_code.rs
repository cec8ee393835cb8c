//! Errors of the CDN operations, in addition to those of the gateway.

use http::StatusCode;

use crate::error_code::ServiceError;

/// Constructors of errors with the documented codes. The messages are our own.
pub(crate) struct CdnError;

impl CdnError {
    pub(crate) fn invalid_task_id() -> ServiceError {
        ServiceError::bad_request("InvalidTaskId.Malformed", "The specified TaskId is invalid.")
    }

    pub(crate) fn invalid_object_path(reason: &str) -> ServiceError {
        ServiceError::bad_request("InvalidObjectPath.Malformed", format!("ObjectPath {reason}."))
    }

    pub(crate) fn preload_url_too_long(max: usize) -> ServiceError {
        ServiceError::bad_request(
            "InvalidObjectPath.ExceedsMaximum",
            format!("A URL to preload has at most {max} characters."),
        )
    }

    pub(crate) fn too_many_tags(max: usize) -> ServiceError {
        ServiceError::bad_request(
            "InvalidObjectPath.Size.Malformed",
            format!("A request contains at most {max} tags."),
        )
    }

    pub(crate) fn invalid_object_type() -> ServiceError {
        ServiceError::bad_request(
            "InvalidObjectType.Malformed",
            "ObjectType must be File, Directory, Regex or IgnoreParams.",
        )
    }

    pub(crate) fn too_many_objects(max: usize) -> ServiceError {
        ServiceError::bad_request(
            "SingleRequest.OverLimit",
            format!("A request contains at most {max} objects of this type."),
        )
    }

    pub(crate) fn wildcard_domain() -> ServiceError {
        ServiceError::bad_request(
            "InvalidExtensiveDomain.ValueNotSupported",
            "A wildcard domain cannot be refreshed or preloaded.",
        )
    }

    pub(crate) fn invalid_custom_header() -> ServiceError {
        ServiceError::bad_request(
            "InvalidCustomHeader",
            "WithHeader must be a JSON object that maps names to lists of values.",
        )
    }

    pub(crate) fn unknown_domain(domain: &str) -> ServiceError {
        ServiceError::new(
            StatusCode::NOT_FOUND,
            "InvalidDomain.NotFound",
            format!("The domain {domain} does not belong to the account."),
        )
    }

    pub(crate) fn refresh_quota_exceeded() -> ServiceError {
        ServiceError::bad_request(
            "QuotaExceeded.Refresh",
            "The request exceeds the daily refresh quota.",
        )
    }

    pub(crate) fn preload_quota_exceeded() -> ServiceError {
        ServiceError::bad_request(
            "QuotaExceeded.Preload",
            "The request exceeds the daily preload quota.",
        )
    }

    pub(crate) fn minute_quota_exceeded(domain: &str) -> ServiceError {
        ServiceError::bad_request(
            "QuotaPerMinuteExceeded.Refresh",
            format!("The request exceeds the minute quota of {domain}; try again later."),
        )
    }

    pub(crate) fn preload_queue_full() -> ServiceError {
        ServiceError::bad_request("PreloadQueueFull", "The preload queue is full; try again later.")
    }

    /// Returns the error for an invalid filter of a list.
    pub(crate) fn invalid_filter(code: &'static str, message: &str) -> ServiceError {
        ServiceError::bad_request(code, message)
    }
}
