//! Lenient decoding: values that cannot be decoded are reported, and the rest of the response is kept.

mod cancel;
mod context;
mod decoded;
mod document;
mod issues;
mod json;
mod limits;
mod marks;
mod record_fields;
mod repair;
mod xml;

pub use cancel::decode_until;
pub(crate) use context::describe_text;
pub use decoded::{DecodeError, DecodeIssue, Decoded};
pub use document::document;
pub use json::deserialize;
pub use limits::DecodeLimits;
pub use repair::readable_json;
pub use xml::steps as xml_steps;
pub use xml::{from_xml, from_xml_with};

use crate::node::Node;

/// Decodes JSON.
///
/// `T` is a type with [`record!`](crate::record), or a scalar, list or map.
///
/// Unknown fields are ignored, missing fields are absent, and scalars are converted if the conversion is
/// lossless. `null`, `""`, `[]` and `{}` mean absent where the type expects another kind of value. A field
/// that still cannot be decoded is absent and reported in [`issues`](Decoded::issues).
///
/// A scalar in a list of one item is that scalar. Whitespace around an integer, float, boolean, base64 text
/// or known enum value is ignored; other text keeps it. A text field keeps an object, or a list of several
/// items, as JSON. A float is the nearest `f64`.
///
/// The text is UTF-8. Bytes of a text or a key that are not, and control characters in it, are issues. NUL characters
/// around the document are an issue, too; between its tokens they are an error, as in UTF-16.
///
/// # Errors
///
/// Returns an error if the text is not JSON, is truncated, exceeds the default [`DecodeLimits`], or has another kind of
/// value at its root.
///
/// # Examples
///
/// ```
/// alicloud_wire::record! {
///     struct Task {
///         id: Option<String> = "Id",
///         total: Option<i64> = "Total",
///     }
/// }
///
/// let decoded = alicloud_wire::from_json::<Task>(br#"{"Id": 12, "Total": "2", "New": true}"#)?;
/// assert_eq!(decoded.value.id.as_deref(), Some("12"));
/// assert_eq!(decoded.value.total, Some(2));
/// assert!(decoded.issues.is_empty());
/// # Ok::<(), alicloud_wire::DecodeError>(())
/// ```
pub fn from_json<T: Node + Default>(text: &[u8]) -> Result<Decoded<T>, DecodeError> {
    from_json_with(text, DecodeLimits::default())
}

/// Decodes JSON with other limits than [`from_json`].
///
/// # Errors
///
/// Same as [`from_json`], with these limits.
///
/// # Examples
///
/// ```
/// use alicloud_wire::{DecodeLimits, from_json_with};
///
/// let mut limits = DecodeLimits::default();
/// limits.max_bytes = 10;
/// let error = from_json_with::<Vec<String>>(br#"["a", "b", "c"]"#, limits).unwrap_err();
/// assert_eq!(error.to_string(), "cannot decode the response as JSON: more than 10 bytes");
/// ```
pub fn from_json_with<T: Node + Default>(
    text: &[u8],
    limits: DecodeLimits,
) -> Result<Decoded<T>, DecodeError> {
    let mut value = T::default();
    let issues = json::decode(&mut value, text, limits)?;
    Ok(Decoded { value, issues })
}
