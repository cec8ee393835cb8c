//! The intermediate representation: every decision is made, and templates only lay it out.

use serde::Serialize;

use super::overlay::Constant;

/// A product, which becomes two crates.
#[derive(Debug, Serialize)]
pub(crate) struct Product {
    /// The product code of the service.
    pub(crate) code: String,
    pub(crate) version: String,
    /// The version of both crates, if it differs from the runtime's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) crate_version: Option<String>,
    /// The name that people use.
    pub(crate) title: String,
    /// `alicloud-cdn-model`.
    pub(crate) model_crate: String,
    /// `alicloud-cdn`.
    pub(crate) client_crate: String,
    pub(crate) style: Style,
    pub(crate) default_endpoint: Option<String>,
    /// Region ids and hosts, sorted by region id.
    pub(crate) regions: Vec<(String, String)>,
    /// The operation of the main task, by its name on the wire.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) main: Option<String>,
    pub(crate) operations: Vec<Operation>,
    /// Named types, which several operations can use.
    pub(crate) types: Vec<Type>,
    pub(crate) error_codes: Vec<ErrorCode>,
    /// Groups of operations with one feature each; only large products have them.
    pub(crate) groups: Vec<Group>,
}

/// A group of operations with a feature of its own.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Group {
    pub(crate) feature: String,
    pub(crate) title: String,
}

/// Whether a second call of an operation has an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Idempotency {
    /// The operation only reads.
    ReadOnly,
    /// The operation writes, and a second call has no further effect.
    Idempotent,
    /// A second call can have a further effect.
    Mutating,
}

/// How a product's operations are addressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) enum Style {
    /// By name, at `/`.
    Rpc,
    /// By method and path.
    Roa,
    /// The product has a gateway of its own: only models are generated.
    Other,
}

/// An operation.
#[derive(Debug, Serialize)]
pub(crate) struct Operation {
    /// The name on the wire.
    pub(crate) name: String,
    /// The module in both crates, `r#match`.
    pub(crate) module: String,
    /// The method of the client.
    pub(crate) method: String,
    /// The file name in both crates: the module without `r#`.
    pub(crate) file: String,
    /// The constant that describes it.
    pub(crate) constant: String,
    pub(crate) docs: Vec<String>,
    pub(crate) notes: Vec<String>,
    pub(crate) deprecated: bool,
    pub(crate) style: Style,
    pub(crate) http_method: String,
    /// The path template; `/` for an operation that is addressed by name.
    pub(crate) path: String,
    /// Whether calls are sent without a signature.
    pub(crate) anonymous: bool,
    pub(crate) idempotency: Idempotency,
    /// Maximum calls per second of an account.
    pub(crate) rate_limit: Option<u32>,
    /// How to get the next page, if responses are paged.
    pub(crate) pager: Option<Pager>,
    /// How to poll with it, if it returns the states of resources by their ids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) waiters: Vec<Waiter>,
    /// The feature that enables it, in a product with groups.
    pub(crate) group: Option<String>,
    /// Why a client cannot call it, if so.
    pub(crate) not_callable: Option<String>,
    pub(crate) request: Struct,
    pub(crate) response: Response,
    /// Types that only this operation uses.
    pub(crate) types: Vec<Type>,
}

/// How to get the items and the next page of a paged response.
///
/// `paging::Step` of alicloud-wire documents how the values are used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Pager {
    /// The list of items in the response.
    pub(crate) items: FieldPath,
    /// The type of an item.
    pub(crate) item: Ty,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) token: Option<TokenParameter>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) counter: Option<CounterParameter>,
    /// The page size of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) size: Option<FieldPath>,
    /// The page size of the request for tokens, if it has another one for page numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) token_size: Option<FieldPath>,
    /// The page size of the response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) response_size: Option<FieldPath>,
    /// The number of items of all pages in the response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) total: Option<FieldPath>,
    /// A number of items in the response that can be that of all pages or of this page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) count: Option<FieldPath>,
    /// The number of pages in the response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) page_count: Option<FieldPath>,
    /// Whether the response says that there is more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) has_more: Option<FieldPath>,
}

/// A parameter for the token of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct TokenParameter {
    pub(crate) parameter: FieldPath,
    /// The token for the next page in the response.
    pub(crate) next: FieldPath,
}

/// A parameter that counts pages or items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct CounterParameter {
    pub(crate) parameter: FieldPath,
    pub(crate) is_offset: bool,
    /// The value of the first page.
    pub(crate) first: i64,
    /// The value in the response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) echo: Option<FieldPath>,
}

/// A path from a request or response to a field, as Rust names. All fields are `Option`s or lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct FieldPath(pub(crate) Vec<String>);

