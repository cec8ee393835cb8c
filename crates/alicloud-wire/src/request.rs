//! Requests: the location and style of each parameter, and how a request is encoded.

mod encode;
mod parts;

pub use encode::{InvalidParameter, encode};
pub use parts::{Body, Pair, RequestParts};

use crate::node::{Node, Record};

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
        Self { required: true, ..Self::new(name, ParameterLocation::Host, ParameterStyle::Json) }
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
