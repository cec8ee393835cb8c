//! Encodes a request: checks its parameters and assigns them to the parts of an HTTP request.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;

use super::{Body, Pair, Parameter, ParameterLocation, ParameterStyle, Request, RequestParts};
use crate::Secret;
use crate::encode::{Secrets, SerializeNode};
use crate::flatten::flatten;
use crate::node::{List, Node, Record, View};
use crate::sensitive::{is_masked_name, mask_text, mask_value};

/// The error of an invalid parameter, found before the request is sent.
///
/// # Examples
///
/// ```
/// use alicloud_wire::request::encode;
///
/// # alicloud_wire::request! {
/// #     struct DescribeRequest -> () {
/// #         ids: Vec<String> = query("Id").comma_list().items(1, 10),
/// #     }
/// # }
/// let error = encode(&DescribeRequest { ids: vec!["1,2".to_owned()] }).unwrap_err();
/// assert_eq!(error.parameter, "Id");
/// assert!(error.to_string().starts_with("parameter Id: item 1 contains a comma"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidParameter {
    /// The name of the parameter on the wire.
    pub parameter: Cow<'static, str>,
    /// What is wrong, and how to fix it.
    pub reason: String,
}

impl fmt::Display for InvalidParameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "parameter {}: {}", self.parameter, self.reason)
    }
}

impl std::error::Error for InvalidParameter {}

/// Encodes a request, and checks it against the documented limits.
///
/// Absent parameters are omitted. Empty texts are sent.
///
/// # Errors
///
/// Returns an error if a required parameter is missing, if a list has too few or too many items, or if a value cannot be
/// encoded in the style of its parameter.
///
/// # Examples
///
/// ```
/// alicloud_wire::request! {
///     struct DescribeRequest -> () {
///         task_ids: Vec<String> = query("TaskId").comma_list().items(1, 10),
///         domain: Option<String> = query("DomainName"),
///     }
/// }
///
/// let mut request = DescribeRequest { task_ids: vec!["1".into(), "2".into()], domain: None };
/// let parts = alicloud_wire::request::encode(&request)?;
/// assert_eq!(parts.query, [("TaskId".into(), "1,2".into())]);
///
/// request.task_ids.clear();
/// assert!(alicloud_wire::request::encode(&request).is_err());
/// # Ok::<(), alicloud_wire::InvalidParameter>(())
/// ```
pub fn encode<R: Request>(request: &R) -> Result<RequestParts, InvalidParameter> {
    encode_record(request, R::PARAMETERS)
}

/// Encodes a request of any type. Not generic, so it is compiled once.
fn encode_record(
    request: &dyn Record,
    parameters: &'static [Parameter],
) -> Result<RequestParts, InvalidParameter> {
    let encode_parts = |secrets| {
        let mut parts = RequestParts::default();
        for (parameter, (_, node)) in parameters.iter().zip(request.entries()) {
            Encoder { parameter, secrets }.encode(node, &mut parts)?;
        }
        Ok::<_, InvalidParameter>(parts)
    };
    let mut parts = encode_parts(Secrets::Exposed)?;
    request.entries().for_each(|(_, node)| collect_secrets(node, &mut parts.secrets));
    if !parts.secrets.is_empty() {
        parts.shown = Some(Box::new(encode_parts(Secrets::Masked)?));
    }
    Ok(parts)
}

/// Collects the secrets inside a value.
fn collect_secrets(node: &dyn Node, secrets: &mut Vec<Secret>) {
    match node.view() {
        View::Secret(text) => secrets.push(text.into()),
        View::Text(text) => _ = mask_text(text, secrets),
        View::Any(value) => _ = mask_value(value, secrets),
        View::Record(record) => {
            record.entries().for_each(|(_, node)| collect_secrets(node, secrets));
        }
        View::List(list) => {
            let items = (0..list.len()).filter_map(|index| list.item(index));
            items.for_each(|item| collect_secrets(item, secrets));
        }
        View::Map(map) => map.visit(&mut |key, node| match node.view() {
            View::Text(text) if is_masked_name(key) => secrets.push(text.into()),
            _ => collect_secrets(node, secrets),
        }),
        View::Absent | View::Integer(_) | View::Number(_) | View::Boolean(_) | View::Bytes(_) => {}
    }
}