/// How to poll the states of resources by their ids. Fields have their Rust names.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Waiter {
    /// The method of the client, `wait_for_refresh_tasks`.
    pub(crate) method: String,
    /// The parameter that takes the ids, by its name on the wire.
    pub(crate) parameter: String,
    /// Maximum ids per call, if it is known.
    pub(crate) max_ids: Option<usize>,
    /// The arguments of the request's `new`.
    pub(crate) arguments: Vec<WaiterValue>,
    /// The other fields to set, with their values.
    pub(crate) setters: Vec<(String, WaiterValue)>,
    /// The required fields that are not set; callers set them.
    pub(crate) unset: Vec<String>,
    /// One resource in running text, `task`.
    pub(crate) noun: String,
    /// The list of the response.
    pub(crate) items: FieldPath,
    /// The type of an item.
    pub(crate) item: String,
    /// Whether to read all pages.
    pub(crate) paged: bool,
    pub(crate) id: FieldPath,
    pub(crate) state: FieldPath,
    /// The type of the state, if it is an enum.
    pub(crate) state_enum: Option<String>,
    pub(crate) detail: Option<FieldPath>,
    pub(crate) success: Vec<String>,
    pub(crate) failure: Vec<String>,
    /// Whether an id that is not listed has reached the target.
    pub(crate) absence_is_success: bool,
}

/// What a waiter sets a field of its requests to.
#[derive(Debug, Clone, Serialize)]
pub(crate) enum WaiterValue {
    Ids,
    Constant(Constant),
}

/// The response of an operation.
#[derive(Debug, Serialize)]
pub(crate) struct Response {
    /// The name of the type.
    pub(crate) name: String,
    pub(crate) root: Root,
}

/// The root of a response.
#[derive(Debug, Serialize)]
pub(crate) enum Root {
    /// An object with fields.
    Struct(Struct),
    /// Any other type; the name of the response is an alias of it.
    Alias { docs: Vec<String>, target: Ty },
}

/// A type of the model crate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) enum Type {
    Struct(Struct),
    Enum(Enum),
}

impl Type {
    pub(crate) fn name(&self) -> &str {
        match self {
            Type::Struct(item) => &item.name,
            Type::Enum(item) => &item.name,
        }
    }

    /// Returns the struct, if it is one with this name.
    pub(crate) fn as_struct(&self, name: &str) -> Option<&Struct> {
        match self {
            Type::Struct(structure) if structure.name == name => Some(structure),
            _ => None,
        }
    }
}

/// A struct.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(crate) struct Struct {
    pub(crate) name: String,
    pub(crate) docs: Vec<String>,
    pub(crate) fields: Vec<Field>,
    /// Whether it is part of a request; it has `new` and setters then.
    pub(crate) input: bool,
    /// The fields that are arguments of `new`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) arguments: Vec<String>,
    /// Whether all fields implement `Eq` and `Hash`.
    pub(crate) eq: bool,
}

/// A field.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Field {
    pub(crate) name: String,
    /// The name on the wire.
    pub(crate) wire: String,
    /// The name of the items inside a wrapper, if the list has one.
    pub(crate) item: Option<String>,
    pub(crate) docs: Vec<String>,
    /// Its name on the wire for the documentation, with those of the parameters it is in, if the name
    /// in Rust does not tell: `Tag.N.key`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) wire_path: Option<String>,
    pub(crate) deprecated: bool,
    /// The name of the field that supersedes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) superseded_by: Option<String>,
    pub(crate) ty: Ty,
    /// Whether it has to be present in a request.
    pub(crate) required: bool,
    /// How it is sent, if it is a parameter of an operation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) parameter: Option<Parameter>,
    /// Whether the list is one text with commas between the items. Only for fields of responses;
    /// parameters have a style.
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) comma_list: bool,
    /// Whether a number is text on the wire. Parameters are text anyway.
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) text: bool,
    /// The example value of the description, if it is a value of the type and no secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) example: Option<String>,
    /// The example value as the documentation shows it, if it says something new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) shown_example: Option<String>,
}

/// How a parameter is sent.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Parameter {
    /// The part of the HTTP request, as in `alicloud_wire::request::Parameter`.
    pub(crate) location: Location,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) style: Option<ParameterStyle>,
    /// Minimum and maximum number of items.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) items: Option<(usize, usize)>,
    /// Whether the runtime generates a value if it is absent.
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) token: bool,
}

/// The part of the HTTP request that has a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Location {
    Query,
    Form,
    Body,
    Header,
    Path,
    Host,
}

