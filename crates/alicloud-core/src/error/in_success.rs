//! Errors in the body of a response whose status reports success.
//!
//! The rule is documented at [`Error`](super::Error). It is applied before a body is decoded, because
//! whether a call is retried depends on it, and must cost little next to decoding.

use alicloud_wire::{Field, Node, Shape, Value};

use super::document::{first_character, utf16_as_utf8};
use super::elements;
use super::fields::{
    ACCESS_DENIED, CODE, DETAIL, Fields, HELP_URL, HOST_ID, INNER, MAX_PARSED_BODY, MESSAGE,
    REQUEST_ID, SUCCESS, is_html,
};
use super::keys::{self, ErrorKeys};

/// Number of bytes of a body in which an error is searched. An error is far shorter than a page of
/// results, and reading more would cost a second pass over every large response.
const MAX_SEARCHED: usize = 16 << 10;

/// The fields of a response type, by which a response differs from an error.
#[derive(Clone, Copy)]
pub(crate) enum ResponseFields {
    /// Every key is a field: of a free-form value or a map.
    Any,
    /// These fields.
    Named(&'static [Field]),
}

impl ResponseFields {
    /// Returns the fields of the type of a value.
    pub(crate) fn from_node(node: &mut dyn Node) -> Self {
        match node.shape() {
            Shape::Any | Shape::Map => ResponseFields::Any,
            _ => ResponseFields::Named(node.record().map_or(&[], |record| record.fields())),
        }
    }

    /// Returns whether a body has one of the fields that errors do not have.
    fn is_any_in(self, body: &Value) -> bool {
        let mut entries = body.as_object().into_iter().flatten();
        entries.any(|(key, value)| self.contains(key) && !is_absent(value))
    }

    /// Returns whether a value can have an error code as an ordinary field.
    fn can_have_code(self) -> bool {
        match self {
            ResponseFields::Any => true,
            ResponseFields::Named(fields) => {
                let is_code = |name: &str| CODE.iter().any(|code| code.eq_ignore_ascii_case(name));
                fields.iter().any(|field| is_code(field.name))
            }
        }
    }

    /// Returns whether a key is a field that errors do not have.
    fn contains(self, key: &str) -> bool {
        let is_one_of = |lists: &[&[&str]]| lists.iter().any(|names| names.contains(&key));
        let is_of_error = is_one_of(&[&CODE, &MESSAGE, &HOST_ID, &REQUEST_ID, &SUCCESS]);
        match self {
            ResponseFields::Any => {
                !is_of_error && !is_one_of(&[&DETAIL, &ACCESS_DENIED, &HELP_URL, &INNER])
            }
            ResponseFields::Named(fields) => {
                !is_of_error && fields.iter().any(|field| field.name.eq_ignore_ascii_case(key))
            }
        }
    }
}

/// Returns whether a body is an error, although its status reports success.
pub(crate) fn reports_error(body: &[u8], fields: ResponseFields) -> bool {
    let decoded = utf16_as_utf8(body);
    let (body, _) = alicloud_wire::document(decoded.as_deref().unwrap_or(body));
    match first_character(body) {
        Some(b'{') => is_json_error(body, fields),
        Some(b'<') if !is_html(body) => is_xml_error(body, fields),
        _ => false,
    }
}

fn is_json_error(body: &[u8], fields: ResponseFields) -> bool {
    let mut searched = prefix(body, MAX_SEARCHED);
    let mut keys = ErrorKeys::read(searched);
    if !keys.is_complete && !keys.has_others {
        // A long message, such as a stack trace.
        searched = prefix(body, MAX_PARSED_BODY);
        keys = ErrorKeys::read(searched);
    }
    let is_malformed = !keys.is_complete && searched.len() == body.len();
    let is_complete = keys.is_complete;
    // A response that is too long to be searched completely has other fields.
    let has_response_field = || {
        !is_complete
            || alicloud_wire::from_json::<Value>(body)
                .ok()
                .map(|decoded| decoded.value)
                .or_else(|| keys::members(body))
                .is_none_or(|all| fields.is_any_in(&all))
    };
    !is_malformed && is_error(&keys.into_fields(), fields, has_response_field)
}

fn is_xml_error(body: &[u8], fields: ResponseFields) -> bool {
    let read_all = || Some(Fields(alicloud_wire::from_xml::<Value>(body).ok()?.value));
    if is_error_root(&String::from_utf8_lossy(prefix(body, MAX_SEARCHED))) {
        if body.len() > MAX_PARSED_BODY {
            return true;
        }
        // What is not XML is a decode error.
        return elements::read(body)
            .is_some_and(|all| all.text(&CODE).is_none_or(|code| !is_success_code(&code)));
    }
    if body.len() > MAX_SEARCHED {
        return false;
    }
    let Ok(keys) = alicloud_wire::from_xml::<XmlKeys>(body) else { return false };
    let XmlKeys { success, code, error_code, error, host_id } = keys.value;
    let has_code = code.or(error_code).or(error).is_some();
    let is_candidate = has_code && (success.or(host_id).is_some() || !fields.can_have_code());
    is_candidate
        && read_all().is_some_and(|all| is_error(&all, fields, || fields.is_any_in(&all.0)))
}

/// Applies the rule to the fields of an error that a body has.
fn is_error(
    found: &Fields,
    fields: ResponseFields,
    has_response_field: impl FnOnce() -> bool,
) -> bool {
    let Some(code) = found.text(&CODE).filter(|code| !is_success_code(code)) else {
        return false;
    };
    if let Some(success) = found.boolean(&SUCCESS) {
        return !success;
    }
    let is_present = |names: &[&str]| found.find(names).is_some_and(|value| !value.is_null());
    // A number can be a code of success that this crate does not know.
    let is_code_of_error =
        || !fields.can_have_code() && !is_present(&SUCCESS) && code.parse::<f64>().is_err();
    is_present(&MESSAGE) && (is_present(&HOST_ID) || is_code_of_error()) && !has_response_field()
}

/// Returns whether a value means "absent" to the decoders.
fn is_absent(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        _ => false,
    }
}

/// Returns whether a code is one of success: 0, 200, OK or Success.
fn is_success_code(code: &str) -> bool {
    let number = code.strip_suffix(".0").unwrap_or(code).trim_start_matches('0');
    code.eq_ignore_ascii_case("ok")
        || code.eq_ignore_ascii_case("success")
        || matches!(number, "" | "200")
}

alicloud_wire::record! {
    /// The elements without which an XML body is no error, as a cheap first test.
    struct XmlKeys {
        success: Option<String> = "Success",
        code: Option<String> = "Code",
        error_code: Option<String> = "ErrorCode",
        error: Option<String> = "Error",
        host_id: Option<String> = "HostId",
    }
}

/// Returns whether the root element of an XML text is `Error`.
fn is_error_root(text: &str) -> bool {
    let mut rest = text.trim_start_matches('\u{feff}');
    loop {
        rest = rest.trim_start();
        let end = match rest {
            _ if rest.starts_with("<?") => "?>",
            _ if rest.starts_with("<!--") => "-->",
            _ if rest.starts_with("<!") => ">",
            _ => break,
        };
        match rest.split_once(end) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    let name = rest.strip_prefix('<').unwrap_or_default();
    let is_end = |character: char| character.is_whitespace() || matches!(character, '>' | '/');
    let name = name.split(is_end).next().unwrap_or_default();
    name.rsplit(':').next().is_some_and(|name| name.eq_ignore_ascii_case("Error"))
}

fn prefix(body: &[u8], max_len: usize) -> &[u8] {
    body.get(..body.len().min(max_len)).unwrap_or_default()
}