/// A value inside a parameter that cannot be sent: its path below the parameter, and what is wrong.
struct Defect {
    path: String,
    reason: String,
}

/// Finds a number that is not finite, or an absent field that is required, inside a value.
fn find_defect(node: &dyn Node) -> Option<Defect> {
    let defect = |reason: String| Some(Defect { path: String::new(), reason });
    let inside = |segment: &dyn fmt::Display, defect: Option<Defect>| {
        defect.map(|Defect { path, reason }| Defect { path: format!(".{segment}{path}"), reason })
    };
    match node.view() {
        View::Number(number) if !number.is_finite() => {
            defect(format!("is {number}, but only finite numbers can be sent"))
        }
        View::Record(record) => record.entries().find_map(|(field, node)| {
            let found = match node.view().is_absent() {
                true if field.is_required => defect("is required".to_owned()),
                true => None,
                false => find_defect(node),
            };
            inside(&field.name, found)
        }),
        View::List(list) => (0..list.len())
            .find_map(|index| inside(&(index + 1), list.item(index).and_then(find_defect))),
        View::Map(map) => {
            let mut found = None;
            map.visit(&mut |key, node| {
                if found.is_none() {
                    found = inside(&key, find_defect(node));
                }
            });
            found
        }
        _ => None,
    }
}

/// Maximum capacity in bytes to reserve in advance.
const MAX_RESERVED: usize = 64 << 10;

/// Encodes one parameter.
#[derive(Clone, Copy)]
struct Encoder<'a> {
    parameter: &'a Parameter,
    secrets: Secrets,
}

