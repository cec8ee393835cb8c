//! Requests: the location and style of each parameter, and the parts of an encoded request.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;

use crate::Secret;
use crate::encode::{Secrets, SerializeNode};
use crate::flatten::flatten;
use crate::node::{List, Node, Record, View};
use crate::sensitive::{REDACTED, is_masked_name, mask_text, mask_value};

/// A request of an operation, implemented by [`request!`](macro@crate::request).
///
/// # Examples
///
/// ```
/// use alicloud_wire::Request;
///
/// alicloud_wire::request! {
///     struct DescribeRequest -> () {
///         task_ids: Vec<String> = query("TaskId").comma_list().items(1, 10),
///     }
/// }
///
/// assert_eq!(DescribeRequest::PARAMETERS[0].max_items(), Some(10));
/// ```
pub trait Request: Record {
    /// The type of the response.
    type Response: Node + Default + Send + 'static;

    /// The parameters, in the order of the fields.
    const PARAMETERS: &'static [Parameter];
}

/// Name, location, style and documented limits of a parameter.
///
/// # Examples
///
/// ```
/// use alicloud_wire::request::{Parameter, ParameterLocation};
///
/// const TASK_ID: Parameter = Parameter::query("TaskId").comma_list().items(1, 10);
/// assert_eq!(TASK_ID.name(), "TaskId");
/// assert_eq!(TASK_ID.location(), ParameterLocation::Query);
/// assert_eq!(TASK_ID.max_items(), Some(10));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    name: &'static str,
    location: ParameterLocation,
    style: ParameterStyle,
    required: bool,
    token: bool,
    /// Minimum and maximum number of items.
    item_limits: (usize, usize),
}

/// The location of a parameter in the HTTP request.
///
/// # Examples
///
/// ```
/// use alicloud_wire::request::{Parameter, ParameterLocation};
///
/// assert_eq!(Parameter::form("ObjectPath").location(), ParameterLocation::Form);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParameterLocation {
    /// The query of the URL.
    Query,
    /// The form-encoded body.
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

/// The format of a parameter whose value is not a scalar. Scalars are always plain text.
///
/// # Examples
///
/// ```
/// use alicloud_wire::request::encode;
///
/// alicloud_wire::request! {
///     struct Request -> () {
///         flat: Vec<String> = query("Flat"),
///         json: Vec<String> = query("Json").json(),
///         comma_list: Vec<String> = query("List").comma_list(),
///     }
/// }
///
/// let items = || vec!["a".to_owned(), "b".to_owned()];
/// let request = Request { flat: items(), json: items(), comma_list: items() };
/// let query = encode(&request)?.query;
/// let pairs: Vec<String> = query.iter().map(|(name, value)| format!("{name}={value}")).collect();
/// assert_eq!(pairs, ["Flat.1=a", "Flat.2=b", r#"Json=["a","b"]"#, "List=a,b"]);
/// # Ok::<(), alicloud_wire::InvalidParameter>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParameterStyle {
    /// `Name.1=…`, `Name.Key=…`; see [`flatten`](crate::flatten()). The default of queries and forms.
    Flat,
    /// Compact JSON.
    Json,
    /// Items joined with commas. Items cannot contain commas.
    CommaList,
    /// Items joined with line feeds. Items cannot contain line breaks.
    Lines,
    /// The value as text.
    Plain,
}

impl Parameter {
    const fn new(name: &'static str, location: ParameterLocation, style: ParameterStyle) -> Self {
        Parameter {
            name,
            location,
            style,
            required: false,
            token: false,
            item_limits: (0, usize::MAX),
        }
    }

    /// Creates a parameter in the query of the URL.
    pub const fn query(name: &'static str) -> Self {
        Self::new(name, ParameterLocation::Query, ParameterStyle::Flat)
    }

    /// Creates a parameter in the form-encoded body.
    pub const fn form(name: &'static str) -> Self {
        Self::new(name, ParameterLocation::Form, ParameterStyle::Flat)
    }

    /// Creates a parameter that is the whole body: JSON for objects and lists, or else text or bytes.
    pub const fn body(name: &'static str) -> Self {
        Self::new(name, ParameterLocation::Body, ParameterStyle::Json)
    }

    /// Creates a parameter in an HTTP header.
    pub const fn header(name: &'static str) -> Self {
        Self::new(name, ParameterLocation::Header, ParameterStyle::Json)
    }

    /// Creates a parameter in the path. Always required.
    pub const fn path(name: &'static str) -> Self {
        Self { required: true, ..Self::new(name, ParameterLocation::Path, ParameterStyle::Json) }
    }

    /// Creates a parameter that is the first label of the host name. Always required.
    pub const fn host(name: &'static str) -> Self {
        Self { required: true, ..Self::new(name, ParameterLocation::Host, ParameterStyle::Plain) }
    }

    /// Encodes the value as compact JSON.
    #[must_use]
    pub const fn json(self) -> Self {
        Self { style: ParameterStyle::Json, ..self }
    }