impl Location {
    /// Returns whether no request can be sent without the parameter.
    pub(crate) fn is_always_required(self) -> bool {
        matches!(self, Location::Path | Location::Host)
    }
}

/// The format of a parameter, if it is not the default of its location.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ParameterStyle {
    CommaList,
    Lines,
    Json,
}

fn is_false(value: &bool) -> bool {
    !*value
}

/// An open enum.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Enum {
    pub(crate) name: String,
    pub(crate) docs: Vec<String>,
    pub(crate) variants: Vec<Variant>,
    pub(crate) predicates: Vec<Predicate>,
}

/// A method that returns whether a value is one of some.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Predicate {
    pub(crate) name: String,
    /// The names of the variants, at least one.
    pub(crate) variants: Vec<String>,
}

/// A known value of an enum.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Variant {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) docs: Vec<String>,
}

/// The type of a field, without the `Option` of an optional field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) enum Ty {
    Text,
    /// A text that is not shown.
    Secret,
    Timestamp,
    Percent,
    Integer,
    Number,
    Boolean,
    Bytes,
    Any,
    Unit,
    /// A type of the crate.
    Named(String),
    /// A type of the crate that would otherwise contain itself.
    Boxed(String),
    List(Box<Ty>),
    Map(Box<Ty>),
}

/// A documented error code.
#[derive(Debug, Serialize)]
pub(crate) struct ErrorCode {
    pub(crate) name: String,
    pub(crate) code: String,
    pub(crate) docs: Vec<String>,
}

impl Ty {
    /// Returns the type in Rust syntax.
    pub(crate) fn rust(&self) -> String {
        match self {
            Ty::Text => "String".to_owned(),
            Ty::Secret => "Secret".to_owned(),
            Ty::Timestamp => "Timestamp".to_owned(),
            Ty::Percent => "Percent".to_owned(),
            Ty::Integer => "i64".to_owned(),
            Ty::Number => "f64".to_owned(),
            Ty::Boolean => "bool".to_owned(),
            Ty::Bytes => "Bytes".to_owned(),
            Ty::Any => "Value".to_owned(),
            Ty::Unit => "()".to_owned(),
            Ty::Named(name) => name.clone(),
            Ty::Boxed(name) => format!("Box<{name}>"),
            Ty::List(item) => format!("Vec<{}>", item.rust()),
            Ty::Map(value) => format!("BTreeMap<String, {}>", value.rust()),
        }
    }

    /// Returns whether it is a text, or a type that keeps a text.
    pub(crate) fn is_text(&self) -> bool {
        matches!(self, Ty::Text | Ty::Secret | Ty::Timestamp | Ty::Percent)
    }

    /// Returns whether it is one value, and not an enum.
    pub(crate) fn is_scalar(&self) -> bool {
        self.is_text() || matches!(self, Ty::Integer | Ty::Number | Ty::Boolean | Ty::Bytes)
    }

    /// Returns whether an empty value means absent, so that no `Option` is needed.
    pub(crate) fn is_collection(&self) -> bool {
        matches!(self, Ty::List(_) | Ty::Map(_))
    }

    /// Returns the type inside lists and maps.
    pub(crate) fn innermost(&self) -> &Ty {
        match self {
            Ty::List(inner) | Ty::Map(inner) => inner.innermost(),
            other => other,
        }
    }

    /// Returns the type of the crate that it refers to.
    pub(crate) fn named(&self) -> Option<&str> {
        match self.innermost() {
            Ty::Named(name) | Ty::Boxed(name) => Some(name),
            _ => None,
        }
    }
}

impl Field {
    /// Returns whether the runtime sends the region of the client if the parameter is required and absent.
    pub(crate) fn is_client_region(&self) -> bool {
        let locations = [Location::Query, Location::Form, Location::Header];
        self.wire.eq_ignore_ascii_case("RegionId")
            && self.parameter.as_ref().is_some_and(|found| locations.contains(&found.location))
    }
}

impl Operation {
    /// Returns the name of a method of the pager; `suffix` is `items` or `pages`.
    pub(crate) fn paged_method(&self, suffix: &str) -> String {
        // The underscore of a reserved name is not needed before a suffix.
        format!("{}_{suffix}", self.file.trim_end_matches('_'))
    }
}

impl Product {
    /// Returns the product as JSON, for `--dump-ir` and tests.
    pub(crate) fn dump(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_else(|error| error.to_string()) + "\n"
    }

    /// Returns the number of types, without requests and responses.
    pub(crate) fn nested_types(&self) -> usize {
        self.types.len()
            + self.operations.iter().map(|operation| operation.types.len()).sum::<usize>()
    }
}