impl Encoder<'_> {
    fn invalid(self, reason: impl Into<String>) -> InvalidParameter {
        self.parameter.invalid(reason)
    }

    fn encode(self, node: &dyn Node, parts: &mut RequestParts) -> Result<(), InvalidParameter> {
        let view = node.view();
        if let View::List(list) = view {
            self.check_item_count(list.len())?;
        }
        if view.is_absent() {
            // Only JSON can represent an empty list.
            let is_representable = self.parameter.style == ParameterStyle::Json
                && matches!(view, View::List(_) | View::Map(_));
            if self.parameter.required && !is_representable {
                if self.parameter.is_region() {
                    parts.region = Some((self.parameter.location, self.parameter.name));
                    return Ok(());
                }
                return Err(self.invalid("is required"));
            }
            if self.parameter.token {
                parts.token = Some((self.parameter.location, self.parameter.name));
            }
            if !self.parameter.required {
                return Ok(());
            }
        }
        if let Some(Defect { path, reason }) = find_defect(node) {
            return Err(self.invalid(format!("{}{path} {reason}", self.parameter.name)));
        }
        match self.parameter.location {
            ParameterLocation::Query => self.push_pairs(node, &mut parts.query)?,
            ParameterLocation::Form => self.push_pairs(node, &mut parts.form)?,
            ParameterLocation::Header => {
                parts.headers.push((self.parameter.name.into(), self.header_text(node)?))
            }
            ParameterLocation::Path => match self.text(node)? {
                text if text.is_empty() => {
                    return Err(self.invalid("is part of the path and cannot be empty"));
                }
                text => parts.path.push((self.parameter.name.into(), text.into_owned())),
            },
            ParameterLocation::Host => parts.host = Some(self.host_label(node)?),
            ParameterLocation::Body => parts.body = Some(self.encode_body(node)?),
        }
        Ok(())
    }

    fn check_item_count(self, count: usize) -> Result<(), InvalidParameter> {
        let (min, max) = self.parameter.item_limits;
        if count < min {
            return Err(self.invalid(format!(
                "has {count} items, but a call requires at least {min}: add items or skip the call"
            )));
        }
        if count > max {
            return Err(self.invalid(format!(
                "has {count} items, but a call accepts at most {max}: send one call per batch with `items.chunks({max})` or `Client::batches`"
            )));
        }
        Ok(())
    }

    fn push_pairs(self, node: &dyn Node, out: &mut Vec<Pair>) -> Result<(), InvalidParameter> {
        let is_nested =
            matches!(node.view(), View::Record(_) | View::List(_) | View::Map(_) | View::Any(_));
        if self.parameter.style == ParameterStyle::Flat && is_nested {
            let pairs = flatten(self.parameter.name, &SerializeNode(node, self.secrets))
                .map_err(|error| self.invalid(error.to_string()))?;
            out.extend(pairs.into_iter().map(|(key, value)| (key.into(), value.into())));
        } else {
            out.push((
                Cow::Borrowed(self.parameter.name),
                Cow::Owned(self.text(node)?.into_owned()),
            ));
        }
        Ok(())
    }

    /// Returns the value as one text.
    fn text<'b>(self, node: &'b dyn Node) -> Result<Cow<'b, str>, InvalidParameter> {
        Ok(match node.view() {
            View::Text(text) => self.secrets.inside(text),
            View::Secret(text) => Cow::Borrowed(self.secrets.text(text)),
            // `Display` of a float never uses an exponent.
            View::Number(number) => number.to_string().into(),
            View::List(list) => match self.parameter.style {
                ParameterStyle::CommaList => self.join(list, ',', "a comma")?.into(),
                ParameterStyle::Lines => self.join(list, '\n', "a line break")?.into(),
                _ => self.json_text(node)?.into(),
            },
            View::Absent => Cow::Borrowed(""),
            _ => self.json_text(node)?.into(),
        })
    }

    fn join(
        self,
        list: &dyn List,
        separator: char,
        separator_name: &str,
    ) -> Result<String, InvalidParameter> {
        // The items of a list usually have similar lengths.
        let first_length = match list.item(0).map(Node::view) {
            Some(View::Text(text) | View::Secret(text)) => text.len(),
            _ => 7,
        };
        let length = list.len().saturating_mul(first_length + 1);
        let mut out = String::with_capacity(length.min(MAX_RESERVED));
        for (index, item) in (0..list.len()).filter_map(|index| list.item(index)).enumerate() {
            let text = self.text(item)?;
            let defect = if text.trim().is_empty() {
                "is empty: omit it".to_owned()
            } else if text.contains(separator) || (separator == '\n' && text.contains('\r')) {
                format!(
                    "contains {separator_name}, which separates items: pass the items separately"
                )
            } else {
                if index > 0 {
                    out.push(separator);
                }
                out.push_str(&text);
                continue;
            };
            return Err(self.invalid(format!("item {} {defect}", index + 1)));
        }
        Ok(out)
    }

    fn json_text(self, node: &dyn Node) -> Result<String, InvalidParameter> {
        serde_json::to_string(&SerializeNode(node, self.secrets))
            .map_err(|error| self.invalid(error.to_string()))
    }

    fn header_text(self, node: &dyn Node) -> Result<String, InvalidParameter> {
        let text = self.text(node)?;
        if text.chars().any(|character| character.is_control() && character != '\t') {
            return Err(
                self.invalid("is a header and cannot contain line breaks or control characters")
            );
        }
        Ok(text.into_owned())
    }

    fn host_label(self, node: &dyn Node) -> Result<String, InvalidParameter> {
        let text = match node.view() {
            // The placeholder must be a label, too.
            View::Secret(_) if self.secrets == Secrets::Masked => Cow::Borrowed("redacted"),
            _ => self.text(node)?,
        };
        let is_label = !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        if !is_label {
            return Err(self.invalid(
                "is part of the host name and can only contain letters, digits, `-` and `_`",
            ));
        }
        Ok(text.into_owned())
    }

    fn encode_body(self, node: &dyn Node) -> Result<Body, InvalidParameter> {
        Ok(match node.view() {
            View::Bytes(bytes) => Body::Bytes(Bytes::copy_from_slice(bytes)),
            View::Text(text) => Body::Text(self.secrets.inside(text).into_owned()),
            View::Secret(text) => Body::Text(self.secrets.text(text).to_owned()),
            _ => Body::Json(self.json_text(node)?),
        })
    }
}
