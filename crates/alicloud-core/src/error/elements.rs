//! The elements of an error in XML.

use alicloud_wire::Value;

use super::fields::Fields;

/// Reads the fields of an error. If there are elements that are too deep for a free-form value, only the texts of
/// an error are read.
pub(super) fn read(body: &[u8]) -> Option<Fields> {
    if let Ok(decoded) = alicloud_wire::from_xml::<Value>(body) {
        return Some(Fields(decoded.value));
    }
    let decoded = alicloud_wire::from_xml::<ErrorElements>(body).ok()?;
    serde_json::to_value(decoded.value).ok().map(Fields)
}

alicloud_wire::record! {
    /// The elements of an error in XML whose other elements are too deep for a free-form value.
    struct ErrorElements {
        code: Option<String> = "Code",
        error_code: Option<String> = "ErrorCode",
        message: Option<String> = "Message",
        error_msg: Option<String> = "ErrorMsg",
        error_message: Option<String> = "ErrorMessage",
        description: Option<String> = "Description",
        detail: Option<String> = "Detail",
        request_id: Option<String> = "RequestId",
        recommend: Option<String> = "Recommend",
        error: Option<Box<ErrorElements>> = "Error",
    }
}
