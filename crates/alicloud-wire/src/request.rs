//! Requests: where each parameter travels, and the parts that a call is made of.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;

use crate::encode::Written;
use crate::flatten::flatten;
use crate::node::{List, Node, Record, View};

/// A request of a generated crate.
///
/// Implemented by [`request!`](macro@crate::request).
pub trait Request: Record {
    /// What comes back.
    type Response: Node + Default + Send + 'static;

    /// Where each field travels, in the order of the fields.
    const PARAMETERS: &'static [Parameter];
}

/// Where one parameter of an operation travels, how, and within which documented limits.
///
/// Made by `const` functions, so that a table of them reads like a sentence:
/// `Parameter::query("TaskId").comma_list().items(1, 10)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    name: &'static str,
    place: ParameterLocation,
    style: ParameterStyle,
    required: bool,
    token: bool,
    count: (usize, usize),
}

/// Where a parameter travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParameterLocation {
    /// The query of the URL.
    Query,
    /// The urlencoded body.
    Form,
    /// The body itself.
    Body,
    /// An HTTP header.
    Header,
    /// A segment of the path.
    Path,
    /// The first label of the host name.
    Host,
}

/// What a value that is not a scalar becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParameterStyle {
    /// `Name.1=…`, `Name.Key=…`; see [`flatten`](crate::flatten()). The default.
    Flat,
    /// Compact JSON in one parameter.
    Json,
    /// Items joined with commas; an item cannot hold one.
    CommaList,
    /// Items joined with line feeds; an item cannot hold one.
    Lines,
    /// The value as text; a body as it is.
    Plain,
}

impl Parameter {
    const fn at(name: &'static str, place: ParameterLocation, style: ParameterStyle) -> Self {
        Parameter { name, place, style, required: false, token: false, count: (0, usize::MAX) }
    }

    /// A parameter in the query of the URL, flattened.
    pub const fn query(name: &'static str) -> Self {
        Self::at(name, ParameterLocation::Query, ParameterStyle::Flat)
    }

    /// A parameter in the urlencoded body, flattened.
    pub const fn form(name: &'static str) -> Self {
        Self::at(name, ParameterLocation::Form, ParameterStyle::Flat)
    }

    /// The body itself: JSON for an object or a list, else the text or the bytes as they are.
    pub const fn body(name: &'static str) -> Self {
        Self::at(name, ParameterLocation::Body, ParameterStyle::Json)
    }

    /// An HTTP header.
    pub const fn header(name: &'static str) -> Self {
        Self::at(name, ParameterLocation::Header, ParameterStyle::Json)
    }

    /// A segment of the path; always required.
    pub const fn path(name: &'static str) -> Self {
        Self { required: true, ..Self::at(name, ParameterLocation::Path, ParameterStyle::Json) }
    }

    /// The first label of the host name; always required.
    pub const fn host(name: &'static str) -> Self {
        Self { required: true, ..Self::at(name, ParameterLocation::Host, ParameterStyle::Plain) }
    }

    /// Travels as compact JSON in one parameter.
    #[must_use]
    pub const fn json(self) -> Self {
        Self { style: ParameterStyle::Json, ..self }
    }

    /// Travels as items joined with commas.
    #[must_use]
    pub const fn comma_list(self) -> Self {
        Self { style: ParameterStyle::CommaList, ..self }
    }

    /// Travels as items joined with line feeds.
    #[must_use]
    pub const fn lines(self) -> Self {
        Self { style: ParameterStyle::Lines, ..self }
    }

    /// Travels as it is, even where JSON would be the rule.
    #[must_use]
    pub const fn plain(self) -> Self {
        Self { style: ParameterStyle::Plain, ..self }
    }

    /// The service refuses a call without it.
    #[must_use]
    pub const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// How many items the service takes in one call, at least and at most.
    #[must_use]
    pub const fn items(self, min: usize, max: usize) -> Self {
        Self { count: (min, max), ..self }
    }

    /// An idempotency token: filled with a fresh value when absent.
    #[must_use]
    pub const fn token(self) -> Self {
        Self { token: true, ..self }
    }

    /// The name on the wire.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Where it travels.
    pub const fn location(&self) -> ParameterLocation {
        self.place
    }