    /// Joins the items with commas.
    #[must_use]
    pub const fn comma_list(self) -> Self {
        Self { style: ParameterStyle::CommaList, ..self }
    }

    /// Joins the items with line feeds.
    #[must_use]
    pub const fn lines(self) -> Self {
        Self { style: ParameterStyle::Lines, ..self }
    }

    /// Encodes the value as plain text, even if the default is JSON.
    #[must_use]
    pub const fn plain(self) -> Self {
        Self { style: ParameterStyle::Plain, ..self }
    }

    /// Makes the parameter required: encoding a request without it is an error.
    #[must_use]
    pub const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// Sets the minimum and maximum number of items per call.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_wire::request::Parameter;
    ///
    /// assert_eq!(Parameter::form("ObjectPath").lines().items(1, 100).max_items(), Some(100));
    /// ```
    #[must_use]
    pub const fn items(self, min: usize, max: usize) -> Self {
        Self { item_limits: (min, max), ..self }
    }

    /// Makes the parameter an idempotency token: the runtime generates a value if it is absent.
    #[must_use]
    pub const fn token(self) -> Self {
        Self { token: true, ..self }
    }

    /// Returns the name on the wire.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the location.
    pub const fn location(&self) -> ParameterLocation {
        self.location
    }

    /// Returns the maximum number of items per call, if it is documented.
    pub const fn max_items(&self) -> Option<usize> {
        match self.item_limits.1 {
            usize::MAX => None,
            max => Some(max),
        }
    }

    /// Returns whether the client's region can be its value.
    fn is_region(&self) -> bool {
        use ParameterLocation::{Form, Header, Query};
        self.name.eq_ignore_ascii_case("RegionId") && matches!(self.location, Query | Form | Header)
    }

    fn invalid(&self, reason: impl Into<String>) -> InvalidParameter {
        InvalidParameter { parameter: self.name.into(), reason: reason.into() }
    }
}

/// A name and a value of a query or a form, before percent-encoding.
///
/// # Examples
///
/// ```
/// use alicloud_wire::request::Pair;
///
/// let pair: Pair = ("TaskId".into(), "1,2".into());
/// assert_eq!(pair.1, "1,2");
/// ```
pub type Pair = (Cow<'static, str>, Cow<'static, str>);

