//! The fields of an error in a body.

use alicloud_wire::{Node, Scalar, Value};

/// Maximum number of body bytes that are parsed. Real error bodies are far shorter.
pub(super) const MAX_PARSED_BODY: usize = 256 << 10;

// Names of the fields of an error, in the spellings of the services; the first one that is present
// counts.
pub(super) const CODE: [&str; 4] = ["Code", "code", "errorCode", "ErrorCode"];
pub(super) const MESSAGE: [&str; 5] =
    ["Message", "message", "errorMsg", "errorMessage", "ErrorMessage"];
pub(super) const DETAIL: [&str; 4] = ["Description", "description", "Detail", "detail"];
pub(super) const REQUEST_ID: [&str; 4] = ["RequestId", "requestId", "requestid", "RequestID"];
pub(super) const HELP_URL: [&str; 2] = ["Recommend", "recommend"];
pub(super) const ACCESS_DENIED: [&str; 2] = ["AccessDeniedDetail", "accessDeniedDetail"];
pub(super) const HOST_ID: [&str; 4] = ["HostId", "hostId", "hostid", "HostID"];
pub(super) const SUCCESS: [&str; 3] = ["Success", "success", "SUCCESS"];
/// Names of an object around these fields.
pub(super) const INNER: [&str; 2] = ["Error", "error"];

/// Returns whether a body is a web page, which may also be well-formed XML.
pub(crate) fn is_html(body: &[u8]) -> bool {
    let head = body.get(..body.len().min(1_024)).unwrap_or_default();
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    head.contains("<!doctype html") || head.contains("<html")
}

/// The fields of an error.
pub(super) struct Fields(pub(super) Value);

impl Fields {
    /// Returns whether an error can have a field with this name.
    pub(super) fn is_of_error(name: &str) -> bool {
        let lists: [&[&str]; 9] = [
            &CODE,
            &MESSAGE,
            &DETAIL,
            &REQUEST_ID,
            &HELP_URL,
            &ACCESS_DENIED,
            &HOST_ID,
            &SUCCESS,
            &INNER,
        ];
        lists.iter().any(|names| names.contains(&name))
    }

    /// Returns the first field with one of these names, at the top level or inside an `Error` object.
    pub(super) fn find(&self, names: &[&str]) -> Option<&Value> {
        let inner = INNER.into_iter().find_map(|name| self.0.get(name));
        [Some(&self.0), inner]
            .into_iter()
            .flatten()
            .find_map(|fields| names.iter().find_map(|name| fields.get(name)))
    }

    pub(super) fn text(&self, names: &[&str]) -> Option<String> {
        let text = match self.find(names)? {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        (!text.is_empty()).then_some(text)
    }

    /// Returns a boolean, also one that is written as text or as 0 or 1.
    pub(super) fn boolean(&self, names: &[&str]) -> Option<bool> {
        let mut boolean = false;
        let is_set = match self.find(names)? {
            Value::Bool(value) => boolean.set_scalar(Scalar::Boolean(*value)),
            _ => boolean.set_scalar(Scalar::Text(&self.text(names)?)),
        };
        is_set.then_some(boolean)
    }
}