    /// How many items one call takes at most, where that is documented.
    pub const fn max_items(&self) -> Option<usize> {
        match self.count.1 {
            usize::MAX => None,
            most => Some(most),
        }
    }

    fn invalid(&self, reason: impl Into<String>) -> InvalidParameter {
        InvalidParameter { parameter: self.name.into(), reason: reason.into() }
    }
}

/// A name and a value of a query or a form, not yet percent-encoded.
pub type Pair = (Cow<'static, str>, Cow<'static, str>);

/// What a request becomes: the parts of a call, before it has an endpoint or a signature.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RequestParts {
    /// Parameters in the query.
    pub query: Vec<Pair>,
    /// Parameters in the urlencoded body.
    pub form: Vec<Pair>,
    /// Parameters in headers, with their documented names.
    pub headers: Vec<(Cow<'static, str>, String)>,
    /// Values for the placeholders of the path, not yet percent-encoded.
    pub path: Vec<(Cow<'static, str>, String)>,
    /// The first label of the host name, where the operation has one.
    pub host: Option<String>,
    /// The body, where it is not a form.
    pub body: Option<Body>,
    /// The place of an idempotency token that the request left open.
    pub token: Option<(ParameterLocation, &'static str)>,
}

/// A body that is not a form.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Body {
    /// JSON text.
    Json(String),
    /// Text as it is.
    Text(String),
    /// Bytes as they are.
    Bytes(Bytes),
}

/// A request that the service would refuse, found before anything is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidParameter {
    /// The parameter, by its name on the wire.
    pub parameter: Cow<'static, str>,
    /// What is wrong with it and what to do.
    pub reason: String,
}

impl fmt::Display for InvalidParameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "parameter {}: {}", self.parameter, self.reason)
    }
}

impl std::error::Error for InvalidParameter {}

/// Turns a request into the parts of a call, and checks it against the documented limits.
///
/// A parameter that is absent is left out; an empty text is sent.
pub fn encode<R: Request>(request: &R) -> Result<RequestParts, InvalidParameter> {
    encode_record(request, R::PARAMETERS)
}

/// Everything but the type of the request, so that this is compiled once.
fn encode_record(
    request: &dyn Record,
    parameters: &'static [Parameter],
) -> Result<RequestParts, InvalidParameter> {
    let mut parts = RequestParts::default();
    let mut parameters = parameters.iter();
    let mut result = Ok(());
    request.visit(&mut |_, node| {
        if result.is_ok()
            && let Some(parameter) = parameters.next()
        {
            result = parameter.encode(node, &mut parts);
        }
    });
    result.map(|()| parts)
}

/// No more is reserved than this before there is something to put into it.
const PRESIZED: usize = 64 << 10;

impl Parameter {
    fn encode(&self, node: &dyn Node, parts: &mut RequestParts) -> Result<(), InvalidParameter> {
        let view = node.view();
        if let View::List(list) = view {
            self.check_count(list.len())?;
        }
        if view.is_absent() {
            if self.required && !matches!(view, View::List(_)) {
                return Err(self.invalid("is required"));
            }
            if self.token {
                parts.token = Some((self.place, self.name));
            }
            // Only JSON can say that a list is there and empty.
            let sayable =
                self.style == ParameterStyle::Json && matches!(view, View::List(_) | View::Map(_));
            if !(sayable && self.required) {
                return Ok(());
            }
        }
        match self.place {
            ParameterLocation::Query => self.pairs(node, &mut parts.query)?,
            ParameterLocation::Form => self.pairs(node, &mut parts.form)?,
            ParameterLocation::Header => {
                parts.headers.push((self.name.into(), self.header_text(node)?))
            }
            ParameterLocation::Path => match self.text(node)? {
                text if text.is_empty() => {
                    return Err(self.invalid("is a part of the path and cannot be empty"));
                }
                text => parts.path.push((self.name.into(), text.into_owned())),
            },
            ParameterLocation::Host => parts.host = Some(self.host_label(node)?),
            ParameterLocation::Body => parts.body = Some(self.body_of(node)?),
        }
        Ok(())
    }

