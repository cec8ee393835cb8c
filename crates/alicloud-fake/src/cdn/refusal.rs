//! What the CDN says when it does not do what was asked, beside what the gateway says.

use http::StatusCode;

use crate::error_code::Refusal;

/// The codes are the documented ones; the words are ours.
pub(crate) struct CdnRefusal;

impl CdnRefusal {
    pub(super) fn task_id() -> Refusal {
        Refusal::bad_request("InvalidTaskId.Malformed", "The specified TaskId is invalid.")
    }

    pub(super) fn object_path(why: &str) -> Refusal {
        Refusal::bad_request("InvalidObjectPath.Malformed", format!("ObjectPath {why}."))
    }

    pub(super) fn path_too_long(most: usize) -> Refusal {
        Refusal::bad_request(
            "InvalidObjectPath.ExceedsMaximum",
            format!("A URL to preload has at most {most} characters."),
        )
    }

    pub(super) fn too_many_tags(most: usize) -> Refusal {
        Refusal::bad_request(
            "InvalidObjectPath.Size.Malformed",
            format!("One request takes at most {most} tags."),
        )
    }

    pub(super) fn object_type() -> Refusal {
        Refusal::bad_request(
            "InvalidObjectType.Malformed",
            "ObjectType is none of File, Directory, Regex and IgnoreParams.",
        )
    }

    pub(super) fn too_many_objects(most: usize) -> Refusal {
        Refusal::bad_request(
            "SingleRequest.OverLimit",
            format!("One request takes at most {most} of these objects."),
        )
    }

    pub(super) fn wildcard_domain() -> Refusal {
        Refusal::bad_request(
            "InvalidExtensiveDomain.ValueNotSupported",
            "A wildcard domain cannot be refreshed or preloaded.",
        )
    }

    pub(super) fn custom_header() -> Refusal {
        Refusal::bad_request(
            "InvalidCustomHeader",
            "WithHeader is not JSON of names and lists of values.",
        )
    }

    pub(crate) fn domain_of_another(domain: &str) -> Refusal {
        Refusal::new(
            StatusCode::NOT_FOUND,
            "InvalidDomain.NotFound",
            format!("The domain {domain} does not belong to the account."),
        )
    }

    pub(crate) fn refreshes_used_up() -> Refusal {
        Refusal::bad_request(
            "QuotaExceeded.Refresh",
            "The refreshes of the day do not suffice for this request.",
        )
    }

    pub(crate) fn preloads_used_up() -> Refusal {
        Refusal::bad_request(
            "QuotaExceeded.Preload",
            "The preloads of the day do not suffice for this request.",
        )
    }

    pub(crate) fn minute_used_up(domain: &str) -> Refusal {
        Refusal::bad_request(
            "QuotaPerMinuteExceeded.Refresh",
            format!("More files of {domain} than one minute allows; try again a little later."),
        )
    }

    pub(crate) fn queue_full() -> Refusal {
        Refusal::bad_request("PreloadQueueFull", "The queue of preloads is full; try again later.")
    }

    /// What is wrong with the filter of a list.
    pub(super) fn filter(code: &'static str, message: &str) -> Refusal {
        Refusal::bad_request(code, message)
    }
}