/// The parts of an encoded request, before it has an endpoint and a signature.
///
/// `Debug` shows `<redacted>` instead of each secret.
///
/// # Examples
///
/// ```
/// # alicloud_wire::request! {
/// #     struct GetRequest -> () {
/// #         id: Option<String> = path("Id"),
/// #         verbose: Option<bool> = query("Verbose"),
/// #     }
/// # }
/// let request = GetRequest { id: Some("i-1".to_owned()), verbose: Some(true) };
/// let parts = alicloud_wire::request::encode(&request)?;
/// assert_eq!(parts.path, [("Id".into(), "i-1".to_owned())]);
/// assert_eq!(parts.query, [("Verbose".into(), "true".into())]);
/// assert_eq!(parts.body, None);
/// # Ok::<(), alicloud_wire::InvalidParameter>(())
/// ```
#[derive(Clone, Default, PartialEq)]
pub struct RequestParts {
    /// Parameters in the query.
    pub query: Vec<Pair>,
    /// Parameters in the form-encoded body.
    pub form: Vec<Pair>,
    /// Parameters in headers, with their documented names.
    pub headers: Vec<(Cow<'static, str>, String)>,
    /// Values of the placeholders of the path, before percent-encoding.
    pub path: Vec<(Cow<'static, str>, String)>,
    /// The first label of the host name, if it is a parameter.
    pub host: Option<String>,
    /// The body, if it is not a form.
    pub body: Option<Body>,
    /// Location and name of an idempotency token that is absent in the request.
    pub token: Option<(ParameterLocation, &'static str)>,
    /// Location and name of a required `RegionId` that is absent in the request. The runtime sends the region
    /// of the client.
    pub region: Option<(ParameterLocation, &'static str)>,
    /// The secrets that the parts contain.
    pub secrets: Vec<Secret>,
    /// The same parts with `<redacted>` instead of each secret, for previews and records; `None` if there
    /// are no secrets.
    pub shown: Option<Box<RequestParts>>,
}

impl RequestParts {
    /// Sets a query parameter that the description does not declare, so its name decides whether the value
    /// is a secret.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_wire::RequestParts;
    ///
    /// let mut parts = RequestParts::default();
    /// parts.set_query("OwnerId", "42");
    /// parts.set_query("Password", "s3cr3t");
    /// assert_eq!(parts.query[1].1, "s3cr3t");
    /// assert_eq!(parts.shown.unwrap().query[1].1, "<redacted>");
    /// ```
    pub fn set_query(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let (name, value) = (name.into(), value.into());
        let masked = mask_named(&name, &value, &mut self.secrets);
        if masked.is_some() {
            self.shown_mut();
        }
        if let Some(shown) = &mut self.shown {
            let value = masked.unwrap_or_else(|| value.clone());
            shown.query.retain(|(known, _)| *known != name);
            shown.query.push((name.clone().into(), value.into()));
        }
        self.query.retain(|(known, _)| *known != name);
        self.query.push((name.into(), value.into()));
    }

    /// Finds the secrets in parts that no description declares, by the names of the parameters and of the
    /// keys in JSON.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_wire::{Body, RequestParts};
    ///
    /// let body = Some(Body::Json(r#"{"User":{"Name":"a","Password":"s3cr3t"}}"#.to_owned()));
    /// let mut parts = RequestParts { body, ..RequestParts::default() };
    /// parts.find_secrets_by_name();
    /// let shown = Body::Json(r#"{"User":{"Name":"a","Password":"<redacted>"}}"#.to_owned());
    /// assert_eq!(parts.shown.unwrap().body, Some(shown));
    /// ```
    pub fn find_secrets_by_name(&mut self) {
        let mut secrets = Vec::new();
        let mut shown = self.without_secrets();
        for (name, value) in shown.query.iter_mut().chain(&mut shown.form) {
            if let Some(masked) = mask_named(name, value, &mut secrets) {
                *value = masked.into();
            }
        }
        for (name, value) in &mut shown.path {
            if let Some(masked) = mask_named(name, value, &mut secrets) {
                *value = masked;
            }
        }
        if let Some(Body::Json(text) | Body::Text(text)) = &mut shown.body
            && let Some(masked) = mask_text(text, &mut secrets)
        {
            *text = masked;
        }
        if !secrets.is_empty() {
            self.secrets.append(&mut secrets);
            self.shown = Some(Box::new(shown));
        }
    }

    /// Finds the secrets in headers by their names, also in those that a description declares.
    ///
    /// # Examples
    ///
    /// ```
    /// use alicloud_wire::RequestParts;
    ///
    /// let headers = vec![("X-Api-Key".into(), "s3cr3t".to_owned())];
    /// let mut parts = RequestParts { headers, ..RequestParts::default() };
    /// parts.find_secret_headers();
    /// assert_eq!(parts.shown.unwrap().headers[0].1, "<redacted>");
    /// ```
    pub fn find_secret_headers(&mut self) {
        for index in 0..self.headers.len() {
            if let Some((name, value)) = self.headers.get(index)
                && let Some(masked) = mask_named(name, value, &mut self.secrets)
                && let Some((_, shown)) = self.shown_mut().headers.get_mut(index)
            {
                *shown = masked;
            }
        }
    }

    /// Returns the parts to be shown, created if there are none.
    fn shown_mut(&mut self) -> &mut RequestParts {
        if self.shown.is_none() {
            self.shown = Some(Box::new(self.without_secrets()));
        }
        self.shown.get_or_insert_default()
    }

    /// Returns the parts without the lists of secrets.
    fn without_secrets(&self) -> RequestParts {
        RequestParts {
            query: self.query.clone(),
            form: self.form.clone(),
            headers: self.headers.clone(),
            path: self.path.clone(),
            host: self.host.clone(),
            body: self.body.clone(),
            token: self.token,
            secrets: Vec::new(),
            region: self.region,
            shown: None,
        }
    }
}

impl fmt::Debug for RequestParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.shown.as_deref().unwrap_or(self);
        f.debug_struct("RequestParts")
            .field("query", &shown.query)
            .field("form", &shown.form)
            .field("headers", &shown.headers)
            .field("path", &shown.path)
            .field("host", &shown.host)
            .field("body", &shown.body)
            .field("token", &shown.token)
            .finish_non_exhaustive()
    }
}

/// Returns what is shown of a value whose name decides, if it is or contains a secret, and collects that.
fn mask_named(name: &str, value: &str, secrets: &mut Vec<Secret>) -> Option<String> {
    match is_masked_name(name) {
        // An absent value and the value of a switch are no secrets.
        true if matches!(value, "" | "true" | "false") => None,
        true => {
            secrets.push(value.into());
            Some(REDACTED.to_owned())
        }
        false => mask_text(value, secrets),
    }
}

/// A body that is not a form.
///
/// # Examples
///
/// ```
/// use alicloud_wire::{Body, request::encode};
///
/// # alicloud_wire::request! { struct PutRequest -> () { body: Vec<i64> = body("body") } }
/// let parts = encode(&PutRequest { body: vec![1, 2] })?;
/// assert_eq!(parts.body, Some(Body::Json("[1,2]".to_owned())));
/// # Ok::<(), alicloud_wire::InvalidParameter>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Body {
    /// JSON text.
    Json(String),
    /// Plain text.
    Text(String),
    /// Bytes.
    Bytes(Bytes),
}

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
            View::Integer(number) => number.to_string().into(),
            // `Display` of a float never uses an exponent.
            View::Number(number) => number.to_string().into(),
            View::Boolean(boolean) => boolean.to_string().into(),
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