    fn check_count(&self, count: usize) -> Result<(), InvalidParameter> {
        let (least, most) = self.count;
        if count < least {
            let items = if least == 1 { "one item" } else { "items" };
            return Err(self.invalid(format!(
                "has {count} items, and a call needs at least {least}: pass {items} or leave the call out"
            )));
        }
        if count > most {
            return Err(self.invalid(format!(
                "has {count} items, and one call takes at most {most}: send one call a batch (`items.chunks({most})`), or let the runtime do it (`Client::batches`)"
            )));
        }
        Ok(())
    }

    fn pairs(&self, node: &dyn Node, out: &mut Vec<Pair>) -> Result<(), InvalidParameter> {
        let nested =
            matches!(node.view(), View::Record(_) | View::List(_) | View::Map(_) | View::Any(_));
        if self.style == ParameterStyle::Flat && nested {
            let pairs = flatten(self.name, &Written(node))
                .map_err(|error| self.invalid(error.to_string()))?;
            out.extend(pairs.into_iter().map(|(key, value)| (key.into(), value.into())));
        } else {
            out.push((Cow::Borrowed(self.name), Cow::Owned(self.text(node)?.into_owned())));
        }
        Ok(())
    }

    /// One text for the whole value.
    fn text<'a>(&self, node: &'a dyn Node) -> Result<Cow<'a, str>, InvalidParameter> {
        Ok(match node.view() {
            View::Text(text) => Cow::Borrowed(text),
            View::Integer(number) => number.to_string().into(),
            // `Display` of a float has no exponent, whatever its size.
            View::Number(number) => number.to_string().into(),
            View::Boolean(boolean) => boolean.to_string().into(),
            View::List(list) => match self.style {
                ParameterStyle::CommaList => self.joined(list, ',', "a comma")?.into(),
                ParameterStyle::Lines => self.joined(list, '\n', "a line break")?.into(),
                _ => self.json_text(node)?.into(),
            },
            View::Absent => Cow::Borrowed(""),
            _ => self.json_text(node)?.into(),
        })
    }

    fn joined(
        &self,
        list: &dyn List,
        separator: char,
        called: &str,
    ) -> Result<String, InvalidParameter> {
        // Presized from the first item: those of one list are mostly of one length.
        let first = match list.item(0).map(Node::view) {
            Some(View::Text(text)) => text.len(),
            _ => 7,
        };
        let length = list.len().saturating_mul(first + 1);
        let mut out = String::with_capacity(length.min(PRESIZED));
        for (index, item) in (0..list.len()).filter_map(|index| list.item(index)).enumerate() {
            let text = self.text(item)?;
            let problem = if text.trim().is_empty() {
                "is empty: leave it out".to_owned()
            } else if text.contains(separator) || (separator == '\n' && text.contains('\r')) {
                format!("holds {called}, which separates items: pass each item on its own")
            } else {
                if index > 0 {
                    out.push(separator);
                }
                out.push_str(&text);
                continue;
            };
            return Err(self.invalid(format!("item {} {problem}", index + 1)));
        }
        Ok(out)
    }

    fn json_text(&self, node: &dyn Node) -> Result<String, InvalidParameter> {
        serde_json::to_string(&Written(node)).map_err(|error| self.invalid(error.to_string()))
    }

    fn header_text(&self, node: &dyn Node) -> Result<String, InvalidParameter> {
        let text = self.text(node)?;
        if text.chars().any(|character| character.is_control() && character != '\t') {
            return Err(
                self.invalid("is a header and cannot hold a line break or control character")
            );
        }
        Ok(text.into_owned())
    }

    fn host_label(&self, node: &dyn Node) -> Result<String, InvalidParameter> {
        let text = self.text(node)?;
        let label = !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        if !label {
            return Err(
                self.invalid("is a part of the host name: letters, digits and hyphens only")
            );
        }
        Ok(text.into_owned())
    }

    fn body_of(&self, node: &dyn Node) -> Result<Body, InvalidParameter> {
        Ok(match node.view() {
            View::Bytes(bytes) => Body::Bytes(Bytes::copy_from_slice(bytes)),
            View::Text(text) => Body::Text(text.to_owned()),
            _ => Body::Json(self.json_text(node)?),
        })
    }
}
